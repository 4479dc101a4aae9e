"""Communication hooks, gradients in several parts, calls that get futures, shares of any length."""

import json
import sys

import torch
import torch.distributed as dist
import torch.distributed.algorithms.ddp_comm_hooks.default_hooks as default
import torch.distributed.nn.functional as through
from torch import nn
from torch.distributed.algorithms.ddp_comm_hooks.debugging_hooks import noop_hook
from torch.nn.parallel import DistributedDataParallel as DDP

dist.init_process_group("gloo")
rank, size = dist.get_rank(), dist.get_world_size()
got = {}


def numbers(*shape, seed=0):
    x = torch.arange(1.0, 1 + torch.Size(shape).numel(), dtype=torch.float64)
    return torch.sin(x * (1.3 + seed)).reshape(shape).float()


def network(kind=None):
    net = kind() if kind else nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(numbers(*p.shape, seed=i))
    return net


def note(name, *tensors):
    got[name] = [one.flatten().tolist() for one in tensors]


seen = []


def in_eighths(state, bucket):
    """A hook of the user's own: what travels are whole numbers."""
    seen.append([bucket.index(), bucket.is_last(), list(bucket.buffer().shape)])
    seen[-1] += [[list(g.shape) for g in bucket.gradients()]]
    seen[-1] += [[list(p.shape) for p in bucket.parameters()], state["steps"]]
    whole = (bucket.buffer() * 8).round().to(torch.int32)
    future = dist.all_reduce(whole, async_op=True).get_future()
    return future.then(lambda fut: fut.value()[0].to(torch.float32).div_(8 * size))


hooks = {
    "allreduce": (None, default.allreduce_hook),
    "float16": (None, default.fp16_compress_hook),
    "float16 wrapped": (None, default.fp16_compress_wrapper(default.allreduce_hook)),
    "nothing": (None, noop_hook),
    "eighths": ({"steps": 1}, in_eighths),
}
if "gradloom" in sys.argv:  # PyTorch's wants NCCL
    hooks["bfloat16"] = (dist.group.WORLD, default.bf16_compress_hook)
for name, (state, hook) in hooks.items():
    model = DDP(network(), bucket_cap_mb=0.00005)
    model.register_comm_hook(state, hook)
    for i in range(2):
        model(numbers(5, 3, seed=rank + i)).square().sum().backward()
    note(name, *[p.grad for p in model.parameters()])
got["buckets"] = seen[-1][5:]  # PyTorch makes other buckets of the same order
try:
    model.register_comm_hook(None, noop_hook)
    got["twice"] = "taken"
except RuntimeError:
    got["twice"] = "refused"


class Again(torch.autograd.Function):
    """A checkpoint by hand, whose backward pass is a pass of its own."""

    @staticmethod
    def forward(ctx, layer, x):
        ctx.layer = layer
        ctx.save_for_backward(x)
        with torch.no_grad():
            return layer(x)

    @staticmethod
    def backward(ctx, g):
        x = ctx.saved_tensors[0].detach().requires_grad_()
        with torch.enable_grad():
            y = ctx.layer(x)
        torch.autograd.backward(y, g)
        return None, x.grad


class Checkpointed(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.again, self.unused = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(1, 1)

    def forward(self, x):
        x = Again.apply(self.again, self.first(x))
        return Again.apply(self.again, x)


model = DDP(network(Checkpointed), static_graph=True)
for i in range(3):
    model.zero_grad()
    model(numbers(5, 3, seed=rank + i)).square().sum().backward()
note("gradients in parts", *[p.grad for p in model.parameters() if p.grad is not None])
got["unused"] = model.module.unused.weight.grad is None

x = numbers(4, seed=rank)
y = numbers(2, seed=rank)
works = [dist.all_reduce(x, async_op=True), dist.broadcast(y, 1, async_op=True)]
futures = [work.get_future() for work in works]
later = futures[0].then(lambda fut: fut.value()[0] * 2)
note("future", later.wait(), torch.futures.wait_all(futures)[1][0], y)
done = torch.futures.Future()
both = torch.futures.collect_all([done, futures[0]]).then(lambda fut: len(fut.value()))
got["waits"] = both.done()
done.set_result(1)
got["both"] = [both.wait(), done.value()]

x = numbers(3, seed=rank).requires_grad_()
found = torch.cat(through.all_gather(x * x))
(found * numbers(3 * size, seed=rank + 5)).sum().backward()
note("gathered", found.detach(), x.grad)
parts = [numbers(2, seed=rank + i).requires_grad_() for i in range(size)]
share = through.reduce_scatter(torch.zeros(2), [one * 2 for one in parts])
(share * numbers(2, seed=rank + 7)).sum().backward()
note("summed shares", share.detach(), *[one.grad for one in parts])
x = numbers(2, seed=rank).requires_grad_()
(through.broadcast(x * 3, 1) * numbers(2, seed=rank + 3)).sum().backward()
note("broadcast", x.grad)
x = numbers(2, seed=rank).requires_grad_()
(through.all_reduce(x * 3) * numbers(2, seed=rank + 3)).sum().backward()
note("summed", x.grad)

shares = [r + 1 for r in range(size)]  # rank r gets r + 1 rows of each
x, out = numbers(sum(shares), 2, seed=rank), torch.zeros(size * (rank + 1), 2)
dist.all_to_all_single(out, x, [rank + 1] * size, shares)
note("all_to_all_single", out)
outs = [torch.zeros(2) for _ in range(size)]
dist.all_to_all(outs, [numbers(2, seed=rank + i) for i in range(size)])
note("all_to_all", *outs)
if "gradloom" in sys.argv:  # and NCCL
    outs = [torch.zeros(rank + 1, 2) for _ in range(size)]
    dist.all_to_all(outs, list(x.split(shares)))
    assert torch.equal(torch.cat(outs), out)
    fits = shares[rank] == shares[::-1][rank]
    try:
        dist.all_to_all(outs, list(x.split(shares[::-1])))
        assert fits
    except ValueError as error:
        assert not fits and "elements, and" in str(error), error

with open(f"{sys.argv[1]}/{rank}.json", "w") as file:
    json.dump(got, file)

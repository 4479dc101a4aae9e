"""What DistributedDataParallel does besides: each rank checks it itself."""

import dataclasses
import sys
import types

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP

dist.init_process_group("gloo")
rank, size = dist.get_rank(), dist.get_world_size()


def mean(x):
    total = x.clone()
    dist.all_reduce(total)
    return total / size


def net():
    torch.manual_seed(rank)  # another on each rank
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


x = torch.randn(6, 3, generator=torch.Generator().manual_seed(rank))
y = torch.randn(6, 3, generator=torch.Generator().manual_seed(rank + 9))

# every rank begins with what rank 0 has
plain = net()
model = DDP(net())
for p, q in zip(model.module.parameters(), plain.parameters()):
    theirs = q.detach().clone()
    dist.broadcast(theirs, 0)
    assert torch.equal(p, theirs)
assert list(model.state_dict())[0] == "module.0.weight"
assert len(list(model.parameters())) == 6 and model.module[0].weight.grad is None

# no_sync adds up here, and the next pass sends all of it
twin = net()
twin.load_state_dict(model.module.state_dict())
with model.no_sync():
    model(x).square().sum().backward()
twin(x).square().sum().backward()
for p, q in zip(model.module.parameters(), twin.parameters()):
    assert torch.equal(p.grad, q.grad)
model(y).square().sum().backward()
twin(y).square().sum().backward()
for p, q in zip(model.module.parameters(), twin.parameters()):
    assert torch.equal(p.grad, mean(q.grad)), (p.grad, mean(q.grad))

# buffers are those of rank 0 when the next pass of training begins
here = model.module[1].running_mean.clone()
theirs = here.clone()
dist.broadcast(theirs, 0)
assert rank == 0 or not torch.equal(here, theirs)
model.eval()
model(x)
assert torch.equal(model.module[1].running_mean, theirs)


# parameters that are used here, there, or nowhere
class Branches(nn.Module):
    def __init__(self):
        super().__init__()
        self.all, self.mine, self.none = nn.Linear(3, 1), nn.Linear(3, 1), nn.Linear(3, 1)

    def forward(self, x, everything):
        out = self.all(x)
        return out + self.mine(x) if everything else out


torch.manual_seed(0)
branches = Branches()
model = DDP(branches, find_unused_parameters=True)
model(x, everything=rank == 0).sum().backward()
assert branches.none.weight.grad is None
g = x.sum(0, keepdim=True)
assert torch.allclose(branches.all.weight.grad, mean(g), atol=1e-6)
assert torch.allclose(branches.mine.weight.grad, mean(g * (rank == 0)), atol=1e-6)
branches.zero_grad()
model(x, everything=True).sum().backward()  # and again
assert torch.allclose(branches.mine.weight.grad, mean(g), atol=1e-6)

model = DDP(Branches())
model(x, everything=False).sum().backward()
try:
    model(x, everything=True)
    raise AssertionError("taken")
except RuntimeError as error:
    if "gradloom" in sys.argv:
        assert "mine.weight, mine.bias, none.weight, none.bias had none" in str(error), error

# hooks of the user's come before, and the loss may be made of two passes of the model
model = DDP(nn.Linear(3, 1, bias=False))
seen = []
model.module.weight.register_hook(lambda g: seen.append(g.clone()))
model(x).sum().backward(retain_graph=False)
assert torch.allclose(seen[0], g, atol=1e-6)
assert torch.allclose(model.module.weight.grad, mean(g), atol=1e-6)


# a scalar parameter, a second dtype, a static graph, a view of a frozen one
class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.wide = nn.Parameter(torch.ones(3, dtype=torch.float64))
        self.frozen = nn.Parameter(torch.ones(3), requires_grad=False)

    def forward(self, x):
        return (x * self.scale).double() * self.wide + self.frozen


model = DDP(Mixed(), static_graph=True)
for _ in range(2):
    model.zero_grad()
    model(x).sum().backward()
    assert torch.allclose(model.module.scale.grad, mean(x.sum()), atol=1e-5)
    assert torch.allclose(model.module.wide.grad, mean(2 * x.double().sum(0)), atol=1e-5)
assert model.module.frozen.grad is None

# without gradients nothing is sent
with torch.no_grad():
    if rank == 0:
        model.module(x)

# models that differ; PyTorch tells one of the ranks, and the other one waits
if "gradloom" in sys.argv:
    try:
        DDP(nn.Linear(3, 1 + rank))
        raise AssertionError("taken")
    except RuntimeError as error:
        assert "weight of shape (1, 3), torch.float32, rank 1 has weight of shape (2" in str(error)


# what a forward pass returns may lie in dataclasses, and in classes derived from dict
@dataclasses.dataclass
class Out:
    loss: torch.Tensor


class Named(dict):
    pass


class Returning(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layer, self.kind = nn.Linear(3, 1, bias=False), kind

    def forward(self, x):
        return self.kind(loss=self.layer(x).sum())


for kind in (Out, Named, dict):
    model = DDP(Returning(kind), find_unused_parameters=True)
    out = model(x)
    (out.loss if kind is Out else out["loss"]).backward()
    assert torch.allclose(model.module.layer.weight.grad, mean(g), atol=1e-6)
if "gradloom" in sys.argv:
    model = DDP(Returning(types.SimpleNamespace), find_unused_parameters=True)
    try:
        model(x).loss.backward()
        raise AssertionError("taken")
    except RuntimeError as error:
        assert "layer.weight has one and is not" in str(error), error
print("through", rank)

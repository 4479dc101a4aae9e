"""Every rule by ZeroRedundancyOptimizer, beside itself; batch normalisation over all ranks."""

import inspect
import math

import torch
import torch.distributed as dist
from torch import nn, optim
from torch.distributed.optim import ZeroRedundancyOptimizer
from torch.nn.parallel import DistributedDataParallel as DDP

dist.init_process_group()
rank, size = dist.get_rank(), dist.get_world_size()
rules = [getattr(optim, name) for name in optim.__all__]
rules = [one for one in rules if inspect.isclass(one)]
rules = [one for one in rules if one.__name__ not in ("Optimizer", "LBFGS", "SparseAdam")]
data = torch.randn(5, 4 * size, 6, generator=torch.Generator().manual_seed(0))


def alone(params, rule):
    return rule(params, lr=0.05)


def sharded(params, rule):
    return ZeroRedundancyOptimizer(params, optimizer_class=rule, lr=0.05)


def train(make, rule):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 20, bias=False), nn.Tanh(), nn.Linear(20, 3, bias=False))
    model = DDP(net)
    params = [{"params": [net[0].weight]}, {"params": [net[2].weight], "lr": 0.01}]
    optimizer = make([dict(group) for group in params], rule)
    for step, x in enumerate(data):
        if step == 3:  # save, and go on from what was saved
            if make is sharded:
                optimizer.consolidate_state_dict(to=0)
            saved = [optimizer.state_dict() if rank == 0 else None]
            dist.broadcast_object_list(saved, src=0)
            optimizer = make([dict(group) for group in params], rule)
            optimizer.load_state_dict(saved[0])
        for group in optimizer.param_groups:  # as a schedule does
            group["lr"] *= 0.9
        optimizer.zero_grad()
        model(x[rank::size]).square().mean().backward()
        optimizer.step()
    return [p.detach() for p in net.parameters()], optimizer


for rule in rules:
    expected, _ = train(alone, rule)
    found, optimizer = train(sharded, rule)
    for p, q in zip(found, expected):
        assert torch.equal(p, q), rule
    assert len(optimizer.state) <= math.ceil(2 / size), rule
try:
    optimizer.state_dict()
    raise AssertionError("taken")
except RuntimeError as error:
    assert "consolidate_state_dict" in str(error)

# -- batch normalisation -------------------------------------------------------------------------
torch.set_default_dtype(torch.float64)
x = torch.randn(4 * size + 1, 3, 5, generator=torch.Generator().manual_seed(1)) * 3 + 7
weights = torch.randn(x.shape, generator=torch.Generator().manual_seed(2))
plain = nn.BatchNorm1d(3)
with torch.no_grad():
    plain.weight.copy_(torch.tensor([0.5, 1.5, 2.5]))
layer = nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm1d(3))
layer.load_state_dict(plain.state_dict())
whole, mine = x.clone().requires_grad_(), x[rank::size].clone().requires_grad_()
y = plain(whole)
(y * weights).sum().backward()
z = layer(mine)
(z * weights[rank::size]).sum().backward()
torch.testing.assert_close(z, y[rank::size], rtol=1e-12, atol=1e-12)
torch.testing.assert_close(mine.grad, whole.grad[rank::size], rtol=1e-9, atol=1e-11)
for name in ("weight", "bias"):
    total = getattr(layer, name).grad.clone()
    dist.all_reduce(total)
    torch.testing.assert_close(total, getattr(plain, name).grad, rtol=1e-9, atol=1e-11)
for name in ("running_mean", "running_var"):
    torch.testing.assert_close(getattr(layer, name), getattr(plain, name), rtol=1e-12, atol=1e-12)
torch.testing.assert_close(layer.eval()(mine), plain.eval()(mine))
print("through", rank)

"""Ranks that run out of data one after another: each writes down what it ends with."""

import json
import sys

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.algorithms.join import Join, Joinable, JoinHook
from torch.distributed.optim import ZeroRedundancyOptimizer
from torch.nn.parallel import DistributedDataParallel as DDP

dist.init_process_group("gloo")
rank, size = dist.get_rank(), dist.get_world_size()
got = {}


def numbers(*shape, seed):
    x = torch.arange(1.0, 1 + torch.Size(shape).numel(), dtype=torch.float64)
    return torch.sin(x * (1.3 + seed)).reshape(shape)


def network(**options):
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2)).double()
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(numbers(*p.shape, seed=i))
    return DDP(net, bucket_cap_mb=0.0001, **options)


def batches(epoch=0):
    """Rank r has r + 2 of them; in the second epoch rank 0 has the most."""
    count = rank + 2 if epoch == 0 else size + 2 - rank
    return [numbers(5, 3, seed=10 * rank + i) for i in range(count)]


def note(name, model):
    got[name] = {key: value.tolist() for key, value in model.state_dict().items()}


for name, options, join in [
    ("plain", {}, {}),
    ("by those here", {}, {"divide_by_initial_world_size": False}),
    ("unused", {"find_unused_parameters": True}, {}),
    ("without buffers", {"broadcast_buffers": False}, {}),
    ("static", {"static_graph": True}, {}),
]:
    model = network(**options)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(2):
        with model.join(**join):
            for x in batches(epoch):
                optimizer.zero_grad()
                model(x).square().sum().backward()
                optimizer.step()
    note(name, model)

model = network()  # some passes send nothing
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
with model.join():
    for i, x in enumerate(batches()):
        if i % 2 == 0:
            with model.no_sync():
                model(x).square().sum().backward()
        else:
            model(x).square().sum().backward()
            optimizer.step()
            optimizer.zero_grad()
note("no_sync", model)

model = network()  # even data
with model.join(enable=False):
    model(batches()[0]).square().sum().backward()
got["grads"] = [p.grad.tolist() for p in model.parameters()]

try:
    with model.join(throw_on_early_termination=True):
        for x in batches():
            model(x).square().sum().backward()
    got["thrown"] = False
except RuntimeError:
    got["thrown"] = True


class Counter(Joinable):
    """How many steps all ranks have made."""

    def __init__(self):
        super().__init__()
        self.count = torch.zeros(1)

    def step(self):
        Join.notify_join_context(self)
        one = torch.ones(1)
        dist.all_reduce(one)
        self.count += one

    def join_hook(self, **kwargs):
        return CounterHook(self, kwargs.get("told", []))

    @property
    def join_device(self):
        return torch.device("cpu")

    @property
    def join_process_group(self):
        return dist.group.WORLD


class CounterHook(JoinHook):
    def __init__(self, counter, told):
        self.counter, self.told = counter, told

    def main_hook(self):
        dist.all_reduce(torch.zeros(1))

    def post_hook(self, is_last_joiner):
        self.told.append(is_last_joiner)
        dist.broadcast(self.counter.count, size - 1)


counter, told = Counter(), []
with Join([counter], told=told):
    for _ in range(3 * (rank + 1)):
        counter.step()
got["counter"] = [counter.count.item(), told]

for name in ["whole", "sharded"]:
    model = network()
    if name == "whole":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    else:
        optimizer = ZeroRedundancyOptimizer(model.parameters(), torch.optim.SGD, lr=0.1)
    with Join([model] if name == "whole" else [model, optimizer]):
        for x in batches():
            optimizer.zero_grad()
            model(x).square().sum().backward()
            optimizer.step()
    note(name, model)

with open(f"{sys.argv[1]}/{rank}.json", "w") as file:
    json.dump(got, file)

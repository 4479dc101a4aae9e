"""Ways to write a step: each trains on its rank's shares, or, in one process, on those of all."""

import contextlib
import json
import os
import sys

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP

folder, shares = sys.argv[1], int(sys.argv[2])
alone = "RANK" not in os.environ
if not alone:
    dist.init_process_group("gloo")
rank = 0 if alone else dist.get_rank()


def batch(step, share, micro):
    generator = torch.Generator().manual_seed(step * 100 + share * 10 + micro)
    x = torch.randn(6, 5, generator=generator)
    return x, (x[:, :1] > 0).long().squeeze(1)


def train(compiled="", amp=False, micros=1, clip=None, rule="AdamW", early=False):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 2))
    model = net if alone else DDP(net, bucket_cap_mb=0.0001)
    optimizer = getattr(torch.optim, rule)(model.parameters(), lr=0.05)
    scaler = torch.amp.GradScaler("cpu", enabled=amp)
    called = torch.compile(model) if compiled == "model" and not alone else model

    def loss_of(x, y):
        with torch.autocast("cpu", enabled=amp):
            return F.cross_entropy(called(x), y) / micros

    def share_of(batches):
        optimizer.zero_grad()
        total = 0.0
        for number, (x, y) in enumerate(batches):
            last = alone or number == len(batches) - 1
            with contextlib.nullcontext() if last else model.no_sync():
                loss = loss_of(x, y)
                scaler.scale(loss).backward()
            total = total + loss.detach()
        return total

    def step(*batches):
        if alone:  # a share after the other, and then their sum, in order
            parts = []
            for i in range(shares):
                total = share_of(batches[i * micros : (i + 1) * micros])
                parts.append([total, *[p.grad for p in net.parameters()]])
            total, *sums = [sum(some[1:], some[0]) for some in zip(*parts)]
            for p, g in zip(net.parameters(), sums):
                p.grad = g / shares
        else:
            total = share_of(batches)
            dist.all_reduce(total)
        if clip is not None:
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        scaler.step(optimizer)
        scaler.update()
        return total / shares

    called_step = torch.compile(step) if compiled == "step" and not alone else step
    losses = []
    for number in range(5):
        mine = range(shares) if alone else [rank]
        batches = [batch(number, share, micro) for share in mine for micro in range(micros)]
        losses.append(called_step(*batches).item())
    state = model.state_dict()
    return [losses, {key.removeprefix("module."): v.tolist() for key, v in state.items()}]


ways = {
    "plain": {},
    "compiled model": {"compiled": "model"},
    "compiled step": {"compiled": "step"},
    "mixed precision": {"amp": True, "clip": 0.1},
    "clipped": {"clip": 0.1, "rule": "SGD"},
    "accumulated": {"micros": 3},
    "all of it": {"compiled": "step", "micros": 2, "clip": 0.1},
}
with open(f"{folder}/{rank}.json", "w") as file:
    json.dump({name: train(**options) for name, options in ways.items()}, file)

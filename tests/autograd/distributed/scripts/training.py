"""A script as PyTorch's users write it: trains on each rank's share by DistributedDataParallel.

Without several processes it goes through the shares of as many one after the other.
"""

import json
import os
import sys

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

folder, dtype, shares, rules = sys.argv[1:]
shares = int(shares)
torch.set_default_dtype(getattr(torch, dtype))
alone = "RANK" not in os.environ
if not alone:
    dist.init_process_group("gloo")
    assert int(os.environ["WORLD_SIZE"]) == dist.get_world_size() == shares
rank = 0 if alone else dist.get_rank()


def numbers(count, seed):
    return torch.sin(torch.arange(1.0, 1 + count, dtype=torch.float64) * seed).to(
        torch.get_default_dtype()
    )


data = TensorDataset(numbers(64 * 64, 1.3).reshape(64, 1, 8, 8), torch.arange(64) * 7 % 10)


def network():
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(144, 120),
        nn.Tanh(),
        nn.Linear(120, 10),
    )
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(numbers(p.numel(), 1.1 + i).reshape(p.shape) * 0.1)
    return net


def share(r):
    sampler = DistributedSampler(data, num_replicas=shares, rank=r, shuffle=False)
    return DataLoader(data, batch_size=8, sampler=sampler)


def train(name):
    net = network()
    model = net if alone else DDP(net, bucket_cap_mb=0.05)
    options = {"lr": 0.1, "max_iter": 3} if name == "LBFGS" else {"lr": 1e-3}
    params = [p for p in model.parameters() if p.ndim == 2 or name != "Muon"]
    optimizer = getattr(torch.optim, name)(params, **options)

    def loss_of(batches):
        optimizer.zero_grad()
        total = 0.0
        for x, y in batches:
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            total = total + loss.detach()
        if alone:
            for p in net.parameters():
                p.grad /= shares
        else:
            dist.all_reduce(total)
        return total / shares

    losses = []
    for batches in zip(*[share(r) for r in (range(shares) if alone else [rank])]):
        if name == "LBFGS":
            losses.append(optimizer.step(lambda batches=batches: loss_of(batches)).item())
        else:
            losses.append(loss_of(batches).item())
            optimizer.step()
    state = {key.removeprefix("module."): v.tolist() for key, v in model.state_dict().items()}
    return {"losses": losses, "state": state}


with open(f"{folder}/{rank}.json", "w") as file:
    json.dump({name: train(name) for name in rules.split(",")}, file)

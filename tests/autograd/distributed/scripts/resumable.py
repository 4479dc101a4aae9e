"""Trains with a checkpoint after every step, and goes on from the last one when started again."""

import json
import os
import sys
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP

folder, steps, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
dist.init_process_group("gloo")
rank = dist.get_rank()
with open(f"{folder}/{rank}.pid", "w") as file:
    file.write(str(os.getpid()))
torch.manual_seed(0)
model = DDP(nn.Sequential(nn.Linear(20, 300), nn.Tanh(), nn.Linear(300, 1)))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.5)
path = f"{folder}/checkpoint.pt"
first = 0
if os.path.exists(path):
    saved = torch.load(path)
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    schedule.load_state_dict(saved["schedule"])
    first = saved["step"]
    if rank == 0:
        print("goes on from", first)
for step in range(first, steps):
    generator = torch.Generator().manual_seed(step * 100 + rank)
    x = torch.randn(32, 20, generator=generator)
    optimizer.zero_grad()
    (model(x) - x.sum(1, keepdim=True)).square().mean().backward()
    optimizer.step()
    schedule.step()
    if rank == 0:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        state |= {"schedule": schedule.state_dict(), "step": step + 1}
        torch.save(state, path)
    time.sleep(pause)
dist.barrier()
if rank == 0:
    with open(f"{folder}/0.json", "w") as file:
        json.dump({k: v.tolist() for k, v in model.state_dict().items()}, file)

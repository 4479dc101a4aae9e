"""Rank 1 goes wrong in the way that is asked for; all others wait for it."""

import os
import sys
import time
from datetime import timedelta

import torch
import torch.distributed as dist

how, started = sys.argv[1:]
dist.init_process_group("gloo", timeout=timedelta(seconds=1))
rank = dist.get_rank()
x = torch.ones(3)
dist.all_reduce(x)
if rank == 1:
    with open(started, "w") as file:
        file.write(str(time.time()))
    if how == "raise":
        raise ArithmeticError("no more")
    if how == "exit":
        sys.exit(3)
    if how == "end":
        sys.exit()
    if how == "not waited for":
        dist.all_reduce(torch.ones(100_000), async_op=True)
        sys.exit()
    if how == "not carried on":
        work = dist.all_reduce(torch.ones(100_000), async_op=True)
        time.sleep(100)
    if how == "killed":
        os.kill(os.getpid(), 9)
    if how == "asleep":
        time.sleep(100)
    if how == "busy":
        while True:
            pass
    if how == "other call":
        dist.broadcast(x, src=0)
    if how == "other shape":
        x = torch.ones(4)
    if how == "other dtype":
        x = x.double()
if how.startswith("not "):
    dist.all_reduce(torch.ones(100_000))
if how == "no message" and rank == 0:
    dist.recv(x, src=1)
if how == "no message":
    time.sleep(100)
if how == "late":
    time.sleep(0.5 * rank)
    sys.exit()
dist.all_reduce(x)

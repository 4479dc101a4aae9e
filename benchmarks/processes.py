"""What data-parallel training costs: seconds of an exchange over bytes, and of a step over ranks.

One script for both libraries, as `torch` is the one that runs it:

    mpiexec -n 2 python -m autograd benchmarks/processes.py
    torchrun --standalone --nproc_per_node 2 benchmarks/processes.py

Prints a line of JSON from rank 0: minima over rounds, in microseconds. With ``--fast`` sums are
made by MPI (of this library only). On a busy machine it takes many ``--rounds``. ``--model`` prints
what an exchange is expected to take on networks, from what was measured here.
"""

import argparse
import json
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP


def least(call, rounds, repeat):
    """The shortest round of ``repeat`` calls, a call."""
    call()
    found = []
    for _ in range(rounds):
        dist.barrier()
        begun = time.perf_counter()
        for _ in range(repeat):
            call()
        found.append((time.perf_counter() - begun) / repeat)
    return round(min(found) * 1e6, 1)


def network(width):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)
    )


def step_of(model, batch):
    x, y = torch.randn(batch, 784), torch.randint(0, 10, (batch,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


CALL = 45e-6  # seconds of a call without data, between two processes: measured
ADDED = 4e9  # bytes a second that one core adds up: measured
NETWORKS = {"10 Gbit/s Ethernet": (20e-6, 1.1e9), "100 Gbit/s InfiniBand": (1.5e-6, 11e9)}


def expected(n, size, latency, bandwidth):
    """Seconds of an exchange of ``size`` bytes: scatter, add, gather, as reductions.py does it.

    Each process sends n - 1 shares twice, over a wire of its own, and adds up n - 1 shares.
    """
    travels = 2 * (n - 1) * (latency + size / n / bandwidth)
    return CALL + travels + (n - 1) / n * size / ADDED


def model():
    """Milliseconds for gradients of several sizes, by network and number of processes."""
    ranks = (2, 4, 16, 64, 256, 1024)
    print("| network | megabytes |", " | ".join(map(str, ranks)), "|")
    print("| --- | ---: |", " | ".join(["---:"] * len(ranks)), "|")
    for name, (latency, bandwidth) in NETWORKS.items():
        for megabytes in (1, 25, 400):
            times = [1e3 * expected(n, megabytes * 1e6, latency, bandwidth) for n in ranks]
            print(f"| {name} | {megabytes} |", " | ".join([f"{t:.3g}" for t in times]), "|")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--batch", type=int, default=256, help="of all ranks together")
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    if options.model:
        return model()
    dist.init_process_group("gloo", **({"in_rank_order": False} if options.fast else {}))
    size, rounds = dist.get_world_size(), options.rounds
    exchange = {}
    for count in (1, 256, 4_096, 65_536, 1_048_576, 4_194_304):
        x = torch.zeros(count)
        repeat = max(1, min(50, 400_000 // count))
        exchange[4 * count] = least(lambda x=x: dist.all_reduce(x), rounds, repeat)
    share = options.batch // size
    plain = least(step_of(network(options.width), share), rounds, 2)
    together = least(step_of(DDP(network(options.width)), share), rounds, 2)
    parameters = sum(p.numel() for p in network(options.width).parameters())
    if dist.get_rank() == 0:
        found = {"ranks": size, "exchange": exchange, "step": together, "without exchange": plain}
        print(json.dumps(found | {"megabytes": round(parameters * 4 / 1e6, 2)}))
    dist.destroy_process_group()


if __name__ == "__main__":
    main()

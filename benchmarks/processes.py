"""What data-parallel training costs: an exchange over bytes, a step over ranks.

One script for both libraries, as `torch` is the one that runs it:

    OMP_NUM_THREADS=1 mpiexec -n 2 python -m autograd benchmarks/processes.py
    OMP_NUM_THREADS=1 torchrun --standalone --nproc_per_node 2 benchmarks/processes.py

Each part prints lines of JSON from rank 0, minima over rounds: ``--exchange`` microseconds of
`all_reduce`; ``--steps`` milliseconds of a training step without an exchange, with gradients sent
while the pass goes on, and with all of them sent at its end. Every rank has the same share whatever
their number (weak scaling): the efficiency is the first over the second. ``--model`` prints what an
exchange is expected to take on networks, from constants that it measures on two ranks. Without any
of these it does the first two. With ``--fast`` sums are made by MPI (of this library only).
"""

import argparse
import json
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP


def least(calls, rounds, repeat=1):
    """Seconds of the shortest round of ``repeat`` calls, a call, of each of several in turn."""
    found = [[] for _ in calls]
    for number in range(1 + rounds):
        for call, times in zip(calls, found):
            dist.barrier()
            begun = time.perf_counter()
            for _ in range(repeat):
                call()
            if number:  # the first round makes what is made once
                times.append((time.perf_counter() - begun) / repeat)
    return [min(times) for times in found]


# -- an exchange -----------------------------------------------------------------------------------


def exchange(count, rounds):
    """Seconds of an `all_reduce` of ``count`` numbers in float32."""
    x = torch.zeros(count)
    repeat = max(1, min(50, 400_000 // count))
    return least([lambda: dist.all_reduce(x)], rounds, repeat)[0]


def exchanges(rounds):
    """Microseconds by bytes."""
    counts = (1, 256, 4_096, 65_536, 1_048_576, 4_194_304)
    return {4 * count: round(exchange(count, rounds) * 1e6, 1) for count in counts}


# -- a step ----------------------------------------------------------------------------------------


def perceptron(width):
    layers = [nn.Linear(784, width), nn.ReLU()]
    for _ in range(2):
        layers += [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, 10))


def convolutional():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 49, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


MODELS = [  # name, how it is made, images of one rank
    ("MLP 512", lambda: perceptron(512), 256),
    ("MLP 512", lambda: perceptron(512), 1024),
    ("MLP 1024", lambda: perceptron(1024), 256),
    ("CNN", convolutional, 64),
]


def step_of(model, batch):
    x, y = torch.randn(batch, 784), torch.randint(0, 10, (batch,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def steps(rounds):
    """A line for each model: without an exchange, sent early, sent in one bucket at the end."""
    for name, made, batch in MODELS:
        torch.manual_seed(0)
        models = [made(), DDP(made()), DDP(made(), bucket_cap_mb=1000)]
        size = sum(p.numel() for p in models[0].parameters()) * 4e-6
        alone, early, late = least([step_of(model, batch) for model in models], rounds)
        times = {"alone": alone, "early": early, "late": late}
        found = {"model": name, "images": batch, "megabytes": round(size, 2)}
        found |= {how: round(seconds * 1e3, 1) for how, seconds in times.items()}
        yield found | {"efficient": round(alone / early, 2)}


# -- what is expected on networks ------------------------------------------------------------------

# Seconds a message, bytes a second: what such networks are sold as, not measured here.
NETWORKS = {"10 Gbit/s Ethernet": (20e-6, 1.1e9), "100 Gbit/s InfiniBand": (1.5e-6, 11e9)}
LARGE = 4_194_304  # numbers of 16 MB, from which memory is measured


def added(rounds):
    """Bytes a second that one core adds up."""
    total, part = torch.zeros(LARGE), torch.zeros(LARGE)
    return 4 * LARGE / least([lambda: total.add_(part)], rounds)[0]


def expected(n, size, call, rate, latency, bandwidth):
    """Seconds of an exchange of ``size`` bytes: scatter, add, gather, as reductions.py does it.

    Each process sends n - 1 shares twice, over a wire of its own, and adds up n - 1 shares.
    """
    travels = 2 * (n - 1) * (latency + size / n / bandwidth)
    return call + travels + (n - 1) / n * size / rate


def model(rounds):
    """The constants of this machine, and milliseconds by network and number of processes."""
    if dist.get_world_size() != 2:
        raise SystemExit("--model: constants are measured between 2 ranks. Run: mpiexec -n 2")
    call, rate, whole = exchange(1, rounds), added(rounds), exchange(LARGE, rounds)
    memory = 4 * LARGE / (whole - call - 2 * LARGE / rate)  # what is left is copied
    if dist.get_rank():
        return
    print(
        f"a call {call * 1e6:.0f} us, added {rate / 1e9:.1f} GB/s, copied {memory / 1e9:.1f} GB/s"
    )
    ranks = (2, 4, 16, 64, 256, 1024)
    print("| network | megabytes |", " | ".join(map(str, ranks)), "|")
    print("| --- | ---: |", " | ".join(["---:"] * len(ranks)), "|")
    for name, (latency, bandwidth) in NETWORKS.items():
        for megabytes in (1, 25, 400):
            size = megabytes * 1e6
            times = [1e3 * expected(n, size, call, rate, latency, bandwidth) for n in ranks]
            print(f"| {name} | {megabytes} |", " | ".join([f"{t:.3g}" for t in times]), "|")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exchange", action="store_true")
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dist.init_process_group("gloo", **({"in_rank_order": False} if options.fast else {}))

    def tell(found):
        if dist.get_rank() == 0:
            print(json.dumps({"ranks": dist.get_world_size(), **found}), flush=True)

    every = not (options.exchange or options.steps or options.model)
    if options.exchange or every:
        tell({"exchange": exchanges(options.rounds)})
    if options.steps or every:
        for found in steps(options.rounds):
            tell(found)
    if options.model:
        model(options.rounds)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()

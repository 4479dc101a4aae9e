"""A sweep over settings: one function, given to processes of this machine, of MPI, or of Dask.

    python examples/sweep.py                                            # on this machine's cores
    mpiexec -n 5 python -m mpi4py.futures examples/sweep.py --mpi       # one asks, four work
    python examples/sweep.py --dask                                     # on processes of Dask's own
    python examples/sweep.py --dask tcp://scheduler:8786                # on a cluster of Dask's

Trainings do not talk to each other, so this scales as far as there are settings.
"""

import argparse
import itertools

import autograd
import nn
import optim


def train(setting):
    """The loss of a small network after 200 steps with that learning rate, width and seed."""
    rate, width, seed = setting
    autograd.manual_seed(seed)
    x = autograd.randn(256, 2)
    y = (x[:, 0] * x[:, 1] > 0).long()
    model = nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 2))
    optimizer = optim.Adam(model.parameters(), lr=rate)
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mpi", action="store_true")
    parser.add_argument("--dask", metavar="ADDRESS", nargs="?", const="")
    args = parser.parse_args()
    settings = list(itertools.product([1e-3, 1e-2, 1e-1], [8, 32], [0, 1]))
    if args.dask is not None:
        from dask.distributed import Client

        with Client(args.dask or None) as client:
            losses = client.gather(client.map(train, settings))
    else:
        if args.mpi:
            from mpi4py.futures import MPIPoolExecutor as Pool
        else:
            from concurrent.futures import ProcessPoolExecutor as Pool
        with Pool() as pool:
            losses = list(pool.map(train, settings))
    for (rate, width, seed), loss in sorted(zip(settings, losses), key=lambda pair: pair[1]):
        print(f"loss {loss:.4f}  rate {rate:<6g} width {width:<3} seed {seed}")


if __name__ == "__main__":
    main()

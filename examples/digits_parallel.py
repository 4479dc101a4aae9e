"""The convolutional network of digits_cnn.py, trained by several processes.

Each has the model and a share of every batch; gradients are averaged. The same script, with PyTorch
and without it:

    torchrun --nproc_per_node 4 examples/digits_parallel.py
    mpiexec -n 4 python -m autograd examples/digits_parallel.py
"""

import argparse
import os

import torch
import torch.distributed as dist
import torch.nn.functional as F
from digits_cnn import Digits, Net
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Subset
from torch.utils.data.distributed import DistributedSampler

CHECKPOINT = "digits_parallel.pt"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64, help="of all processes together")
    parser.add_argument("--resume", action="store_true", help=f"go on from {CHECKPOINT}")
    args = parser.parse_args()

    dist.init_process_group("gloo")
    rank, size = dist.get_rank(), dist.get_world_size()

    digits = Digits()
    train_set = Subset(digits, range(1400))
    sampler = DistributedSampler(train_set)
    loader = DataLoader(train_set, batch_size=args.batch // size, sampler=sampler)
    torch.manual_seed(0)
    model = DistributedDataParallel(Net())
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.7)

    first = 0
    if args.resume and os.path.exists(CHECKPOINT):
        saved = torch.load(CHECKPOINT)
        first = saved["epoch"]
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        scheduler.load_state_dict(saved["scheduler"])

    for epoch in range(first, args.epochs):
        model.train()
        sampler.set_epoch(epoch)  # another order in each epoch, the same on all processes
        total = torch.zeros(2)
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.nll_loss(model(x), y)
            loss.backward()  # gradients travel meanwhile
            optimizer.step()
            total += torch.tensor([loss.item() * len(y), len(y)])
        scheduler.step()
        dist.all_reduce(total)
        if rank == 0:
            print(f"epoch {epoch}: loss {total[0] / total[1]:.4f}", flush=True)
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            state |= {"scheduler": scheduler.state_dict(), "epoch": epoch + 1}
            torch.save(state, CHECKPOINT)

    model.eval()
    with torch.no_grad():  # each process looks at a share of the test set, too
        right = torch.zeros(1)
        for i in range(1400 + rank, len(digits), size):
            x, y = digits[i]
            right += model.module(x.unsqueeze(0)).argmax() == y
    dist.all_reduce(right)
    if rank == 0:
        print(f"test set: {int(right)} of {len(digits) - 1400} right, by {size} processes")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()

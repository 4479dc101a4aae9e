"""The same seed, PyTorch's batches."""

import numpy as np
import pytest

import autograd
from autograd.utils import data

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


class Drawn:
    def __init__(self, library, others):
        self.library, self.others = library, others

    def __len__(self):
        return 7

    def __getitem__(self, index):
        info = self.others.get_worker_info()
        return index, self.library.rand(2), np.random.rand(), info.id, info.seed


def stayed(library, D):
    loader = D.DataLoader(
        Drawn(library, D), 2, shuffle=True, num_workers=2, persistent_workers=True
    )
    return list(loader), list(loader)


def own_generator(library, D):
    generator = library.Generator()
    generator.manual_seed(3)
    loader = D.DataLoader(range(12), 4, shuffle=True, generator=generator)
    return list(loader), list(loader)


CASES = {
    "shuffled": lambda library, D: [
        list(D.DataLoader(library.arange(23), 4, shuffle=True)) for _ in range(2)
    ],
    "tensors": lambda library, D: list(
        D.DataLoader(
            D.TensorDataset(library.arange(9), library.arange(18).reshape(9, 2)),
            batch_size=4, shuffle=True, drop_last=True,
        )
    ),
    "subset": lambda library, D: list(
        D.DataLoader(D.Subset(D.TensorDataset(library.arange(9)), [8, 2, 4, 1, 6]), 2, True)
    ),
    "an own generator": own_generator,
    "split": lambda library, D: [p.indices for p in D.random_split(range(11), [0.5, 0.3, 0.2])],
    "with replacement": lambda library, D: list(D.RandomSampler(range(5), True, 70)),
    "more than there are": lambda library, D: list(D.RandomSampler(range(5), num_samples=13)),
    "weighted": lambda library, D: list(D.WeightedRandomSampler([0.1, 0.5, 0.2, 3], 30)),
    "weighted once": lambda library, D: list(D.WeightedRandomSampler([0.1, 2, 0.2], 2, False)),
    "some": lambda library, D: list(D.SubsetRandomSampler([5, 3, 1, 7])),
    "a share": lambda library, D: [list(D.DistributedSampler(range(11), 3, r)) for r in (0, 2)],
    "workers": lambda library, D: list(D.DataLoader(Drawn(library, D), 2, True, num_workers=2)),
    "workers that stay": stayed,
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES)
def test_batches_and_what_is_drawn_after_them(case):
    seen = []
    for library, D in ((torch, torch.utils.data), (autograd, data)):
        library.manual_seed(7)
        seen.append((repr(CASES[case](library, D)).replace("torch.", "autograd."), library.rand(1)))
    (theirs, after), (ours, after_ours) = seen
    assert ours == theirs
    assert float(after) == float(after_ours)

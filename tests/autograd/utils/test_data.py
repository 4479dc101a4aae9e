"""Data sets, samplers and the loader, in one process."""

import time
from collections import namedtuple

import numpy as np
import pytest

import autograd
from autograd.utils.data import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    DataLoader,
    Dataset,
    DistributedSampler,
    IterableDataset,
    RandomSampler,
    Sampler,
    StackDataset,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    random_split,
)

Point = namedtuple("Point", "x y")


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(5))

    def __len__(self):
        return 5


def rows(loader):
    return [batch.tolist() for batch in loader]


class Plain(Dataset):
    """The samples of a data set without anything that reads several at once."""

    def __init__(self, inner):
        self.inner = inner

    def __getitem__(self, index):
        return self.inner[index]

    def __len__(self):
        return len(self.inner)


@pytest.mark.parametrize(
    "batch", [[True, False], [np.int32(1), 0], (1, 0), np.array([1, 0]), [], [2**70], [0.5], ["a"]]
)
def test_places_of_rows_are_integers_or_left_to_the_data_set(batch):
    data = TensorDataset(autograd.arange(3))

    def of(dataset):
        try:
            (found,) = DataLoader(dataset, batch_sampler=[batch])
            return [part.tolist() for part in found]
        except Exception as error:
            return type(error)

    assert of(data) == of(Plain(data))


@pytest.mark.parametrize("subset", [False, True])
def test_rows_read_at_once_are_the_samples_put_together(subset):
    x, y = autograd.rand(9, 2, 3), autograd.arange(9)
    data = TensorDataset(x, y)
    data = Subset(Subset(data, [8, 0, -2, 5, 3, 4]), range(5)) if subset else data
    for at_once, one_by_one in zip(DataLoader(data, 4), DataLoader(Plain(data), 4), strict=True):
        assert type(at_once) is list
        for a, b in zip(at_once, one_by_one, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())
            assert a.dtype == b.dtype


def test_a_class_of_its_own_is_asked_for_samples():
    class Negative(TensorDataset):
        def __getitem__(self, index):
            return -self.tensors[0][index]

    class Doubled(Subset):
        def __getitem__(self, index):
            return 2 * super().__getitem__(index)

        def __getitems__(self, indices):
            return [self[i] for i in indices]

    data = Negative(autograd.arange(1, 4))
    assert rows(DataLoader(data, 2)) == [[-1, -2], [-3]]
    assert rows(DataLoader(Doubled(data, [2, 0]), 2)) == [[-6, -2]]
    with pytest.raises(NotImplementedError, match="__getitems__"):
        type("Half", (Subset,), {"__getitem__": lambda self, i: 0})(data, [0])


def test_a_batch_of_rows_has_a_gradient():
    x = autograd.arange(3.0, requires_grad=True)
    ((batch,),) = DataLoader(TensorDataset(x), 2, drop_last=True)
    batch.sum().backward()
    assert x.grad.tolist() == [1, 1, 0]


def test_a_batch_is_no_view():
    x = autograd.zeros(4)
    for batch in DataLoader(x, 2):
        batch.add_(1)
    assert x.sum() == 0


def test_rows_are_read_at_once():
    data = TensorDataset(autograd.zeros(6000, 1, 28, 28), autograd.arange(6000))
    spent = []
    for one in (data, Plain(data)):
        start = time.process_time()
        for _ in DataLoader(one, 64, shuffle=True):
            pass
        spent.append(time.process_time() - start)
    assert spent[0] < spent[1] / 2  # it is a tenth


@pytest.mark.parametrize(
    ("samples", "batch"),
    [
        ([1, 2], "tensor([1, 2])"),
        ([0.5, 1.5], "tensor([0.5000, 1.5000], dtype=autograd.float64)"),
        ([True, False], "tensor([ True, False])"),
        (["a", "b"], "['a', 'b']"),
        ([Point(1, "a"), Point(2, "b")], "Point(x=tensor([1, 2]), y=('a', 'b'))"),
        ([{"k": (1,)}, {"k": (2,)}], "{'k': [tensor([1, 2])]}"),
        ([[1, "a"], [2, "b"]], "[tensor([1, 2]), ('a', 'b')]"),
        ([np.float32(1), np.float32(2)], "tensor([1., 2.])"),
        ([np.arange(2), np.arange(2)], "tensor([[0, 1],\n        [0, 1]])"),
        ([autograd.tensor(1.0), autograd.tensor(2.0)], "tensor([1., 2.])"),
        ([autograd.tensor(1.0), autograd.tensor(2)], "tensor([1., 2.])"),
    ],
)
def test_samples_of_a_kind(samples, batch):
    assert repr(default_collate(samples)) == batch


@pytest.mark.parametrize(
    ("samples", "error"),
    [
        ([(1,), (1, 2)], RuntimeError),
        ([np.zeros(2), np.zeros(3)], RuntimeError),
        ([None], TypeError),
        ([autograd.zeros(2), 1.0], TypeError),
        ([np.array("a")], TypeError),
    ],
)
def test_samples_that_do_not_fit(samples, error):
    with pytest.raises(error, match="default_collate|stack"):
        default_collate(samples)


def test_a_sample_at_a_time():
    (first, *_) = DataLoader([(np.zeros(2), "a")], batch_size=None)
    assert repr(first) == "[tensor([0., 0.], dtype=autograd.float64), 'a']"


def test_iterable_data_sets():
    assert rows(DataLoader(Stream(), 2)) == [[0, 1], [2, 3], [4]]
    assert rows(DataLoader(Stream(), 2, drop_last=True)) == [[0, 1], [2, 3]]
    assert list(DataLoader(Stream(), None)) == [0, 1, 2, 3, 4]
    assert len(DataLoader(Stream(), 2)) == 3
    assert len(Stream() + Stream()) == 10
    with pytest.raises(TypeError, match="ConcatDataset"):
        list(ChainDataset([[1]]))
    with pytest.raises(ValueError, match="own order"):
        DataLoader(Stream(), shuffle=True)


def test_data_sets_of_data_sets():
    joined = ConcatDataset([[1, 2], [3]])
    assert [*joined] == [1, 2, 3] and joined[-3] == 1 and joined.cumulative_sizes == [2, 3]
    with pytest.raises(ValueError, match="at least -3"):
        joined[-4]
    with pytest.raises(IndexError):
        joined[3]
    assert StackDataset([1, 2], [3, 4]).__getitems__([1, 0]) == [(2, 4), (1, 3)]
    for wrong in (lambda: StackDataset(), lambda: StackDataset([1], a=[1])):
        with pytest.raises(ValueError, match="position or by name"):
            wrong()
    with pytest.raises(ValueError, match="one length"):
        StackDataset([1], [1, 2])


def test_splits():
    parts = random_split(range(10), [0.3, 0.3, 0.4])
    assert [len(part) for part in parts] == [3, 3, 4]
    assert sorted(sum((list(part.indices) for part in parts), [])) == list(range(10))
    with pytest.raises(ValueError, match="sum to"):
        random_split(range(10), [3, 3])
    with pytest.warns(UserWarning, match="part 1 is empty"):
        random_split(range(1), [0.5, 0.5])


def test_samplers():
    far = RandomSampler(range(3), replacement=True, num_samples=10**10)
    assert len(far) == 10**10 and next(iter(far)) < 3
    assert list(BatchSampler(iter("abcde"), 2, True)) == [["a", "b"], ["c", "d"]]
    assert set(WeightedRandomSampler([0, 1.0, 0], 5)) == {1}
    shares = [list(DistributedSampler(range(5), 2, rank)) for rank in (0, 1)]
    assert sorted(set(shares[0] + shares[1])) == list(range(5))

    class Backwards(Sampler):
        def __iter__(self):
            return iter([2, 1, 0])

    assert rows(DataLoader([10, 11, 12], sampler=Backwards())) == [[12], [11], [10]]
    assert rows(DataLoader([10, 11, 12], batch_sampler=[[0, 2], [1]])) == [[10, 12], [11]]


def test_an_own_generator_gives_the_order():
    def order():
        return rows(DataLoader(range(9), 9, True, generator=autograd.Generator().manual_seed(3)))

    before = autograd.get_rng_state().tolist()
    assert order() == order() != [list(range(9))]
    assert autograd.get_rng_state().tolist() == before


@pytest.mark.parametrize(
    "options",
    [
        {"num_workers": -1},
        {"timeout": -1},
        {"prefetch_factor": 2},
        {"persistent_workers": True},
        {"batch_size": 0},
        {"batch_size": 2.5},
        {"batch_size": None, "drop_last": True},
        {"sampler": [1], "shuffle": True},
        {"batch_sampler": [[1]], "batch_size": 4},
        {"multiprocessing_context": "fork"},
        {"num_workers": 1, "multiprocessing_context": "thread"},
    ],
)
def test_options_that_cannot_be(options):
    with pytest.raises(ValueError):
        DataLoader(range(4), **options)


@pytest.mark.parametrize("options", [{"num_workers": "2"}, {"timeout": None}])
def test_options_of_another_kind(options):
    with pytest.raises(TypeError, match="DataLoader: "):
        DataLoader(range(4), **options)


def test_options_that_are_fixed():
    loader = DataLoader(range(4), pin_memory=True)
    with pytest.raises(ValueError, match="Make a new one"):
        loader.batch_size = 2
    loader.collate_fn = sum
    assert list(loader) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="positive"):
        DataLoader([], shuffle=True)
    with pytest.raises(ValueError, match="one length"):
        TensorDataset(autograd.zeros(2), autograd.zeros(3))


def test_spellings():
    from autograd.utils.data.dataloader import default_collate as again
    from autograd.utils.data.dataset import Dataset as same

    assert autograd.utils.data.DataLoader is DataLoader
    assert again is default_collate and same is Dataset
    assert "utils" in dir(autograd) and "data" in dir(autograd.utils)


def test_a_pass_goes_on_after_an_error():
    class Damaged(Dataset):
        def __getitem__(self, index):
            if index == 1:
                raise OSError("damaged")
            return index

        def __len__(self):
            return 3

    iterator = iter(DataLoader(Damaged()))
    assert next(iterator).tolist() == [0]
    with pytest.raises(OSError, match="damaged"):
        next(iterator)
    assert rows(iterator) == [[2]]
    with pytest.raises(StopIteration):
        next(iterator)


def test_a_dataset_without_a_length():
    class Pairs(Dataset):
        def __getitem__(self, index):
            return index

    with pytest.raises(TypeError, match=r"Pairs has none\. Define __len__\(self\) in it"):
        DataLoader(Pairs(), batch_size=2)

"""DataLoader: batches of a data set, in this process or from workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from autograd.arrays.arguments import integer_of, number_of
from autograd.random.discrete import random_integers
from autograd.random.generator import Source
from autograd.utils.data.collate import (
    default_collate as default_collate,
    default_convert as default_convert,
)
from autograd.utils.data.dataset import IterableDataset
from autograd.utils.data.fetch import SerialIterator, fetcher_of
from autograd.utils.data.sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler
from autograd.utils.data.worker import Work, get_worker_info as get_worker_info

if TYPE_CHECKING:
    from autograd.utils.data.processes import ParallelIterator

__all__ = ["DataLoader"]

T_co = TypeVar("T_co", covariant=True)


class _Endless(Sampler[None]):
    """The sampler of an iterable data set, which says itself where it ends."""

    def __iter__(self) -> Iterator[None]:
        return repeat(None)


class DataLoader(Generic[T_co]):
    """Batches of a data set: an iterable that can be gone through again and again.

    :param dataset: samples by index, with a length, or an :class:`IterableDataset`.
    :param batch_size: samples a batch; None gives them one by one.
    :param shuffle: a new random order in each pass: PyTorch's for the same seed.
    :param sampler: an iterable of indices, instead of ``shuffle``.
    :param batch_sampler: an iterable of lists of indices, instead of the four around it.
    :param num_workers: processes that read ahead; 0 reads here.
    :param collate_fn: makes a batch of a list of samples; by default ``default_collate``.
    :param pin_memory: accepted; there is no other memory to copy to.
    :param drop_last: leave out a last batch that is shorter.
    :param timeout: seconds to wait for a batch of a worker; 0 waits for ever.
    :param worker_init_fn: called in each worker with its number, once it is seeded.
    :param multiprocessing_context: how workers start: "fork", "spawn", "forkserver", or a context.
    :param generator: the stream of the order, and of the workers' seeds.
    :param prefetch_factor: batches that each worker reads ahead, 2 unless given.
    :param persistent_workers: keep the workers for the next pass.
    :param in_order: False gives batches as workers finish them.
    :raises ValueError: options that exclude each other, or that are out of range.

    Tensors (or a TensorDataset, or a Subset of one) are read by one indexing call per batch. An
    exception in a worker is raised here, with the worker's traceback in its message.

    >>> from autograd.utils.data.dataset import TensorDataset
    >>> import autograd
    >>> for batch in DataLoader(autograd.arange(5), batch_size=2): print(batch)
    tensor([0, 1])
    tensor([2, 3])
    tensor([4])
    """

    _fixed = (
        "batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers",
    )  # fmt: skip
    _initialized = False

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: Source = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        self._check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        streamed = isinstance(dataset, IterableDataset)
        given = {"shuffle": shuffle, "sampler": sampler, "batch_sampler": batch_sampler}
        for name, value in given.items():
            if streamed and value not in (None, False):
                raise ValueError(
                    f"DataLoader: an IterableDataset has its own order; got {name}={value!r:.60}. "
                    "Leave it out."
                )
        if sampler is not None and shuffle:
            raise ValueError("DataLoader: a sampler gives the order; got shuffle=True too.")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "DataLoader: a batch_sampler gives the batches; got batch_size, shuffle, "
                    "sampler or drop_last too. Leave them out."
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "DataLoader: batch_size=None gives samples, not batches; got drop_last=True too."
            )
        if sampler is None:
            if streamed:
                sampler = _Endless()
            elif not hasattr(dataset, "__len__"):
                raise TypeError(
                    f"DataLoader: the dataset must have a length; {type(dataset).__name__} has "
                    "none. Define __len__(self) in it, or pass a sampler."
                )
            elif shuffle:
                sampler = RandomSampler(dataset, generator=generator)
            else:
                sampler = SequentialSampler(dataset)
        if batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        if collate_fn is None:
            collate_fn = default_convert if batch_sampler is None else default_collate

        self.dataset = dataset
        self.batch_size = batch_size
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.collate_fn = collate_fn
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers = persistent_workers
        self.in_order = in_order
        self._iterator: ParallelIterator | None = None
        self._initialized = True

    @staticmethod
    def _check_workers(
        num_workers: int, timeout: float, prefetch_factor: int | None, persistent: bool
    ) -> None:
        integer_of("DataLoader", "num_workers", num_workers)
        number_of("DataLoader", "timeout", timeout)
        if num_workers < 0:
            raise ValueError(f"DataLoader: num_workers must not be negative; got {num_workers}.")
        if timeout < 0:
            raise ValueError(f"DataLoader: timeout must not be negative; got {timeout}.")
        if prefetch_factor is not None and (num_workers == 0 or prefetch_factor < 0):
            raise ValueError(
                "DataLoader: prefetch_factor is how many batches a worker reads ahead; got "
                f"{prefetch_factor} for num_workers={num_workers}."
            )
        if persistent and num_workers == 0:
            raise ValueError("DataLoader: persistent_workers needs workers; got num_workers=0.")

    @property
    def multiprocessing_context(self) -> Any:
        """How workers start: a context of ``multiprocessing``, or None for the system's own way."""
        return self._context

    @multiprocessing_context.setter
    def multiprocessing_context(self, value: Any) -> None:
        if value is not None:
            if self.num_workers == 0:
                raise ValueError(
                    "DataLoader: multiprocessing_context needs workers; got num_workers=0."
                )
            import multiprocessing

            if isinstance(value, str):
                known = multiprocessing.get_all_start_methods()
                if value not in known:
                    raise ValueError(
                        f"DataLoader: multiprocessing_context must be one of {known}; got "
                        f"{value!r}."
                    )
                value = multiprocessing.get_context(value)
            if not isinstance(value, multiprocessing.context.BaseContext):
                raise TypeError(
                    "DataLoader: multiprocessing_context must be a context or the name of a start "
                    f"method; got {value!r:.60}."
                )
        self._context = value

    def __setattr__(self, name: str, value: Any) -> None:
        if self._initialized and name in self._fixed:
            raise ValueError(
                f"DataLoader: {name} cannot be set once the loader is made. Make a new one."
            )
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        # The order of the draws is PyTorch's: first the seed of the workers, even without any.
        if self._iterator is not None and self._iterator.alive:
            self._iterator.begin(self._entries())
            return self._iterator
        base_seed = int(random_integers((), generator=self.generator))
        if self.num_workers == 0:
            fetch = fetcher_of(
                self.dataset, self.batch_sampler is not None, self.collate_fn, self.drop_last
            )
            return SerialIterator(fetch, self._entries())
        from autograd.utils.data.processes import ParallelIterator  # and with it multiprocessing

        iterator = ParallelIterator(
            lambda i: self._work(i, base_seed),
            self.num_workers,
            self._entries(),
            ahead=self.prefetch_factor or 1,
            timeout=self.timeout,
            context=self.multiprocessing_context,
            in_order=self.in_order,
            persistent=self.persistent_workers,
        )
        if self.persistent_workers:
            self._iterator = iterator
        return iterator

    def _entries(self) -> Iterator[Any]:
        return iter(self.sampler if self.batch_sampler is None else self.batch_sampler)

    def _work(self, i: int, base_seed: int) -> Work:
        return Work(
            dataset=self.dataset,
            batches=self.batch_sampler is not None,
            collate_fn=self.collate_fn,
            drop_last=self.drop_last,
            worker_init_fn=self.worker_init_fn,
            base_seed=base_seed,
            id=i,
            num_workers=self.num_workers,
        )

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            n: int = len(self.dataset)  # type: ignore[arg-type]
            if self.batch_size is None:
                return n
            return n // self.batch_size if self.drop_last else -(-n // self.batch_size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)  # type: ignore[arg-type]

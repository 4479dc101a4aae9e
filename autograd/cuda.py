"""The questions that scripts ask of ``torch.cuda``, answered truthfully: there is no GPU.

What counts or clears says nothing and does nothing; what needs a GPU (its name, a stream) raises
AssertionError, as PyTorch's build for the CPU does.
"""

from __future__ import annotations

import typing as _typing
from typing import Any, NoReturn

__path__: list[str] = []  # cuda.amp is a module, too

__all__ = [
    "OutOfMemoryError", "device", "device_count", "device_of", "empty_cache", "get_arch_list",
    "get_rng_state_all", "is_available", "is_bf16_supported", "is_initialized", "manual_seed",
    "manual_seed_all", "max_memory_allocated", "max_memory_reserved", "memory_allocated",
    "memory_reserved", "reset_peak_memory_stats", "seed", "seed_all", "synchronize",
]  # fmt: skip


def is_available() -> bool:
    """Whether a GPU can be used: no.

    >>> is_available()
    False
    """
    return False


def is_initialized() -> bool:
    """Whether a GPU has been used: no.

    >>> is_initialized()
    False
    """
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether a GPU computes with bfloat16: no, as there is none.

    >>> is_bf16_supported()
    False
    """
    return False


def device_count() -> int:
    """The number of GPUs: none.

    >>> device_count()
    0
    """
    return 0


def get_arch_list() -> list[str]:
    """The kinds of GPU that are known: none.

    >>> get_arch_list()
    []
    """
    return []


# -- seeds -----------------------------------------------------------------------------------------


def manual_seed(seed: int) -> None:
    """Seed the generators of the GPU, of which there are none."""


def seed() -> None:
    """Seed the generators of the GPU, of which there are none."""


manual_seed_all = manual_seed
seed_all = seed


def get_rng_state_all() -> list[Any]:
    """The states of the generators of all GPUs: none.

    >>> get_rng_state_all()
    []
    """
    return []


def set_rng_state_all(new_states: Any) -> None:
    """Set the generators of all GPUs, of which there are none."""


# -- waiting and memory ----------------------------------------------------------------------------


def synchronize(device: Any = None) -> None:
    """Wait for the GPU: nothing is ever pending."""


def empty_cache() -> None:
    """Give memory back to the GPU: none was taken."""


def ipc_collect() -> None:
    """Give memory that processes shared back to the GPU: none was taken."""


def reset_peak_memory_stats(device: Any = None) -> None:
    """Begin to measure anew the most memory that the GPU held: none."""


reset_max_memory_allocated = reset_max_memory_cached = reset_peak_memory_stats


def memory_allocated(device: Any = None) -> int:
    """The bytes that tensors take on the GPU: none.

    >>> memory_allocated(), max_memory_allocated(), memory_reserved(), max_memory_reserved()
    (0, 0, 0, 0)
    """
    return 0


max_memory_allocated = memory_reserved = max_memory_reserved = memory_allocated
memory_cached = max_memory_cached = memory_allocated


def memory_stats(device: Any = None) -> dict[str, Any]:
    """What is counted of the GPU's memory: nothing.

    >>> memory_stats()
    {}
    """
    return {}


def memory_summary(device: Any = None, abbreviated: bool = False) -> str:
    """What is counted of the GPU's memory, for reading.

    >>> memory_summary()
    'There is no GPU, and no memory of one.'
    """
    return "There is no GPU, and no memory of one."


# -- what needs a GPU ------------------------------------------------------------------------------


def _refused(name: str) -> Any:
    def function(*args: Any, **keywords: Any) -> NoReturn:
        raise AssertionError(
            f"cuda.{name}: a GPU is needed; there is none here. "
            "Ask only where cuda.is_available() is True."
        )

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "Needs a GPU: raises AssertionError."
    return function


current_device = _refused("current_device")
current_stream = _refused("current_stream")
default_stream = _refused("default_stream")
get_device_capability = _refused("get_device_capability")
get_device_name = _refused("get_device_name")
get_device_properties = _refused("get_device_properties")
get_rng_state = _refused("get_rng_state")
init = _refused("init")
initial_seed = _refused("initial_seed")
mem_get_info = _refused("mem_get_info")
set_device = _refused("set_device")
set_rng_state = _refused("set_rng_state")
utilization = _refused("utilization")


class device:  # noqa: N801 - torch.cuda.device
    """A block of code for one GPU, of which there is none: it runs as it is.

    >>> with device(0):
    ...     pass
    """

    def __init__(self, device: Any) -> None:
        self.device = device

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None


device_of = stream = device


class OutOfMemoryError(RuntimeError):
    """What PyTorch raises where a GPU's memory does not suffice; nobody raises it here.

    >>> issubclass(OutOfMemoryError, RuntimeError)
    True
    """


class Stream:
    """A queue of the GPU's; making one raises AssertionError.

    >>> try:
    ...     Stream()
    ... except AssertionError as error:
    ...     print(error)
    cuda.Stream: a GPU is needed; there is none here. Ask only where cuda.is_available() is True.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        _refused("Stream")()


class Event:
    """A mark in a queue of the GPU's; making one raises AssertionError.

    >>> try:
    ...     Event()
    ... except AssertionError as error:
    ...     print(error)
    cuda.Event: a GPU is needed; there is none here. Ask only where cuda.is_available() is True.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        _refused("Event")()


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

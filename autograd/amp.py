"""``torch.amp``: mixed precision as scripts write it. Float32 stays float32 here.

``autocast`` leaves every dtype as it is, and ``GradScaler`` every gradient, as PyTorch's does
where there is no GPU. The first of them that is made says so.
"""

from __future__ import annotations

import functools as _functools
import typing as _typing
from collections.abc import Callable
from typing import Any

from autograd.arrays.notices import once as _once

__path__: list[str] = []  # amp.autocast_mode is a module, too

__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd", "is_autocast_available"]

_DEVICES = ("cpu", "cuda", "hip", "hpu", "ipu", "meta", "mps", "mtia", "xla", "xpu")


def _tell() -> None:
    _once(
        "amp: autocast and GradScaler change nothing here; float32 stays float32. "
        "Half precision is what a script asks for by dtype."
    )


class autocast:  # noqa: N801 - torch.amp.autocast
    """A block of code, or a decorated function, whose operations keep their dtypes.

    ``autocast("cuda", dtype=...)``, and ``autocast()`` or ``autocast(False)`` as
    ``torch.cuda.amp`` has it. Raises RuntimeError for a device that PyTorch does not know.

    >>> import autograd
    >>> with autocast("cuda", enabled=False):
    ...     print((autograd.ones(2) @ autograd.ones(2)).dtype == autograd.float32)
    True
    """

    def __init__(
        self,
        device_type: Any = "cuda",
        dtype: Any = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if isinstance(device_type, bool):  # torch.cuda.amp.autocast(enabled)
            device_type, enabled = "cuda", device_type
        self.device = getattr(device_type, "type", device_type)
        if not isinstance(self.device, str) or self.device.partition(":")[0] not in _DEVICES:
            raise RuntimeError(
                f"autocast: expected a device type, one of {', '.join(_DEVICES)}; "
                f"got {device_type!r:.60}."
            )
        self.fast_dtype = dtype
        if enabled:
            _tell()

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *error: Any) -> None:
        return None

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @_functools.wraps(function)
        def called(*args: Any, **keywords: Any) -> Any:
            return function(*args, **keywords)

        return called


def is_autocast_enabled(device_type: str | None = None) -> bool:
    """Whether operations may change their dtypes at the moment: no.

    >>> is_autocast_enabled()
    False
    """
    return False


is_autocast_cache_enabled = is_autocast_enabled


def get_autocast_dtype(device_type: str) -> Any:
    """What :class:`autocast` computes with: float32.

    >>> get_autocast_dtype("cpu") == "float32"
    True
    """
    import autograd

    return autograd.float32


def clear_autocast_cache() -> None:
    """Forget tensors that changed their dtypes: none did.

    >>> clear_autocast_cache()
    >>> is_autocast_enabled()
    False
    """


def is_autocast_available(device_type: str) -> bool:
    """Whether operations may change their dtypes on a device: no.

    >>> is_autocast_available("cuda")
    False
    """
    return False


class GradScaler:
    """Scales losses by 1: float32 needs no scaling. Its methods are PyTorch's.

    >>> scaler = GradScaler(enabled=False)
    >>> scaler.get_scale(), scaler.is_enabled(), scaler.state_dict()
    (1.0, False, {})
    """

    def __init__(
        self,
        device: Any = "cuda",
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        if enabled:
            _tell()

    def scale(self, outputs: Any) -> Any:
        """The losses, as they are."""
        return outputs

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients by the scale, which is 1."""

    def step(self, optimizer: Any, *args: Any, **keywords: Any) -> Any:
        """``optimizer.step(*args, **keywords)``."""
        return optimizer.step(*args, **keywords)

    def update(self, new_scale: Any = None) -> None:
        """Choose the next scale: it stays 1."""

    def get_scale(self) -> float:
        """The scale: 1."""
        return 1.0

    def is_enabled(self) -> bool:
        """Whether losses are scaled: no."""
        return False

    def get_growth_factor(self) -> float:
        """By how much the scale may grow: it does not."""
        return 1.0

    get_backoff_factor = get_growth_factor

    def get_growth_interval(self) -> int:
        """After how many steps the scale grows: never."""
        return 0

    def state_dict(self) -> dict[str, Any]:
        """Its state: none."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take a state over: there is none to take."""


def _kept(function: Any, keywords: dict[str, Any]) -> Any:
    return function if function is not None else lambda one: one


def custom_fwd(fwd: Any = None, **keywords: Any) -> Any:
    """The ``forward`` of a function of one's own, as it is; a decorator.

    >>> @custom_fwd
    ... def forward(ctx, x):
    ...     return x
    >>> forward(None, 2)
    2
    """
    return _kept(fwd, keywords)


def custom_bwd(bwd: Any = None, **keywords: Any) -> Any:
    """The ``backward`` of a function of one's own, as it is; a decorator.

    >>> @custom_bwd
    ... def backward(ctx, g):
    ...     return g
    >>> backward(None, 2)
    2
    """
    return _kept(bwd, keywords)


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

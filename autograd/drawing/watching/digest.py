"""What an array holds, in a few numbers: a copy of a small one, statistics of any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import unwrap

SMALL = 8  # so many numbers are shown one by one
_LARGE = 1e150
_PART = 1 << 18  # elements that are converted to float64 at a time


@dataclass(slots=True)  # made by the ten thousand: a frozen one takes three times as long
class Numbers:
    """Statistics of an array, of complex numbers those of their absolute values.

    NaN and infinities are counted in ``broken``, and left out of everything else.
    """

    shape: tuple[int, ...]
    mean: float
    std: float
    low: float
    high: float
    norm: float  # root mean square
    zeros: float  # the share of elements that are 0
    broken: float  # the share of those that are NaN or infinite
    sample: Any = None  # a copy of an array of at most SMALL numbers

    @property
    def strict_norm(self) -> float:
        """The root mean square of all elements: NaN where one of them is not finite."""
        return math.nan if self.broken else self.norm

    def text(self) -> str:
        """All numbers of a small array, of others their mean and standard deviation."""
        return self.spread() if self.sample is None else numbers_text(self.sample)

    def spread(self) -> str:
        """Mean and standard deviation: ``0.012 ± 0.98``; what is wrong comes first.

        >>> numbers_of(np.array([1.0, np.nan, 3.0, 3.0])).spread()
        '25% not finite, 2.333 ± 0.9428'
        """
        broken = f"{self.broken:.2g}".rstrip("0") if self.broken < 0.01 else f"{self.broken:.0%}"
        wrong = f"{broken} not finite, " if self.broken else ""
        if math.isnan(self.mean):
            return wrong.removesuffix(", ")
        spread = f" ± {number_text(self.std)}" if math.prod(self.shape) > 1 else ""
        return f"{wrong}{number_text(self.mean)}{spread}"


def _plain(dtype: Any) -> bool:
    """Whether ``dtype`` is a floating one that Python's numbers hold."""
    return dtypes.floating(dtype) and not dtypes.brain(dtype)


def numbers_of(value: Any, statistics: bool = True) -> Numbers | None:
    """The numbers of a tensor, an array or a number; None of what NumPy cannot look into.

    :param statistics: False: of small arrays only.

    >>> numbers_of(np.array([3.0, 4.0])).norm ** 2
    12.5
    """
    array = unwrap(value)
    if not isinstance(array, (np.ndarray, np.generic, int, float, complex)):
        return None
    array = np.asarray(array)
    small = array.size <= SMALL
    if small and _plain(array.dtype):
        return _of_few(array.shape, array.reshape(-1).tolist(), array.copy())
    brain = dtypes.brain(array.dtype)
    if not (small or statistics) or not dtypes.numeric(array.dtype):
        return None
    sample = np.array(array, np.float32 if brain else None) if small else None
    total = squares = 0.0
    low, high = math.inf, -math.inf
    zeros = finite = 0
    flat = array.reshape(-1)
    with np.errstate(all="ignore"):
        for start in range(0, flat.size, _PART):
            part = flat[start : start + _PART]
            part = np.abs(part) if dtypes.complex_valued(part.dtype) else part
            part = part.astype(np.float64)
            zeros += part.size - int(np.count_nonzero(part))
            good = np.isfinite(part)
            if not good.all():
                part = part[good]
            if part.size:
                finite += part.size
                total += float(part.sum())
                squares += float(np.dot(part, part))
                low, high = min(low, float(part.min())), max(high, float(part.max()))
    n = flat.size
    mean = total / finite if finite else math.nan
    second = squares / finite if finite else math.nan
    return Numbers(
        tuple(array.shape),
        mean,
        math.sqrt(max(second - mean * mean, 0.0)) if finite else math.nan,
        low if finite else math.nan,
        high if finite else math.nan,
        math.sqrt(second) if finite else math.nan,
        zeros / n if n else 0.0,
        1 - finite / n if n else 0.0,
        sample,
    )


def _of_few(shape: tuple[int, ...], values: list[float], sample: Any) -> Numbers:
    """The same for a few floats, which Python is faster with."""
    good = [value for value in values if math.isfinite(value)]
    n, finite = len(values), len(good)
    broken = 1 - finite / n if n else 0.0
    if not finite:
        nan = math.nan
        return Numbers(tuple(shape), nan, nan, nan, nan, nan, 0.0, broken, sample)
    large = max(map(abs, good))
    unit = large if large > _LARGE else 1.0  # squares of such numbers are no floats
    good = [value / unit for value in good]
    mean = math.fsum(good) / finite
    std = math.sqrt(math.fsum([(value - mean) ** 2 for value in good]) / finite)
    norm = math.hypot(*good) / math.sqrt(finite)
    return Numbers(
        tuple(shape), mean * unit, std * unit, min(good) * unit, max(good) * unit, norm * unit,
        values.count(0.0) / n, broken, sample,
    )  # fmt: skip


def strict_norm_of(value: Any) -> float | None:
    """The root mean square of :func:`numbers_of`, NaN where an element is not finite; quick.

    >>> strict_norm_of(np.array([3.0, 4.0])) ** 2, strict_norm_of(np.array([1.0, np.inf]))
    (12.5, nan)
    """
    array = unwrap(value)
    if type(array) is np.ndarray and _plain(array.dtype) and 0 < array.size <= SMALL:
        norm = math.hypot(*array.reshape(-1).tolist()) / math.sqrt(array.size)
        if math.isfinite(norm):
            return norm
    found = numbers_of(value)
    return None if found is None else found.strict_norm


def number_text(value: Any) -> str:
    """A number in four digits: ``2``, ``-0.3333``, ``1.2e-05``.

    >>> number_text(2.0), number_text(-1 / 3), number_text(True), number_text(1 + 2j)
    ('2', '-0.3333', 'True', '1+2j')
    """
    if type(value) is float:  # as most are
        return f"{value:.4g}"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"{value:.4g}"
    return f"{float(value):.4g}"


def numbers_text(array: Any) -> str:
    """All numbers of an array: ``2``, ``[1, 2]``, ``[[1, 2], [3, 4]]``."""

    def text(value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(text, value))}]"
        return number_text(value)

    return text(array.tolist())

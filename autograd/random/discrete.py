"""Integers, permutations, events and counts, drawn as PyTorch draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import integer_of, number_of
from autograd.arrays.errors import OptionError
from autograd.random.continuous import exponential
from autograd.random.generator import (
    Generator as Generator,
    Shape,
    Source,
    count_of,
    draw,
    drawn_in,
    real_dtype,
    stream_of,
)

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


@draw
def integers(
    low: int,
    high: int,
    shape: Shape,
    dtype: DTypeLike = np.int64,
    generator: Source = None,
) -> np.ndarray:
    """Integers from low to high - 1: ``torch.randint`` and ``Tensor.random_(low, high)``.

    low + r mod (high - low), where r is one word for ranges below 2²⁸, and from there on a pair of
    words, the first one high. (The remainder favours small values, by 1/16 of their share at most.)
    ``dtype`` may also be a float or bool. Raises ValueError for an empty range, or one that an
    integer dtype cannot hold.

    >>> integers(0, 10, 5, generator=Generator().manual_seed(0))
    array([4, 9, 3, 0, 3])
    """
    shape, n = count_of(shape)
    dtype = np.dtype(dtype)
    low, high = (integer_of("randint", name, v) for name, v in (("low", low), ("high", high)))
    if low >= high:
        raise ValueError(f"randint: low must be less than high; got low={low}, high={high}.")
    least, most = _integer_bounds(dtype)
    if low < least or high - 1 > most:
        raise ValueError(
            f"randint: {dtype} holds {least} to {most}; got low={low}, high={high}. "
            "Take a wider dtype."
        )
    span = high - low
    stream = stream_of(generator)
    if span < 2**28:
        values = (stream._draw32(n) % np.uint32(span)).astype(np.int64)
        values += low
    else:
        words = stream._draw64(n)
        if span < 2**64:
            # Sums modulo 2⁶⁴ are right for a negative low too, read in two's complement.
            words = words % np.uint64(span) + np.uint64(low % 2**64)
        values = words.view(np.int64)
    return values.astype(dtype).reshape(shape)


@draw
def random_integers(
    shape: Shape, dtype: DTypeLike = np.int64, generator: Source = None
) -> np.ndarray:
    """Non-negative integers over all of a dtype: ``Tensor.random_()`` without bounds.

    r mod (m + 1), where m is the largest value of an integer dtype, 2¹¹ for float16, 2²⁴ for
    float32, 2⁵³ for float64, and r is a pair of words for dtypes of 8 bytes, one word for all
    others. PyTorch draws the seeds of its data loaders like this, as int64.

    >>> int(random_integers((), generator=Generator().manual_seed(0)))
    900450186894289455
    """
    shape, n = count_of(shape)
    dtype = np.dtype(dtype)
    stream = stream_of(generator)
    words = stream._draw64(n) if dtype.itemsize == 8 else stream._draw32(n)
    if dtypes.floating(dtype):
        words %= words.dtype.type(2 ** (np.finfo(dtype).nmant + 1) + 1)
    else:
        words &= words.dtype.type(_integer_bounds(dtype)[1])
    return words.astype(dtype).reshape(shape)


def _integer_bounds(dtype: np.dtype) -> tuple[int, int]:
    """The least and the largest integer that ``integers`` puts into a dtype."""
    if dtypes.boolean(dtype):
        return 0, 1
    info = np.iinfo(dtype if dtypes.integral(dtype) else np.int64)
    return int(info.min), int(info.max)


@draw
def permutation(n: int, generator: Source = None) -> np.ndarray:
    """The numbers 0 to n - 1 in random order, int64: ``torch.randperm``.

    Fisher & Yates' shuffle as Durstenfeld (1964, doi:10.1145/364520.364540) put it, from the front:
    for i = 0 … n-2, swap places i and i + r mod (n - i), one word r each. From n = 2³²/20 =
    214,748,364 on PyTorch has another rule, which is not followed here. Raises ValueError for a
    negative n.

    >>> permutation(5, generator=Generator().manual_seed(0))
    array([4, 0, 1, 3, 2])
    """
    count_of(n)
    steps = np.arange(n, dtype=np.int64)
    chosen = steps.copy()
    chosen[:-1] += stream_of(generator)._draw32(max(n - 1, 0)) % (n - steps[:-1])
    return _swap_all(chosen)


def _swap_all(chosen: np.ndarray) -> np.ndarray:
    """What is left of 0 … n-1 when step i = 0, 1, … swaps places i and chosen[i] >= i.

    The definition is a loop; this takes a fifth of its time from 60,000 places on. Step i moves the
    number at place i to place chosen[i], and no later step looks at place i again. So when step i
    comes, its place holds what the last earlier step with that choice held: a chain back to a step
    whose place was untouched. ``held`` follows all chains at once, twice as far in each round. What
    step i leaves behind is what the step before it with the same choice held, if there is one, else
    the untouched chosen[i].
    """
    steps = np.arange(len(chosen), dtype=np.int64)
    held = steps.copy()
    held[chosen] = steps  # of several steps with one choice, the last one stays
    while not np.array_equal(further := held[held], held):
        held = further
    by_choice = np.sort(chosen << 32 | steps)
    choice, step = by_choice >> 32, by_choice & (2**32 - 1)
    again = np.flatnonzero(choice[1:] == choice[:-1])
    chosen[step[again + 1]] = held[step[again]]
    return chosen


_AT_ONCE = 2**16  # draws whose words stay in the cache


@draw
def bernoulli(
    p: float, shape: Shape, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    """Ones with probability p, else zeros: ``Tensor.bernoulli_(p)`` and ``torch.bernoulli(x, p)``.

    One 53-bit uniform per value, of whichever dtype; one where it is less than p. For a probability
    each see :func:`bernoulli_like`. Raises ValueError where p is outside [0, 1].

    >>> bernoulli(0.5, 5, generator=Generator().manual_seed(0))
    array([0., 0., 1., 0., 0.], dtype=float32)
    """
    shape, n = count_of(shape)
    p = number_of("bernoulli", "p", p)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"bernoulli: a probability must be in [0, 1]; got {p}.")
    # k·2⁻⁵³ < p, compared as integers, of which the earlier word has the upper 21 bits
    upper, lower = divmod(math.ceil(p * 2**53), 2**32)
    stream, out = stream_of(generator), np.empty(n, bool)
    for start in range(0, n, _AT_ONCE):
        part = out[start : start + _AT_ONCE]
        words = stream._draw32(2 * len(part))
        first = words[::2] & np.uint32(2**21 - 1)
        np.less(first, np.uint32(upper), out=part)
        ties = np.flatnonzero(first == np.uint32(upper))
        part[ties] = words[1::2][ties] < np.uint32(lower)
    return out.astype(dtype).reshape(shape)


@draw
def bernoulli_like(
    p: np.ndarray, dtype: DTypeLike | None = None, generator: Source = None
) -> np.ndarray:
    """Ones with a probability each: ``torch.bernoulli(p)``, ``bernoulli_(p)`` of a Tensor p.

    One where a uniform is less than p: 24-bit uniforms for float32 p, 53-bit ones for float64 p. So
    a float32 p takes half the words that :func:`bernoulli` takes. The result has p's shape, and p's
    dtype unless another is given. Raises ValueError where any p is outside [0, 1].

    >>> bernoulli_like(np.full(5, 0.5, np.float32), generator=Generator().manual_seed(0))
    array([1., 0., 1., 1., 1.], dtype=float32)
    """
    given = np.asarray(p)
    p = _widened(given)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("bernoulli: probabilities must be in [0, 1]; some are not.")
    u = stream_of(generator)._uniform(p.size, p.dtype)
    return (u < p.reshape(-1)).astype(given.dtype if dtype is None else dtype).reshape(p.shape)


def _widened(p: np.ndarray) -> np.ndarray:
    """Probabilities in the dtype that is drawn in: those of 16 bits are compared in float32."""
    return p.astype(real_dtype(drawn_in(p.dtype)), copy=False)


def dropout_mask(
    shape: Shape, keep: float, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    """The factors that ``F.dropout`` draws: 1/keep with probability ``keep``, else 0.

    Draws as :func:`bernoulli` does, with keep = 1 - p computed in float64. At p = 0 and p = 1
    ``F.dropout`` draws nothing, and so does this. Raises ValueError where keep is outside [0, 1].

    >>> dropout_mask(5, 0.5, generator=Generator().manual_seed(0))
    array([0., 0., 2., 0., 0.], dtype=float32)
    """
    dtype = real_dtype(dtype)
    if keep in (0.0, 1.0):
        return np.full(shape, keep, dtype)
    mask = bernoulli(keep, shape, dtype, generator)
    mask *= dtype.type(1) / dtype.type(keep)
    return mask


@draw
def multinomial(
    probabilities: np.ndarray,
    num_samples: int,
    replacement: bool = False,
    generator: Source = None,
) -> np.ndarray:
    r"""Indices drawn with the given weights: ``torch.multinomial``.

    probabilities (k) or (rows, k), which need not sum to 1 -> (num_samples) or (rows, num_samples),
    int64.

    *Without replacement, or for a single sample*: an exponential race (Efraimidis & Spirakis 2006,
    doi:10.1016/j.ipl.2005.11.003). With one :math:`e_j` of :func:`exponential` per weight, the
    samples are the places of the largest :math:`p_j / e_j`, falling. Weights of zero come last, in
    an order that PyTorch leaves open.

    *With replacement*: per row and sample one 53-bit uniform, looked up in the row's running sum.

    Raises ValueError for weights that are negative, not finite, or all zero in a row, and for more
    samples than weights without replacement; TypeError unless they are float32 or float64.

    >>> multinomial(np.array([0.1, 0.2, 0.7]), 2, generator=Generator().manual_seed(0))
    array([2, 1])
    """
    p = _widened(np.asarray(probabilities))
    if p.ndim not in (1, 2):
        raise OptionError(f"multinomial: weights are 1-d or 2-d; got shape {p.shape}.")
    if num_samples <= 0:
        raise OptionError(f"multinomial: num_samples must be positive; got {num_samples}.")
    if not replacement and num_samples > p.shape[-1]:
        raise OptionError(
            f"multinomial: without replacement num_samples may not exceed the {p.shape[-1]} "
            f"weights; got {num_samples}. Pass replacement=True."
        )
    if not np.all(np.isfinite(p) & (p >= 0)) or not np.all(p.sum(-1) > 0):
        raise OptionError(
            "multinomial: weights must be finite, not negative, and not all zero in a row; "
            "some are."
        )
    stream = stream_of(generator)
    if not replacement or num_samples == 1:
        race = p / exponential(p.shape, p.dtype, generator=stream)
        return np.argsort(-race, axis=-1, kind="stable")[..., :num_samples].astype(np.int64)
    sums = np.cumsum(p.reshape(-1, p.shape[-1]), axis=-1, dtype=p.dtype)
    u = stream._uniform53(len(sums) * num_samples).reshape(-1, num_samples)
    places = [np.searchsorted(row / row[-1], points) for row, points in zip(sums, u)]
    return np.array(places, np.int64).reshape(p.shape[:-1] + (num_samples,))


@draw
def geometric(
    p: float, shape: Shape, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    r"""The number of trials up to the first success, 1 or more: ``Tensor.geometric_``.

    :math:`\lceil \ln u / \ln(1-p) \rceil`, one 53-bit uniform per value, of any dtype. Raises
    ValueError unless 0 < p < 1.

    >>> geometric(0.2, 3, generator=Generator().manual_seed(0))
    array([1., 2., 5.], dtype=float32)
    """
    shape, n = count_of(shape)
    p = number_of("geometric", "p", p)
    if not 0.0 < p < 1.0:
        raise OptionError(f"geometric: p must be strictly between 0 and 1; got {p}.")
    u = stream_of(generator)._uniform53(n)
    return np.ceil(np.log(u) / math.log1p(-p)).astype(dtype).reshape(shape)

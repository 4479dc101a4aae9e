r"""PyTorch's random numbers: the same seed gives the numbers that PyTorch gives on the CPU.

Two libraries that share a stream of random words (see :mod:`autograd.generator`) agree where each
distribution takes the same words in the same order. Each function here states that rule; they were
read off PyTorch 2.13 case by case: ``tests/test_random_streams.py`` and ``test_random_torch.py``.

The functions take shapes and return NumPy arrays, and know nothing of Tensors. Each ends in
``generator=None``, which means ``default_generator``.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from autograd.arguments import number_of
from autograd.generator import (
    Generator as Generator,
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Shape = int | tuple[int, ...]
Source = Generator | None


def uniform(
    shape: Shape,
    dtype: DTypeLike = np.float32,
    low: float = 0.0,
    high: float = 1.0,
    generator: Source = None,
) -> np.ndarray:
    """Reals uniform in [low, high): ``torch.rand`` and ``Tensor.uniform_``.

    One 24-bit uniform per float32 value, one 53-bit uniform per float64 value, times high - low,
    plus low. A value that rounding lifts to ``high`` becomes ``low``. Float32 values are PyTorch's
    bit for bit; float64 ones with low ≠ 0 may differ by a unit in the last place. Raises ValueError
    where low > high.

    >>> uniform((2, 2), low=-1.0, generator=Generator().manual_seed(0))
    array([[-0.00748682,  0.5364436 ],
           [-0.82304513, -0.735939  ]], dtype=float32)
    """
    shape, n = _size(shape)
    dtype = _real(dtype)
    low, high = number_of("uniform", "low", low), number_of("uniform", "high", high)
    if not low <= high:
        raise ValueError(f"uniform: low must not exceed high; got low={low}, high={high}.")
    u = _stream(generator)._uniform(n, dtype)
    if (low, high) != (0.0, 1.0):
        least, bound = dtype.type(low), dtype.type(high)
        u = _scale_shift(u, bound - least, least)
        u[u == bound] = least
    return u.reshape(shape)


def normal(
    shape: Shape,
    dtype: DTypeLike = np.float32,
    mean: float = 0.0,
    std: float = 1.0,
    generator: Source = None,
) -> np.ndarray:
    r"""Gaussian reals: ``torch.randn``, ``Tensor.normal_``, ``torch.normal(float, float, size)``.

    *Fewer than 16 values*: the pairs of Box & Muller (1958, doi:10.1214/aoms/1177706645), cosine
    then sine, in float64 from two 53-bit uniforms per pair. A sine left over is kept for the next
    short draw.

    *16 values or more*: one uniform of the dtype per value. In each run of 16, the first eight
    uniforms :math:`u` and the last eight :math:`v` become, with :math:`\rho = \sqrt{-2\ln(1-u)}`,

    .. math:: \rho\cos 2\pi v \text{ (first eight)}, \qquad \rho\sin 2\pi v \text{ (last eight)}.

    Where 16 does not divide n, 16 more uniforms are drawn after all n, and their normals overwrite
    the last 16 places.

    PyTorch's float32 logarithm and cosine are its own polynomials: of 200,000 values 86 % were
    equal to PyTorch's, the others 3.6e-7 (3 units in the last place) off at most; float64 values,
    one unit. Raises ValueError where std < 0.

    >>> normal(3, generator=Generator().manual_seed(0))
    array([ 1.5409961, -0.2934289, -2.1787894], dtype=float32)
    """
    shape, n = _size(shape)
    dtype = _real(dtype)
    mean, std = number_of("normal", "mean", mean), number_of("normal", "std", std)
    if not std >= 0:
        raise ValueError(f"normal: std must not be negative; got {std}.")
    stream = _stream(generator)
    if n < 16:
        return (stream._normal_pairs(n) * std + mean).astype(dtype).reshape(shape)
    z = stream._uniform(n, dtype)
    whole = n - n % 16
    z[:whole] = _normal_runs(z[:whole])
    if whole < n:
        z[-16:] = _normal_runs(stream._uniform(16, dtype))
    return _scale_shift(z, std, mean).reshape(shape)


def _normal_runs(u: np.ndarray) -> np.ndarray:
    """Standard normals from uniforms, 16 by 16, as :func:`normal` says."""
    real = u.dtype.type
    radius, angle = u.reshape(-1, 2, 8).swapaxes(0, 1).reshape(2, -1)
    np.subtract(real(1), radius, out=radius)
    np.log(radius, out=radius)
    radius *= real(-2)
    np.sqrt(radius, out=radius)
    # PyTorch rounds the angle to float32 too: worth 2e-7 in the result.
    angle *= real(2.0 * math.pi)
    halves = np.stack([np.cos(angle), np.sin(angle)])
    halves *= radius
    return halves.reshape(2, -1, 8).swapaxes(0, 1).reshape(-1)


def normal_like(
    mean: np.ndarray | float, std: np.ndarray | float, generator: Source = None
) -> np.ndarray:
    """Gaussian reals with a mean and a deviation each: ``torch.normal`` where either is a Tensor.

    Standard normals of the broadcast shape, as :func:`normal` draws them, times std, plus mean. The
    dtype is that of the arrays. Raises ValueError where any std < 0.

    >>> normal_like(np.zeros((2, 1), np.float32), np.ones(3, np.float32)).shape
    (2, 3)
    """
    if np.any(np.less(std, 0)):
        raise ValueError(f"normal: std must not be negative; the least is {np.min(std)}.")
    dtype = np.result_type(mean, std)
    z = normal(np.broadcast_shapes(np.shape(mean), np.shape(std)), dtype, generator=generator)
    z *= np.asarray(std, dtype)
    z += np.asarray(mean, dtype)
    return z


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
    shape, n = _size(shape)
    dtype = np.dtype(dtype)
    low, high = operator.index(low), operator.index(high)
    if low >= high:
        raise ValueError(f"randint: low must be less than high; got low={low}, high={high}.")
    least, most = _integer_bounds(dtype)
    if low < least or high - 1 > most:
        raise ValueError(
            f"randint: {dtype} holds {least} to {most}; got low={low}, high={high}. "
            "Take a wider dtype."
        )
    span = high - low
    stream = _stream(generator)
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


def random_integers(
    shape: Shape, dtype: DTypeLike = np.int64, generator: Source = None
) -> np.ndarray:
    """Non-negative integers over all of a dtype: ``Tensor.random_()`` without bounds.

    r mod (m + 1), where m is the largest value of an integer dtype, 2²⁴ for float32, 2⁵³ for
    float64, and r is a pair of words for dtypes of 8 bytes, one word for all others. PyTorch draws
    the seeds of its data loaders like this, as int64.

    >>> int(random_integers((), generator=Generator().manual_seed(0)))
    900450186894289455
    """
    shape, n = _size(shape)
    dtype = np.dtype(dtype)
    stream = _stream(generator)
    words = stream._draw64(n) if dtype.itemsize == 8 else stream._draw32(n)
    if dtype.kind == "f":
        words %= words.dtype.type(2 ** (np.finfo(_real(dtype)).nmant + 1) + 1)
    else:
        words &= words.dtype.type(_integer_bounds(dtype)[1])
    return words.astype(dtype).reshape(shape)


def _integer_bounds(dtype: np.dtype) -> tuple[int, int]:
    """The least and the largest integer that ``integers`` puts into a dtype."""
    if dtype.kind == "b":
        return 0, 1
    info = np.iinfo(dtype if dtype.kind in "iu" else np.int64)
    return int(info.min), int(info.max)


def permutation(n: int, generator: Source = None) -> np.ndarray:
    """The numbers 0 to n - 1 in random order, int64: ``torch.randperm``.

    Fisher & Yates' shuffle as Durstenfeld (1964, doi:10.1145/364520.364540) put it, from the front:
    for i = 0 … n-2, swap places i and i + r mod (n - i), one word r each. From n = 2³²/20 =
    214,748,364 on PyTorch has another rule, which is not followed here. Raises ValueError for a
    negative n.

    >>> permutation(5, generator=Generator().manual_seed(0))
    array([4, 0, 1, 3, 2])
    """
    _size(n)
    steps = np.arange(n, dtype=np.int64)
    chosen = steps.copy()
    chosen[:-1] += _stream(generator)._draw32(max(n - 1, 0)) % (n - steps[:-1])
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


def bernoulli(
    p: float, shape: Shape, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    """Ones with probability p, else zeros: ``Tensor.bernoulli_(p)`` and ``torch.bernoulli(x, p)``.

    One 53-bit uniform per value, of whichever dtype; one where it is less than p. For a probability
    each see :func:`bernoulli_like`. Raises ValueError where p is outside [0, 1].

    >>> bernoulli(0.5, 5, generator=Generator().manual_seed(0))
    array([0., 0., 1., 0., 0.], dtype=float32)
    """
    shape, n = _size(shape)
    p = number_of("bernoulli", "p", p)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"bernoulli: a probability must be in [0, 1]; got {p}.")
    draws = _stream(generator)._draw64(n)
    draws &= np.uint64(2**53 - 1)
    # k·2⁻⁵³ < p, compared as integers.
    return (draws < np.uint64(math.ceil(p * 2**53))).astype(dtype).reshape(shape)


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
    p = np.asarray(p)
    real = _real(p.dtype)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("bernoulli: probabilities must be in [0, 1]; some are not.")
    u = _stream(generator)._uniform(p.size, real)
    return (u < p.reshape(-1)).astype(real if dtype is None else dtype).reshape(p.shape)


def dropout_mask(
    shape: Shape, keep: float, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    """The factors that ``F.dropout`` draws: 1/keep with probability ``keep``, else 0.

    Draws as :func:`bernoulli` does, with keep = 1 - p computed in float64. At p = 0 and p = 1
    ``F.dropout`` draws nothing, and so does this. Raises ValueError where keep is outside [0, 1].

    >>> dropout_mask(5, 0.5, generator=Generator().manual_seed(0))
    array([0., 0., 2., 0., 0.], dtype=float32)
    """
    dtype = _real(dtype)
    if keep in (0.0, 1.0):
        return np.full(shape, keep, dtype)
    mask = bernoulli(keep, shape, dtype, generator)
    mask *= dtype.type(1) / dtype.type(keep)
    return mask


def exponential(
    shape: Shape, dtype: DTypeLike = np.float32, lambd: float = 1.0, generator: Source = None
) -> np.ndarray:
    r"""Exponential reals of rate lambd: ``Tensor.exponential_``.

    :math:`-\ln(1-u)/\lambda`, one 53-bit uniform per value, of whichever dtype. Raises ValueError
    where lambd is not positive.

    >>> exponential(2, generator=Generator().manual_seed(0))
    array([3.5083263, 1.2303847], dtype=float32)
    """
    shape, n = _size(shape)
    lambd = number_of("exponential", "lambd", lambd)
    if not lambd > 0:
        raise ValueError(f"exponential: lambd must be positive; got {lambd}.")
    u = _stream(generator)._uniform53(n)
    return (-1.0 / lambd * np.log1p(-u)).astype(_real(dtype)).reshape(shape)


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
    p = np.asarray(probabilities)
    _real(p.dtype)
    if p.ndim not in (1, 2):
        raise ValueError(f"multinomial: weights are 1-d or 2-d; got shape {p.shape}.")
    if num_samples <= 0:
        raise ValueError(f"multinomial: num_samples must be positive; got {num_samples}.")
    if not replacement and num_samples > p.shape[-1]:
        raise ValueError(
            f"multinomial: without replacement num_samples may not exceed the {p.shape[-1]} "
            f"weights; got {num_samples}. Pass replacement=True."
        )
    if not np.all(np.isfinite(p) & (p >= 0)) or not np.all(p.sum(-1) > 0):
        raise ValueError(
            "multinomial: weights must be finite, not negative, and not all zero in a row; "
            "some are."
        )
    stream = _stream(generator)
    if not replacement or num_samples == 1:
        race = p / exponential(p.shape, p.dtype, generator=stream)
        return np.argsort(-race, axis=-1, kind="stable")[..., :num_samples].astype(np.int64)
    sums = np.cumsum(p.reshape(-1, p.shape[-1]), axis=-1, dtype=p.dtype)
    u = stream._uniform53(len(sums) * num_samples).reshape(-1, num_samples)
    places = [np.searchsorted(row / row[-1], points) for row, points in zip(sums, u)]
    return np.array(places, np.int64).reshape(p.shape[:-1] + (num_samples,))


def log_normal(
    shape: Shape,
    dtype: DTypeLike = np.float32,
    mean: float = 1.0,
    std: float = 2.0,
    generator: Source = None,
) -> np.ndarray:
    """The exponential of Gaussian reals: ``Tensor.log_normal_``.

    The Gaussians are the float64 pairs of :func:`normal`, at every length. Raises ValueError where
    std is not positive.

    >>> log_normal(2, generator=Generator().manual_seed(0))
    array([59.263416,  1.51156 ], dtype=float32)
    """
    shape, n = _size(shape)
    mean, std = number_of("log_normal", "mean", mean), number_of("log_normal", "std", std)
    if not std > 0:
        raise ValueError(f"log_normal: std must be positive; got {std}.")
    z = _stream(generator)._normal_pairs(n)
    return np.exp(z * std + mean).astype(_real(dtype)).reshape(shape)


def geometric(
    p: float, shape: Shape, dtype: DTypeLike = np.float32, generator: Source = None
) -> np.ndarray:
    r"""The number of trials up to the first success, 1 or more: ``Tensor.geometric_``.

    :math:`\lceil \ln u / \ln(1-p) \rceil`, one 53-bit uniform per value, of any dtype. Raises
    ValueError unless 0 < p < 1.

    >>> geometric(0.2, 3, generator=Generator().manual_seed(0))
    array([1., 2., 5.], dtype=float32)
    """
    shape, n = _size(shape)
    p = number_of("geometric", "p", p)
    if not 0.0 < p < 1.0:
        raise ValueError(f"geometric: p must be strictly between 0 and 1; got {p}.")
    u = _stream(generator)._uniform53(n)
    return np.ceil(np.log(u) / math.log1p(-p)).astype(dtype).reshape(shape)


def cauchy(
    shape: Shape,
    dtype: DTypeLike = np.float32,
    median: float = 0.0,
    sigma: float = 1.0,
    generator: Source = None,
) -> np.ndarray:
    r"""Cauchy reals: ``Tensor.cauchy_``.

    :math:`m + \sigma\tan(\pi(u - \tfrac12))`, one 53-bit uniform per value, of whichever dtype.
    Raises ValueError where sigma is not positive.

    >>> cauchy(2, generator=Generator().manual_seed(0))
    array([10.59773  ,  0.7647673], dtype=float32)
    """
    shape, n = _size(shape)
    median, sigma = number_of("cauchy", "median", median), number_of("cauchy", "sigma", sigma)
    if not sigma > 0:
        raise ValueError(f"cauchy: sigma must be positive; got {sigma}.")
    u = _stream(generator)._uniform53(n)
    return (median + sigma * np.tan(math.pi * (u - 0.5))).astype(_real(dtype)).reshape(shape)


def trunc_normal(
    shape: Shape,
    dtype: DTypeLike = np.float32,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Source = None,
) -> np.ndarray:
    r"""Gaussian reals within [a, b]: ``nn.init.trunc_normal_``.

    By rejection (von Neumann 1951), whole arrays at a time until every place is filled. Where
    [a, b] holds more than 0.3 of the mass, Gaussians are proposed and those inside are taken. Else
    uniforms x are proposed, and taken where :math:`\ln u`, of a second uniform u, does not exceed
    the logarithm of the density at x over its largest in [a, b]. Raises ValueError unless a < b and
    std > 0.

    >>> bool(np.abs(trunc_normal(100)).max() <= 2)
    True
    """
    shape, _ = _size(shape)
    dtype = _real(dtype)
    mean, std = number_of("trunc_normal", "mean", mean), number_of("trunc_normal", "std", std)
    a, b = number_of("trunc_normal", "a", a), number_of("trunc_normal", "b", b)
    if not (a < b and std > 0):
        raise ValueError(f"trunc_normal: needs a < b and std > 0; got a={a}, b={b}, std={std}.")
    scale = std * math.sqrt(2.0)
    mass = (math.erf((b - mean) / scale) - math.erf((a - mean) / scale)) / 2.0
    log_peak = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2
    result = np.empty(shape, dtype)
    missing = np.ones(shape, bool)
    while missing.any():
        if mass > 0.3:
            x = normal(shape, dtype, mean, std, generator)
            taken = (x >= dtype.type(a)) & (x <= dtype.type(b))
        else:
            x = uniform(shape, dtype, a, b, generator)
            with np.errstate(divide="ignore"):  # u = 0 takes every x
                log_u = np.log(uniform(shape, dtype, generator=generator))
            taken = log_u <= ((x - mean) / std) ** 2 * -0.5 - log_peak
        np.copyto(result, x, where=missing)
        missing &= ~taken
    return result


def _stream(generator: Source) -> Generator:
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise TypeError(
            f"generator must be a Generator or None; got {type(generator).__name__}. "
            "Make one by Generator().manual_seed(0)."
        )
    return generator


def _size(shape: Shape) -> tuple[tuple[int, ...], int]:
    """The shape as a tuple, and its number of elements."""
    extents = tuple(shape) if isinstance(shape, (tuple, list)) else (operator.index(shape),)
    if any(extent < 0 for extent in extents):
        raise ValueError(f"Sizes must not be negative; got shape {extents}.")
    return extents, math.prod(extents)


def _real(dtype: DTypeLike) -> np.dtype:
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise TypeError(
            f"Random reals are float32 or float64; got {dtype}. Draw float32 and convert."
        )
    return dtype


def _scale_shift(x: np.ndarray, scale: float, shift: float) -> np.ndarray:
    """x·scale + shift in x's dtype, in float32 rounded only once, as by a fused multiply-add."""
    scale, shift = x.dtype.type(scale), x.dtype.type(shift)
    if shift == 0:
        x *= scale
        return x
    # The product of two float32 is exact in float64.
    return (x.astype(np.float64) * float(scale) + float(shift)).astype(x.dtype)

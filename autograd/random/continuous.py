"""Continuous distributions, drawn as PyTorch draws them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, number_of
from autograd.arrays.errors import OptionError
from autograd.kernels.complexes import of_pairs
from autograd.random.gaussian import normal_runs
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


def _parts_of(dtype: DTypeLike) -> Any:
    """The dtype of the parts of complex numbers; None for another one."""
    kinds = {np.dtype(np.complex64): np.float32, np.dtype(np.complex128): np.float64}
    return kinds.get(np.dtype(dtype))


@draw
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
    where low > high. Of a complex dtype, both parts are drawn, side by side.

    >>> uniform((2, 2), low=-1.0, generator=Generator().manual_seed(0))
    array([[-0.00748682,  0.5364436 ],
           [-0.82304513, -0.735939  ]], dtype=float32)
    """
    shape, n = count_of(shape)
    if parts := _parts_of(dtype):
        return of_pairs(uniform((*shape, 2), parts, low, high, generator))
    dtype = real_dtype(dtype)
    low, high = number_of("uniform", "low", low), number_of("uniform", "high", high)
    if not low <= high:
        raise OptionError(f"uniform: low must not exceed high; got low={low}, high={high}.")
    u = stream_of(generator)._uniform(n, dtype)
    if (low, high) != (0.0, 1.0):
        least, bound = dtype.type(low), dtype.type(high)
        u = _scale_shift(u, bound - least, least)
        u[u == bound] = least
    return u.reshape(shape)


@draw
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

    Float32 values are PyTorch's on x86 processors bit for bit (:mod:`autograd.random.gaussian`);
    float64 values may differ by a unit in the last place. Raises ValueError where std < 0. Of a
    complex dtype, both parts have the mean, and half the variance each.

    >>> normal(3, generator=Generator().manual_seed(0))
    array([ 1.5409961, -0.2934289, -2.1787894], dtype=float32)
    """
    shape, n = count_of(shape)
    mean, std = number_of("normal", "mean", mean), number_of("normal", "std", std)
    if not std >= 0:
        raise ValueError(f"normal: std must not be negative; got {std}.")
    if parts := _parts_of(dtype):
        return of_pairs(normal((*shape, 2), parts, mean, std * math.sqrt(0.5), generator))
    dtype = real_dtype(dtype)
    stream = stream_of(generator)
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
    if u.dtype == np.float32:
        return normal_runs(u)
    radius, angle = u.reshape(-1, 2, 8).swapaxes(0, 1).reshape(2, -1)
    np.subtract(1.0, radius, out=radius)
    np.log(radius, out=radius)
    radius *= -2.0
    np.sqrt(radius, out=radius)
    angle *= 2.0 * math.pi
    halves = np.stack([np.cos(angle), np.sin(angle)])
    halves *= radius
    return halves.reshape(2, -1, 8).swapaxes(0, 1).reshape(-1)


@draw
def normal_like(
    mean: np.ndarray | float, std: np.ndarray | float, generator: Source = None
) -> np.ndarray:
    """Gaussian reals with a mean and a deviation each: ``torch.normal`` where either is a Tensor.

    Standard normals of the broadcast shape, as :func:`normal` draws them, times std, plus mean. The
    dtype is that of the arrays. Raises ValueError where any std < 0.

    >>> normal_like(np.zeros((2, 1), np.float32), np.ones(3, np.float32)).shape
    (2, 3)
    """
    for name, value in (("mean", mean), ("std", std)):
        if not isinstance(value, (int, float)):
            check_tensors("normal", **{name: value})
    if np.any(np.less(std, 0)):
        raise ValueError(f"normal: std must not be negative; the least is {np.min(std)}.")
    dtype = np.result_type(mean, std)
    shape = np.broadcast_shapes(np.shape(mean), np.shape(std))
    z = normal(shape, drawn_in(dtype), generator=generator).astype(dtype, copy=False)
    z *= np.asarray(std, dtype)
    z += np.asarray(mean, dtype)
    return z


@draw
def exponential(
    shape: Shape, dtype: DTypeLike = np.float32, lambd: float = 1.0, generator: Source = None
) -> np.ndarray:
    r"""Exponential reals of rate lambd: ``Tensor.exponential_``.

    :math:`-\ln(1-u)/\lambda`, one 53-bit uniform per value, of whichever dtype. Raises ValueError
    where lambd is not positive.

    >>> exponential(2, generator=Generator().manual_seed(0))
    array([3.5083263, 1.2303847], dtype=float32)
    """
    shape, n = count_of(shape)
    lambd = number_of("exponential", "lambd", lambd)
    if not lambd > 0:
        raise OptionError(f"exponential: lambd must be positive; got {lambd}.")
    u = stream_of(generator)._uniform53(n)
    return (-1.0 / lambd * np.log1p(-u)).astype(real_dtype(dtype)).reshape(shape)


@draw
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
    shape, n = count_of(shape)
    mean, std = number_of("log_normal", "mean", mean), number_of("log_normal", "std", std)
    if not std > 0:
        raise OptionError(f"log_normal: std must be positive; got {std}.")
    z = stream_of(generator)._normal_pairs(n)
    return np.exp(z * std + mean).astype(real_dtype(dtype)).reshape(shape)


@draw
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
    shape, n = count_of(shape)
    median, sigma = number_of("cauchy", "median", median), number_of("cauchy", "sigma", sigma)
    if not sigma > 0:
        raise OptionError(f"cauchy: sigma must be positive; got {sigma}.")
    u = stream_of(generator)._uniform53(n)
    return (median + sigma * np.tan(math.pi * (u - 0.5))).astype(real_dtype(dtype)).reshape(shape)


@draw
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
    shape, _ = count_of(shape)
    dtype = real_dtype(dtype)
    mean, std = number_of("trunc_normal", "mean", mean), number_of("trunc_normal", "std", std)
    a, b = number_of("trunc_normal", "a", a), number_of("trunc_normal", "b", b)
    if not (a < b and std > 0):
        raise ValueError(f"trunc_normal: needs a < b and std > 0; got a={a}, b={b}, std={std}.")
    if not max(a - mean, mean - b) < 1e4 * std:  # nothing would ever be taken
        raise ValueError(
            f"trunc_normal: [a, b] must be within 10⁴ deviations of the mean; got a={a}, b={b}, "
            f"mean={mean}, std={std}."
        )
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


def _scale_shift(x: np.ndarray, scale: float, shift: float) -> np.ndarray:
    """x·scale + shift in x's dtype, in float32 rounded only once, as by a fused multiply-add."""
    scale, shift = x.dtype.type(scale), x.dtype.type(shift)
    if shift == 0:
        x *= scale
        return x
    # The product of two float32 is exact in float64.
    return (x.astype(np.float64) * float(scale) + float(shift)).astype(x.dtype)

"""NumPy's functions that HIPS autograd lacks, over traced values: values and two derivatives."""

import numpy as onp
import pytest

import autograd.numpy as np
from autograd.core import make_vjp
from autograd.test_util import check_grads

V = onp.array([0.9, -0.4, 0.3, 1.7, 0.6])
P = onp.array([0.9, 0.4, 1.3, 1.7, 0.6])  # positive
M = onp.array([[2.0, 0.3, -0.5], [0.1, 1.5, 0.4], [0.6, -0.2, 1.1]])
HOLES = onp.array([[False, True, False], [False, False, False]])
W = onp.array([[1.0, 5.0, 0.3], [0.5, 0.2, 2.0]])
Z = V[:3] + 1j * P[:3]

ROWS = {
    # order statistics
    "median": (lambda np, x: np.median(x), V),
    "median of two": (lambda np, x: np.median(x), V[:4]),
    "median, axis": (lambda np, x: np.median(x, axis=0, keepdims=True), M),
    "quantile": (lambda np, x: np.quantile(x, [0.1, 0.5, 0.8], axis=1), M),
    "quantile, axes": (lambda np, x: np.quantile(x, [[0.1], [0.8]], axis=(0, 1), keepdims=True), M),
    "quantile, method": (lambda np, x: np.quantile(x, 0.7, method="midpoint"), V),
    "quantile, hazen": (lambda np, x: np.quantile(x, 0.7, axis=0, method="hazen"), M),
    "percentile": (lambda np, x: np.percentile(x, 30), V),
    "nanmedian": (lambda np, x: np.nanmedian(np.where(HOLES, onp.nan, x), axis=1), W),
    "nanquantile": (
        lambda np, x: np.nanquantile(np.where(HOLES, onp.nan, x), [0.2, 0.9], axis=0),
        W,
    ),
    "nanpercentile": (lambda np, x: np.nanpercentile(np.where(HOLES, onp.nan, x), 40), W),
    # without NaN
    "nansum": (lambda np, x: np.nansum(np.where(HOLES, onp.nan, x), axis=1), W),
    "nanprod": (lambda np, x: np.nanprod(np.where(HOLES, onp.nan, x), axis=0), W),
    "nancumsum": (lambda np, x: np.nancumsum(np.where(HOLES, onp.nan, x)), W),
    "nancumprod": (lambda np, x: np.nancumprod(np.where(HOLES, onp.nan, x), axis=1), W),
    "nanmax": (lambda np, x: np.nanmax(np.where(HOLES, onp.nan, x), axis=1), W),
    "nanmin": (lambda np, x: np.nanmin(np.where(HOLES, onp.nan, x), keepdims=True), W),
    "nanmean": (lambda np, x: np.nanmean(np.where(HOLES, onp.nan, x), axis=0), W),
    "nanvar": (lambda np, x: np.nanvar(np.where(HOLES, onp.nan, x), ddof=1, axis=1), W),
    "nanstd": (lambda np, x: np.nanstd(np.where(HOLES, onp.nan, x), axis=1, keepdims=True), W),
    # means and counts
    "average": (lambda np, x: np.average(x, axis=0, weights=P[:3]), M),
    "average, weights": (lambda np, x: np.average(M, axis=1, weights=x, keepdims=True), P[:3]),
    "average, both": (lambda np, x: np.average(x, weights=x**2, returned=True), P),
    "ptp": (lambda np, x: np.ptp(x, axis=1, keepdims=True), M),
    "bincount": (lambda np, x: np.bincount([0, 2, 2, 1, 4], x, 7), V),
    "histogram": (lambda np, x: np.histogram(x, 3)[1], V),
    "histogram, weights": (lambda np, x: np.histogram(V, 3, weights=x)[0], P),
    "histogram, density": (lambda np, x: np.histogram(V, 3, weights=x, density=True)[0], P),
    "cov": (lambda np, x: np.cov(x, P, ddof=0), V),
    "cov, columns": (lambda np, x: np.cov(M, x, rowvar=False), M[::-1] ** 2),
    "corrcoef": (lambda np, x: np.corrcoef(x, P), V),
    # polynomials
    "polyval": (lambda np, x: np.polyval(x, 0.7), V),
    "polyval at": (lambda np, x: np.polyval(V, x), M),
    "polyadd": (lambda np, x: np.polyadd(x, [1.0, 2.0]), V),
    "polysub": (lambda np, x: np.polysub([1.0, 2.0], x), V),
    "polymul": (lambda np, x: np.polymul(x, x[1:]), V),
    "polydiv": (lambda np, x: np.polydiv(x, [2.0, 1.0]), V),
    "polydiv by": (lambda np, x: np.polydiv(V, x), P[:3]),
    "polydiv, short": (lambda np, x: np.polydiv(V[:2], x), P[:3]),
    "polyder": (lambda np, x: np.polyder(x, 2), V),
    "polyint": (lambda np, x: np.polyint(x, 2, [3.0, 1.0]), V),
    "polyint, constant": (lambda np, x: np.polyint(V, 1, x), onp.float64(0.3)),
    "poly": (lambda np, x: np.poly(x), V),
    "poly of a matrix": (lambda np, x: np.poly(x + x.T), M),
    "roots": (lambda np, x: np.sort(np.real(np.roots(x))), onp.array([1.0, -4.0, 1.0, 0.5])),
    "polyfit": (lambda np, x: np.polyfit(P, x, 2), V),
    "polyfit at": (lambda np, x: np.polyfit(x, V, 1, w=P), P),
    # sequences
    "convolve": (lambda np, x: np.convolve(x, x[:3]), V),
    "convolve, same": (lambda np, x: np.convolve(x[:2], V, "same"), V),
    "convolve, valid": (lambda np, x: np.convolve(x, P[:3], "valid"), V),
    "correlate": (lambda np, x: np.correlate(x, P[:3]), V),
    "correlate, short": (lambda np, x: np.correlate(x[:2], V, "full"), V),
    "correlate, same": (lambda np, x: np.correlate(x[:4], V, "same"), V),
    "interp": (lambda np, x: np.interp(x, [0.0, 0.5, 1.0], [1.0, 3.0, 2.0]), V),
    "interp, values": (lambda np, x: np.interp(V, [-0.2, 0.1, 0.5, 0.7, 1.0], x, left=9.0), P),
    "interp, places": (lambda np, x: np.interp([0.5, 0.7], np.cumsum(x), V), P / 4),
    "interp, period": (lambda np, x: np.interp(x, [0.8, 0.1, 0.5], [1.0, 3.0, 2.0], period=1.0), V),
    "unwrap": (lambda np, x: np.unwrap(x * 9), V),
    "gradient": (lambda np, x: np.gradient(x, 0.5, axis=1), M),
    "trapezoid": (lambda np, x: np.trapezoid(x, dx=0.5, axis=0), M),
    # elements chosen, moved and joined
    "delete": (lambda np, x: np.delete(x, [0, 2], axis=1), M),
    "insert": (lambda np, x: np.insert(x, 1, [7.0, 8.0, 9.0], axis=0), M),
    "insert values": (lambda np, x: np.insert(V, [0, 2], x), P[:2]),
    "extract": (lambda np, x: np.extract(M > 0, x), M),
    "resize": (lambda np, x: np.resize(x, (2, 4)), V),
    "choose": (lambda np, x: np.choose([0, 1, 1], [x[0], x[1] ** 2]), M),
    "meshgrid": (lambda np, x: np.meshgrid(x, x[:2]), V),
    "ix_": (lambda np, x: np.ix_(x, x[:2]), V),
    "trim_zeros": (lambda np, x: np.trim_zeros(np.concatenate([[0.0], x, [0.0]])), V),
    "unstack": (lambda np, x: np.unstack(x, axis=1), M),
    "block": (lambda np, x: np.block([[x, np.eye(3)], [np.ones((1, 3)), x[:1]]]), M),
    "ediff1d": (lambda np, x: np.ediff1d(x, to_begin=x[0], to_end=[1.0, 2.0]), V),
    "piecewise": (
        lambda np, x: np.piecewise(x, [x < 0, x > 1], [lambda x: x**2, 5.0, lambda x: 2 * x]),
        V,
    ),
    "apply_along_axis": (lambda np, x: np.apply_along_axis(lambda a: a[:2] * a[2], 0, x), M),
    "apply_over_axes": (lambda np, x: np.apply_over_axes(np.sum, x, [0, 1]), M),
    "union1d": (lambda np, x: np.union1d(x, [0.5, 9.0]), V),
    "setdiff1d": (lambda np, x: np.setdiff1d(x, [7.0]), V),
    "setxor1d": (lambda np, x: np.setxor1d(x, [7.0, 0.5]), V),
    "unique_values": (lambda np, x: np.unique_values(x), V),
    "unique_counts": (lambda np, x: np.unique_counts(x).values, V),
    "sort_complex": (lambda np, x: np.abs(np.sort_complex(x)), Z),
    # ranges
    "arange": (lambda np, x: np.arange(x, x + 2.5, 0.5), onp.float64(0.3)),
    "linspace": (lambda np, x: np.linspace(x, 2 * x, 4, endpoint=False, retstep=True), V),
    "linspace, axis": (lambda np, x: np.linspace(x, 1.0, 4, axis=1), V),
    "logspace": (lambda np, x: np.logspace(x, 1.0, 4, base=2.0), V),
    "geomspace": (lambda np, x: np.geomspace(-x, -2.0, 4), P),
    "full_like": (lambda np, x: np.full_like(V, x, shape=(2, 2)), onp.float64(0.3)),
    # ufuncs
    "cbrt": (lambda np, x: np.cbrt(x), V),
    "float_power": (lambda np, x: np.float_power(x, 2) + np.float_power(2, x), P),
    "i0": (lambda np, x: np.i0(x), V),
    "modf": (lambda np, x: np.modf(x * 3), V),
    "divmod": (lambda np, x: np.divmod(x, 0.7), V),
    "vecdot": (lambda np, x: np.vecdot(x, x[::-1], axis=0), M),
    "matvec": (lambda np, x: np.matvec(x, x[0]), M),
    "vecmat": (lambda np, x: np.vecmat(x[0], x), M),
    "cumulative_sum": (lambda np, x: np.cumulative_sum(x, axis=1, include_initial=True), M),
    "cumulative_prod": (lambda np, x: np.cumulative_prod(x, include_initial=True), V),
    # linear algebra
    "lstsq": (lambda np, x: np.linalg.lstsq(x, [1, 2, 3])[0], M),
    "lstsq, rests": (lambda np, x: np.linalg.lstsq(x[:, :2], V[:3])[:2], M),
    "norm, 1": (lambda np, x: np.linalg.norm(x, 1), M),
    "norm, -2": (lambda np, x: np.linalg.norm(x, -2), M),
    "norm, axes": (lambda np, x: np.linalg.norm(x, np.inf, axis=(1, 0), keepdims=True), M),
    "matrix_norm": (lambda np, x: np.linalg.matrix_norm(x, ord=2), M),
    "vector_norm": (lambda np, x: np.linalg.vector_norm(x, axis=1, ord=3), M),
    "svdvals": (lambda np, x: np.linalg.svdvals(x), M),
    "linalg.trace": (lambda np, x: np.linalg.trace(x, offset=1), M),
    "linalg.diagonal": (lambda np, x: np.linalg.diagonal(x, offset=-1), M),
    "linalg.outer": (lambda np, x: np.linalg.outer(x, [1, 2]), V),
    "linalg.cross": (lambda np, x: np.linalg.cross(x, x[::-1]), V[:3]),
    "linalg.matmul": (lambda np, x: np.linalg.matmul(x, onp.arange(3)), M),
    "linalg.vecdot": (lambda np, x: np.linalg.vecdot(x, x), M),
    "linalg.tensordot": (lambda np, x: np.linalg.tensordot(x, x, axes=1), M),
    "tensorsolve": (lambda np, x: np.linalg.tensorsolve(x, [1, 2, 3]), M),
    "tensorinv": (lambda np, x: np.linalg.tensorinv(x, 1), M),
    # lists and numbers where NumPy takes them
    "list": (lambda np, x: np.sin([x, [1.0, 2.0, 3.0]]), V[:3]),
    "list, max": (lambda np, x: np.max([x[0], x[1] * 2, 0.1]), V),
    "list, fft": (lambda np, x: np.abs(np.fft.fft([x[0], x[1], 0.1])), V),
    "list, inv": (lambda np, x: np.linalg.inv([[x[0], 0.3], [x[1], 2.0]]), V),
    "list, maximum": (lambda np, x: np.maximum([x[0], 0.3], [0.1, x[1]]), V),
    "tuple, cumsum": (lambda np, x: np.cumsum((x[0], 0.3, x[1])), V),
    "atleast_2d": (lambda np, x: np.atleast_2d(x, 3.0, [x[0], 1.0]), V),
    "kron": (lambda np, x: np.kron(x, [1, 2]) + np.kron(2, np.kron(x, [1, 2])), V),
    "outer": (lambda np, x: np.outer(x, 3), V),
    "inner": (lambda np, x: np.inner(x, 3), V),
}
LATER = "unstack matvec vecmat cumulative_sum cumulative_prod".split()  # since NumPy 2.1, 2.2


def _flat(value):
    """All numbers of a result, in one plain or traced array."""
    if isinstance(value, (list, tuple)):
        return np.concatenate([_flat(one) for one in value])
    return np.ravel(value)


@pytest.mark.parametrize("name", ROWS)
def test_value_and_derivatives(name):
    function, x = ROWS[name]
    if name in LATER and not hasattr(onp, name):
        pytest.skip(f"this NumPy has no {name}")
    _, value = make_vjp(lambda x: _flat(function(np, x)), x)
    assert isinstance(value, onp.ndarray)
    onp.testing.assert_allclose(value, onp.asarray(_flat(function(onp, x))), rtol=1e-9, atol=1e-12)
    check_grads(lambda x: _flat(function(np, x)), modes=["fwd", "rev"], order=2)(x)


def test_ways_without_a_derivative_say_so():
    for function, message in [
        (lambda x: np.quantile(V, x), "quantile: has no derivative by q"),
        (lambda x: np.interp(V, V, V, period=x), "interp: has no derivative by period"),
        (lambda x: np.asmatrix(np.array([x, x])), "np.matrix: holds numbers alone"),
        (lambda x: np.histogram2d(x * V, V), "np.histogram2d: not defined for traced values"),
    ]:
        with pytest.raises((NotImplementedError, TypeError), match=message):
            make_vjp(function, 0.3)


def test_a_check_of_finite_values_checks_them():
    with onp.errstate(divide="ignore"), pytest.raises(ValueError, match="infs or NaNs"):
        make_vjp(lambda x: np.asarray_chkfinite(np.log(x)), onp.zeros(2))
    _, value = make_vjp(lambda x: np.asarray_chkfinite(x * 2.0), onp.ones(2))
    onp.testing.assert_array_equal(value, [2.0, 2.0])


def test_sets_with_values_of_their_own():
    """What is in both has the gradient of the first: differences would part them."""
    vjp, value = make_vjp(lambda x: np.intersect1d(x, V[1:3]), V)
    onp.testing.assert_array_equal(value, [-0.4, 0.3])
    onp.testing.assert_array_equal(vjp(onp.array([2.0, 3.0])), [0, 2.0, 3.0, 0, 0])
    vjp, value = make_vjp(lambda x: np.setdiff1d(x, V[1:3], assume_unique=True), V)
    onp.testing.assert_array_equal(value, [0.9, 1.7, 0.6])
    onp.testing.assert_array_equal(vjp(onp.array([2.0, 3.0, 4.0])), [2.0, 0, 0, 3.0, 4.0])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["median", "nanmedian", "nanmax", "nanmean", "nanvar"])
def test_what_nan_makes_of_order_statistics(name):
    x = onp.array([[1.0, onp.nan], [onp.nan, onp.nan], [3.0, 2.0]])
    _, value = make_vjp(lambda x: getattr(np, name)(x, axis=1), x)
    onp.testing.assert_array_equal(value, getattr(onp, name)(x, axis=1))

"""Elementwise ops at large, tiny, subnormal and infinite arguments, beside mpmath.

Where the true value or slope fits into the dtype, ours is finite and a few units from it; where
value and slopes all fit, NumPy does not warn.
"""

import functools
import itertools
import warnings

import numpy as np
import pytest
from mpmath import mp, mpf

import autograd
from autograd import grad
from tests.op_cases import ROWS, drawn, find, flat, leaf
from tests.rows.row import BINARY, UNARY
from tests.rows.wide import ORACLES, VARIANTS
from tests.rows.wide_special import ORACLES as SPECIAL

DTYPES = [np.float32, np.float64]
BITS = 700  # of mpmath's numbers: 1 beside 1e-200


def magnitudes(dtype, few=False):
    """Sizes from the smallest number to infinity, denser where functions bend."""
    info = np.finfo(dtype)
    tiny, eps, most = (float(one) for one in (info.tiny, info.eps, info.max))
    low, high = tiny**0.5, most**0.5
    sizes = [0, float(info.smallest_subnormal), tiny * 1.5, low * 0.7, eps, 0.5, 1, 1.5, 17, 88]
    sizes += [high * 1.5, most / 3, most, np.inf]
    if not few:
        sizes += [
            tiny / 3,
            0.01,
            3,
            1e4,
            tiny,
            1e3 * tiny,
            tiny**0.7,
            low * 1.5,
            tiny**0.3,
            eps**2,
            eps / 2,
            1e-4,
            0.1,
        ]
        sizes += [0.3, 0.46, 0.7, 0.95, 1 - eps / 2, 1 + eps, 1.2, 2, 2.5, 4.5, 5.7, 6, 7, 9.2, 10]
        sizes += [13, 20, 27, 30, 40, 50, 87, 89, 100, 103.5, 128, 149, 300, 700, 709.5, 710, 740]
        sizes += [1000, 1023.5, 1e6, 1e10, 1e15, 1e17, high * 0.7, most**0.3, most**0.8]
    return sizes


def arguments(dtype, count):
    few = count > 1
    sizes = np.array(magnitudes(dtype, few), dtype)
    sizes = np.concatenate([-sizes[1:], sizes])
    return [np.array(one) for one in zip(*itertools.product(*[sizes] * count), strict=True)]


def stand_ins(point):
    """Exact numbers for a point; for infinite arguments several, far apart from each other."""
    if all(map(np.isfinite, point)):
        return [[mpf(float(x)) for x in point]]
    choices = []
    for x in point:
        sign = mpf(float(np.sign(x)))
        if np.isinf(x):
            choices.append([sign * mpf(10) ** 1000, sign * mpf(10) ** 2000])
        else:
            choices.append([mpf(float(x))] if x else [mpf(0), mpf(10) ** -500])
    return list(itertools.product(*choices))


def exactly(function, point):
    """The true number as float64; NaN where there is none, or no limit."""
    found = []
    for exact in stand_ins(point):
        try:
            one = function(*exact)
        except (ZeroDivisionError, ValueError, OverflowError, TypeError):  # of None, too
            return np.nan
        if one is None or isinstance(one, mp.mpc) and one.imag:
            return np.nan
        found.append(float(one.real if isinstance(one, mp.mpc) else one))
    agree = found.count(found[0]) == len(found) or np.ptp(found) <= 1e-12 * abs(found[0])
    return found[0] if agree else np.nan


def true_numbers(function, points, infinite):
    return np.array([
        exactly(function, point) if infinite or all(map(np.isfinite, point)) else np.nan
        for point in points
    ])  # fmt: skip


@functools.cache
def truths(oracle, dtype):
    """The arguments as arrays; the truth of value and slopes, each with the size of its terms."""
    arrays = arguments(dtype, len(oracle.slopes))
    points = list(zip(*arrays, strict=True))
    with mp.workprec(BITS):
        value, *slopes, terms, slope_terms = (
            true_numbers(one, points, oracle.infinite)
            for one in (oracle.value, *oracle.slopes, oracle.terms, oracle.slope_terms)
        )
    true = [(value, np.nan_to_num(terms, nan=0.0))]
    for slope in slopes:
        true.append((np.where(np.isnan(value), np.nan, slope), np.nan_to_num(slope_terms, nan=0.0)))
    return arrays, true


def run(function, arrays):
    """The value, and the slope by each argument, as arrays."""
    leaves = [leaf(np.array(one)) for one in arrays]
    out = flat(function(*leaves))[0]
    if out._edge is None:
        return out.numpy(), [np.zeros_like(one) for one in arrays]
    ones = autograd.ones_like(out)
    return out.detach().numpy(), [
        g.numpy() for g in grad(out, leaves, ones, materialize_grads=True)
    ]


UNITS = 6  # how many units in the last place


def off(found, true, terms, dtype):
    """Where ``found`` is not what the true numbers allow."""
    info = np.finfo(dtype)
    tiny, unit = float(info.tiny), UNITS * float(info.eps)
    with np.errstate(all="ignore"):
        size = np.abs(true)
        fits = size <= float(info.max) * (1 - unit)
        allowed = np.where(size < tiny, tiny, 0) + np.maximum(size, terms) * unit
        return fits & ~(np.abs(np.asarray(found, float) - true) <= allowed)


def shown(arrays, i):
    return "(" + ", ".join(repr(float(one[i])) for one in arrays) + ")"


def complaints(function, arrays):
    """Where NumPy warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            run(function, arrays)
            return
        except RuntimeWarning:
            pass
        for i in range(arrays[0].size):
            try:
                run(function, [one[i : i + 1] for one in arrays])
            except RuntimeWarning as warning:
                yield f"warns at {shown(arrays, i)}: {warning}"


def check(name, function, oracle, dtype):
    arrays, true = truths(oracle, dtype)
    out_of_range = np.abs(true[0][0]) > float(np.finfo(dtype).max)  # slopes may be made from it
    true = [true[0], *[(np.where(out_of_range, np.nan, one), size) for one, size in true[1:]]]
    words = ["value", *[f"slope {i}" for i in range(len(arrays))]]
    with np.errstate(all="ignore"):
        found, slopes = run(function, arrays)
        assert found.dtype == dtype or name == "float_power"
        wrong = []
        for what, a, (numbers, terms) in zip(words, (found, *slopes), true, strict=True):
            for i in np.flatnonzero(off(a, numbers, terms, dtype)):
                at = shown(arrays, i)
                wrong.append(f"{what} at {at}: {float(a[i])!r}, not {float(numbers[i])!r}")
        for i in range(0, found.size, 1 if len(arrays) == 1 else 11):  # each sign, size in turn
            scalar, scalar_slopes = run(function, [one[i] for one in arrays])
            for what, a, (numbers, terms) in zip(
                words, (scalar, *scalar_slopes), true, strict=True
            ):
                if off(a, numbers[i], terms[i], dtype):
                    wrong.append(f"0-d {what} at {shown(arrays, i)}: {a}, not {numbers[i]}")
    most = float(np.finfo(dtype).max) * 0.999
    quiet = np.all([np.abs(numbers) < most for numbers, _ in true], axis=0)
    wrong += complaints(function, [one[quiet] for one in arrays])
    assert not wrong, f"{name} in {np.dtype(dtype)}: {len(wrong)} wrong\n" + "\n".join(wrong[:40])


def elementwise(row):
    """Whether each element of the row's result depends on the same element of its inputs only."""
    if not row.orders or row.function or row.samples[0] not in (UNARY[0], BINARY[0]):
        return False
    args, _ = drawn(row, row.samples[0])
    out = flat(find(row.name)(*map(leaf, args)))[0]
    if not isinstance(out, autograd.Tensor) or tuple(out.shape) != args[0].shape:
        return False
    for i, j in np.ndindex(args[0].shape):
        here = np.s_[i : i + 1, j : j + 1]
        try:
            if flat(find(row.name)(*[leaf(one[here].copy()) for one in args]))[0] != out[here]:
                return False
        except (ValueError, RuntimeError, IndexError):
            return False
    return True


NAMES = list(dict.fromkeys(row.name for row in ROWS if elementwise(row)))


def test_every_elementwise_row_has_an_oracle():
    assert len(NAMES) > 80
    missing = [name for name in NAMES if name not in ORACLES]
    assert not missing, f"no entry in tests/rows/wide.py: {', '.join(missing)}"
    unknown = [name for name in ORACLES if name not in NAMES]
    assert not unknown, f"no elementwise row: {', '.join(unknown)}"


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [name for name in NAMES if name in ORACLES])
def test_values_of_any_size(name, dtype):
    check(name, find(name), ORACLES[name], dtype)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SPECIAL)
def test_special_functions_of_any_size(name, dtype):
    check(name, find(name), SPECIAL[name], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name, function, oracle", VARIANTS, ids=[one[0] for one in VARIANTS])
def test_values_of_any_size_with_options(name, function, oracle, dtype):
    check(name, function, oracle, dtype)


# -- reductions ------------------------------------------------------------------------------------

SCALES = {
    np.float32: [1e-37, 1e-30, 1e-18, 1.0, 1e18, 1e30, 3e37],
    np.float64: [1e-300, 1e-160, 1e300],
}
ROOTS = {
    "std": lambda x, axis: x.std(axis),
    "norm": lambda x, axis: x.norm(dim=axis),
    "norm 3": lambda x, axis: x.norm(3, dim=axis),
    "norm 0.5": lambda x, axis: x.norm(0.5, dim=axis),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("name", ROOTS)
def test_roots_of_sums_grow_as_their_input(name, axis, dtype):
    """f(s·x) is s·f(x), and the slopes do not depend on s: where the squares overflow, too."""
    plain = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])
    scales = [s for s in SCALES[dtype] if name != "norm 0.5" or s < 1e30]
    value, (slope,) = run(lambda x: ROOTS[name](x, axis), [plain])
    for scale in scales:
        found, (found_slope,) = run(lambda x: ROOTS[name](x, axis), [(plain * scale).astype(dtype)])
        assert found.dtype == dtype
        np.testing.assert_allclose(found.astype(float) / scale, value, 1e-6)
        np.testing.assert_allclose(found_slope, slope, 1e-5, 1e-6)


def test_rows_of_very_different_sizes():
    rows = np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0], [3, 4]], np.float32)
    value, (slope,) = run(lambda x: x.norm(dim=1), [rows])
    np.testing.assert_allclose(value, [5e30, 5e-30, 0, 5], 1e-6)
    np.testing.assert_allclose(slope, [[0.6, 0.8], [0.6, 0.8], [0, 0], [0.6, 0.8]], 1e-6)
    value = autograd.tensor([[np.inf, 1], [np.nan, 1]]).norm(dim=1)
    assert value[0] == np.inf and np.isnan(value[1])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("eps", [0.0, 1e-20, 0.1])
def test_logit_has_no_slope_beyond_its_bounds(eps, dtype):
    for x in (np.array([-1.0, -0.1, 1.5, 2.0], dtype), np.array(1.5, dtype)):
        with np.errstate(divide="ignore"):
            _, (slope,) = run(lambda x: autograd.logit(x, eps), [x])
        assert not slope.any()

"""Kernels: the tuned form against the plain one, and what an array's class is asked."""

import importlib
import pkgutil

import numpy as np
import pytest

import autograd.kernels
from tests.foreign_array import ForeignArray, host
from tests.recorder import Recorded, Tape

random = np.random.default_rng(0)
x, d = random.normal(size=(3, 5)), random.normal(size=(3, 5))
wide = np.concatenate([random.normal(size=40_000), [np.nan, np.inf, -np.inf, 0.0, -0.0]])
small = np.linspace(-7, 7, 40_001)
index = np.array([0, 2, 0, 1, 2])
logits, classes = random.normal(size=(4, 3)), np.array([2, 0, 1, 1])
exp = np.exp(logits)

# (kernel, arguments, options), at least one for each
CASES = [
    ("erf.erf", (small,), {}),
    ("erf.erf", (wide.astype(np.float32),), {}),
    ("erf.erfc", (small,), {}),
    ("erf.erfc", (wide,), {}),
    ("erf.erfinv", (np.tanh(small),), {}),
    ("erf.erfinv", (np.array([-1.0, 1.0, 2.0, 0.0]),), {}),
    ("gamma.lgamma", (small,), {}),
    ("gamma.digamma", (small,), {}),
    ("gamma.zeta", (np.abs(small) + 0.1,), {"s": 3}),
    ("implicit.gamma_slope", (np.abs(small) + 0.1, small * 0 + 1.5), {}),
    ("implicit.gamma_cdf", (np.abs(small) + 0.1, small * 0 + 0.5), {}),
    ("implicit.beta_slope", (np.tanh(np.abs(small) + 0.1), small * 0 + 0.5, small * 0 + 2), {}),
    ("layout.in_rows", (x.T,), {}),
    ("layout.dense_copy", (x.T,), {}),
    ("layout.gapless", (x[:, ::2],), {}),
    ("layout.unexpanded", (np.broadcast_to(x[0], x.shape),), {}),
    ("layout.picked", (x, (slice(None), index[0])), {}),
    ("masked.filled", (x, x > 0, np.float64(7)), {}),
    ("masked.filled", (x, d[0] > 0, 7), {}),
    ("masked.filled", (x[0], x > 0, 7), {}),
    ("masked.kept", (x, x > 0), {}),
    ("masked.quotient", (np.where(x > 0, x, 0), np.where(x > 0, d, 0)), {}),
    ("masked.quotient", (x[0], d), {}),
    ("minmax.maximum_with", (wide, np.float64(0.5)), {}),
    ("minmax.maximum_with", (wide[:40], np.float64(0.5)), {}),
    ("minmax.minimum_with", (wide, np.float64(0.5)), {}),
    ("products.stacked_product", (np.ones((2, 3, 4)), random.normal(size=(2, 4, 5))), {}),
    ("recurrence.recurrence", (x, d), {}),
    ("recurrence.recurrence", (x[:, :0], d[:, :0]), {}),
    ("recurrence.reverse_recurrence", (x, d), {}),
    ("recurrence.reverse_recurrence", (x[:, :0], d[:, :0]), {}),
    ("recurrence.later", (x,), {"first": 2.0}),
    ("recurrence.later", (x[:, :0],), {}),
    ("recurrence.earlier", (x,), {}),
    ("recurrence.earlier", (x[:, :0],), {}),
    ("recurrence.running", (x,), {"ufunc": np.logaddexp, "axis": 0}),
    ("recurrence.running", (x,), {"ufunc": np.minimum, "axis": 1}),
    ("recurrence.running", (classes,), {"ufunc": np.add, "axis": 0, "dtype": np.float64}),
    ("recurrence.running", (x,), {"ufunc": np.multiply, "axis": -1}),
    ("scatter.placed", (x,), {"index": (slice(1, 4), slice(5)), "shape": (4, 6), "fill": 3}),
    ("scatter.scattered", (x[0], index), {"shape": (4,)}),
    ("scatter.scattered", (x[0, :3], index[1:4]), {"shape": (4,), "distinct": True}),
    ("scatter.scattered", (x, (slice(None), index)), {"shape": (3, 4)}),
    ("scatter.scattered", (x[0], (-index,)), {"shape": (4,)}),
    ("scatter.add_at", (np.ones((3, 4)), (slice(None), index), x), {}),
    ("scatter.add_at", (np.ones((4, 3)).T, (slice(None), index), x), {}),
    ("scatter.reduce_at", (np.ones((3, 4)), (slice(None), index), x), {"ufunc": np.maximum}),
    ("scatter.sum_of_runs", (x, np.array([2, 0, 3])), {"n": 3, "axis": 1}),
    ("scatter.sum_of_runs", (x[:0], np.array([0, 0])), {"n": 2, "axis": 0}),
    ("search.searchsorted_rows", (np.sort(x), d), {"side": "left"}),
    ("search.searchsorted_rows", (np.sort(x), x), {"side": "right"}),
    ("softmax.exp_over", (x,), {}),
    ("softmax.class_bounds", (classes,), {}),
    ("softmax.class_exponentials", (logits, classes), {}),
    ("softmax.class_gradient", (exp, exp.sum(1), np.arange(4.0), classes), {}),
    ("softmax.class_gradient", (exp, exp.sum(1), np.float64(0.3), classes), {}),
    ("sums.sum_over", (x,), {"axis": 0}),
    ("sums.sum_over", (np.ones((3000, 2)),), {"axis": 0, "keepdims": True}),
    ("sums.count_over", (x > 0,), {"axis": 1, "dtype": np.dtype(float)}),
    ("sums.dot_product", (x[0], d[0]), {}),
    ("sums.sum_of_products", (x, d), {"equation": "ij,ij->i"}),
    ("sums.running_sum", (x,), {"axis": 1}),
    ("sums.running_logarithm", (x,), {"axis": 0}),
    ("windows.diagonal", (x,), {"offset": 1, "axis1": 0, "axis2": 1}),
    ("windows.on_diagonal", (x,), {"shape": (3, 6, 6), "offset": -1, "axis1": -2, "axis2": -1}),
    ("windows.windows", (x,), {"axis": 1, "size": 3, "step": 2}),
    ("windows.folded", (x[..., None] * d[0, :2],), {"n": 6, "axis": 1, "size": 2, "step": 1}),
]


def kernels():
    found = {}
    for info in pkgutil.iter_modules(autograd.kernels.__path__):
        module = importlib.import_module(f"autograd.kernels.{info.name}")
        for name, one in vars(module).items():
            if hasattr(one, "tuned") and one.__module__ == module.__name__:
                found[f"{info.name}.{name}"] = one
    return found


KERNELS = kernels()
cases = pytest.mark.parametrize("name, args, options", CASES)


def fresh(args, make=np.array):
    """The arguments, their arrays copied."""

    def one(value):
        if type(value) is tuple:
            return tuple(map(one, value))
        return make(np.array(value)) if isinstance(value, np.ndarray) else value

    return [one(value) for value in args]


def outcome(function, args, options):
    """What is returned, or what the first argument has become."""
    with np.errstate(all="ignore"):
        result = function(*args, **options)
    result = args[0] if result is None else result
    return [host(one) for one in (result if type(result) is tuple else (result,))]


def test_each_kernel_has_a_case():
    assert {name for name, *_ in CASES} == set(KERNELS)


@cases
def test_the_plain_form_is_the_oracle(name, args, options):
    kernel = KERNELS[name]
    found = outcome(kernel, fresh(args), options)
    for a, e in zip(found, outcome(kernel.plain, fresh(args), options), strict=True):
        single = a.dtype == np.float32
        np.testing.assert_allclose(a, e, 4e-7 if single else 2e-15, 1e-300)
        assert a.dtype == e.dtype


@cases
def test_an_array_of_another_library_gets_the_plain_form(name, args, options):
    kernel = KERNELS[name]
    found = outcome(kernel, fresh(args, ForeignArray), options)
    for a, e in zip(found, outcome(kernel, fresh(args), options), strict=True):
        np.testing.assert_allclose(a, e, 4e-7 if a.dtype == np.float32 else 2e-15, 1e-300)


@cases
def test_a_class_that_is_asked_gets_one_call(name, args, options):
    tape = Tape()
    found = outcome(KERNELS[name], fresh(args, tape.lift), options)
    assert [function for function, *_ in tape.calls] == [KERNELS[name]]
    for a, e in zip(found, outcome(KERNELS[name], fresh(args), options), strict=True):
        np.testing.assert_array_equal(a, e)


@cases
def test_one_array_of_another_kind_is_enough(name, args, options):
    """Wherever it stands, inside an index too."""
    for lifted in range(len(args)):
        tape, given = Tape(), fresh(args)
        given[lifted] = fresh([given[lifted]], tape.lift)[0]
        if not any(isinstance(one, Recorded) for one in _flat(given)):
            continue
        if KERNELS[name](*given, **options) is not None:
            assert [function for function, *_ in tape.calls] == [KERNELS[name]]


def _flat(values):
    for one in values:
        yield from _flat(one) if type(one) is tuple else [one]

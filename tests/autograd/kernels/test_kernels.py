"""Kernels: the tuned form against the plain one, and what an array's class is asked."""

import importlib
import pkgutil

import numpy as np
import pytest

import autograd.kernels
from autograd.compiler.tapes.recorder import Recorded, Tape
from tests.foreign_array import ForeignArray, host
from tests.rows.kernels import CASES


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
    several = result if type(result) is tuple else (result,)
    found = [host(one) for one in several if one is not None]
    if "scale" in options and len(found) == 3:  # of attention; its exponentials may be shifted
        found[1:] = [found[1] * found[2]]
    return found


def lost(name, single):
    """What may be lost of a value whose terms cancel: long sums are among them."""
    if name.startswith("activation.gelu") and single:
        return 6e-7  # Φ = (1 + tanh) / 2 is right to half a unit of 1
    if name.startswith(("recurrent", "bessel.confluent")):
        return 1e-15
    if name in ("bessel.j0", "bessel.j1", "bessel.y0", "bessel.y1"):
        return 1e-17  # where they cross 0
    if name.startswith(("cofactors", "least_squares", "lu", "exponential.matrix", "triangular")):
        return 1e-14
    cancelling = ("attention", "lstm", "rows", "softmax.softmax_gradient", "standardize")
    return 1e-11 if name.startswith(cancelling) else 1e-300


def test_each_kernel_has_a_case():
    assert {name for name, *_ in CASES} == set(KERNELS)


@cases
def test_the_plain_form_is_the_oracle(name, args, options):
    kernel = KERNELS[name]
    found = outcome(kernel, fresh(args), options)
    for a, e in zip(found, outcome(kernel.plain, fresh(args), options), strict=True):
        single = a.dtype == np.float32
        np.testing.assert_allclose(a, e, 4e-7 if single else 2e-15, lost(name, single))
        assert a.dtype == e.dtype


@cases
def test_an_array_of_another_library_gets_the_plain_form(name, args, options):
    kernel = KERNELS[name]
    found = outcome(kernel, fresh(args, ForeignArray), options)
    for a, e in zip(found, outcome(kernel, fresh(args), options), strict=True):
        single = a.dtype == np.float32
        np.testing.assert_allclose(a, e, 4e-7 if single else 2e-15, lost(name, single))


@cases
def test_a_class_that_is_asked_gets_one_call(name, args, options):
    tape = Tape()
    found = outcome(KERNELS[name], fresh(args, tape.lift), options)
    assert [function for function, *_ in tape.calls] == noted(name)
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
            assert [function for function, *_ in tape.calls] == noted(name)


def noted(name):
    """The calls that are noted of a kernel: none where it hands its argument on."""
    return [] if name in ("layout.gapless", "layout.unexpanded") else [KERNELS[name]]


def _flat(values):
    for one in values:
        yield from _flat(one) if type(one) is tuple else [one]

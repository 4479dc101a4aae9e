"""What packages that are written on HIPS autograd rely on, found by their own tests."""

import subprocess
import sys

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad
from autograd.extend import primitive
from autograd.misc.fixed_points import fixed_point


def test_where_gives_python_values_only_where_all_three_are_pythons():
    assert type(anp.where(True, 1.0, 2.0)) is float
    for condition, x in [(np.True_, 1.0), (True, np.float64(1.0))]:
        assert anp.where(condition, x, 2.0).shape == ()


def test_a_dictionarys_values_are_stacked():
    values = {"a": np.ones(2), "b": np.zeros(2)}
    assert anp.stack(values.values()).shape == (2, 2)
    found = grad(lambda p: anp.sum(anp.stack(p.values()) * np.array([[1.0, 2], [3, 4]])))(values)
    assert found["b"].tolist() == [3.0, 4.0]


class Labelled:
    """A mask that is no ndarray, as a column of pandas is."""

    dtype = np.dtype(bool)

    def __array__(self, dtype=None, copy=None):
        return np.array([True, False, True])


def test_a_labelled_mask_is_an_index():
    found = grad(lambda x: (x[Labelled()] ** 2).sum())(np.ones(3))
    assert found.tolist() == [2.0, 0.0, 2.0]


def test_long_doubles_enter_as_doubles():
    assert grad(lambda x: anp.sum(x * x))(np.ones(2, np.longdouble)).tolist() == [2.0, 2.0]


def test_a_fixed_point_has_gradients_of_two_orders():
    def root(a):
        return fixed_point(lambda a: lambda x: x - 0.05 * (x * x - a), a, 3.0, distance, 1e-11)

    def distance(x, y):
        return np.abs(x - y)

    assert grad(root)(2.0) == pytest.approx(0.5 / np.sqrt(2.0), abs=1e-7)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, abs=1e-6)


def test_deprecated_forms_tell_a_gradient():
    @primitive
    def product(x, y):
        return x * y

    product.defgrad(lambda ans, x, y: lambda g: g * y)
    product.defvjp(lambda g, ans, of_ans, of_y, x, y: g * x, argnum=1)
    assert grad(product, 0)(2.0, 3.0) == 3.0
    assert grad(product, 1)(2.0, 3.0) == 2.0
    product.defvjp_is_zero([1])
    assert grad(product, 1)(2.0, 3.0) == 0.0


def test_special_loads_no_package_of_scipys_names():
    """surpyval loads autograd/scipy/special.py by its path, to save the time of the rest."""
    pytest.importorskip("scipy")
    code = (
        "import autograd, importlib.util as u, pathlib, sys\n"
        "path = pathlib.Path(autograd.__file__).parent / 'scipy' / 'special.py'\n"
        "spec = u.spec_from_file_location('alone', path)\n"
        "module = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "print('autograd.scipy' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"

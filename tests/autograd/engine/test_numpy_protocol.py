"""NumPy's functions on tensors: the values that NumPy gives for arrays, as recorded Tensors."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.engine import dispatch, graph
from tests import test_every_op
from tests.op_cases import ROWS, drawn, leaves_from

ROOT = Path(__file__).parents[3]
DATA = np.array([[0.7, -0.4, 1.9], [-1.3, 0.2, 0.6], [1.1, 0.9, -0.8]])

# What the op table does not already call by NumPy's name, on a 3×3 matrix.
CALLS = [
    lambda a: np.add(a, a),
    lambda a: np.add(a, 2.0),
    lambda a: np.add.accumulate(a),
    lambda a: np.add.accumulate(a, axis=1),
    lambda a: np.add.reduce(a),
    lambda a: np.add.reduce(a, axis=(0, 1), keepdims=True),
    lambda a: np.multiply.accumulate(a),
    lambda a: np.multiply.reduce(a, axis=1),
    lambda a: np.maximum.reduce(a),
    lambda a: np.minimum.reduce(a, axis=1, keepdims=True),
    lambda a: np.logical_and.reduce(a > 0),
    lambda a: np.logical_or.reduce(a > 0, axis=1),
    lambda a: np.count_nonzero(a > 0),
    lambda a: np.equal(a, a),
    lambda a: np.fabs(a),
    lambda a: np.rint(a),
    lambda a: np.around(a),
    lambda a: np.around(a, 1),
    lambda a: np.radians(a),
    lambda a: np.degrees(a),
    lambda a: np.amax(a),
    lambda a: np.amin(a, axis=0),
    lambda a: np.var(a),
    lambda a: np.var(a, axis=0, ddof=1),
    lambda a: np.std(a, axis=(0, 1), keepdims=True),
    lambda a: np.linalg.norm(a),
    lambda a: np.linalg.norm(a, axis=1),
    lambda a: np.linalg.matrix_power(a, 2),
    lambda a: np.linalg.multi_dot([a, a, a]),
    lambda a: np.trace(a),
    lambda a: np.kron(a, a),
    lambda a: np.einsum("ij,jk->ik", a, a),
    lambda a: np.tensordot(a, a),
    lambda a: np.take(a, [0, 2], axis=1),
    lambda a: np.compress([True, False, True], a, axis=0),
    lambda a: np.squeeze(a[None]),
    lambda a: np.expand_dims(a, 0),
    lambda a: np.copy(a),
    lambda a: np.swapaxes(a, 0, 1),
    lambda a: np.matrix_transpose(a),
    lambda a: np.ravel(a),
    lambda a: np.broadcast_arrays(a, a[0]),
    lambda a: np.atleast_3d(a),
    lambda a: np.dstack([a, a]),
    lambda a: np.split(a, 3),
    lambda a: np.array_split(a, 2, axis=1),
    lambda a: np.flip(a),
    lambda a: np.flip(a, 0),
    lambda a: np.fliplr(a),
    lambda a: np.flipud(a),
    lambda a: np.rot90(a),
    lambda a: np.rot90(a, 2, axes=(1, 0)),
    lambda a: np.trapezoid(a),
    lambda a: np.trapezoid(a, dx=0.5, axis=0),
    lambda a: np.trapezoid(a, a[0]),
    lambda a: np.diff(a, axis=0, prepend=a[:1]),
    lambda a: np.nanmean(a),
    lambda a: np.nanmean(a, axis=1, keepdims=True),
    lambda a: np.cov(a),
    lambda a: np.cov(a, rowvar=False, bias=True),
    lambda a: np.cov(a, ddof=0),
    lambda a: np.corrcoef(a, rowvar=False),
    lambda a: np.vander(a[0], 4, increasing=True),
    lambda a: np.diagflat(a, 1),
    lambda a: np.hsplit(a, 3),
    lambda a: np.tril(a),
    lambda a: np.triu(a, 1),
    lambda a: np.diag(a),
    lambda a: np.tile(a, (2, 1)),
    lambda a: np.repeat(a, 2, axis=1),
    lambda a: np.repeat(a, [1, 0, 2], axis=0),
    lambda a: np.cumsum(a),
    lambda a: np.cumsum(a, axis=0),
    lambda a: np.cumprod(a, axis=1),
    lambda a: np.sort(a),
    lambda a: np.argsort(a, axis=0),
    lambda a: np.nonzero(a > 0),
    lambda a: np.unique(a > 0),
    lambda a: np.linalg.solve(a, a[0]),
]
QUESTIONS = [np.shape, np.ndim, np.size, lambda a: np.size(a, -1)]  # answered without a tensor


def parts(result):
    return list(result) if isinstance(result, (list, tuple)) else [result]


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_as_numpy_does_it(number):
    array = DATA.copy()
    tensor = autograd.tensor(DATA, requires_grad=True)
    found, expected = parts(CALLS[number](tensor)), parts(CALLS[number](array))
    assert len(found) == len(expected)
    for one, like in zip(found, expected, strict=True):
        assert isinstance(one, graph.TensorBase)
        assert tuple(one.shape) == np.shape(like) and one.dtype == np.asarray(like).dtype
        np.testing.assert_allclose(one.detach().numpy(), like, 1e-12)
        assert one.requires_grad == (np.asarray(like).dtype == np.float64)
    ends = [one for one in found if one.requires_grad]
    if ends:
        (slope,) = autograd.grad([end.sum() for end in ends], tensor)
        along = np.cos(np.arange(9.0)).reshape(3, 3)

        def total(step):
            return sum(np.sum(one) for one in parts(CALLS[number](DATA + step * along)))

        expected_slope = (total(1e-6) - total(-1e-6)) / 2e-6
        np.testing.assert_allclose(np.sum(slope.numpy() * along), expected_slope, 1e-6, 1e-6)


@pytest.mark.parametrize("shape", [(), (0, 2), (2, 3)])
def test_questions_after_the_shape_are_answered_within_a_graph(shape):
    tensor = autograd.zeros(shape, requires_grad=True)
    for question in QUESTIONS[: 4 if shape else 3]:
        assert question(tensor) == question(np.zeros(shape))


def test_what_is_loaded_on_first_use_is_found():
    text = "import autograd, numpy as np; x = autograd.eye(2).requires_grad_(); "
    text += "print(np.linalg.inv(x).requires_grad, np.linalg.det(x).requires_grad)"
    told = subprocess.check_output([sys.executable, "-c", text], text=True, cwd=ROOT)  # noqa: S603
    assert told.split() == ["True", "True"]


def test_every_registered_function_is_called(monkeypatch):
    reached = set()
    for key in list(dispatch.table):
        target = dispatch._handler(key)

        def noted(*args, _key=key, _target=target, **kwargs):
            reached.add(_key)
            return _target(*args, **kwargs)

        monkeypatch.setitem(dispatch.table, key, noted)
    for function in [*CALLS, *QUESTIONS]:
        function(autograd.tensor(DATA))
    for row in ROWS:
        for sample in row.samples:
            test_every_op.test_method_and_numpy_agree_with_function(row, sample)
            if row.function in dispatch.table:
                args, kwargs, _ = leaves_from(drawn(row, sample), sample)
                row.function(*args, **kwargs)
    reached.add(getattr(np, "fix", None))  # the same as trunc; deprecated from NumPy 2.5 on
    missing = [str(key) for key in dispatch.table if key not in reached]
    assert not missing, f"NumPy functions that no test calls on a tensor: {', '.join(missing)}"


def test_an_unknown_function_would_lose_the_gradient():
    x = autograd.tensor(DATA, requires_grad=True)
    with pytest.raises(TypeError, match=r"np\.partition.*detach"):
        np.partition(x, 1)
    with pytest.raises(TypeError, match=r"np\.cbrt.*detach"):
        np.cbrt(x)
    np.testing.assert_array_equal(np.partition(x.detach(), 1), np.partition(DATA, 1))


def test_out_and_where():
    x = autograd.tensor(DATA)
    room = np.empty((3, 3))
    assert np.multiply(x, 2.0, out=room) is room
    np.testing.assert_array_equal(room, DATA * 2)
    with pytest.raises(TypeError, match="where="):
        np.add(x.requires_grad_(), 1.0, where=DATA > 0)


def test_arrays_meet_tensors():
    x = autograd.tensor(DATA, requires_grad=True)
    for result in (
        DATA * x,
        x * DATA,
        DATA - x,
        np.float64(2) * x,
        DATA @ x,
        DATA > x,
        abs(DATA) ** x,
    ):
        assert isinstance(result, graph.TensorBase)
    with pytest.raises(RuntimeError, match="detach"):
        np.asarray(x)

"""A loop that fills an array and reads what it has filled: the parts that it kept stay true."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import detect_anomaly, grad, hessian, jacobian
from autograd.engine import versions


def differences(function, x, h=1e-5):
    """Central differences of a function of plain arrays, entry by entry: on the last axis."""
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    found = [(function(x + one) - function(x - one)) / (2 * h) for one in steps]
    return np.moveaxis(np.array(found), 0, -1).reshape(*np.shape(found[0]), *x.shape)


def scalars(x):
    path = anp.zeros_like(x, shape=5)
    path[0] = x[0]
    for i in range(4):
        path[i + 1] = path[i] * anp.sin(path[i]) + x[1]
    return anp.sum(path**2)


def rows(x):
    path = anp.zeros_like(x, shape=(4, 2))
    path[0] = x
    for i in range(3):
        one, other = path[i]
        path[i + 1] = anp.array([one * other, anp.sin(one) - other])
    return anp.sum(path**2)


def columns(x):
    table = anp.zeros_like(x, shape=(2, 4))
    table[:, 0] = x
    for j in range(3):
        table[:, j + 1] = table[::-1, j] ** 2 + table[:, j]
    return anp.sum(table**3)


def triangle(x):
    table = anp.zeros_like(x, shape=(3, 3))
    for i in range(3):
        for j in range(i + 1):
            above = table[i - 1, j - 1] * table[i - 1, j] if i and j else x[j] + i
            table[i, j] = anp.exp(-above)
    return anp.sum(table * table)


def chosen(x):
    y = x * 2
    kept = y[:1] * y[:1]
    y[np.array([False, True])] = x[0] ** 2
    y[[1, 1]] = x[1] ** 3
    return anp.sum(kept) * anp.sum(y)


def flat_and_back(x):
    y = (x * 2).reshape(2, 1)
    kept = y[0] ** 2
    y.reshape(2)[1] = x[1] ** 2
    return anp.sum(kept) * anp.sum(y)


def swapped(x):
    y = x * 1.0
    kept = y[0]  # a number, as in NumPy: what is written into y later does not change it
    y[0] = y[1] ** 2
    y[1] = kept
    last = list(y)[1]
    y[-1] = 3.0 * x[0]
    return 10.0 * y[0] + y[1] * kept + last


def element_seen_as_a_view(x):
    y = x * 1.0
    seen = y[0, ...]
    y[0] = x[1] ** 2
    return seen * x[0]


PROGRAMS = [
    swapped,
    element_seen_as_a_view,
    scalars,
    rows,
    columns,
    triangle,
    chosen,
    flat_and_back,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.__name__)
def test_its_gradient_is_that_of_differences(program):
    x = np.array([0.4, 0.7, 0.2][: 3 if program is triangle else 2])
    values = []
    grad(lambda x: values.append(program(x)) or values[0])(x)
    np.testing.assert_allclose(values[0]._value, program(x))
    np.testing.assert_allclose(grad(program)(x), differences(program, x), rtol=1e-7)
    np.testing.assert_allclose(hessian(program)(x), differences(grad(program), x), rtol=1e-6)


VIEWS = {
    "reshape": lambda y: anp.reshape(y, (3, 2)),
    "method": lambda y: y.reshape(-1),
    "T": lambda y: y.T,
    "ravel": anp.ravel,
    "squeeze": lambda y: anp.squeeze(y[None]),
    "swapaxes": lambda y: y.swapaxes(0, 1),
    "moveaxis": lambda y: anp.moveaxis(y, 0, 1),
    "expand_dims": lambda y: anp.expand_dims(y, 0),
    "split": lambda y: anp.split(y, 2)[1],
    "iterated": lambda y: list(y)[1],
    "backwards": lambda y: y[::-1, ::-2],
    "a view's view": lambda y: y.T[1:].T.reshape(2, 1, 2)[:, 0],
}


@pytest.mark.parametrize("through_view", [True, False], ids=["the view", "the base"])
@pytest.mark.parametrize("view", VIEWS)
def test_who_looks_at_memory_sees_what_is_written_there(view, through_view):
    """A write through a view is one into its base, and the other way round, as in NumPy."""

    def program(x):
        y = x * 2
        z = VIEWS[view](y)
        if through_view:
            z[..., 0] = x[0, 1] ** 2
        else:
            y[1, 0] = x[0, 1] ** 2
        return anp.sum(y**2) + anp.sum(anp.sin(z))

    x = np.arange(6.0).reshape(2, 3) / 10 + 0.3
    np.testing.assert_allclose(grad(program)(x), differences(program, x), rtol=1e-7)


def test_each_row_of_a_jacobian_is_right():
    def path(x):
        y = anp.zeros_like(x, shape=(3,))
        y[0] = x[0]
        for i in range(2):
            y[i + 1] = y[i] * x[1]
        return y

    found = jacobian(path)(np.array([2.0, 3.0]))
    assert found.tolist() == [[1, 0], [3, 2], [9, 12]]


@pytest.mark.parametrize(
    "write",
    [
        lambda y: y.__setitem__(0, 7.0),
        lambda y: y.__setitem__(slice(None), 7.0),
        lambda y: y.__setitem__(np.array([True, False]), 7.0),
        lambda y: y[:1].__setitem__(0, 7.0),
        lambda y: y[::-1].__setitem__(1, 7.0),
    ],
    ids=["element", "all", "mask", "view", "backwards"],
)
def test_what_was_kept_and_is_changed_raises(write):
    def program(x):
        y = anp.zeros_like(x)
        y[:] = x * 2
        kept = y[:1] * y[:1]
        write(y)
        return anp.sum(kept)

    with pytest.raises(RuntimeError, match="must not be changed in place"):
        grad(program)(np.array([1.0, 2.0]))

    def program_of_a_result(x):  # which is written into for the first time
        y = x * 2
        kept, part = y[:1] * y[:1], y[:1]
        write(y)
        return anp.sum(kept) + anp.sum(part)

    def copied(x):
        y = x * 2
        kept = y[:1] * y[:1]
        y = y.copy()
        part = y[:1]
        write(y)
        return anp.sum(kept) + anp.sum(part)

    x = np.array([1.0, 2.0])
    assert grad(program_of_a_result)(x).tolist() == grad(copied)(x).tolist()


def test_the_whole_was_kept_and_a_part_is_changed():
    def program(x):
        y = anp.zeros_like(x)
        y[:] = x * 2
        kept = y * y
        y[1] = 7.0
        return anp.sum(kept)

    with pytest.raises(RuntimeError, match="must not be changed in place"):
        grad(program)(np.array([1.0, 2.0]))


def test_the_error_names_the_lines_and_numpys_remedy():
    def program(x):
        y = anp.zeros_like(x)
        y[:] = x * 2
        kept = anp.sin(y) * y
        y[0] = anp.sum(x)
        return anp.sum(kept)

    with detect_anomaly(), pytest.raises(RuntimeError) as caught:
        grad(program)(np.array([1.0, 2.0]))
    said = str(caught.value)
    assert "(kept = anp.sin(y) * y), was changed by `y[0] = ...` at " in said
    assert "Change a copy, y = y.copy() before that line, or choose with np.where." in said


def into_an_ndarray(x):
    anp.zeros((2, 2))[0] = x


def into_an_ndarrays_part(x):
    y = anp.ones(4)
    y[:2] += x


def test_what_cannot_be_written_into_says_what_can():
    for write in (into_an_ndarray, into_an_ndarrays_part):
        with pytest.raises(TypeError, match=r"cannot hold a traced value.*zeros_like\(x, shape="):
            grad(write)(np.ones(2))
    for part in (lambda x: x, lambda x: x[1:], lambda x: x.T):
        with pytest.raises(TypeError, match=r"argument of a function.*x = x\.copy\(\)"):
            grad(lambda x, part=part: part(x).__setitem__(0, 1.0))(np.ones(2))


@pytest.mark.parametrize("order", ["C", "F"])
def test_when_a_part_was_changed(order):
    array = np.zeros((3, 4), order=order)
    before = versions.tick()
    versions.note_part(array, (1, slice(None, None, 2)))
    changed = [
        [versions.changed_since(array[i, j, ...], before) for j in range(4)] for i in range(3)
    ]
    assert np.array_equal(changed, [[0] * 4, [1, 0, 1, 0], [0] * 4])
    assert versions.changed_since(array[::-1, ::-2], before) is False
    assert versions.changed_since(array, before) and versions.changed_since(
        (array[0], array), before
    )
    kind = np.dtype("f4,f4")
    assert versions.changed_since(array[0].view("f8"), before) is False
    assert versions.changed_since(array.view(kind)[:1], before) is False  # as large as one element
    after = versions.tick()
    assert not versions.changed_since(array, after)
    versions.note_change(array[0])
    assert versions.changed_since(array[2], after)


def test_parts_of_what_is_not_dense_or_empty_are_all_of_it():
    record = np.zeros(3, [("a", "f4"), ("b", "f8")])
    before = versions.tick()
    versions.note_part(record["b"], 0)
    assert versions.changed_since(record["b"][1:], before)
    versions.note_part(np.zeros(0), slice(None))

"""Where a traced value might share memory, a dtype or a thread with what it should not."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import grad, jacobian, make_jvp
from autograd.misc import const_graph

X = np.array([1.0, 2.0])


def stacked(x):
    y = anp.stack([x, x * x[0]])
    y[:][0] = x[0] ** 2
    return anp.sum(y**3)


def outer(x):
    y = anp.outer(x, x)
    y.T[0] = x**2
    return anp.sum(y**3)


@pytest.mark.parametrize("program", [stacked, outer])
def test_second_derivatives_after_a_write_into_a_view(program):
    step = 1e-6
    wanted = [
        (grad(program)(X + one) - grad(program)(X - one)) / (2 * step) for one in step * np.eye(2)
    ]
    forward = make_jvp(grad(program))(X)
    np.testing.assert_allclose([forward(one)[1] for one in np.eye(2)], wanted, 1e-6)
    np.testing.assert_allclose(jacobian(grad(program))(X), wanted, 1e-6)


COPIES = {
    "+": lambda y: +y,
    "positive": anp.positive,
    "conjugate": anp.conjugate,
    "reshape": lambda y: anp.reshape(y, (2,), copy=True),
}


@pytest.mark.parametrize("name", [*COPIES])
def test_a_copy_may_be_written_into(name):
    if name == "reshape" and np.__version__ < "2.1":
        pytest.skip("NumPy's reshape has no copy= yet")

    def program(x):
        y = 2 * x
        z = COPIES[name](y)
        z[0] = 0.0
        return anp.sum(y)

    assert grad(program)(X).tolist() == [2.0, 2.0]


def test_methods_that_change_what_is_noted():
    def ordered(x):
        y = x * 1.0
        y.sort()
        return y

    replayed = const_graph(ordered)
    for values in ([3.0, 1.0, 2.0], [5.0, 6.0, 4.0]):
        assert replayed(np.array(values)).tolist() == sorted(values)


def test_arguments_without_a_hash_have_a_graph_each():
    total = const_graph(lambda x, chosen: x * sum(chosen))
    assert [float(total(1.0, {2.0})), float(total(1.0, {3.0})), float(total(1.0, {4.0, 5.0}))] == [
        2.0,
        3.0,
        9.0,
    ]


def test_graphs_of_integers_that_count_are_not_kept_for_ever():
    power = const_graph(lambda x, i: x * i)
    assert [float(power(2.0, i)) for i in range(200)] == [2.0 * i for i in range(200)]
    (graphs,) = [
        one for cell in power.__closure__ if type(one := cell.cell_contents) is dict and one
    ]
    assert len(graphs) <= 64


def test_a_gradient_in_another_thread_names_what_it_closes_over():
    def program(x):
        with ThreadPoolExecutor(1) as pool:
            return x * pool.submit(lambda: grad(lambda y: x * y * y)(2.0)).result()

    with pytest.raises(TypeError, match="close over a value that another thread traces"):
        grad(program)(3.0)


def test_whole_numbers_between_traced_ones_are_numpys():
    seen = []

    def program(x):
        seen.append(anp.geomspace(x, 1000.0, 4, dtype=int))
        seen.append(anp.logspace(x - 1, 2.0, 5, dtype=int))
        seen.append(anp.linspace(-1.5 * x, 3, 5, dtype=int))
        return x

    grad(program)(1.0)
    wanted = [np.geomspace(1, 1000, 4, dtype=int), np.logspace(0, 2, 5, dtype=int)]
    for found, like in zip(seen, [*wanted, np.linspace(-1.5, 3, 5, dtype=int)], strict=True):
        np.testing.assert_array_equal(found, like)


def test_interp_where_the_last_point_comes_twice():
    slope = grad(lambda fp: anp.interp(1.0, [0.0, 1.0, 1.0], fp))(np.array([0.0, 5.0, 6.0]))
    assert slope.tolist() == [0.0, 0.0, 1.0]


def test_extrema_and_partitions_of_all():
    assert grad(lambda x: anp.max(x, where=True))(X).tolist() == [0.0, 1.0]
    y = np.array([[3.0, 1.0], [2.0, 4.0]])
    slope = grad(lambda x: anp.sum(anp.partition(x, 1, axis=None)[:2] ** 2))(y)
    assert slope.tolist() == [[0.0, 2.0], [4.0, 0.0]]

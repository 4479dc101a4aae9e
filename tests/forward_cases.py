"""Rows of the op table in forward mode: the derivative along a direction, by several routes."""

import numpy as np

from autograd import func
from tests.op_cases import cotangents, drawn, find, flat, leaf
from tests.rows.row import Draw


class Case:
    """A sample of a row as a function of its differentiable tensors alone."""

    def __init__(self, row, sample):
        self.function = row.function or find(row.name)
        self.spec, self.given = (list(sample.args), sample.kwargs), drawn(row, sample)
        self.arrays = []
        self._walk(self.given, self.spec, lambda array: self.arrays.append(array))
        self.point = [leaf(array.copy(), False) for array in self.arrays]
        self.direction = [leaf(one, False) for one in cotangents(self.point, 3)]
        self.other = [leaf(one, False) for one in cotangents(self.point, 5)]
        ends = self(*self.point) if self.point else ()
        self.weights = [leaf(one, False) for one in cotangents(ends)]
        self.dtypes = [end.dtype for end in ends]

    def _walk(self, value, spec, convert):
        if isinstance(spec, Draw):
            moving = spec.kind == "float" and not spec.fixed
            return convert(value) if moving else leaf(np.array(value), False)
        if isinstance(spec, dict):
            return {key: self._walk(value[key], one, convert) for key, one in spec.items()}
        if type(spec) in (list, tuple):
            return type(spec)(self._walk(a, b, convert) for a, b in zip(value, spec, strict=True))
        return value

    def __call__(self, *tensors):
        """The floating-point results at these tensors, a tuple."""
        tensors = iter(tensors)
        args, kwargs = self._walk(self.given, self.spec, lambda _: next(tensors))
        results = flat(self.function(*args, **kwargs))
        return tuple([one for one in results if one.is_floating_point()])

    # -- routes -----------------------------------------------------------------------------------

    def forward(self, *point):
        """J v, for each result."""
        return func.jvp(self, point or tuple(self.point), tuple(self.direction))[1]

    def pulled(self, *point):
        """J'u, for each input."""
        return func.vjp(self, *(point or self.point))[1](tuple(self.weights))

    def first(self):
        """<u, J v> both ways."""
        return dot(self.weights, self.forward()), dot(self.pulled(), self.direction)

    def second(self):
        """The derivative of <u, J v> along a second direction, four ways."""
        point, other = tuple(self.point), tuple(self.other)
        forward_twice = func.jvp(self.forward, point, other)[1]
        over_reverse = func.jvp(self.pulled, point, other)[1]
        along = func.grad(lambda *x: dot(self.weights, self.forward(*x)), all_of(point))(*point)
        twice = func.grad(lambda *x: dot(self.pulled(*x), self.direction), all_of(point))(*point)
        return (
            dot(self.weights, forward_twice),
            dot(over_reverse, self.direction),
            dot(along, other),
            dot(twice, other),
        )

    def mapped(self):
        """J v for three directions, by vmap and by a loop."""
        directions = [np.stack([v, 2 * v, w]) for v, w in zip(self.direction, self.other)]

        def along(*v):
            return func.jvp(self, tuple(self.point), v)[1]

        found = func.vmap(along, randomness="same")(*directions)
        rows = [along(*[v[i] for v in directions]) for i in range(3)]
        return found, [np.stack(parts) for parts in zip(*rows)]


def all_of(point):
    return tuple(range(len(point)))


def dot(xs, ys):
    total = leaf(np.zeros(()), False)
    for x, y in zip(xs, ys, strict=True):
        total = total + (x * y).sum()
    return total

"""Rows of the op table through vmap: samples of a batch, and what a loop over them gives."""

import numpy as np

import autograd
from autograd.engine import graph
from autograd.engine.backward import grad
from autograd.func.mapping import vmap
from tests.op_cases import cotangents, differentiable, find, flat, leaf
from tests.rows.row import Draw

SAMPLES = 3

PLANS = ("all", "floats", "first", "last")


class Case:
    """A sample of a row, with ``SAMPLES`` values for the inputs that a plan maps."""

    def __init__(self, row, sample, plan, given, samples=SAMPLES):
        self.function = row.function or find(row.name)
        self.spec, self.given = (list(sample.args), sample.kwargs), given
        self.count = samples
        self.arrays, self.active = [], []
        self._walk(given, self.spec, self._note)
        numbers = range(len(self.arrays))
        self.mapped = {
            "all": [*numbers],
            "floats": [i for i in numbers if self.active[i]],
            "first": [*numbers[:1]],
            "last": [*numbers[-1:]],
        }[plan]
        self.stacked = {i: self._varied(self.arrays[i]) for i in self.mapped}

    def _note(self, array, active):
        self.arrays.append(array)
        self.active.append(active)

    def _varied(self, array):
        rows = [np.roll(np.ravel(array), i).reshape(array.shape) for i in range(self.count)]
        return np.stack(rows) if rows else np.zeros((0, *array.shape), array.dtype)

    def _walk(self, value, spec, convert):
        if isinstance(spec, Draw):
            return convert(value, spec.kind == "float" and not spec.fixed)
        if isinstance(spec, dict):
            return {key: self._walk(value[key], one, convert) for key, one in spec.items()}
        if type(spec) in (list, tuple):
            return type(spec)(self._walk(a, b, convert) for a, b in zip(value, spec, strict=True))
        return value

    def call(self, tensors):
        """The results of one call on these tensors, one for each input."""
        tensors = iter(tensors)
        args, kwargs = self._walk(self.given, self.spec, lambda *_: next(tensors))
        return flat(self.function(*args, **kwargs))

    def inputs(self, number):
        """The arrays of one sample."""
        return [self.stacked[i][number] if i in self.stacked else array.copy()
                for i, array in enumerate(self.arrays)]  # fmt: skip

    def batch(self):
        """Tensors for vmap, and its in_dims."""
        tensors = [leaf(self.stacked.get(i, array).copy(), False)
                   for i, array in enumerate(self.arrays)]  # fmt: skip
        return tensors, tuple([0 if i in self.stacked else None for i in range(len(tensors))])

    # -- questions: what a function of the tensors of one sample returns ------------------------

    def value(self, *tensors):
        return tuple([leaf(np.asarray(x), False) if not isinstance(x, graph.TensorBase) else x
                      for x in self.call(tensors)])  # fmt: skip

    def gradient(self, *tensors, create_graph=False):
        tensors = [x.detach() for x in tensors]
        leaves = [x.requires_grad_() for x, active in zip(tensors, self.active) if active]
        ends = differentiable(self.call(tensors))
        if not ends or not leaves:
            return ()
        weights = [leaf(w, False) for w in cotangents(ends)]
        return grad(ends, leaves, weights, create_graph=create_graph, materialize_grads=True)

    def recorded(self, *tensors):
        return self.gradient(*tensors, create_graph=True)


def loop(case, function):
    """``function`` of each sample, the results stacked."""
    made = []
    for number in range(case.count):
        made.append(function(*[leaf(array, False) for array in case.inputs(number)]))
    return [np.stack([np.asarray(one.detach()._array()) for one in parts]) for parts in zip(*made)]


def mapped(case, function):
    tensors, axes = case.batch()
    return [np.asarray(one.detach()._array()) for one in vmap(function, axes)(*tensors)]


def _weighted(case, tensors, results):
    return [leaf(w, False) for w in cotangents(results)]


def through(case):
    """Gradients of all leaves through vmap, and through a loop over plain calls."""
    tensors, axes = case.batch()
    leaves = [x.requires_grad_() for x, active in zip(tensors, case.active) if active]
    ends = differentiable(vmap(case.value, axes)(*tensors))
    found = _gradients(ends, leaves)
    ends = differentiable(_looped(case, tensors, axes))
    return found, _gradients(ends, leaves)


def twice_through(case):
    """Gradients of gradients through vmap, and through a loop."""
    made = []
    for run in (lambda t, a: vmap(case.value, a)(*t), lambda t, a: _looped(case, t, a)):
        tensors, axes = case.batch()
        leaves = [x.requires_grad_() for x, active in zip(tensors, case.active) if active]
        ends = differentiable(run(tensors, axes))
        if not ends or not leaves:
            return [], []
        weights = [leaf(w, False) for w in cotangents(ends)]
        first = grad(ends, leaves, weights, create_graph=True, materialize_grads=True)
        made.append(_gradients([g for g in first if g.requires_grad], leaves, seed=2))
    return made


def _looped(case, tensors, axes):
    results = []
    for number in range(case.count):
        results.append(case.value(*[x if axis is None else x[number]
                                    for x, axis in zip(tensors, axes)]))  # fmt: skip
    return [autograd.stack(list(one)) for one in zip(*results)]


def _gradients(ends, leaves, seed=1):
    if not ends or not leaves:
        return []
    weights = [leaf(w, False) for w in cotangents(ends, seed)]
    return [one._array() for one in grad(ends, leaves, weights, materialize_grads=True)]

"""Steps planned, and what their plans compute beside the steps themselves."""

import numpy as np

import autograd
from autograd.compiler.planning.interpret import interpreted
from autograd.compiler.planning.plan import Loop, Product
from autograd.compiler.planning.planner import planned
from autograd.compiler.tapes.numbers import Number
from autograd.compiler.tapes.order import ordered, recorders
from autograd.compiler.tapes.recording import Recording
from autograd.engine.graph import unwrap
from autograd.engine.versions import owner_of


def opened(value, known):
    if isinstance(value, Number):
        return known.get(id(value), value.value)
    if type(value) in (tuple, list):
        return type(value)([opened(one, known) for one in value])
    return value


def numbers_of(calls, plan):
    """The values that numbers of a step have now."""
    known = {}
    for one in recorders([(call.args, call.options) for call in calls]):
        if type(one) is Number and one.source:
            holder, *keys = one.source
            value = holder
            for key in keys:
                value = value[key]
            known[id(one)] = value
    for call in calls:
        if type(call.result) is Number and all(
            [type(one) is Number for one in recorders(call.args)]
        ):
            known[id(call.result)] = call.function(*opened(call.args, known))
    return [known.get(id(one), one.value) for one in plan.numbers]


class Copies:
    """Copies of arrays, which look at each other's memory as these do."""

    def __init__(self):
        self.raw = {}

    def of(self, array):
        if type(array) is not np.ndarray:
            return array
        owner = owner_of(array)
        low, high = np.lib.array_utils.byte_bounds(owner)
        if id(owner) not in self.raw:
            raw = np.empty(high - low + 1, np.uint8)
            other = np.ndarray(owner.shape, owner.dtype, raw, 0, owner.strides)
            other[...] = owner
            self.raw[id(owner)] = raw
        offset = array.__array_interface__["data"][0] - low
        return np.ndarray(array.shape, array.dtype, self.raw[id(owner)], offset, array.strides)


class Planned:
    """A step, a function without arguments that gives a list of tensors: recorded, and planned."""

    def __init__(self, step, seed=8):
        self.step, self.seed = step, seed
        autograd.manual_seed(seed)
        with Recording() as recording:
            results = step()
        assert not [(reason, str(line)) for reason, line in recording.tape.refusals]
        outside = [recorder for _, recorder in recording.outside.values()]
        self.tensors = [tensor for tensor, _ in recording.outside.values()]
        self.given = {f"x{i}": recorder for i, recorder in enumerate(outside)}
        self.calls = ordered(recording.tape.calls, outside).calls
        self.recording = recording
        self.plan = planned(self.calls, self.given, [*map(recording.held_by, results)], self.calls)

    def check(self, compare=np.testing.assert_array_equal):
        """Hold the plan's results, and what it writes, to those of the step."""
        lawful(self.plan)
        copies = Copies()
        arrays = {name: copies.of(one.inside) for name, one in self.given.items()}
        numbers = numbers_of(self.calls, self.plan)
        autograd.manual_seed(self.seed)
        expected = [np.array(unwrap(one)) for one in self.step()]
        after = [np.array(one.inside) for one in self.given.values()]
        autograd.manual_seed(self.seed)
        found = interpreted(self.plan, arrays, numbers)
        for pair in zip([*found, *arrays.values()], [*expected, *after], strict=True):
            assert pair[0].dtype == pair[1].dtype and pair[0].shape == pair[1].shape
            compare(*pair)


def elements(space, access):
    """The places of a buffer that an access touches."""
    places = np.zeros(space, int) + access.offset
    for axis, step in enumerate(access.strides):
        shape = [1] * len(space)
        shape[axis] = space[axis]
        places = places + np.reshape(np.arange(space[axis]) * step, shape)
    return np.unique(places)


def lawful(plan):
    """That points of loops can be done in any order, and products where BLAS can."""
    for step in plan.steps:
        if isinstance(step, Product):
            assert step.out.buffer not in (step.x.buffer, step.y.buffer)
            for access in (step.x, step.y, step.out):
                assert 1 in access.strides[-2:], step
        if isinstance(step, Loop):
            touched = [[step.space, store.access, store] for store in step.stores]
            for i, (space, access, store) in enumerate(touched):
                others = [other for _, other, _ in touched[:i]]
                for line in step.body:
                    if line.name in ("load", "take"):
                        same = line.args[0] == access and line.name == "load" and not store.over
                        moves = all([s or n == 1 for s, n in zip(access.strides, space)])
                        others += [] if same and moves else [line.args[0]]
                for other in others:
                    if other.buffer is access.buffer:
                        both = elements(space, access), elements(space, other)
                        assert not np.intersect1d(*both).size, step


def close(found, expected):
    """Equal, but for the order in which numbers are added up."""
    if found.dtype.kind not in "fc":
        return np.testing.assert_array_equal(found, expected)
    size = np.abs(expected[np.isfinite(expected)]).max(initial=0)
    eps = np.finfo(found.dtype).eps
    np.testing.assert_allclose(found, expected, rtol=200 * eps, atol=200 * eps * float(size))

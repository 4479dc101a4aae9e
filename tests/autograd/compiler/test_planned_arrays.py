"""Random programs of NumPy's calls on recorders, of views that overlap and writes into them."""

import numpy as np
import pytest

from autograd.compiler.planning.interpret import interpreted
from autograd.compiler.planning.planner import planned
from autograd.compiler.tapes.recorder import Recorded, RecordedScalar, Tape
from tests.autograd.compiler.planning import Copies, close, lawful

SHAPES = [(4, 4), (4,), (1, 4), (4, 1), (2, 4, 4), (), (0, 4), (16,)]
UNARY = [np.negative, np.exp, np.tanh, np.sqrt, np.square, np.absolute]
BINARY = [np.add, np.subtract, np.multiply, np.maximum, np.minimum, np.divide]
COMPARE = [np.greater, np.equal, np.less_equal]


class Program:
    """Draws calls, and does them on the recorders of a tape."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tape = Tape()
        base = self.random.normal(size=(6, 4)).astype("f4")
        square = self.random.normal(size=(4, 4))
        given = [base[:4], base[4], square, square.T if seed % 3 == 0 else square.copy()]
        given += [self.random.integers(0, 4, 4), np.ones(4, bool), np.array(2.0)]
        given += [np.zeros((0, 4)), np.asfortranarray(self.random.normal(size=(2, 4, 4)))]
        self.given = {f"x{i}": self.tape.lift(one) for i, one in enumerate(given)}
        self.copies = Copies()
        self.arrays = {name: self.copies.of(one.inside) for name, one in self.given.items()}
        self.pool = [*self.given.values()]

    def pick(self, floats=False):
        found = [one for one in self.pool if not floats or one.dtype.kind == "f"]
        return found[self.random.integers(len(found))]

    def pair(self):
        """Two arrays that can be broadcast to each other."""
        x = self.pick()
        others = []
        for one in self.pool:
            try:
                np.broadcast_shapes(one.shape, x.shape)
                others.append(one)
            except ValueError:
                pass
        return x, others[self.random.integers(len(others))]

    def view(self, x):
        """Somebody else's look at the same memory."""
        kind = self.random.integers(8)
        if kind == 0 or not x.ndim:
            return np.reshape(x, (-1,))
        if kind == 1:
            return x[1:]
        if kind == 2:
            return x[::-1]
        if kind == 3:
            return x[..., ::2]
        if kind == 4:
            return np.transpose(x)
        if kind == 5:
            return x[None]
        if kind == 6 and x.shape[0]:
            return x[0]
        return np.broadcast_to(x, (2, *x.shape))

    def step(self):
        kind = self.random.integers(16)
        if kind < 2:
            return self.random.choice(UNARY)(self.pick(floats=True))
        if kind < 5:
            x, y = self.pair()
            return self.random.choice(BINARY)(np.multiply(x, 1.0), y)
        if kind == 5:
            return self.random.choice(COMPARE)(*self.pair())
        if kind < 8:
            return self.view(self.pick())
        if kind == 8:
            x = self.pick(floats=True)
            axis = [None, 0, -1][self.random.integers(3)] if x.ndim else None
            ufunc = np.add if x.size == 0 else [np.add, np.maximum][self.random.integers(2)]
            return ufunc.reduce(x, axis=axis, keepdims=bool(self.random.integers(2)))
        if kind == 9:
            x = self.pick(floats=True)
            return np.matmul(x, x) if x.ndim > 1 and x.shape[-1] == x.shape[-2] else x * 2
        if kind < 13:
            return self.write()
        if kind == 13:
            x, y = self.pair()
            return np.where(np.greater(x, y), x, y)
        if kind == 14:
            x = self.pick()
            return np.concatenate([x, x * 2]) if x.ndim else x.astype("f8")
        x = self.pick()
        return x.copy()

    def write(self):
        """In place, where the memory can be written to."""
        x, y = self.pair()
        if type(x) is RecordedScalar or not x.flags.writeable or 0 in x.strides:
            return None
        if np.broadcast_shapes(x.shape, y.shape) != x.shape or x.dtype.kind != "f":
            return None
        kind = self.random.integers(4)
        if kind == 0:
            x += y
        elif kind == 1:
            x[...] = y
        elif kind == 2 and x.ndim and x.shape[0] > 1:
            x[1:] *= 0.5
        else:
            np.multiply(x, 0.5, out=x)
        return None

    def run(self):
        with np.errstate(all="ignore"):
            for _ in range(self.random.integers(4, 25)):
                made = self.step()
                if isinstance(made, Recorded):
                    self.pool.append(made)
        self.tape.close()
        count = min(len(self.pool), 4)
        return [self.pool[i] for i in self.random.integers(0, len(self.pool), count)]


@pytest.mark.parametrize(
    "seed", [pytest.param(i, marks=[pytest.mark.slow] if i >= 40 else []) for i in range(400)]
)
def test_a_program_of_arrays(seed):
    program = Program(seed)
    wanted = program.run()
    assert not [reason for reason, _ in program.tape.refusals]
    plan = planned(program.tape.calls, program.given, wanted)
    lawful(plan)
    with np.errstate(all="ignore"):
        found = interpreted(plan, program.arrays, [])
    expected = [np.array(one.inside) for one in [*wanted, *program.given.values()]]
    for a, e in zip([*found, *program.arrays.values()], expected, strict=True):
        assert a.dtype == e.dtype and a.shape == e.shape
        close(a, e)

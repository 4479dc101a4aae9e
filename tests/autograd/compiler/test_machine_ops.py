"""The whole table of ops as machine code: recorded, planned, compiled, over memory full of NaN."""

import numpy as np
import pytest

from autograd.compiler.machine import driver
from autograd.compiler.machine.segments import compiled, supported
from autograd.compiler.planning.interpret import poisoned
from autograd.compiler.planning.planner import Unplanned
from autograd.compiler.tapes.recorder import Recorded, Tape
from autograd.engine import graph
from tests.op_cases import ROWS, drawn, gradients
from tests.test_every_op import READS

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

QUICK = [row for row in ROWS if row.name not in READS][::40]


class Together:
    """Compiles what many programs need as one text."""

    def __init__(self):
        self.segments, self.slots, self.runs = [], {}, []

    def later(self, segments, slots):
        """As ``compiled``: functions that are there from :meth:`now` on."""
        places = range(len(self.segments), len(self.segments) + len(segments))
        self.segments += segments
        self.slots |= slots
        return [lambda *memory, i=i: self.runs[i](*memory) for i in places]

    def now(self):
        self.runs = compiled(self.segments, self.slots)


class Case:
    """A sample of a row with its gradients, recorded and made a program."""

    def __init__(self, row, sample, dtype, together):
        self.name = f"{row.name} {sample.args} {sample.kwargs} {np.dtype(dtype)}"
        tape, lifted = Tape(), []

        def lift(array):
            lifted.append(tape.lift(array.copy()))
            return lifted[-1]

        outputs, found = gradients(row, sample, drawn(row, sample, dtype), make=lift)
        results = [graph.unwrap(one) for one in [*outputs, *found]]
        results = [one for one in results if isinstance(one, Recorded)]
        self.given = [one.inside for one in lifted]
        self.expected = [np.array(one.inside) for one in results]
        self.recorders = lifted  # no other may have their ids
        self.program = driver.program(
            tape,
            {f"x{i}": one for i, one in enumerate(lifted)},
            results,
            None,
            set(),
            together.later,
            supported,
        )

    def check(self):
        arrays = [one.copy(order="K") for one in self.given]
        for _ in range(2):
            poisoned(self.program.memory)
            kept = self.program.__globals__.get("results")
            for one in kept.arrays if kept else []:
                poisoned(one.reshape(-1))
            found = self.program(*arrays)
            for a, e in zip(found, self.expected, strict=True):
                assert a.dtype == e.dtype and a.shape == e.shape, self.name
                self.close(np.asarray(a), e)
            for a, e in zip(arrays, self.given, strict=True):
                np.testing.assert_array_equal(a, e, f"{self.name}: what was given has changed")

    def close(self, found, expected):
        """Equal to within rounding; NaN and infinities at the same places."""
        if expected.dtype.kind not in "fc":
            return np.testing.assert_array_equal(found, expected, self.name)
        finite = expected[np.isfinite(expected)]
        size = np.abs(finite).max(initial=1)  # of sums that are 0, rounding
        bound = 200 * np.finfo(expected.dtype).eps
        np.testing.assert_allclose(found, expected, bound, bound * float(size), err_msg=self.name)


def checked(pairs, dtypes):
    """Compile and check cases; how many of them there were."""
    pytest.importorskip("llvmlite")
    together, made = Together(), []
    for row, sample in pairs:
        for dtype in dtypes:
            try:
                made.append(Case(row, sample, dtype, together))
            except Unplanned:
                continue  # the replay does it
    together.now()
    for case in made:
        case.check()
    return made


def test_some_ops():
    """The first sample of some rows, as one text."""
    made = checked([(row, row.samples[0]) for row in QUICK], [np.float32])
    assert len(made) > 0.9 * len(QUICK)
    steps = [step for case in made for step in case.program.plan.steps]
    done = [step for step in steps if supported(step)]
    assert len(done) > 0.5 * len(steps)  # by machine code, not by NumPy


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.name not in READS], ids=lambda r: r.name
)
def test_every_op(row):
    checked([(row, sample) for sample in row.samples], [np.float32, np.float64])

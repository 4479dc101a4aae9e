"""Where plain arrays meet those of another kind: brackets, memory, looks at values."""

import numpy as np
import pytest

from autograd.arrays import dialect
from autograd.compiler.replaying.replay import Changed, program
from autograd.compiler.tapes.recorder import Recorded, Tape
from tests.foreign_array import ForeignArray


@pytest.fixture
def tape():
    return Tape()


def test_a_plain_array_indexed_by_another_kind(tape):
    found = dialect.pick(np.arange(4.0), tape.lift(np.array([2, 0])))
    assert isinstance(found, Recorded) and found.inside.tolist() == [2.0, 0.0]
    found = dialect.pick(np.ones((2, 3)), (slice(None), tape.lift(np.array([1]))))
    assert isinstance(found, Recorded) and found.shape == (2, 1)


def test_brackets_of_its_own(tape):
    x = ForeignArray([1.0, 2.0, 3.0])
    assert isinstance(dialect.pick(x, np.array([0])), ForeignArray)
    assert isinstance(dialect.pick(tape.lift(np.ones(2)), 0), Recorded)
    assert dialect.pick(np.arange(3), np.array([2])).tolist() == [2]
    assert dialect.pick(np.arange(3), (1, ...)).shape == ()


def test_memory_takes_what_is_written_to_it(tape):
    other = tape.lift(np.ones(2))
    for out in (
        dialect.room((2,), np.float64, np.ones(2), other),
        dialect.room((2,), np.float64, (slice(None), other)),
        dialect.written(np.zeros(2), 1.0, other),
        dialect.writable(np.zeros(2), other),
    ):
        assert isinstance(out, Recorded) and not out.inside.any()
        out[...] = other
        assert out.inside.tolist() == [1.0, 1.0]


def test_memory_of_one_kind():
    assert type(dialect.room((2,), np.int64, np.ones(2), 3)) is np.ndarray
    assert isinstance(dialect.room((2,), np.int64, 3, ForeignArray([1.0])), ForeignArray)
    x = np.ones((2, 3)).T
    assert dialect.written(x).flags.f_contiguous and dialect.writable(x, np.ones(1)) is x
    x = ForeignArray([1.0])
    assert dialect.writable(x, x) is x and dialect.written(x) is not x


def test_looks_at_values_are_checks(tape):
    x = tape.lift(np.array([3, 1]))
    assert dialect.everywhere(x > 0) and dialect.anywhere(x > 2)
    least, most = dialect.ends(x)
    assert 0 <= least <= most < 4 and not tape.refusals
    look = program(tape, {"x": x})
    assert look(np.array([2, 3])) == ()
    for other in ([3, 0], [1, 2], [3, 4]):
        with pytest.raises(Changed):
            look(np.array(other))


def test_a_class_of_the_protocol_comes_first(tape):
    """Whatever stands before it: an array without the method cannot know what to do with it."""
    other = tape.lift(np.ones(2))
    assert dialect.foreign((ForeignArray([1.0]), (0, other))) is other
    assert dialect.foreign((1, None, "x", np.float32(1), np.ones(1), [slice(2)])) is None

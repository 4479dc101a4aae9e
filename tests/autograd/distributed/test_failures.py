"""A rank that fails, stalls, dies or disagrees ends the job, and is named with its line."""

import time

import pytest

from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]

SOURCE = (mpi.SCRIPTS / "failing.py").read_text().splitlines()


def line(text, nth=0):
    """How a message names the line of the script with that text."""
    numbers = [i for i, one in enumerate(SOURCE, 1) if one.strip() == text]
    return f"failing.py:{numbers[nth]} ({text})"


CALL = f"all_reduce(SUM) of float32 (3,) at {line('dist.all_reduce(x)', 1)}"
NAMED = {
    "raise": ["rank 1 of 3 (", "ArithmeticError: no more", 'raise ArithmeticError("no more")'],
    "exit": ["rank 1 of 3 (", f"called sys.exit(3) at {line('sys.exit(3)')}, and the job ends"],
    "end": [f"rank 1 has ended, by sys.exit() at {line('sys.exit()')}. This rank calls {CALL}"],
    "not waited for": [
        f"rank 1 has ended, by sys.exit() at {line('sys.exit()', 1)}. This rank calls {CALL}"
    ],
    "not carried on": [
        f"all have begun it, and it is not through: rank 1 is at {line('time.sleep(100)')}, rank 2"
    ],
    "killed": [],
    "asleep": [f"within 1 s; rank 1 is at {line('time.sleep(100)', 1)}. This rank calls {CALL}"],
    "busy": ["within 1 s; rank 1 is at failing.py:"],
    "other call": [
        f"in call 2 ranks 0, 2 call {CALL}",
        "rank 1 calls broadcast(from rank 0) of float32 (3,) at "
        f"{line('dist.broadcast(x, src=0)')}",
    ],
    "other shape": ["rank 1 calls all_reduce(SUM) of float32 (4,)"],
    "other dtype": ["rank 1 calls all_reduce(SUM) of float64 (3,)"],
    "no message": [
        f"within 1 s; rank 1 is at {line('time.sleep(100)', 2)}. This rank calls recv of float32 "
        "(3,) from rank 1"
    ],
}
WAITS = {"asleep", "busy", "no message", "not carried on"}  # a second, until the timeout


@pytest.mark.parametrize("how", NAMED)
def test_a_rank_that_goes_wrong_ends_the_job(how, tmp_path):
    started = tmp_path / "started"
    ended = mpi.run(3, "failing.py", how, started)
    after = time.time() - float(started.read_text())
    assert ended.code == {"exit": 3, "killed": 9}.get(how, 1)
    for text in NAMED[how]:
        assert text in ended.err, ended.err
    assert after < (1 if how in WAITS else 0) + 2  # one second, and one for a busy machine


def test_ranks_may_end_one_after_the_other(tmp_path):
    assert mpi.run(3, "failing.py", "late", tmp_path / "started").well().err.count("Error") == 0

"""n processes train as one that adds up the gradients of n shares: numbers are the same."""

import numpy as np
import pytest

import optim
from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]

RULES = [name for name in optim.__all__ if name[0].isupper()]
RULES = [name for name in RULES if name not in ("Optimizer", "SparseAdam")]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_every_rule_gives_one_processes_numbers(n, dtype, tmp_path):
    together, alone = tmp_path / "together", tmp_path / "alone"
    together.mkdir(), alone.mkdir()
    mpi.run(n, "training.py", together, dtype, n, ",".join(RULES)).well()
    mpi.run(0, "training.py", alone, dtype, n, ",".join(RULES)).well()
    (expected,) = mpi.results(alone, 1)
    for found in mpi.results(together, n):
        for name in RULES:
            assert found[name] == expected[name], name


@pytest.mark.torch
def test_training_gives_what_gloo_gives(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir(), theirs.mkdir()
    mpi.run(2, "training.py", ours, "float64", 2, "SGD,AdamW").well()
    mpi.run_torch(2, "training.py", theirs, "float64", 2, "SGD,AdamW").well()
    for found, expected in zip(mpi.results(ours, 2), mpi.results(theirs, 2), strict=True):
        for name, wanted in expected.items():
            np.testing.assert_allclose(found[name]["losses"], wanted["losses"], rtol=1e-12)
            for key, value in wanted["state"].items():
                np.testing.assert_allclose(found[name]["state"][key], value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3])
def test_buffers_unused_parameters_and_passes_that_send_nothing(n):
    assert mpi.run(n, "details.py", "gradloom").well().out.count("through") == n


@pytest.mark.torch
def test_the_script_of_the_details_is_true_of_pytorch():
    assert mpi.run_torch(2, "details.py").well().out.count("through") == 2

"""The script that the page about several processes shows runs, and the examples do."""

import pytest

from tests import mpi
from tests.pages import DOCS

pytestmark = [pytest.mark.mpi, pytest.mark.slow]


@pytest.mark.parametrize("n", [0, 2])
def test_the_pages_script_runs(n, tmp_path):
    text = (DOCS / "distributed.md").read_text(encoding="utf-8")
    script = tmp_path / "train.py"
    script.write_text(text.split("```python\n")[1].split("```")[0].replace("model.pt", "m.pt"))
    mpi.run(n, script, folder=tmp_path).well()
    assert (tmp_path / "m.pt").exists()


def test_the_example_trains_in_parallel_and_goes_on(tmp_path):
    pytest.importorskip("sklearn"), pytest.importorskip("tqdm")
    example = mpi.ROOT / "examples" / "digits_parallel.py"
    first = mpi.run(2, example, "--epochs", 1, folder=tmp_path).well()
    assert "epoch 0: loss" in first.out
    second = mpi.run(2, example, "--epochs", 2, "--resume", folder=tmp_path).well()
    assert "epoch 1: loss" in second.out and "epoch 0" not in second.out
    assert "by 2 processes" in second.out


def test_the_sweep_is_one_function_for_all(tmp_path):
    example = mpi.ROOT / "examples" / "sweep.py"
    start = [mpi.mpiexec(), "-n", 2, mpi.sys.executable, "-m", "mpi4py.futures", example, "--mpi"]
    by_mpi = mpi.Ended(start, 120).well().out
    assert by_mpi.count("loss") == 12
    here = mpi.Ended([mpi.sys.executable, example], 120).well().out
    assert here == by_mpi


def test_dask_gives_the_sweeps_numbers():
    pytest.importorskip("distributed")  # Dask's
    example = mpi.ROOT / "examples" / "sweep.py"
    by_dask, here = (
        mpi.Ended([mpi.sys.executable, example, *how], 120).well().out for how in (["--dask"], [])
    )
    assert by_dask == here and here.count("loss") == 12

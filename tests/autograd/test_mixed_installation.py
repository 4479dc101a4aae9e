"""A package of HIPS's autograd in our folder is refused, by a file that only it has."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "autograd"


def imported_with(tmp_path, *files):
    """What ``import autograd`` prints and complains of where the package has these files too."""
    copy = tmp_path / "autograd"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name in files:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("")
    command = [sys.executable, "-c", "import autograd; print(autograd.ones(1).item())"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)


def test_files_of_hips_autograd_are_refused(tmp_path):
    run = imported_with(tmp_path, "numpy/numpy_jvps.py")
    assert run.returncode == 1
    assert "ImportError: autograd: gradloom needs its folder to itself" in run.stderr
    assert "pip uninstall -y autograd gradloom" in run.stderr


@pytest.mark.parametrize("name", ["differential_operators.py", "numpy/__init__.py"])
def test_names_that_are_ours_too_are_not(tmp_path, name):
    run = imported_with(tmp_path, name)
    assert (run.returncode, run.stdout) == (0, "1.0\n"), run.stderr

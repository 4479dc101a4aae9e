"""The scripts of examples/ run unchanged with PyTorch and without: they print the same losses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
STEPS = 20

# What PyTorch 2.13 prints after that many steps. None: the text it learns from is the Python's own.
PRINTED: dict[str, list[float] | None] = {
    "autoencoder": [0.0880],
    "character_rnn": [2.1357],
    "custom_function": [1.2133, 1.0340],
    "digits_cnn": [0.6064],
    "fine_tuning": [1.2138],
    "gan": [0.5757, 0.6384],
    "gpt": None,
    "graph_network": [0.8065],
    "lbfgs_fit": [0.002449],
    "logistic_regression": [0.1932],
    "policy_gradient": [-1.4259, 48.3],
    "siamese": [0.1828],
    "vae": [32.6392],
}

# One process for many scripts, since imports take longer than twenty steps.
DRIVER = """
import runpy, sys, traceback
steps, *paths = sys.argv[1:]
import torch
for path in paths:
    print("==", path, flush=True)
    torch.set_default_dtype(torch.float32)
    sys.argv = [path, "--steps", steps]
    try:
        runpy.run_path(path, run_name="__main__")
    except Exception:
        traceback.print_exc(file=sys.stdout)
"""


def python(*arguments: object) -> str:
    """What a Python process prints."""
    for package in ("sklearn", "tqdm"):
        pytest.importorskip(package)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *map(str, arguments)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return run.stdout


def printed(names, *runner: str) -> dict[str, dict[int, list[float]]]:
    """The numbers of the lines `step 20: loss 1.2345, ...` of every script, by the step."""
    paths = [EXAMPLES / f"{name}.py" for name in names]
    output = python(*runner, "-c", DRIVER, STEPS, *paths)
    assert "Traceback" not in output, output
    parts = re.split(r"^== (.*)\n", output, flags=re.M)[1:]
    number = r"-?\d+\.\d+|-?\binf\b|\bnan\b"
    return {
        Path(path).stem: {
            int(step): [float(x) for x in re.findall(number, line)]
            for step, line in re.findall(r"^step (\d+): (loss .*)$", part, re.M)
        }
        for path, part in zip(parts[::2], parts[1::2])
    }


def check(found, expected):
    wrong = {
        name: (found[name], expected[name])
        for name in expected
        if found[name] != pytest.approx(expected[name], rel=1e-3, abs=1e-3)
    }
    assert not wrong


def test_every_example_is_run():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*PRINTED, "digits"}


@pytest.mark.slow
def test_examples_print_pytorchs_losses():
    found = printed(PRINTED, "-m", "autograd")
    assert all(steps[STEPS] for steps in found.values())
    known = {name: losses for name, losses in PRINTED.items() if losses is not None}
    check({name: found[name][STEPS] for name in known}, known)


@pytest.mark.torch
def test_pytorch_prints_the_losses_too():
    pytest.importorskip("torch")
    theirs = printed(PRINTED)
    known = {name: losses for name, losses in PRINTED.items() if losses is not None}
    check({name: theirs[name][STEPS] for name in known}, known)
    for name in PRINTED.keys() - known.keys():
        check(printed([name], "-m", "autograd")[name], theirs[name])


def test_an_example_learns():
    output = python("-m", "autograd", EXAMPLES / "logistic_regression.py", "--steps", 200)
    share = re.search(r"^(\d+)% of 100 held-out tumours right$", output, re.M)
    assert share is not None and int(share.group(1)) >= 95, output

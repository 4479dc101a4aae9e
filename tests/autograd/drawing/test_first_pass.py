"""python -m autograd --draw: the first backward pass of a script as a file, and nothing else."""

import os
import subprocess
import sys

import pytest

import autograd

ROOT = os.path.dirname(os.path.dirname(autograd.__file__))
SCRIPT = """
import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
for step in range(2):
    loss = (3 - w * step).sum()
    loss.backward()
    print(step, loss.item(), w.grad.tolist())
"""


def ran(tmp_path, script, *options):
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, "-m", "autograd", *options, "script.py"]
    environment = os.environ | {"PYTHONPATH": ROOT}
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)


FIRST = """
import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        raise ValueError("wrong")
"""
IN_A_THREAD = """
import threading
one = threading.Thread(target=lambda: (w * 3).sum().backward())
one.start(), one.join()
"""
CAUGHT = """
try:
    Wrong.apply(w).sum().backward()
except ValueError:
    pass
(w * 5).sum().backward()
"""


def test_the_first_pass_is_drawn_and_the_script_runs_on(tmp_path):
    done = ran(tmp_path, SCRIPT, "--draw", "out.dot")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 6.0 [-0.0, -0.0]\n1 3.0 [-1.0, -1.0]\n"
    text = (tmp_path / "out.dot").read_text()
    assert "<B>3 - x</B>" in text and "<B>* 0</B>" in text and "data [3, 3]" in text


@pytest.mark.parametrize(
    ("script", "file", "told"),
    [
        ("print(1)", "out.svg", "--draw: the script ran no backward pass; nothing is drawn.\n"),
        (SCRIPT, "out.psd1", "--draw: out.psd1 is not drawn: draw: the format must be"),
        (FIRST + IN_A_THREAD, "out.svg", "--draw: the script ran no backward pass in its main thr"),
    ],
)
def test_what_is_not_drawn_is_said(tmp_path, script, file, told):
    done = ran(tmp_path, script, "--draw", file)
    assert done.returncode == 0 and done.stderr.startswith(told)
    assert not (tmp_path / file).exists()


def test_a_folder_is_no_file(tmp_path):
    done = ran(tmp_path, SCRIPT, "--draw", ".")
    assert done.stderr == "--draw: . is not drawn: it is a folder. Name a file in it\n"


def test_the_file_lies_where_the_script_was_started(tmp_path):
    (tmp_path / "inner").mkdir()
    ran(tmp_path, "import os\nos.chdir('inner')\n" + SCRIPT, "--draw", "out.dot")
    assert (tmp_path / "out.dot").exists() and not (tmp_path / "inner" / "out.dot").exists()


def test_a_pass_that_raised_is_drawn_where_it_was_the_last(tmp_path):
    done = ran(tmp_path, FIRST + CAUGHT, "--draw", "out.dot")
    text = (tmp_path / "out.dot").read_text()
    assert (done.returncode, done.stderr) == (0, "")
    assert "<B>* 5</B>" in text and "Wrong" not in text
    done = ran(tmp_path, FIRST + "Wrong.apply(w).sum().backward()", "--draw", "out.dot")
    assert "--draw: the backward pass raised; what it went back from is drawn.\n" in done.stderr
    assert done.returncode == 1 and "<B>Wrong</B>" in (tmp_path / "out.dot").read_text()


def test_passes_within_a_pass_are_not_the_first(tmp_path):
    script = """
from torch.utils.checkpoint import checkpoint
(checkpoint(torch.exp, w * 1, use_reentrant=True) * 3).sum().backward()
"""
    ran(tmp_path, FIRST + script, "--draw", "out.dot")
    assert "grad [8.155, 22.17]" in (tmp_path / "out.dot").read_text()

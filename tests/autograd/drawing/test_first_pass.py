"""python -m autograd --draw: the first backward pass of a script as a file, and nothing else."""

import os
import subprocess
import sys

import pytest

import autograd
from autograd.drawing.first_pass import FirstPass
from autograd.engine import observer

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


def test_the_first_pass_is_drawn_and_the_script_runs_on(tmp_path):
    done = ran(tmp_path, SCRIPT, "--draw", "out.dot")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 6.0 [-0.0, -0.0]\n1 3.0 [-1.0, -1.0]\n"
    text = (tmp_path / "out.dot").read_text()
    assert "<B>3 - x</B>" in text and "<B>* 0</B>" in text and "data [3, 3]" in text


@pytest.mark.parametrize(
    ("script", "file", "told"),
    [
        ("", "out.svg", "--draw: the script ran no backward pass; nothing is drawn.\n"),
        (SCRIPT, "out.psd1", "--draw: out.psd1 is not drawn: draw: the format must be html, dot,"),
    ],
)
def test_what_is_not_drawn_is_said(tmp_path, monkeypatch, capsys, script, file, told):
    monkeypatch.chdir(tmp_path)
    drawing = FirstPass(file)
    drawing.begin()
    try:
        exec(script.replace("import torch", "import autograd as torch"), {})
    finally:
        drawing.end()
    assert capsys.readouterr().err.startswith(told)
    assert not list(tmp_path.iterdir()) and not observer.listening

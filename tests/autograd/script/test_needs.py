"""``--missing``: what a script needs, read from its text."""

from autograd.script import needs
from autograd.script.missing import names_of

HELPER = "from torch import export as E\nE.Dim('n')\n"
SCRIPT = """
import torch, helper, numpy
import torch.nn as nn, torch.nn.functional as F
from torch.nn import Linear, Transfrmer
import torch._prims
try:
    from torch.onnx import export
except ImportError:
    export = None
if hasattr(F, "grouped_mm"):
    F.grouped_mm(1)
model = torch.nn.Sequential(Linear(1, 1))
torch.cuda.nvtx.range_push("a")
torch.backends.cudnn.benchmark = True
torch.compile(model).training
numpy.nothing
"""


def test_what_is_missing_is_listed_with_its_place(tmp_path, capsys, monkeypatch):
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "main.py").write_text(SCRIPT)
    # Here PyTorch may be installed and loaded, so the script is read as if it spelled ours.
    monkeypatch.setattr(needs.finder, "install", lambda **_: None)
    monkeypatch.setattr(needs, "TAKEN", {"autograd": "autograd"})
    for file in tmp_path.glob("*.py"):
        file.write_text(file.read_text().replace("torch", "autograd"))
    assert needs.report([str(tmp_path / "main.py")]) == 1
    lines = [line.replace(f"{tmp_path}/", "") for line in capsys.readouterr().out.splitlines()]
    found = [line.split(" is not in gradloom yet; ")[0] for line in lines]
    assert sorted(found) == [
        "helper.py:1: autograd.export",
        "main.py:13: autograd.cuda.nvtx",
        "main.py:4: autograd.nn.Transfrmer",
        "main.py:5: autograd._prims",
    ]
    assert [line for line in lines if "Transfrmer" in line][0].endswith("no such name either.")
    assert {"export", "_prims"} <= names_of("autograd")


def test_nothing_is_missing_and_nothing_can_be_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(needs.finder, "install", lambda **_: None)
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("import numpy\n")
    bad.write_text("def f(:\n")
    assert needs.report([str(good)]) == 0 and "nothing is missing" in capsys.readouterr().out
    assert needs.report([str(bad)]) == needs.report([str(tmp_path / "no.py")]) == 2

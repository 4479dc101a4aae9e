"""What importing the packages brings along, and what it does not."""

import pathlib
import subprocess
import sys

import autograd
from autograd.engine import graph, sweep

ROOT = pathlib.Path(autograd.__file__).parents[1]


def loaded_by(statement):
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def modules_after(statement):
    return {name.partition(".")[0] for name in loaded_by(statement)}


def test_autograd_loads_numpy_and_the_standard_library_only():
    loaded = loaded_by("import autograd")
    assert not [
        name for name in loaded if name.startswith(("autograd.diagnosis", "autograd.drawing"))
    ]
    assert sum(name.startswith("autograd") for name in loaded) <= 145  # what few need loads later
    found = {name.partition(".")[0] for name in loaded} - modules_after("import numpy")
    assert found - sys.stdlib_module_names == {"autograd"}
    assert not found & {"nn", "optim", "graphviz", "pygraphviz"}


def test_import_autograd_as_torch_is_enough():
    code = """
import sys
import autograd as torch
assert "nn" not in sys.modules
from autograd import optim
model = torch.nn.Linear(2, 1)
optim.SGD(model.parameters(), lr=0.1)
assert torch.autograd.grad is torch.grad and torch.nn.functional.relu
assert torch.autograd.function.Function is torch.autograd.Function
try:
    torch.ful
except AttributeError as error:
    assert "module 'autograd' has no attribute 'ful'" in str(error) and error.name == "ful"
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_garbage_is_not_looked_for_while_packages_load():
    code = """
import gc
import numpy
looks = []
gc.callbacks.append(lambda phase, info: looks.append((phase, info["generation"])))
import autograd, nn, optim
assert len(looks) < 20 and ("start", 2) not in looks, looks
assert gc.isenabled() and gc.get_freeze_count() == 0
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_nn_and_optim_do_not_know_each_other():
    assert "optim" not in modules_after("import nn")
    assert "nn" not in modules_after("import optim")


def test_the_graph_knows_no_op_by_name():
    for module in (graph, sweep):
        source = pathlib.Path(module.__file__).read_text(encoding="utf-8")
        assert "autograd.ops" not in source and "autograd.tensor" not in source

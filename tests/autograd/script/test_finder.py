"""Every spelling of a module is that module, loaded once; torch itself is never touched."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
import optim
from autograd.script import names

ROOT = Path(autograd.__file__).parents[1]


def test_spellings_that_a_textual_replacement_gives():
    import autograd.autograd
    import autograd.nn
    import autograd.nn.functional as F
    import autograd.optim as ours
    from autograd.autograd import Variable, grad
    from autograd.nn.modules.linear import Linear
    from autograd.optim.lr_scheduler import StepLR

    assert autograd.nn is nn and F is nn.functional and ours is optim
    assert Linear is nn.Linear and StepLR is optim.lr_scheduler.StepLR
    assert autograd.autograd is autograd and grad is autograd.grad and Variable
    assert isinstance(autograd.nn.Linear(1, 1), nn.Module)
    assert sys.modules["autograd.nn.functional"] is sys.modules["nn.functional"]


def test_a_module_stays_what_its_file_says():
    module = importlib.import_module("autograd.optim.lr_scheduler")
    assert module.__name__ == module.__spec__.name == "optim.lr_scheduler"
    assert importlib.util.find_spec("autograd.nn.init").name == "nn.init"
    assert importlib.util.find_spec("autograd.nothing") is None


def test_a_function_is_not_hidden_by_the_file_of_its_name():
    import autograd.nn.utils.clip_grad  # noqa: F401

    assert callable(nn.utils.clip_grad_norm_)
    assert nn.functional.softmax(autograd.ones(2), 0).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("name", sorted(set(names.ALIASES.values())))
def test_the_table_names_what_is_there(name):
    top = name.split(".")
    if (ROOT / "autograd" / top[-1]).exists() or top[:2] != ["autograd", "vision"]:
        importlib.import_module(name)


def test_torch_is_not_touched_where_no_script_is_run():
    code = "import autograd, sys; print([m for m in sys.modules if m.split('.')[0] == 'torch'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_einops_finds_our_tensors():
    einops = pytest.importorskip("einops")
    x = autograd.arange(24.0).reshape(2, 3, 4).requires_grad_()
    assert einops.rearrange(x, "b h w -> (b w) h").shape == (8, 3)
    assert einops.repeat(x, "b h w -> b (r h) w", r=2).shape == (2, 6, 4)
    assert einops.reduce(x, "b h w -> b", "max").tolist() == [11.0, 23.0]
    assert einops.reduce(x, "b h w -> b", "mean").tolist() == [5.5, 17.5]
    assert einops.einsum(x, x, "b h w, b k w -> b h k").shape == (2, 3, 3)
    einops.rearrange([x, x], "n b h w -> (n b) h w").sum().backward()
    assert (x.grad == 2).all()

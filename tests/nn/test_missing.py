"""Names of PyTorch's that are not there yet: the message says so, and suggests no other name."""

import importlib
import subprocess
import sys

import pytest

import autograd
import nn
import optim
from autograd.script import missing

MODULES = {
    name: importlib.import_module(name)
    for name in (
        "autograd",
        "nn",
        "nn.functional",
        "nn.init",
        "nn.utils",
        "optim",
        "optim.lr_scheduler",
    )
}


@pytest.mark.parametrize("name", MODULES)
def test_a_missing_name_says_so(name):
    for one in missing._NAMES[name].split():
        with pytest.raises(
            AttributeError, match=rf"^{name}\.{one} is not in gradloom yet; \w.*\.$"
        ):
            getattr(MODULES[name], one)
        assert not hasattr(MODULES[name], one)


def test_what_is_there_is_not_called_missing():
    for name, names in missing._NAMES.items():
        module = importlib.import_module(name)
        assert not [one for one in names.split() if one in vars(module)]


def test_what_to_write_instead_is_of_missing_names():
    known = {one for names in missing._NAMES.values() for one in names.split()}
    for names in missing._INSTEAD:
        assert set(names.split()) <= known
    for one in missing._FUNCTIONAL.split():
        assert one in vars(nn.functional) and one in missing._NAMES["autograd"].split()


def last_line(program):
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return ran.stderr.strip().splitlines()[-1]


def test_python_suggests_nothing_for_torchs_names_and_the_right_name_for_others():
    assert "Did you mean" not in last_line("import autograd\nautograd.save")
    assert "Did you mean" not in last_line("import nn\nnn.Conv2d")
    assert last_line("import nn\nnn.Linaer").endswith("Did you mean: 'Linear'?")
    assert last_line("import autograd\nautograd.arrange").endswith("Did you mean: 'arange'?")


def test_the_remedies_compute_what_they_say():
    x, weight = autograd.rand(2, 3, 6, 6), autograd.rand(4, 3, 3, 3)
    k = 3
    windows = x.unfold(2, k, 1).unfold(3, k, 1)
    y = autograd.einsum("ncyxij,ocij->noyx", windows, weight)
    assert y.shape == (2, 4, 4, 4)
    assert y[1, 2, 3, 0].item() == pytest.approx((x[1, :, 3:6, :3] * weight[2]).sum().item())
    assert x.unfold(2, k, k).unfold(3, k, k).amax((-2, -1))[0, 0, 1, 0] == x[0, 0, 3:, :3].max()
    row = autograd.einsum("nclk,ock->nol", x[:, :, 0].unfold(2, k, 1), weight[:, :, 0])
    assert row[0, 1, 2].item() == pytest.approx((x[0, :, 0, 2:5] * weight[1, :, 0]).sum().item())
    assert autograd.einsum("ni,oij,nj->no", x[0, 0], autograd.ones(2, 6, 6), x[0, 1]).shape == (
        6,
        2,
    )


@pytest.mark.torch
def test_all_missing_layers_functions_and_rules_are_known():
    torch = pytest.importorskip("torch")
    inner = {"Container", "LinearCrossEntropyOptions"}
    for ours, theirs in ((nn, torch.nn), (optim, torch.optim)):
        classes = {n for n, one in vars(theirs).items() if isinstance(one, type) and n[0] != "_"}
        known = {*vars(ours), *missing._NAMES[ours.__name__].split(), *inner}
        assert {n for n in classes if n != "NLLLoss2d"} <= known

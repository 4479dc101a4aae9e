"""Where things of nn live: functional and modules mirror each other, a name has one file."""

import ast
import importlib
from pathlib import Path

import pytest

import nn
from tests.op_cases import ROWS

ROOT = Path(nn.__file__).parent
# functional/x without modules/x: no layer wraps these
BARE = {
    "onehot": "data, not a layer",
    "vision": "a grid comes from a layer of the user's",
}
# the other way round: what holds layers, and layers whose function is a tensor's method
ALONE = {"module", "hooks", "state_dict", "conversion", "container", "flatten", "adaptive", "lazy"}
ALONE |= {"transformer", "utils"}  # made of other layers; what layers of one's own take
# used as modules: nn.utils.rnn.pad_sequence
OWN_NAMES = {ROOT / "utils" / "rnn.py", ROOT / "modules" / "utils.py"}
WITHOUT_ROW = {"reduction_of", "elu_", "celu_", "selu_", "relu_", "leaky_relu_", "hardtanh_"}
WITHOUT_ROW |= {"threshold_", "rrelu_"}  # written into the input: tests/nn/test_activation.py
WITHOUT_ROW |= {"upsample", "upsample_bilinear", "upsample_nearest"}  # interpolate's older names
WITHOUT_ROW |= {"gumbel_softmax"}  # random: tests/nn/test_dropout.py


def rooms(folder):
    return {p.stem for p in (ROOT / folder).iterdir() if p.stem[0] != "_"}


def files(folder):
    return [p for p in (ROOT / folder).rglob("*.py") if p.name != "__init__.py"]


def public(path):
    """What a file says in ``__all__``; None where it says nothing."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return None


def test_functional_and_modules_mirror_each_other():
    functional, modules = rooms("functional"), rooms("modules")
    assert functional - modules == BARE.keys()
    assert modules - functional == ALONE


def test_each_function_has_a_row():
    rows = {row.name.rpartition(".")[2] for row in ROWS if row.name.startswith("nn.functional.")}
    names = {name for path in files("functional") for name in public(path) or ()}
    assert names - rows == WITHOUT_ROW


@pytest.mark.parametrize("folder", ["functional", "modules", "utils"])
def test_a_public_name_is_exported_by_one_file_and_by_the_package(folder):
    package, seen = importlib.import_module(f"nn.{folder}"), {}
    for path in files(folder):
        if path in OWN_NAMES:
            continue
        names = public(path) or []
        assert names == sorted(names), path
        for name in names:
            assert seen.setdefault(name, path) is path, name
            assert hasattr(package, name), name
    shown = {n for n, value in vars(package).items() if n[0] != "_" and not is_module(value)}
    assert shown == seen.keys()


def is_module(value):
    return type(value) is type(ast)


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 500


def test_the_init_of_a_kind_holds_its_docstring_and_imports():
    for path in ROOT.rglob("__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert isinstance(body[0], ast.Expr), path  # the docstring
        found = {type(node) for node in body[1:]}
        assert found <= {ast.Import, ast.ImportFrom, ast.If, ast.With}, path


def test_torchs_own_spellings():
    spelled = [
        ("nn.parameter", "Parameter"),
        ("nn.modules", "Linear"),
        ("nn.modules.module", "Module"),
        ("nn.modules.loss", "_Loss"),
        ("nn.modules.loss", "_WeightedLoss"),
        ("nn.modules.container", "Sequential"),
        ("nn.modules.activation", "ReLU"),
        ("nn.modules.linear", "Identity"),
        ("nn.utils.clip_grad", "clip_grad_norm_"),
        ("nn.utils.convert_parameters", "vector_to_parameters"),
        ("nn.init", "_calculate_fan_in_and_fan_out"),
    ]
    for module, name in spelled:
        assert hasattr(importlib.import_module(module), name), (module, name)


@pytest.mark.torch
def test_layers_are_in_the_files_where_torch_has_them():
    torch_nn = pytest.importorskip("torch.nn")
    for name, layer in vars(nn).items():
        theirs = getattr(torch_nn, name, None)
        if layer in (
            nn.Softmax,
            nn.Softmax2d,
            nn.LogSoftmax,
            nn.Softmin,
        ):  # with the others in torch
            assert layer.__module__ == "nn.modules.softmax"
        elif layer is nn.DataParallel:  # in a folder in torch
            assert theirs.__module__.startswith("torch." + layer.__module__)
        elif layer is nn.MultiheadAttention:
            assert layer.__module__ == "nn.modules.attention"
        elif isinstance(layer, type) and issubclass(layer, nn.Module):
            ours = "torch." + layer.__module__
            assert f"{ours}.".startswith(f"{theirs.__module__}."), name

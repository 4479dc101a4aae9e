"""Names of PyTorch's that are not there yet raise when used, and no other name is suggested."""

import importlib
import subprocess
import sys

import pytest

import nn
import optim
from autograd.script import missing
from autograd.script.absent import Module

MODULES = {
    name: importlib.import_module(name)
    for name in (
        "autograd",
        "autograd.amp",
        "autograd.cuda",
        "autograd.distributed",
        "autograd.jit",
        "nn",
        "nn.functional",
        "nn.init",
        "nn.utils",
        "optim",
        "optim.lr_scheduler",
    )
}


def absent(name):
    """What PyTorch's module has and ours has not."""
    return [one for one in sorted(missing.names_of(name)) if not hasattr(MODULES[name], one)]


@pytest.mark.parametrize("name", MODULES)
def test_a_missing_name_says_so(name):
    for one in absent(name):
        with pytest.raises(AttributeError, match=rf"\.{one} is not in gradloom yet; \w.*[^.]\.$"):
            getattr(MODULES[name], one)
        assert not hasattr(MODULES[name], one)


def test_a_name_that_is_imported_raises_when_it_is_used():
    from autograd import export
    from nn import LinearCrossEntropyOptions as Absent

    assert not isinstance(1, (int, Absent)[1]) and Absent | None is not None
    assert "nn.LinearCrossEntropyOptions is not in gradloom" in repr(Absent)
    with pytest.raises(NotImplementedError, match=r"^nn\.LinearCrossEntropyOptions is not in"):
        Absent()
    with pytest.raises(NotImplementedError, match=r"^nn\.LinearCrossEntropyOptions is not in"):

        class Derived(Absent):
            pass

    with pytest.raises(AttributeError, match=r"^nn\.LinearCrossEntropyOptions is not in"):
        Absent.mean()
    with pytest.raises(AttributeError, match=r"^autograd\.export\.Dim is not in gradloom yet; "):
        export.Dim()
    assert not hasattr(nn, "LinearCrossEntropyOptions") and not hasattr(export, "Dim")


def test_a_module_of_pytorchs_that_is_not_here_can_be_imported():
    import autograd._prims.deeper as deeper
    import autograd.onnx
    from autograd.onnx import export

    for use in (lambda: deeper.x, lambda: autograd.onnx.load, lambda: export.x):
        with pytest.raises(AttributeError, match="is not in gradloom yet"):
            use()
    with pytest.raises(NotImplementedError, match=r"^autograd\.onnx\.export is not in gradloom"):
        export(None)
    assert importlib.util.find_spec("autograd.nativert") is None
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'autograd\.nonsense'$"):
        import autograd.nonsense  # noqa: F401


def test_a_script_that_is_prepared_for_it_sees_the_import_fail():
    import contextlib

    found = []
    try:
        from nn import LinearCrossEntropyOptions  # noqa: F401
    except ImportError:
        found.append("name")
    try:
        import autograd.nativert  # noqa: F401
    except (ImportError, OSError):
        found.append("module")
    with contextlib.suppress(ImportError):
        from autograd import nativert  # noqa: F401

        found.append("not reached")
    assert found == ["name", "module"]
    assert "LinearCrossEntropyOptions" not in locals()


def test_what_to_write_instead_is_of_names_that_are_missing():
    """The leftovers that this prints can be taken out of ``_INSTEAD``."""
    leftovers = []
    for names in missing._INSTEAD:
        for one in names.split():
            if "." in one:  # of a module
                continue
            name = one.rpartition(".")[2]
            places = [module for module in MODULES if name in missing.names_of(module)]
            assert places, name
            found = [getattr(MODULES[place], name, None) for place in places]
            if found and not any(one is None or isinstance(one, Module) for one in found):
                leftovers.append(one)
    assert leftovers == []


def last_line(program):
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return ran.stderr.strip().splitlines()[-1]


def test_python_suggests_nothing_for_torchs_names_and_the_right_name_for_others():
    assert "Did you mean" not in last_line("import autograd\nautograd.export")
    assert "Did you mean" not in last_line("import nn\nnn.LinearCrossEntropyOptions")
    assert last_line("import nn\nnn.Linaer").endswith("Did you mean: 'Linear'?")
    assert last_line("import autograd\nautograd.arrange").endswith("Did you mean: 'arange'?")


@pytest.mark.torch
def test_the_list_is_pytorchs():
    pytest.importorskip("torch", minversion="2.13")
    from tests import torch_names

    path = importlib.resources.files("autograd.script") / "pytorch.txt"
    assert path.read_text(encoding="utf-8") == torch_names.listing()


@pytest.mark.torch
def test_all_layers_and_rules_are_here_or_known_to_be_missing():
    torch = pytest.importorskip("torch")
    for ours, theirs in ((nn, torch.nn), (optim, torch.optim)):
        classes = {n for n, one in vars(theirs).items() if isinstance(one, type) and n[0] != "_"}
        assert {n for n in classes if n != "NLLLoss2d"} <= missing.names_of(ours.__name__)

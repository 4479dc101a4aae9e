"""Files of safetensors, where the library is installed; what is said where it is not."""

import importlib
import importlib.util
import pickle

import pytest

import autograd
import nn
from autograd.serialization import safetensors

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("safetensors") is None, reason="needs the library safetensors"
)


def test_without_the_library(monkeypatch, tmp_path):
    def absent(name, *arguments):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(ImportError, match=r'pip install "gradloom\[safetensors\]"'):
        safetensors.save_file({"a": autograd.ones(1)}, tmp_path / "a")
    assert not list(tmp_path.iterdir())


@needs_library
def test_tensors_come_back(tmp_path):
    path = tmp_path / "a.safetensors"
    given = {
        "turned": autograd.arange(6.0).reshape(2, 3).t(),
        "number": autograd.tensor(2.5, dtype="float64"),
        "truth": autograd.tensor([True, False]),
        "none": autograd.zeros(0, 2),
        "small": autograd.ones(2, dtype="uint16"),
        "learned": autograd.ones(2, requires_grad=True),
    }
    safetensors.save_file(given, path, metadata={"format": "pt"})
    found = safetensors.load_file(path)
    assert found.keys() == given.keys()
    for name, tensor in given.items():
        assert found[name].dtype == tensor.dtype and found[name].tolist() == tensor.tolist()
        found[name].fill_(1)  # it can be written
    assert safetensors.load(path.read_bytes())["number"].item() == 2.5
    with pytest.raises(pickle.UnpicklingError, match="safetensors.load_file"):
        autograd.load(path)


@needs_library
def test_whole_modules(tmp_path):
    path = tmp_path / "a.safetensors"

    def tied():
        model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
        model[1].weight = model[0].weight
        return model

    model, other = tied(), tied()
    safetensors.save_model(model, path)
    assert safetensors.load_model(other, path) == (set(), [])
    for ours, theirs in zip(model.parameters(), other.parameters(), strict=True):
        assert ours.tolist() == theirs.tolist()
    with pytest.raises(RuntimeError, match="missing: 1.weight; unexpected: none"):
        safetensors.load_model(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)), path)
    with pytest.raises(RuntimeError, match="must not share memory.*save_model"):
        safetensors.save_file(model.state_dict(), path)


@needs_library
def test_mistakes(tmp_path):
    for wrong in (3, [autograd.ones(1)], {"a": 3}, {1: autograd.ones(1)}):
        with pytest.raises(TypeError, match="save_file: expected a dict"):
            safetensors.save_file(wrong, tmp_path / "a")
    with pytest.raises(TypeError, match="must know the dtype"):
        safetensors.save({"a": autograd.ones(1, dtype="complex128")})
    data = safetensors.save({"a": autograd.ones(1)})
    for wrong in (b"", data[:-1], b"\xff" * 20):
        with pytest.raises(RuntimeError, match="must be of safetensors, and whole"):
            safetensors.load(wrong)
    with pytest.raises(FileNotFoundError, match="load_file: the file must be there"):
        safetensors.load_file(tmp_path / "none")
    for call in (safetensors.load_file, lambda path: safetensors.save_file({}, path)):
        with pytest.raises(TypeError, match="expected a path"):
            call(3)


@needs_library
@pytest.mark.torch
def test_files_of_torch_and_for_torch(tmp_path):
    torch = pytest.importorskip("torch")
    theirs = pytest.importorskip("safetensors.torch")
    path = tmp_path / "a.safetensors"
    safetensors.save_file(nn.Linear(2, 3).state_dict(), path)
    assert theirs.load_model(torch.nn.Linear(2, 3), path) == (set(), [])
    theirs.save_file({"a": torch.arange(4).reshape(2, 2)}, path)
    assert safetensors.load_file(path)["a"].tolist() == [[0, 1], [2, 3]]

"""Files of PyTorch load here, and files from here load there."""

import io

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.arrays.dtypes import NAMES
from tests.autograd.serialization.files import loaded, saved
from tests.rows.optim import ROWS as RULES
from tests.test_every_layer import ROWS as LAYERS, twin_of
from tests.training import close, parameters, run, values

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
safe = {"weights_only": True}


def from_here(obj, **options):
    """What PyTorch loads of what is saved here."""
    return torch.load(io.BytesIO(saved(obj)), **(options or safe))


def from_there(obj, load=loaded, **options):
    """What is loaded here of what PyTorch saves."""
    file = io.BytesIO()
    torch.save(obj, file, **options)
    return load(file.getvalue())


def same(ours, theirs):
    """Whether two objects are one and the same, in our words and in PyTorch's."""
    if isinstance(ours, autograd.Tensor):
        assert type(ours).__name__ == type(theirs).__name__
        assert str(ours.dtype).rpartition(".")[2] == str(theirs.dtype).rpartition(".")[2]
        assert ours.requires_grad == theirs.requires_grad
        assert tuple(ours.shape) == tuple(theirs.shape) and ours.tolist() == theirs.tolist()
        if ours.numel():
            assert ours.stride() == theirs.stride()
    elif isinstance(ours, dict):
        assert type(ours) is type(theirs) and list(ours) == list(theirs)
        for key in ours:
            same(ours[key], theirs[key])
    elif isinstance(ours, (list, tuple)):
        assert type(ours).__name__ == type(theirs).__name__ and len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            same(one, other)
    elif type(ours).__name__ in ("device", "dtype") or "DType" in type(ours).__name__:
        assert str(ours).rpartition(".")[2] == str(theirs).rpartition(".")[2]
    else:
        assert type(ours) is type(theirs) and ours == theirs


def things(core, layers):
    """One object in the words of either library."""
    x = core.arange(24.0).reshape(2, 3, 4)
    kinds = [getattr(core, name) for name in NAMES]
    return {
        "dtypes": [core.ones(2, 3).to(kind) for kind in kinds],
        "names": kinds,
        "views": [x, x[1], x.permute(2, 0, 1), x[0, ::2, 1:], core.ones(1, 3).expand(2, 3)],
        "scalars": [core.tensor(1.5), core.tensor(True), core.zeros(0, 3), core.tensor(2)],
        "parameters": [layers.Parameter(core.ones(2)), layers.Parameter(core.ones(1), False)],
        "result": (core.ones(2, requires_grad=True) * 2).sum(),
        "plain": [None, True, 3, -1, 2**31, 2**70, 1.5, 1j, "é", b"\xff", b"", (), (1,), [[]], {}],
        "sets": [{1, 2}, bytearray(b"a")],
        "shape": x.shape,
        "device": core.device("cpu"),
        7: {(1, "a"): 2},
    }


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_files_of_torch(protocol):
    theirs = things(torch, torch.nn)
    same(from_there(theirs, pickle_protocol=protocol), theirs)


def test_files_of_old_torch():
    theirs = things(torch, torch.nn)
    theirs["dtypes"] = theirs["dtypes"][:8]
    same(from_there(theirs, _use_new_zipfile_serialization=False), theirs)


def test_files_for_torch():
    ours = things(autograd, nn)
    same(ours, from_here(ours))


def test_views_share_their_memory_there():
    x = autograd.arange(6.0)
    view, whole = from_here([x[2:4], x])
    whole.fill_(7)
    assert view.tolist() == [7, 7]


def test_more_than_what_torch_allows_by_default():
    found = from_there({"score": np.float64(1.5), "scores": np.arange(3), "set": frozenset([1])})
    assert found["score"] == 1.5 and found["scores"].tolist() == [0, 1, 2] and found["set"] == {1}
    theirs = torch.tensor([1 + 2j, 3j])
    assert from_there(theirs.conj()).tolist() == [1 - 2j, -3j]
    assert from_there(theirs.conj().imag).tolist() == [-2, -3]
    found = from_here({"score": np.float64(1.5), "scores": np.ones(2)}, weights_only=False)
    assert found["score"] == 1.5 and found["scores"].tolist() == [1, 1]


def test_what_torch_puts_on_tensors():
    p = torch.nn.Parameter(torch.ones(2))
    p.note = ["a"]
    ours = from_there([p, torch.nn.Buffer(torch.ones(1), persistent=False)])
    assert ours[0].note == ["a"] and type(ours[1]) is nn.Buffer and ours[1].persistent is False
    back = from_here(ours)
    assert back[0].note == ["a"] and isinstance(back[1], torch.nn.Buffer)


def test_storages():
    assert from_there(torch.ones(3).untyped_storage()).nbytes() == 12
    with pytest.warns(UserWarning, match="TypedStorage is deprecated"):
        assert from_there(torch.ones(2).storage()).size() == 2
    assert from_here(autograd.ones(3).untyped_storage()).nbytes() == 12


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: torch.nn.Linear(2, 2), "model.state_dict"),
        (lambda: torch.eye(2).to_sparse(), "sparse"),
        (lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "quantized"),
        (lambda: torch.ones(2).to(torch.float8_e5m2), "torch.float8_e5m2"),
    ],
)
def test_what_is_not_read(make, words):
    with pytest.warns(UserWarning) if words == "quantized" else pytest.MonkeyPatch.context():
        data = from_there(make(), load=bytes)
    with pytest.raises(Exception, match=words) as caught:
        loaded(data)
    assert str(caught.value).startswith("load: ")


def test_mapped_files(tmp_path):
    theirs = {"a": torch.arange(5), "b": torch.ones(3, dtype=torch.float64)}
    torch.save(theirs, tmp_path / "a.pt")
    same(autograd.load(tmp_path / "a.pt", mmap=True), theirs)
    autograd.save(autograd.load(tmp_path / "a.pt"), tmp_path / "b.pt")
    back = torch.load(tmp_path / "b.pt", mmap=True)
    assert back["a"].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_every_layer(row):
    layer = row.make()
    twin = twin_of(torch, layer)
    twin.load_state_dict(from_here(layer.state_dict()))
    state = from_there(twin.state_dict())
    assert list(state) == list(layer.state_dict())
    other = row.make()
    other.load_state_dict(state)
    for (name, ours), theirs in zip(
        layer.state_dict().items(), twin.state_dict().values(), strict=True
    ):
        assert ours.tolist() == theirs.tolist() == other.state_dict()[name].tolist()


@pytest.mark.parametrize("row", [row for row in RULES if row.theirs], ids=str)
def test_every_rule(row):
    shapes = [(2, 3), (3,)]
    params = parameters(shapes=shapes)
    theirs = [torch.tensor(value, requires_grad=True) for value in values(params)]
    steps = np.random.default_rng(0).standard_normal((6, 9))

    def step(k, optimizer, oracle):
        grads = [steps[k][:6].reshape(2, 3), steps[k][6:]]
        run(optimizer, params, [grads])
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g)
        oracle.step()

    optimizer = row.rule(params, **row.options)
    oracle = getattr(torch.optim, row.rule.__name__)(theirs, **row.options)
    for k in range(2):
        step(k, optimizer, oracle)
    optimizer_2 = row.rule(params, **row.options)
    oracle_2 = getattr(torch.optim, row.rule.__name__)(theirs, **row.options)
    optimizer_2.load_state_dict(from_there(oracle.state_dict()))
    oracle_2.load_state_dict(from_here(optimizer.state_dict()))
    for k in range(2, 6):
        step(k, optimizer_2, oracle_2)
    counts = row.rule.__name__ in ("NAdam", "ASGD")  # which PyTorch keeps in float32
    close(values(params), [p.detach().numpy() for p in theirs], rtol=1e-6 if counts else 1e-9)


@pytest.mark.parametrize(
    "name, options", [("StepLR", {"step_size": 2}), ("CosineAnnealingLR", {"T_max": 4})]
)
def test_schedules(name, options):
    ours = getattr(optim.lr_scheduler, name)(
        optim.SGD(parameters(shapes=[(1,)]), lr=1.0), **options
    )
    oracle = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0)
    theirs = getattr(torch.optim.lr_scheduler, name)(oracle, **options)
    for _ in range(3):
        oracle.step()
        theirs.step()
    ours.load_state_dict(from_there(theirs.state_dict()))
    theirs.load_state_dict(from_here(ours.state_dict()))
    assert ours.last_epoch == theirs.last_epoch == 3

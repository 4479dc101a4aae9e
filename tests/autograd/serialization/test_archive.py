"""What save() writes and load() reads back."""

import argparse
import collections
import gzip
import io
import pickle
import tarfile
import zipfile

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.arrays.dtypes import NAMES
from autograd.serialization import get_safe_globals, safe_globals
from tests.autograd.serialization.files import again, file_of, loaded, records_of, saved
from tests.training import gradients, parameters, run, values


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 3), (1,)])
def test_every_dtype(name, shape):
    x = autograd.tensor(np.arange(np.prod(shape)).reshape(shape), dtype=name)
    twin = again(x)
    assert twin.dtype == x.dtype and twin.shape == x.shape and twin.tolist() == x.tolist()
    assert not twin.requires_grad
    twin.add_(1) if name != "bool" else twin.fill_(True)  # it can be written


PLAIN = [
    None, True, False, 0, 255, 256, -1, 2**31, -(2**70), 2.5, float("inf"), 1j, "", "é\ud800", b"",
    b"a\xff", bytearray(b"b"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, (4,)), [], [1, [2]], {},
    {"a": {1: (2.0, None)}}, {1}, set(), frozenset([1]), collections.OrderedDict(b=1, a=2),
    collections.Counter("aab"), autograd.Size([2, 3]), autograd.device("cuda:1"), autograd.float32,
    np.float64(1.5), np.int8(-3), np.bool_(True),
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values(value):
    twin = again([value, value])[1]
    assert twin == value and type(twin) is type(value)


def test_arrays_of_numpys():
    for array in (
        np.arange(6.0).reshape(2, 3),
        np.array(3, "i2"),
        np.ones((2, 3), order="F"),
        np.zeros((0, 2), "?"),
    ):
        twin = again({"a": array})["a"]
        np.testing.assert_array_equal(twin, array)
        assert twin.dtype == array.dtype and twin.flags.writeable


def test_what_is_one_stays_one():
    x, held = autograd.ones(2), []
    held.append((x, held, 1, 2))
    first, second, ring = again([x, x, held])
    assert first is second is ring[0][0] and ring[0][1] is ring


def test_views_share_their_memory():
    x = autograd.arange(24.0).reshape(2, 3, 4)
    views = [x[1], x.permute(2, 0, 1), x[0, ::2, 1:], x.reshape(-1)[5], x[:0]]
    twins = again([*views, x])
    whole = twins.pop()
    for view, twin in zip(views, twins, strict=True):
        assert twin.tolist() == view.tolist() and twin.stride() == view.stride()
    whole.fill_(7)
    for twin in twins:
        assert (twin == 7).all()


def test_of_memory_only_what_is_shown_is_written():
    x = autograd.zeros(100_000)
    assert len(saved(x[10:20])) < 3000 < len(saved(x))
    assert again(autograd.from_numpy(np.arange(5)[::-1])).tolist() == [4, 3, 2, 1, 0]
    assert again(autograd.ones(1, 3).expand(4, 3)).stride() == (0, 1)
    both = np.zeros(2, "c8")
    pair = again([autograd.from_numpy(both), autograd.from_numpy(both.view("f4"))])
    assert pair[1].dtype == autograd.float32  # one memory in two dtypes: two memories in the file


def test_parameters_and_what_is_put_on_tensors():
    p = nn.Parameter(autograd.ones(2))
    p.note, frozen = ["a"], nn.Parameter(autograd.arange(2), requires_grad=False)
    buffer, x = nn.Buffer(autograd.ones(1), persistent=False), autograd.ones(1)
    x.note = {"a": 1}
    result = (x.clone().requires_grad_() * 2).sum()
    p2, frozen2, buffer2, x2, result2 = again([p, frozen, buffer, x, result])
    assert type(p2) is nn.Parameter and p2.requires_grad and p2.note == ["a"]
    assert type(frozen2) is nn.Parameter and not frozen2.requires_grad
    assert type(buffer2) is nn.Buffer and buffer2.persistent is False
    assert type(x2) is autograd.Tensor and x2.note == {"a": 1}
    assert result2.requires_grad and result2.is_leaf and result2.item() == 2


def test_the_state_of_a_training(tmp_path):
    path = tmp_path / "state.pt"
    params, steps = parameters(shapes=[(2, 3), (3,)]), gradients(6, [(2, 3), (3,)])
    optimizer = optim.Adam(params, lr=0.1)
    run(optimizer, params, steps[:3])
    autograd.save({"optimizer": optimizer.state_dict(), "params": params}, path)
    run(optimizer, params, steps[3:])
    found = autograd.load(path)
    other = optim.Adam(found["params"], lr=1.0)
    other.load_state_dict(found["optimizer"])
    run(other, found["params"], steps[3:])
    for ours, theirs in zip(values(params), values(found["params"]), strict=True):
        np.testing.assert_array_equal(ours, theirs)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
        self.tied = self.layers[0].weight
        self.register_buffer("mean", autograd.ones(2))


def test_a_whole_module_comes_back_where_its_classes_are_allowed():
    net = Net()
    data = saved(net)
    with pytest.raises(pickle.UnpicklingError, match=r"Net, nn.Sequential, nn.Linear, nn.ReLU\. "):
        loaded(data)
    with safe_globals([Net, nn.Sequential, nn.Linear, nn.ReLU]):
        twin = loaded(data)
    assert get_safe_globals() == []
    assert type(twin) is Net and twin.tied is twin.layers[0].weight
    for (name, ours), (other, theirs) in zip(
        net.state_dict().items(), twin.state_dict().items(), strict=True
    ):
        assert name == other and ours.tolist() == theirs.tolist()


def test_a_file_names_classes_of_ours_by_their_public_path():
    content = records_of(saved(nn.Linear(2, 2)))["archive/data.pkl"]
    assert b"cnn\nLinear\n" in content and b"nn.modules" not in content


def test_weights_only_false_is_refused_where_it_would_matter_with_what_to_write():
    assert again({"a": 1}, weights_only=False) == {"a": 1}
    given = argparse.Namespace(lr=0.1)
    with pytest.raises(RuntimeError, match=r"safe_globals\(\[argparse.Namespace\]\)"):
        again({"args": given}, weights_only=False)
    with pytest.raises(pickle.UnpicklingError, match=r"safe_globals\(\[argparse.Namespace\]\)"):
        again({"args": given})
    with safe_globals([argparse.Namespace]):
        assert again({"args": given}) == {"args": given}
        assert again({"args": given}, weights_only=False) == {"args": given}
    with safe_globals([(argparse.Namespace, "argparse.Namespace")]):
        assert again({"args": given}) == {"args": given}


def test_what_cannot_be_written_is_told_with_its_place(tmp_path):
    class Local:
        pass

    path = tmp_path / "a.pt"
    autograd.save(1, path)
    for value in (lambda: 0, Local(), (i for i in ()), np, open):
        if value is open:
            value = path.open("rb")
        with pytest.raises(
            pickle.PicklingError, match=r"obj\['args'\]\[1\]\.\w* is .*Leave it out"
        ):
            autograd.save({"args": (0, argparse.Namespace(a=value))}, path)
    value.close()
    deep = []
    for _ in range(3000):
        deep = [deep]
    with pytest.raises(pickle.PicklingError, match="nested"):
        autograd.save(deep, path)
    with pytest.raises(pickle.PicklingError, match="2040 bits"):
        autograd.save(2**3000, path)
    assert autograd.load(path) == 1 and len(list(tmp_path.iterdir())) == 1


# -- files -----------------------------------------------------------------------------------------


def test_paths_and_open_files(tmp_path):
    for path in (tmp_path / "model.best.pt", str(tmp_path / "b"), tmp_path / "é.pt"):
        autograd.save({"a": 1}, path)
        assert autograd.load(path) == autograd.load(str(path)) == {"a": 1}
    with (tmp_path / "c").open("wb") as file:
        autograd.save([2], file)
    with (tmp_path / "c").open("rb") as file:
        assert autograd.load(file) == [2]
    with gzip.open(tmp_path / "d", "wb") as file:  # it cannot go back
        autograd.save([4], file)
    with gzip.open(tmp_path / "d") as file:
        assert loaded(file.read()) == [4]
    inside = io.BytesIO()
    inside.write(b"head")
    autograd.save([3], inside)
    inside.seek(4)
    assert autograd.load(inside) == [3]
    names = zipfile.ZipFile(tmp_path / "model.best.pt").namelist()
    assert names[0] == "model.best/data.pkl" and "model.best/byteorder" in names


def test_records_lie_where_memory_can_be_mapped(tmp_path):
    data = saved([autograd.ones(3), autograd.ones(5, dtype="float64"), "a" * 77])
    for entry in zipfile.ZipFile(io.BytesIO(data)).infolist():
        begin = entry.header_offset + 30 + len(entry.filename) + len(entry.extra)
        assert begin % 64 == 0


def test_memory_is_mapped_and_the_file_left_alone(tmp_path):
    path = tmp_path / "a.pt"
    autograd.save(
        [autograd.arange(4), autograd.ones(2), autograd.zeros(0), autograd.tensor(True)], path
    )
    before = path.read_bytes()
    x, ones, none, one = autograd.load(path, mmap=True)
    assert x.tolist() == [0, 1, 2, 3] and none.numel() == 0 and one.item()
    x.add_(1)
    assert x.tolist() == [1, 2, 3, 4] and path.read_bytes() == before
    assert ones.tolist() == [1, 1] and len(saved(ones)) < 3000
    with pytest.raises(ValueError, match="needs the path"):
        autograd.load(io.BytesIO(before), mmap=True)


def test_bytes_in_the_other_order():
    records = records_of(saved(autograd.tensor([1.0, 2.0])))
    raw = np.array([1.0, 2.0], ">f4").tobytes()
    data = file_of({**records, "archive/byteorder": b"big", "archive/data/0": raw})
    assert loaded(data).tolist() == [1.0, 2.0]


def test_locations():
    data = saved([autograd.ones(2), autograd.zeros(1)])
    seen = []

    def put(storage, location):
        seen.append((storage.nbytes(), location))
        return storage if storage.nbytes() == 8 else None

    for where in (
        "cpu",
        autograd.device("cpu"),
        {"cuda:0": "cpu"},
        {"cpu": "cpu"},
        put,
        lambda s, l: s.cpu(),
    ):
        assert loaded(data, map_location=where)[0].tolist() == [1, 1]
    assert seen == [(8, "cpu"), (4, "cpu")]
    for where in ("cuda:0", {"cpu": "cuda:1"}, lambda s, l: s.cuda(0)):
        with pytest.raises(RuntimeError, match="tensors live on the CPU"):
            loaded(data, map_location=where)
    for where in (3, lambda s, l: 3):
        with pytest.raises(Exception, match="load: map_location must"):
            loaded(data, map_location=where)


def test_what_was_on_a_gpu_comes_to_the_cpu():
    records = records_of(saved(autograd.ones(2)))
    content = records["archive/data.pkl"].replace(b"\x03\x00\x00\x00cpu", b"\x06\x00\x00\x00cuda:0")
    data = file_of({**records, "archive/data.pkl": content})
    for where in (None, "cpu", {"cuda:0": "cpu"}, lambda s, location: s):
        assert loaded(data, map_location=where).tolist() == [1, 1]
    with pytest.raises(RuntimeError, match="tensors live on the CPU"):
        loaded(data, map_location={"cuda:0": "cuda:1"})


@pytest.mark.parametrize("f", [None, 3, 3.5, [], b"a"])
def test_what_is_no_file(f):
    for call in (autograd.load, lambda f: autograd.save(1, f)):
        with pytest.raises(TypeError, match="expected a path, or a file open for"):
            call(f)


def test_other_mistakes(tmp_path):
    with pytest.raises(FileNotFoundError, match="load: the file must be there"):
        autograd.load(tmp_path / "none.pt")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        autograd.save(1, tmp_path)
    with pytest.raises(RuntimeError, match="folder must exist"):
        autograd.save(1, tmp_path / "none" / "a.pt")
    with pytest.raises(EOFError, match=r"it is empty. .* file.seek\(0\) goes back"):
        loaded(b"")
    with pytest.raises(pickle.UnpicklingError, match="this one is a pickle"):
        loaded(pickle.dumps(1))
    with pytest.raises(pickle.UnpicklingError, match="begins with b'hello'"):
        loaded(b"hello")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as file:
        file.addfile(tarfile.TarInfo("sys_info"))
    with pytest.raises(pickle.UnpicklingError, match="a tar file"):
        loaded(packed.getvalue())
    with pytest.raises(TypeError, match="mode 'rb'"):
        autograd.load(io.StringIO("a"))
    with pytest.raises(TypeError, match="open for writing in binary"):
        autograd.save(1, io.StringIO())

    class Pipe(io.BytesIO):
        def seek(self, *place):
            raise io.UnsupportedOperation("seek")

    with pytest.raises(TypeError, match="Read it into io.BytesIO first"):
        autograd.load(Pipe(saved(1)))
    for options in ({"weights_only": 3}, {"other": 1}):
        with pytest.raises(TypeError, match="load: "):
            again(1, **options)
    with pytest.raises(ValueError, match="encoding must be one of"):
        again(1, encoding="idna")


def test_numpys_files(tmp_path):
    path = tmp_path / "a.npz"
    model = nn.Linear(2, 3)
    np.savez(path, **model.state_dict())
    other = nn.Linear(2, 3)
    other.load_state_dict(autograd.load(path))
    assert other.weight.tolist() == model.weight.tolist()
    one = io.BytesIO()
    np.save(one, np.ones((2, 3), ">f4", order="F"))
    assert loaded(one.getvalue()).tolist() == [[1, 1, 1], [1, 1, 1]]
    head = one.getvalue().replace(b"(2, 3)", b"(-2,-3)")
    with pytest.raises(RuntimeError, match="an array of shape"):
        loaded(head)
    np.savez_compressed(path, a=np.ones(3))
    with pytest.raises(RuntimeError, match="numpy.load where NumPy compressed it"):
        autograd.load(path)


def test_bfloat16_is_read():
    """As such where NumPy knows the dtype, else as float32, which is said."""
    pickled = (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n"
        b"BFloat16Storage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQK\x00K\x02\x85K\x01\x85"
        b"\x89ccollections\nOrderedDict\n)RtR."
    )
    raw = np.array([0x3FC0, 0xC000], np.uint16).tobytes()
    data = file_of({"a/data.pkl": pickled, "a/data/0": raw})
    try:
        autograd.ones(1).to(autograd.bfloat16)
    except (AttributeError, ImportError):
        with pytest.warns(UserWarning, match="bfloat16 is read as float32"):
            assert loaded(data).dtype == autograd.float32
    else:
        assert loaded(data).dtype == autograd.bfloat16
        assert again(loaded(data)).dtype == autograd.bfloat16

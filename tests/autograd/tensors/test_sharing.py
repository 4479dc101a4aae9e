"""Memory that is shared with others: DLPack, buffers, mapped files, storages."""

import sys

import numpy as np
import pytest

import autograd


def test_dlpack_shares_memory_both_ways():
    x = autograd.arange(6.0).reshape(2, 3)
    array = np.from_dlpack(x.t())
    x[0, 1] = 9
    assert array[1, 0] == 9 and array.strides == (4, 12)
    y = autograd.from_dlpack(x)
    y[1, 1] = 7
    assert x[1, 1] == 7
    z = autograd.from_dlpack(autograd.to_dlpack(x))
    assert z.data_ptr() == x.data_ptr()
    assert autograd.from_dlpack(np.array(2.5)).item() == 2.5
    assert x.__dlpack_device__() == (1, 0)
    assert np.from_dlpack(autograd.tensor([True])).dtype == bool


def test_dlpack_refuses():
    with pytest.raises(BufferError, match="requires grad"):
        np.from_dlpack(autograd.ones(2, requires_grad=True))
    for wrong in (3, [1.0], None, autograd.Tensor):
        with pytest.raises(TypeError, match="from_dlpack: expected"):
            autograd.from_dlpack(wrong)
    with pytest.raises(TypeError, match="to_dlpack"):
        autograd.to_dlpack(3)

    class Elsewhere:
        def __dlpack__(self, **options):
            raise BufferError("on a GPU")

        def __dlpack_device__(self):
            return 2, 0

    with pytest.raises(BufferError, match="must be the CPU's"):
        autograd.from_dlpack(Elsewhere())


@pytest.mark.torch
def test_dlpack_with_torch():
    torch = pytest.importorskip("torch")
    x = autograd.arange(4.0)
    theirs = torch.from_dlpack(x)
    theirs[0] = 5
    ours = autograd.from_dlpack(theirs)
    ours[1] = 6
    assert x.tolist() == [5, 6, 2, 3] == theirs.tolist()
    with pytest.raises(BufferError, match="detach"):
        autograd.from_dlpack(torch.ones(1, requires_grad=True))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python asks classes from 3.12 on")
def test_memoryview():
    x = autograd.arange(4.0)
    memoryview(x)[1] = 9
    assert x.tolist() == [0, 9, 2, 3] and bytes(x) == x.numpy().tobytes()
    with pytest.raises(BufferError, match="requires grad"):
        memoryview(autograd.ones(1, requires_grad=True))


def test_numpy_takes_tensors_as_before():
    x = autograd.arange(4.0)
    assert np.asarray(x).ctypes.data == x.data_ptr()
    assert np.array([x, x]).shape == (2, 4)
    with pytest.raises(RuntimeError, match="detach"):
        np.asarray(autograd.ones(1, requires_grad=True))


def test_frombuffer():
    raw = bytearray(np.arange(4, dtype="i4").tobytes())
    x = autograd.frombuffer(raw, dtype=autograd.int32)
    x[0] = 7
    assert raw[0] == 7 and x.tolist() == [7, 1, 2, 3]
    part = autograd.frombuffer(raw, dtype=autograd.int32, count=2, offset=4)
    assert part.tolist() == [1, 2]
    fixed = autograd.frombuffer(bytes(4), dtype=autograd.float32, requires_grad=True)
    assert fixed.requires_grad
    with pytest.raises(RuntimeError, match="must be writable"):
        autograd.frombuffer(bytes(4), dtype=autograd.float32).add_(1)
    for options in ({"count": 5}, {"count": 0}, {"offset": 16}, {"offset": 1}, {"offset": -1}):
        with pytest.raises(ValueError, match="frombuffer: the buffer must hold"):
            autograd.frombuffer(raw, dtype=autograd.int32, **options)
    with pytest.raises(TypeError, match="expected an object with a buffer"):
        autograd.frombuffer("text", dtype=autograd.int32)


def test_from_file(tmp_path):
    path = tmp_path / "numbers"
    path.write_bytes(np.arange(3, dtype="f4").tobytes())
    private = autograd.from_file(str(path), size=2)
    private.add_(1)
    assert private.tolist() == [1, 2] and path.read_bytes()[:4] == bytes(4)
    shared = autograd.from_file(path, shared=True, size=5, dtype=autograd.float32)
    shared[4] = 9
    assert autograd.from_file(path, size=5).tolist() == [0, 1, 2, 0, 9]
    with pytest.raises(ValueError, match="as many elements as asked for"):
        autograd.from_file(path, size=6)
    with pytest.raises(FileNotFoundError, match="must be there"):
        autograd.from_file(tmp_path / "none", size=6)
    for options in ({"size": -1}, {"size": 1.5}):
        with pytest.raises(ValueError, match="size must be a count"):
            autograd.from_file(path, **options)
    with pytest.raises(TypeError, match="expected the path"):
        autograd.from_file(3, size=1)
    assert autograd.from_file(path).tolist() == []


def test_storages():
    x = autograd.zeros(2, 3)
    for view in (x, x[1], x.t()):
        assert view.untyped_storage().data_ptr() == x.data_ptr()
        assert view.untyped_storage().nbytes() == len(view.untyped_storage()) == 24
        assert view.storage().size() == len(view.storage()) == 6
        assert view.storage().untyped().size() == 24
    assert x.storage().dtype == x.dtype and x.storage().cpu().device.type == "cpu"
    assert autograd.UntypedStorage(8).nbytes() == 8
    with pytest.raises(RuntimeError, match="tensors live on the CPU"):
        x.storage().cuda()
    with pytest.raises(TypeError, match="UntypedStorage: expected a number of bytes"):
        autograd.UntypedStorage("a")

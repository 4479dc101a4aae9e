"""Files that are meant to do harm, or are damaged: an error, no code, memory as for the file."""

import argparse
import contextlib
import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

import autograd
import nn
from autograd.serialization import add_safe_globals, safe_globals
from tests.autograd.serialization.files import (
    file_of,
    file_with,
    loaded,
    records_of,
    saved,
)

ERRORS = (pickle.UnpicklingError, RuntimeError, EOFError)
BIG = {
    "w": autograd.arange(12.0).reshape(3, 4),
    "p": nn.Parameter(autograd.ones(2)),
    "plain": [
        1,
        -1,
        2**40,
        2.5,
        None,
        True,
        "text",
        b"raw",
        (1, 2, 3, 4),
        {3},
        1j,
        bytearray(b"x"),
    ],
    "numpy": [np.float64(1.5), np.arange(3), autograd.float16, autograd.device("cpu")],
    "ordered": OrderedDict(a=autograd.tensor([True, False])),
    "small": autograd.ones(2, dtype=autograd.uint16),
}
BIG["view"] = BIG["w"][1:, ::2]


class Runs:
    """What runs code when Python's own reader meets it."""

    def __init__(self, function, *arguments):
        self.reduced = function, arguments

    def __reduce__(self):
        return self.reduced


def names(*parts, then=b"."):
    module, name = parts
    return b"\x80\x02c" + module.encode() + b"\n" + name.encode() + b"\n" + then


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "function, arguments",
    [
        (os.system, ("touch {0}",)),
        (os.makedirs, ("{0}",)),
        (eval, ("__import__('os').makedirs('{0}')",)),
        (exec, ("import os; os.makedirs('{0}')",)),
        (getattr, (autograd, "load")),
        (__import__, ("os",)),
    ],
)
def test_no_code_is_run(tmp_path, protocol, function, arguments):
    mark = tmp_path / "ran"
    given = [one.format(mark) if isinstance(one, str) else one for one in arguments]
    if function is getattr:
        given[0] = list
    content = pickle.dumps({"a": Runs(function, *given)}, protocol)
    for weights_only in (None, True, False):
        with pytest.raises(ERRORS):
            loaded(file_with(content), weights_only=weights_only)
    assert not mark.exists()


@pytest.mark.parametrize(
    "path",
    ["builtins.eval", "builtins.getattr", "os.system", "posix.system", "torch.load", "nn.Linear",
     "autograd.load", "builtins.object", "torch._utils.__dict__", "copyreg._reconstructor",
     "functools.partial", "operator.attrgetter", "numpy.load", "torch.storage._load_from_bytes"],
)  # fmt: skip
def test_names_outside_the_table_are_refused(path):
    module, _, name = path.rpartition(".")
    with pytest.raises(pickle.UnpicklingError, match=f"names {path}"):
        loaded(file_with(names(module, name)))


def test_what_is_never_safe_cannot_be_allowed():
    with pytest.raises(ValueError, match="can never be safe"):
        add_safe_globals([os.system])
    with pytest.raises(ValueError, match="can never be safe"), safe_globals([eval]):
        pass
    for wrong in (3, [3], ["os"]):
        with pytest.raises(TypeError, match="add_safe_globals: "):
            add_safe_globals(wrong)


@pytest.mark.parametrize(
    "content",
    [
        names("torch", "Tensor", then=b"}X\x03\x00\x00\x00addK\x01sb."),
        names("collections", "OrderedDict", then=b"}X\x03\x00\x00\x00addK\x01sb."),
        names("torch._utils", "_rebuild_tensor_v2", then=b"(NN}X\x01\x00\x00\x00aK\x01s\x86b."),
        names("collections", "OrderedDict", then=b")R}X\x05\x00\x00\x00itemsK\x01sb."),
        names(
            "numpy", "dtype", then=b"X\x02\x00\x00\x00f8\x89\x88\x87R(K\x03X\x01\x00\x00\x00>NNNtb."
        ),
        b"\x80\x02]}X\x01\x00\x00\x00aK\x01sb.",
    ],
)
def test_nothing_that_was_there_is_changed(content):
    before = dict(vars(autograd.Tensor))
    with pytest.raises(pickle.UnpicklingError):
        loaded(file_with(content))
    assert dict(vars(autograd.Tensor)) == before and not vars(OrderedDict()).get("items")


def tensor_pickle(kind="FloatStorage", n=4, offset=0, size=(4,), stride=(1,), key="0"):
    """A pickle of one tensor with these facts."""

    def number(value):
        if isinstance(value, tuple):
            return b"(" + b"".join(map(number, value)) + b"t"
        raw = pickle.encode_long(value)
        return b"\x8a" + bytes([len(raw)]) + raw

    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    return (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage")
        + f"ctorch\n{kind}\n".encode() + text(key) + text("cpu") + number(n) + b"tQ"
        + number(offset) + number(size) + number(stride) + b"\x89ccollections\nOrderedDict\n)RtR."
    )  # fmt: skip


FOUR = [np.arange(4, dtype="f4").tobytes()]


def test_the_pickle_of_a_tensor_is_one():
    assert loaded(file_with(tensor_pickle(), FOUR)).tolist() == [0, 1, 2, 3]
    assert (
        loaded(file_with(tensor_pickle("BoolStorage", 16, size=(16,)), [bytes(range(16))])).sum()
        == 15
    )


def test_the_state_of_a_tensor_is_not_set():
    with pytest.raises(pickle.UnpicklingError, match="got Tensor"):
        loaded(file_with(tensor_pickle()[:-1] + b"(NN\x89}tb.", FOUR))


@pytest.mark.parametrize(
    "facts",
    [
        {"size": (5,)}, {"offset": 1}, {"offset": -1}, {"size": (-1,)}, {"stride": (2,)},
        {"stride": (-1,)}, {"stride": (1, 1)}, {"size": (2**62,)}, {"size": (2**40, 2**40)},
        {"n": 2**40}, {"n": 5}, {"n": -4}, {"n": 2**64}, {"key": "1"}, {"key": "../a"},
        {"kind": "DoubleStorage"}, {"size": (1,) * 65, "stride": (1,) * 65},
        {"size": (2**62,), "stride": (0,)}, {"offset": 2**63}, {"size": (2,), "stride": (2**62,)},
        {"size": (2**62, 0), "stride": (1, 1)},
    ],
    ids=str,
)  # fmt: skip
def test_a_tensor_lies_within_its_storage_and_that_within_the_file(facts):
    with pytest.raises(ERRORS):
        loaded(file_with(tensor_pickle(**facts), FOUR))


def cost(data):
    """The most memory that is held while bytes are loaded, and refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ERRORS):
            loaded(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02B\xff\xff\xff\x7f.",
        b"\x80\x02\x8e" + struct.pack("<Q", 2**50) + b".",
        b"\x80\x02\x8d" + struct.pack("<Q", 2**63) + b".",
        b"\x80\x02\x96" + struct.pack("<Q", 2**50) + b".",
        b"\x80\x02\x8b\xff\xff\xff\x7f.",
        b"\x80\x02X\xff\xff\xff\xff.",
        b"\x80\x04\x95" + struct.pack("<Q", 2**50) + b".",
        names("builtins", "bytearray", then=b"J\xff\xff\xff\x7f\x85R."),
        names("builtins", "bytes", then=b"J\xff\xff\xff\x7f\x85R."),
        b"\x80\x02" + b"(" * 9 + b".",
        b"\x80\x02N2.",
        b"\x80\x02K\x01r\xff\xff\xff\xffj\xff\xff\xff\xfe.",
        # copies of a long list, and texts of texts
        b"\x80\x02(" + b"K\x01" * 5000 + b"lq\x000",
        b"\x80\x02](" + b"J\x01\x02\x03\x04" * 5000 + b"eq\x000cbuiltins\nset\nq\x01"
        + b"h\x01h\x00\x85R" * 5000 + b".",
        b"\x80\x02X\x10\x27\x00\x00" + b"a" * 10000 + b"q\x000c_codecs\nencode\nq\x01"
        + b"h\x01h\x00\x85R" * 5000 + b".",
    ],
)  # fmt: skip
def test_memory_is_what_the_file_justifies(content):
    assert cost(file_with(content)) < 4e6


def test_keys_that_take_for_ever_are_refused():
    doubled = b"K\x01" + b"q\x00h\x00\x86" * 60
    for content in (
        b"}" + doubled + b"K\x01s.",
        b"\x8f(" + doubled + b"\x90.",
        b"(" + doubled + b"\x91.",
    ):
        with pytest.raises(pickle.UnpicklingError, match="too many parts"):
            loaded(file_with(b"\x80\x04" + content))


DOUBLED = b"K\x01" + b"q\x00h\x00\x86" * 22  # 22 tuples of two, four million items to print


@pytest.mark.parametrize(
    "content",
    [
        DOUBLED + b")R.",
        DOUBLED + b")\x81.",
        DOUBLED + b"}b.",
        names("torch", "device")[2:-1] + DOUBLED + b"\x85R.",
        names("_codecs", "encode")[2:-1] + b"X\x01\x00\x00\x00a" + DOUBLED + b"\x86R.",
        names("torch.serialization", "_get_layout")[2:-1] + DOUBLED + b"\x85R.",
        names("numpy", "dtype")[2:-1] + DOUBLED + b"\x85R.",
        names("torch", "Size")[2:-1] + DOUBLED + b"\x85R.",
        names("collections", "OrderedDict")[2:-1] + b"(" + DOUBLED + b"K\x01\x86\x85tR.",
        b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        + DOUBLED
        + b"X\x03\x00\x00\x00cpuK\x01tQ.",
        b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000"
        + DOUBLED
        + b"K\x01tQ.",
        DOUBLED + b"Q.",
    ],
)
def test_nothing_is_printed_or_hashed_that_takes_for_ever(content):
    assert cost(file_with(b"\x80\x02" + content, FOUR)) < 4e6


def test_records_must_be_there_once_whole_and_not_compressed():
    good = records_of(saved(autograd.zeros(1000)))
    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        with pytest.raises(RuntimeError, match="must not be compressed"):
            loaded(file_of(good, compression))
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = file_of([*good.items(), *good.items()])
    with pytest.raises(RuntimeError, match="twice"):
        loaded(twice)
    with pytest.raises(RuntimeError, match="'data.pkl' in a folder"):
        loaded(file_of({name.rpartition("/")[2]: raw for name, raw in good.items()}))
    program = {"archive/constants.pkl": b""}
    with pytest.raises(RuntimeError, match="TorchScript"):
        loaded(file_of(good | program))
    data = bytearray(saved(autograd.zeros(1000)))
    data[len(data) // 2] ^= 1  # in the zeros
    with pytest.raises(RuntimeError, match="not whole"):
        loaded(bytes(data))


def test_overlapping_records_do_not_multiply_memory():
    entries = [(f"a/data/{i}", b"x" * 1000) for i in range(50)]
    data = bytearray(file_of([("a/data.pkl", b"\x80\x02N."), *entries]))
    for entry in zipfile.ZipFile(io.BytesIO(bytes(data))).infolist():
        found = data.rfind(entry.filename.encode())
        data[found - 46 + 20 : found - 46 + 28] = struct.pack("<II", 10**6, 10**6)
    with pytest.raises(RuntimeError, match="announces"):
        loaded(bytes(data))


def mutated(rng, data):
    """Bytes with a few of them changed, cut out, doubled, or all after some place gone."""
    data = bytearray(data)
    for _ in range(int(rng.integers(1, 4))):
        at, n = int(rng.integers(len(data) or 1)), int(rng.integers(1, 9))
        way = rng.integers(5)
        if way == 0 and data:
            data[at] = int(rng.integers(256))
        elif way == 1:
            data[at : at + n] = bytes(rng.integers(0, 256, n, dtype=np.uint8))
        elif way == 2:
            del data[at : at + n]
        elif way == 3:
            data[at:at] = data[at : at + n]
        elif len(data) > 1:
            del data[at or 1 :]
    return bytes(data) or b"x"


def fuzzed(make, seed, times):
    """How many of ``times`` mutations are refused, with an error of ours; the others load."""
    rng, refused = np.random.default_rng(seed), 0
    for _ in range(times):
        try:
            loaded(make(rng))
        except ERRORS as error:
            assert str(error).startswith("load: "), error
            refused += 1
    return refused


def test_mutated_files():
    whole = saved(BIG)
    assert fuzzed(lambda rng: mutated(rng, whole), 1, 600) > 400


def test_mutated_pickles():
    records = records_of(saved(BIG))
    content = records["archive/data.pkl"]

    def make(rng):
        return file_of({**records, "archive/data.pkl": mutated(rng, content)})

    assert fuzzed(make, 2, 400) > 200
    rng = np.random.default_rng(3)
    tracemalloc.start()
    try:
        for _ in range(15):
            data = make(rng)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with contextlib.suppress(*ERRORS):
                loaded(data)
            assert tracemalloc.get_traced_memory()[1] - before < 100 * len(data)
    finally:
        tracemalloc.stop()


def test_mutated_pickles_of_ones_own_classes():
    with safe_globals([argparse.Namespace, nn.Linear]):
        records = records_of(saved([argparse.Namespace(a=1), nn.Linear(2, 2)]))
        content = records["archive/data.pkl"]
        rng = np.random.default_rng(3)
        for _ in range(100):
            data = file_of({**records, "archive/data.pkl": mutated(rng, content)})
            with contextlib.suppress(*ERRORS):
                loaded(data)


def test_cut_files():
    whole = saved([autograd.ones(3), "text"])
    for n in range(1, len(whole), 37):
        with pytest.raises(ERRORS, match="^load: "):
            loaded(whole[:n])


def test_mutated_files_of_old_torch():
    whole = (
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}."
        + tensor_pickle().replace(b"tQ", b"NtQ")
        + b"\x80\x02]X\x01\x00\x00\x000a."
        + struct.pack("<q", 4)
        + FOUR[0]
    )
    assert loaded(whole).tolist() == [0, 1, 2, 3]
    assert loaded(whole, weights_only=False).tolist() == [0, 1, 2, 3]
    assert fuzzed(lambda rng: whole[:14] + mutated(rng, whole[14:]), 5, 300) > 150
    bomb = whole.replace(
        b"X\x03\x00\x00\x00cpu\x8a\x01\x04", b"X\x03\x00\x00\x00cpuJ\xff\xff\xff\x7f"
    )
    assert bomb != whole and cost(bomb) < 1e6


def test_mutated_arrays_of_numpys():
    file = io.BytesIO()
    np.savez(file, a=np.ones(3), b=np.arange(6).reshape(2, 3).T)
    assert fuzzed(lambda rng: mutated(rng, file.getvalue()), 4, 150) > 50
    for array in (np.array([object()], object), np.array(["a"]), np.zeros(2, "M8[s]")):
        one = io.BytesIO()
        np.save(one, array, allow_pickle=True)
        with pytest.raises(RuntimeError, match="must hold numbers"):
            loaded(one.getvalue())

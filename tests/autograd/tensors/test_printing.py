"""The text of a tensor, against what PyTorch 2.13 printed and, where it is installed, prints."""

import math
import random
import textwrap

import numpy as np
import pytest

from autograd.arrays import dtypes
from autograd.tensors import printing
from autograd.tensors.printing import format_tensor, get_printoptions, set_printoptions

NAN, INF = math.nan, math.inf


@pytest.fixture(autouse=True)
def torch_text(monkeypatch):
    """PyTorch's dtype names (their length decides where lines break) and its default options."""
    monkeypatch.setattr(dtypes, "DTYPE_PREFIX", "torch.")
    set_printoptions(profile="default")
    yield
    set_printoptions(profile="default")


def f32(*values):
    return np.array(values, np.float32)


# array, keyword arguments, PyTorch's text
ONE_LINE = [
    (np.array(1, np.float32), {}, "tensor(1.)"),
    (np.array(3.14159, np.float32), {}, "tensor(3.1416)"),
    (np.array(-0.0, np.float32), {}, "tensor(-0.)"),
    (np.array(NAN, np.float32), {}, "tensor(nan)"),
    (np.array(1e8, np.float32), {}, "tensor(100000000.)"),
    (np.array(1.1e8, np.float32), {}, "tensor(1.1000e+08)"),
    (np.array(1e-4, np.float32), {}, "tensor(1.0000e-04)"),  # below 1e-4, being float32
    (np.array(1e-4, np.float64), {}, "tensor(0.0001, dtype=torch.float64)"),
    (np.array(3, np.int32), {}, "tensor(3, dtype=torch.int32)"),
    (np.array(True), {}, "tensor(True)"),
    (f32(0, NAN), {}, "tensor([0., nan])"),  # only finite, non-zero numbers set the width
    (f32(0, -0.0), {}, "tensor([0., -0.])"),
    (f32(NAN, INF), {}, "tensor([nan, inf])"),
    (f32(1, NAN, -INF, 200), {}, "tensor([  1.,  nan, -inf, 200.])"),
    (f32(NAN, 1.5, -INF), {}, "tensor([   nan, 1.5000,   -inf])"),
    (f32(1, 1000), {}, "tensor([   1., 1000.])"),
    (f32(1, 1001), {}, "tensor([1.0000e+00, 1.0010e+03])"),
    (f32(0.1, 100), {}, "tensor([  0.1000, 100.0000])"),
    (f32(1e-8, 1e8), {}, "tensor([1.0000e-08, 1.0000e+08])"),
    (
        f32(0.1, 1e-5, -1234.5, INF, NAN),
        {},
        "tensor([ 1.0000e-01,  1.0000e-05, -1.2345e+03,         inf,         nan])",
    ),
    (np.array([2**62, -1]), {}, "tensor([4611686018427387904,                  -1])"),
    (
        np.array([2**64 - 1, 3], np.uint64),
        {},
        "tensor([18446744073709551615,                    3], dtype=torch.uint64)",
    ),
    (np.arange(-3, 3, dtype=np.int8), {}, "tensor([-3, -2, -1,  0,  1,  2], dtype=torch.int8)"),
    (np.array([True, False]), {}, "tensor([ True, False])"),
    (np.arange(1001), {}, "tensor([   0,    1,    2,  ...,  998,  999, 1000])"),
    (np.array([1 + 2j], np.complex64), {}, "tensor([1.+2.j])"),
    (np.array([1.5 - 2j, 3], np.complex64), {}, "tensor([1.5000-2.j, 3.0000+0.j])"),
    (np.array([1 + 2j]), {}, "tensor([1.+2.j], dtype=torch.complex128)"),
    (
        np.array([complex(0, -0.0), complex(NAN, NAN), complex(-INF, -INF)], np.complex64),
        {},
        "tensor([0.-0.j, nan+nanj, -inf-infj])",
    ),
    (f32(), {}, "tensor([])"),
    (np.empty((0, 3), np.float32), {}, "tensor([], size=(0, 3))"),
    (np.empty(0, np.int64), {}, "tensor([], dtype=torch.int64)"),
    (np.empty((0, 2), bool), {}, "tensor([], size=(0, 2), dtype=torch.bool)"),
    (np.empty((0, 3), np.complex64), {}, "tensor([], size=(0, 3), dtype=torch.complex64)"),
    (
        np.empty((2, 0)),
        {"requires_grad": True},
        "tensor([], size=(2, 0), dtype=torch.float64, requires_grad=True)",
    ),
    (f32(1), {"default_dtype": np.float64}, "tensor([1.], dtype=torch.float32)"),
    (np.ones(1), {"default_dtype": np.float64}, "tensor([1.])"),
    (np.ones(1, complex), {"default_dtype": np.float64}, "tensor([1.+0.j])"),
    (np.ones(1, np.complex64), {"default_dtype": np.float16}, "tensor([1.+0.j])"),
    (f32(1), {"requires_grad": True}, "tensor([1.], requires_grad=True)"),
    (
        f32(1),
        {"requires_grad": True, "grad_fn": "CloneBackward0"},
        "tensor([1.], grad_fn=<CloneBackward0>)",
    ),
]

MANY_LINES = [
    (
        np.arange(30),
        {},
        """
        tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
                18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
        """,
    ),
    (
        np.ones((1, 19), np.float32),
        {},
        """
        tensor([[1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,
                 1.]])
        """,
    ),
    (
        np.arange(12).astype(np.complex64),
        {},
        """
        tensor([ 0.+0.j,  1.+0.j,  2.+0.j,  3.+0.j,  4.+0.j,  5.+0.j,  6.+0.j,  7.+0.j,  8.+0.j,  9.+0.j,
                10.+0.j, 11.+0.j])
        """,  # noqa: E501  (PyTorch, too, takes this row for short enough)
    ),
    (
        np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        {},
        """
        tensor([[[ 0.,  1.,  2.,  3.],
                 [ 4.,  5.,  6.,  7.],
                 [ 8.,  9., 10., 11.]],

                [[12., 13., 14., 15.],
                 [16., 17., 18., 19.],
                 [20., 21., 22., 23.]]])
        """,
    ),
    (
        np.arange(16).reshape(2, 2, 2, 2),
        {},
        """
        tensor([[[[ 0,  1],
                  [ 2,  3]],

                 [[ 4,  5],
                  [ 6,  7]]],


                [[[ 8,  9],
                  [10, 11]],

                 [[12, 13],
                  [14, 15]]]])
        """,
    ),
    (
        np.arange(2000).reshape(4, 500),
        {},
        """
        tensor([[   0,    1,    2,  ...,  497,  498,  499],
                [ 500,  501,  502,  ...,  997,  998,  999],
                [1000, 1001, 1002,  ..., 1497, 1498, 1499],
                [1500, 1501, 1502,  ..., 1997, 1998, 1999]])
        """,
    ),
    (
        np.arange(8008).reshape(1001, 8) % 2 == 0,
        {},
        """
        tensor([[ True, False,  True,  ..., False,  True, False],
                [ True, False,  True,  ..., False,  True, False],
                [ True, False,  True,  ..., False,  True, False],
                ...,
                [ True, False,  True,  ..., False,  True, False],
                [ True, False,  True,  ..., False,  True, False],
                [ True, False,  True,  ..., False,  True, False]])
        """,
    ),
    (
        np.full(6, 2.5, np.float32),
        {"requires_grad": True},
        """
        tensor([2.5000, 2.5000, 2.5000, 2.5000, 2.5000, 2.5000], requires_grad=True)
        """,
    ),
    (
        np.full(7, 2.5, np.float32),
        {"requires_grad": True},
        """
        tensor([2.5000, 2.5000, 2.5000, 2.5000, 2.5000, 2.5000, 2.5000],
               requires_grad=True)
        """,
    ),
    (
        f32(*[1] * 13),  # two characters would be left
        {"requires_grad": True},
        """
        tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.],
               requires_grad=True)
        """,
    ),
    (
        np.full(8, 1.25),
        {"requires_grad": True},
        """
        tensor([1.2500, 1.2500, 1.2500, 1.2500, 1.2500, 1.2500, 1.2500, 1.2500],
               dtype=torch.float64, requires_grad=True)
        """,
    ),
    (
        np.full((2, 5), 0.3333),
        {"grad_fn": "CloneBackward0"},
        """
        tensor([[0.3333, 0.3333, 0.3333, 0.3333, 0.3333],
                [0.3333, 0.3333, 0.3333, 0.3333, 0.3333]], dtype=torch.float64,
               grad_fn=<CloneBackward0>)
        """,
    ),
    (
        f32(*[1] * 20),
        {"prefix": "Parameter containing:\ntensor(", "requires_grad": True},
        """
        Parameter containing:
        tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,
                1., 1.], requires_grad=True)
        """,
    ),
]
TEXTS = ONE_LINE + [(a, kw, textwrap.dedent(text).strip()) for a, kw, text in MANY_LINES]

WITH_OPTIONS = [
    ({"precision": 2}, f32(1.5, -2.25, 1234), "tensor([   1.50,   -2.25, 1234.00])"),
    ({"precision": 0}, f32(1.5, -2.25, 1234), "tensor([   2,   -2, 1234])"),
    ({"sci_mode": True}, f32(1, -2, 10), "tensor([ 1.0000e+00, -2.0000e+00,  1.0000e+01])"),
    ({"sci_mode": True}, f32(0, NAN), "tensor([0., nan])"),
    ({"sci_mode": False}, f32(1e-9).reshape(()), "tensor(0.0000)"),
    ({"linewidth": 5}, f32(1, -2), "tensor([ 1.,\n        -2.])"),
    ({"profile": "short"}, f32(1.5, 2), "tensor([1.50, 2.00])"),
    ({"profile": "short", "precision": 6}, f32(1.5), "tensor([1.500000])"),
    ({"edgeitems": 1, "threshold": 3}, np.arange(4), "tensor([0,  ..., 3])"),
    (
        {"edgeitems": 1, "threshold": 3},
        np.arange(6).reshape(3, 2),
        "tensor([[0, 1],\n        ...,\n        [4, 5]])",
    ),
    ({"edgeitems": 0, "threshold": 0}, f32(1), "tensor([...], size=(1,))"),
    ({"edgeitems": 0, "threshold": 0}, f32(1).reshape(()), "tensor(1., size=())"),
    ({"edgeitems": 0, "threshold": 0}, f32(), "tensor([])"),
]


@pytest.mark.parametrize("array, keywords, text", TEXTS)
def test_text_is_pytorchs(array, keywords, text):
    array.flags.writeable = False
    assert format_tensor(array, **keywords) == text


@pytest.mark.parametrize("options, array, text", WITH_OPTIONS)
def test_options_change_the_text(options, array, text):
    set_printoptions(**options)
    assert format_tensor(array) == text


def test_dtype_carries_our_name(monkeypatch):
    monkeypatch.undo()
    assert format_tensor(np.ones(1)) == "tensor([1.], dtype=autograd.float64)"


def test_memory_layout_does_not_show():
    array = np.arange(-2000.0, 2000.0).reshape(20, 10, 20)
    text = format_tensor(array)
    assert format_tensor(np.asfortranarray(array)) == text
    assert format_tensor(np.repeat(array, 2, axis=1)[::-1, ::2][::-1]) == text
    assert format_tensor(array.astype(">f8")) == text
    assert format_tensor(np.float32(0.5)) == format_tensor(np.array(0.5, np.float32))


def test_only_the_edges_are_looked_at():
    array = np.zeros((9, 1000), np.float32)
    array[4, :], array[:, 500] = NAN, 1e30
    row = "[0., 0., 0.,  ..., 0., 0., 0.]"
    rows = [row] * 3 + ["..."] + [row] * 3
    assert format_tensor(array) == "tensor([" + ",\n        ".join(rows) + "])"


def test_a_thousand_elements_print_in_full():
    assert format_tensor(np.zeros((10, 100), np.float32)).count("0.") == 1000


def test_full_profile_prints_every_element():
    set_printoptions(profile="full")
    numbers = format_tensor(np.arange(5000)).removeprefix("tensor([").removesuffix("])")
    assert [int(number) for number in numbers.split(",")] == list(range(5000))


def test_options_stay_until_changed_except_sci_mode():
    set_printoptions(precision=2, sci_mode=True)
    set_printoptions(threshold=50)
    assert get_printoptions() == {
        "precision": 2,
        "threshold": 50,
        "edgeitems": 3,
        "linewidth": 80,
        "sci_mode": None,
    }


def test_options_can_be_put_back():
    set_printoptions(precision=1, threshold=INF, edgeitems=2, linewidth=99, sci_mode=False)
    before = get_printoptions()
    set_printoptions(profile="default")
    assert get_printoptions() != before
    set_printoptions(**before)
    assert get_printoptions() == before


@pytest.mark.parametrize(
    "options, error",
    [
        ({"precision": -1}, ValueError),
        ({"precision": 4.0}, TypeError),
        ({"precision": True}, TypeError),
        ({"linewidth": INF}, TypeError),
        ({"threshold": NAN}, TypeError),
        ({"edgeitems": "3"}, TypeError),
        ({"profile": "Short"}, ValueError),
        ({"sci_mode": "never"}, TypeError),
    ],
)
def test_bad_options_are_refused_and_change_nothing(options, error):
    set_printoptions(precision=3)
    before = get_printoptions()
    (name,) = options
    with pytest.raises(error, match=rf"^set_printoptions: {name} expects .*, got .*\. "):
        set_printoptions(**{"edgeitems": 9, **options})
    assert get_printoptions() == before


# --- PyTorch as the oracle ------------------------------------------------------------------------

DTYPES = "float16 float32 float64 complex64 complex128 bool int8 int16 int32 int64".split()
DTYPES += "uint8 uint16 uint32 uint64".split()
SHAPES = [(), (1,), (5,), (30,), (1000,), (1001,), (40, 25), (40, 26), (3, 40), (7, 143)]
SHAPES += [(2, 3, 4), (6, 7, 30), (2, 2, 3, 5), (7, 7, 7, 7), (0,), (0, 3), (2, 0, 3)]
EDGES = [0, -0.0, 1, 0.5, 0.1, 100, 1000, 1001, 1e-4, 1e8]  # where the notation changes


def random_reals(rng, shape, dtype):
    normal = rng.standard_normal(shape)
    values = rng.choice(
        [
            lambda: normal,
            lambda: abs(normal),
            lambda: normal * 10.0 ** rng.integers(-8, 9, shape),
            lambda: normal * 10.0 ** rng.integers(-8, 9),
            lambda: np.trunc(normal * 10.0 ** rng.integers(0, 11)),
            lambda: rng.choice(EDGES, shape),
            lambda: np.zeros(shape),
        ]
    )()
    if rng.random() < 0.3:
        special = rng.choice([NAN, INF, -INF, 0, -0.0], shape)
        values = np.where(rng.random(shape) < 0.2, special, values)
    with np.errstate(over="ignore"):
        return np.asarray(values).astype(dtype)


def random_array(rng, dtype):
    shape = SHAPES[rng.integers(len(SHAPES))]
    if rng.random() < 0.5:
        shape = tuple(rng.integers(1, 9, rng.integers(1, 4)).tolist())
    if dtype.kind == "f":
        return random_reals(rng, shape, dtype)
    if dtype.kind == "c":
        array = np.empty(shape, dtype)
        array.real = random_reals(rng, shape, array.real.dtype)
        array.imag = random_reals(rng, shape, array.real.dtype)
        return array
    if dtype.kind == "b":
        return np.asarray(rng.random(shape) < 0.5)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    if rng.random() < 0.7:
        low, high = max(low, -50), 100
    return np.asarray(rng.integers(low, high, shape, dtype, endpoint=True))


def random_options(pick):
    return {
        "precision": pick([None, 0, 2, 7]),
        "threshold": pick([None, 0, 5, 100]),
        "edgeitems": pick([None, 0, 1, 2, 5]),
        "linewidth": pick([None, 1, 20, 40, 61, 120]),
        "profile": pick([None, "short", "default"]),
        "sci_mode": pick([None, True, False]),
    }


@pytest.fixture
def torch():
    torch = pytest.importorskip("torch")
    torch.set_printoptions(profile="default")
    yield torch
    torch.set_printoptions(profile="default")
    torch.set_default_dtype(torch.float32)


@pytest.mark.torch
@pytest.mark.parametrize("dtype", DTYPES)
def test_random_tensors_print_as_in_torch(torch, dtype):
    dtype = np.dtype(dtype)
    rng = np.random.default_rng(1)
    pick = random.Random(1).choice
    for _ in range(60):
        options = {"profile": "default"} if rng.random() < 0.6 else random_options(pick)
        default = pick(["float32", "float32", "float64", "float16"])
        for module in (torch, printing):
            module.set_printoptions(profile="default")
            module.set_printoptions(**options)
        torch.set_default_dtype(getattr(torch, default))

        array = random_array(rng, dtype)
        tensor = torch.tensor(array)
        keywords = {}
        kind = pick(["plain", "leaf", "node", "parameter"]) if dtype.kind in "fc" else "plain"
        if kind == "leaf":
            tensor.requires_grad_()
            keywords = {"requires_grad": True}
        elif kind == "node":
            tensor = tensor.requires_grad_().clone()
            keywords = {"requires_grad": True, "grad_fn": "CloneBackward0"}
        elif kind == "parameter":
            tensor = torch.nn.Parameter(tensor)
            keywords = {"requires_grad": True, "prefix": "Parameter containing:\ntensor("}

        text = format_tensor(array, default_dtype=default, **keywords)
        assert text == repr(tensor), (array.shape, options, default, kind)


@pytest.mark.torch
@pytest.mark.parametrize("array, keywords, text", TEXTS)
def test_the_texts_above_come_from_torch(torch, array, keywords, text):
    torch.set_default_dtype(getattr(torch, np.dtype(keywords.get("default_dtype", "f4")).name))
    tensor = torch.tensor(array)
    if "prefix" in keywords:
        tensor = torch.nn.Parameter(tensor)
    elif "requires_grad" in keywords or "grad_fn" in keywords:
        tensor.requires_grad_()
    assert repr(tensor.clone() if "grad_fn" in keywords else tensor) == text


@pytest.mark.torch
def test_suffixes_break_where_torchs_do(torch):
    for length in range(1, 80):
        tensor = torch.ones(length, dtype=torch.float64, requires_grad=True)
        node = tensor.clone()
        array = tensor.detach().numpy()
        assert format_tensor(array, requires_grad=True) == repr(tensor)
        assert format_tensor(array, grad_fn="CloneBackward0") == repr(node)

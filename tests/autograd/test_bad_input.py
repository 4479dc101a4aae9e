"""Bad input: an error of the right kind that says what is wrong, and nothing changed by it."""

import copy
import gc
import pickle
import sys
import weakref

import numpy as np
import pytest

import autograd
import nn.functional as F
from autograd import no_grad, tensor

FLOATS = np.arange(1, 7, dtype=np.float32).reshape(2, 3)


def things():
    """The tensors that every call below may break, by name."""
    t = {
        "x": tensor(FLOATS, requires_grad=True),
        "y": tensor(FLOATS.reshape(3, 2), requires_grad=True),
        "z": tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True),
        "s": tensor(2.0, requires_grad=True),
        "w": tensor(FLOATS),
        "i": tensor([0, 1]),
        "b": tensor([True, False]),
    }
    t["h"] = t["x"] * 1  # inside a graph
    t["x"].grad = tensor(FLOATS)
    return t


def state(t):
    """All that a tensor is, byte for byte."""
    grad = None if t._grad is None else (id(t._grad), t._grad.numpy().tobytes())
    return t.detach().numpy().tobytes(), t.shape, t.dtype, t._edge, grad


class Call:
    """What ``c.x.sum(5)`` means is written down here, and done later."""

    def __init__(self, **tensors):
        self.__dict__.update(tensors)


def set_item(t, index, value):
    t[index] = value


def iadd(t, value):
    t += value


def set_attribute(name, value):
    return lambda c: setattr(c.x, name, value(c) if callable(value) else value)


DEEP = autograd.ones(2, 3, dtype=autograd.float64)
# From Python 3.12 on NumPy takes a tensor's memory by the buffer protocol: its own words.
NO_COPY = "float32 float64" if sys.version_info < (3, 12) else "avoid copy"

CASES = [
    # shapes that do not match
    (lambda c: c.x + c.y, ValueError, "Add (2, 3) (3, 2)"),
    (lambda c: c.x * c.z, ValueError, "Multiply (2, 3) (4,)"),
    (lambda c: c.x < c.z, ValueError, "Less (2, 3) (4,)"),
    (lambda c: c.x @ c.x, ValueError, "matmul (2, 3)"),
    (lambda c: c.x @ 3.0, TypeError, "matmul float"),
    (lambda c: autograd.cat([c.x, c.y]), RuntimeError, "cat (2, 3) (3, 2)"),
    (lambda c: autograd.stack([c.x, c.y]), RuntimeError, "stack (2, 3) (3, 2)"),
    (lambda c: autograd.where(c.b, c.x, c.x), ValueError, "Where (2,) (2, 3)"),
    (lambda c: autograd.einsum("ij,jk", c.x, c.x), ValueError, "einsum j 3 and 2"),
    (lambda c: autograd.einsum(c.x, "ij->ji"), TypeError, "einsum equation first Tensor str"),
    (lambda c: autograd.einsum(None, c.x), TypeError, "einsum equation NoneType"),
    (lambda c: c.x.reshape(4, 4), RuntimeError, "reshape (2, 3) [4, 4]"),
    (lambda c: c.x.expand(3, 3), RuntimeError, "expand (2, 3) (3, 3)"),
    (lambda c: F.linear(c.x, c.y), ValueError, "linear (2, 3)"),
    # no numbers
    (lambda c: c.x + None, TypeError, "Add None NoneType"),
    (lambda c: None + c.x, TypeError, "Add NoneType"),
    (lambda c: c.x * "a", TypeError, "Multiply 'a' str"),
    (lambda c: c.x ** {}, TypeError, "Power dict"),
    (lambda c: c.x < None, TypeError, "Less NoneType"),
    (lambda c: c.x * np.array(["a", "b", "c"]), TypeError, "Multiply array of <U1"),
    (lambda c: c.i + 10**30, TypeError, "Add int"),
    (lambda c: autograd.clamp(c.x, "a"), TypeError, "str"),
    (lambda c: autograd.cat(None), TypeError, "cat NoneType"),
    (lambda c: autograd.cat([c.x, None]), TypeError, "cat item 1 NoneType"),
    (lambda c: autograd.searchsorted(c.z, "a"), TypeError, "searchsorted 'a'"),
    (lambda c: "a" in c.w, TypeError, "in 'a' str"),
    (lambda c: None in c.w, TypeError, "in NoneType"),
    # sizes, dims and counts
    (lambda c: c.x.reshape("a"), TypeError, "reshape 'a'"),
    (lambda c: c.x.reshape(None), TypeError, "reshape None"),
    (lambda c: c.x.reshape(2.0, 3), TypeError, "reshape 2.0"),
    (lambda c: c.x.reshape(), RuntimeError, "reshape (2, 3) [] 1"),
    (lambda c: c.x.reshape(-1, -1), RuntimeError, "reshape -1"),
    (lambda c: c.x.expand("a"), TypeError, "expand 'a'"),
    (lambda c: c.x.broadcast_to(None), TypeError, "expand None"),
    (lambda c: c.x.repeat("a", 2), TypeError, "repeat 'a'"),
    (lambda c: c.x.tile(None), TypeError, "repeat None"),
    (lambda c: c.x.split("a"), TypeError, "split 'a'"),
    (lambda c: c.x.split(1.5), TypeError, "split 1.5"),
    (lambda c: c.x.split([1, 5]), RuntimeError, "split 2 [1, 5]"),
    (lambda c: c.x.chunk("a"), TypeError, "chunk 'a'"),
    (lambda c: c.x.chunk(0), RuntimeError, "chunk 0"),
    (lambda c: c.x.roll("a"), TypeError, "roll 'a'"),
    (lambda c: c.x.tril("a"), TypeError, "tril 'a'"),
    (lambda c: c.x.triu(1.5), TypeError, "triu 1.5"),
    (lambda c: c.x.topk("a"), TypeError, "topk 'a'"),
    (lambda c: c.x.sum(5), IndexError, "sum -2 1 5"),
    (lambda c: c.x.sum("a"), TypeError, "sum 'a'"),
    (lambda c: c.x.sum(True), TypeError, "sum True"),
    (lambda c: c.x.sum((0, -2)), RuntimeError, "sum once (0, -2)"),
    (lambda c: c.x.cumsum(True), TypeError, "cumsum True"),
    (lambda c: c.x.transpose("a", 1), TypeError, "transpose 'a'"),
    (lambda c: c.x.transpose(0, 5), IndexError, "transpose 5"),
    (lambda c: c.x.permute("a", "b"), TypeError, "permute 'a'"),
    (lambda c: c.x.permute(0, 0), RuntimeError, "permute once"),
    (lambda c: c.x.unsqueeze("a"), TypeError, "unsqueeze 'a'"),
    (lambda c: c.x.norm(p=[1]), TypeError, "norm [1]"),
    (lambda c: autograd.zeros(0, 3).norm(p=float("inf")), RuntimeError, "norm (0, 3)"),
    (lambda c: c.x.var(correction="a"), TypeError, "var 'a'"),
    (lambda c: c.x.size(5), IndexError, "size -2 1 5"),
    (lambda c: c.x.size("a"), TypeError, "size 'a'"),
    (lambda c: c.x.stride(7), IndexError, "stride 7"),
    # indexing
    (lambda c: c.x[5], IndexError, "5 axis 0 size 2"),
    (lambda c: c.x["a"], IndexError, "'a' str"),
    (lambda c: c.x[1.5], IndexError, "1.5 float"),
    (lambda c: c.x[::-1], ValueError, "step -1 flip"),
    (lambda c: c.x[tensor([True, False, True])], IndexError, "mask (3,) (2, 3)"),
    (lambda c: c.s[0], IndexError, "() 1"),
    (lambda c: set_item(c.w, 0, c.z), ValueError, "(3,) (4,)"),
    (lambda c: set_item(c.w, [0, 9], 1), IndexError, "9 axis 0 size 2"),
    (lambda c: set_item(c.w, tensor([0, 9]), 5.0), IndexError, "9 axis 0"),
    (lambda c: set_item(c.w, 0, None), TypeError, "None NoneType"),
    (lambda c: set_item(c.w, 0, [None, 1, 2]), TypeError, "None list"),
    (lambda c: set_item(c.w, 0, "a"), TypeError, "'a' str"),
    (lambda c: set_item(c.b, 0, "a"), TypeError, "'a' str"),
    (lambda c: set_item(c.w, 0, 1j), TypeError, "float32 1j"),
    (lambda c: set_item(c.i, 0, float("nan")), ValueError, "int64 nan"),
    (lambda c: set_item(c.i, 0, 10**30), OverflowError, "int64"),
    (lambda c: set_item(c.h, 0, None), TypeError, "None NoneType"),
    (lambda c: set_item(c.h, 0, c.z), ValueError, "(3,) (4,)"),
    (lambda c: set_item(c.h, [0, 9], 1.0), IndexError, "9"),
    # in place
    (lambda c: c.x.add_(1), RuntimeError, "add_ leaf (2, 3) no_grad"),
    (lambda c: iadd(c.x, 1), RuntimeError, "add_ leaf (2, 3)"),
    (lambda c: set_item(c.x, 0, 1.0), RuntimeError, "leaf (2, 3)"),
    (lambda c: set_item(c.x.T, 0, 1.0), RuntimeError, "view leaf (2, 3)"),
    (lambda c: c.w.expand(4, 2, 3).add_(1), RuntimeError, "add_ clone"),
    (lambda c: c.h.add_(c.z), ValueError, "(2, 3) (4,)"),
    (lambda c: c.w.add_(np.ones(4)), ValueError, "Add (2, 3) (4,)"),
    (lambda c: c.w.add_("a"), TypeError, "Add 'a' str"),
    (lambda c: c.w.add_(None), TypeError, "Add None"),
    (lambda c: c.w.add_(autograd.ones(4, 2, 3)), ValueError, "add_ (2, 3) (4, 2, 3)"),
    (lambda c: c.w.copy_(c.z.detach()), ValueError, "copy_ (2, 3) (4,)"),
    (lambda c: c.h.copy_(c.z), ValueError, "copy_ (2, 3) (4,)"),
    (lambda c: c.w.copy_(None), TypeError, "copy_ None"),
    (lambda c: c.w.fill_("a"), TypeError, "fill_ 'a'"),
    (lambda c: c.w.fill_(c.z), TypeError, "fill_ (4,)"),
    (lambda c: c.w.fill_(1j), ValueError, "fill_ float32 1j"),
    (lambda c: c.i.fill_(float("nan")), ValueError, "fill_ int64 nan"),
    (lambda c: c.w.bernoulli_("a"), TypeError, "bernoulli_ p 'a'"),
    (lambda c: (c.x * 2).sum().backward(autograd.tensor(1j)), RuntimeError, "real complex64"),
    (lambda c: c.w.clamp_("a"), TypeError, "'a' str"),
    (lambda c: c.w.bernoulli_(tensor([0.5] * 4)), ValueError, "bernoulli_ (2, 3) (4,)"),
    (lambda c: c.i.add_(1.5), RuntimeError, "add_ int64"),
    (lambda c: c.i.sqrt_(), RuntimeError, "sqrt_ int64"),
    (lambda c: c.w.index_add_(0, tensor([0, 9]), c.w), IndexError, "9"),
    (lambda c: c.w.scatter_(0, tensor([[0, 1, 7]]), 1.0), IndexError, "7"),
    # gradients
    (lambda c: c.h.backward(), RuntimeError, "scalar (2, 3)"),
    (lambda c: c.w.sum().backward(), RuntimeError, "requires_grad=True"),
    (lambda c: c.i.sum().backward(), RuntimeError, "int64"),
    (lambda c: c.h.backward(c.z), RuntimeError, "(2, 3) (4,)"),
    (lambda c: c.h.backward(1.0), RuntimeError, "(2, 3) ()"),
    (lambda c: c.h.backward([1, 2]), RuntimeError, "(2, 3) (2,)"),
    (lambda c: c.h.backward(np.ones(7)), RuntimeError, "(2, 3) (7,)"),
    (lambda c: autograd.grad(c.h.sum(), c.y), RuntimeError, "input 0 (3, 2) allow_unused"),
    (lambda c: autograd.grad(c.h.sum(), c.i), RuntimeError, "input 0 (2,)"),
    (lambda c: autograd.grad(c.h, c.x), RuntimeError, "scalar (2, 3)"),
    (lambda c: autograd.backward([c.h.sum(), c.w.sum()]), RuntimeError, "require"),
    (lambda c: c.i.requires_grad_(), RuntimeError, "requires_grad int64 float()"),
    (lambda c: c.h.requires_grad_(False), RuntimeError, "Multiply detach()"),
    (lambda c: c.x.requires_grad_("yes"), TypeError, "requires_grad 'yes' str"),
    (set_attribute("requires_grad", None), TypeError, "requires_grad None"),
    (set_attribute("grad", lambda c: c.z), RuntimeError, "(2, 3) (4,)"),
    (set_attribute("grad", DEEP), RuntimeError, "float32 float64"),
    (set_attribute("grad", 1.0), TypeError, "float"),
    (set_attribute("grad", lambda c: c.x), RuntimeError, "its own gradient"),
    (set_attribute("data", np.ones((2, 3))), TypeError, "data ndarray"),
    (set_attribute("data", lambda c: c.i), RuntimeError, "data int64"),
    (lambda c: c.x.register_hook(None), TypeError, "register_hook NoneType"),
    (lambda c: c.w.register_hook(print), RuntimeError, "register_hook requires_grad_()"),
    (lambda c: copy.deepcopy(c.h), RuntimeError, "deepcopy Multiply detach()"),
    (lambda c: pickle.dumps(c.h), RuntimeError, "pickle detach()"),
    # Python and NumPy
    (lambda c: bool(c.x), RuntimeError, "bool (2, 3) any()"),
    (lambda c: c.x in [1, 2], RuntimeError, "bool (2, 3)"),
    (lambda c: sorted([c.x, c.w]), RuntimeError, "bool (2, 3)"),
    (lambda c: float(c.x), RuntimeError, "item (2, 3)"),
    (lambda c: len(c.s), TypeError, "len 0-d"),
    (lambda c: f"{c.x:.2f}", TypeError, "format '.2f' (2, 3)"),
    (lambda c: np.asarray(c.x), RuntimeError, "numpy detach()"),
    (lambda c: np.asarray(c.w, "f8", copy=False), ValueError, NO_COPY),
    (lambda c: iadd(np.ones((2, 3)), c.x), RuntimeError, "np.add array gradient detach()"),
    (lambda c: np.exp(c.x, dtype="f8"), TypeError, "np.exp 'dtype'"),
    (lambda c: np.sum(c.x, where=c.b), TypeError, "np.sum 'where'"),
    (lambda c: np.spacing(c.x), TypeError, "np.spacing detach()"),
    # making tensors
    (lambda c: tensor([[1, 2], [3]]), ValueError, "dimension 1 item 1 length 1"),
    (lambda c: tensor([[1.0], None]), ValueError, "item 0 length 1 item 1 None"),
    (lambda c: tensor(["a"]), TypeError, "'a' str"),
    (lambda c: tensor(2**63), ValueError, "int64 9223372036854775808"),
    (lambda c: tensor(10**5000), ValueError, "int64 bits"),
    (lambda c: tensor(1.0, requires_grad="yes"), TypeError, "requires_grad 'yes'"),
    (lambda c: tensor(1.0, requires_grad=None), TypeError, "requires_grad None"),
    (lambda c: tensor(1.0, dtype=c.x), TypeError, "dtype float32 tensor"),
    (lambda c: tensor(1.0, device=c.x), TypeError, "device cpu tensor"),
    (lambda c: tensor(1.0, device=3.5), TypeError, "device 3.5"),
    (lambda c: tensor([None, 1]), TypeError, "None"),
    (lambda c: tensor({"a": 1}), TypeError, "dict"),
    (lambda c: tensor(10**30), ValueError, "int64 1000"),
    (lambda c: tensor([300], dtype=autograd.uint8), ValueError, "uint8 255 300"),
    (lambda c: tensor(float("nan"), dtype=autograd.int64), ValueError, "int64 nan"),
    (lambda c: tensor(1j, dtype=autograd.float32), TypeError, "complex float32"),
    (lambda c: tensor(1, dtype="foo"), TypeError, "dtype float32 'foo'"),
    (lambda c: tensor(1, dtype=object), TypeError, "dtype object"),
    (lambda c: tensor(1, device="foo"), ValueError, "device 'foo'"),
    (lambda c: tensor(1, device="cuda"), RuntimeError, "device CPU 'cuda'"),
    (lambda c: tensor([1, 2], requires_grad=True), RuntimeError, "int64 float()"),
    (lambda c: autograd.zeros(None), TypeError, "zeros None"),
    (lambda c: autograd.zeros(2.5), TypeError, "zeros 2.5"),
    (lambda c: autograd.zeros(float("nan")), TypeError, "zeros nan"),
    (lambda c: autograd.zeros(2, -3), ValueError, "zeros (2, -3)"),
    (lambda c: autograd.zeros(10**10, 10**10), ValueError, "zeros memory 10000000000"),
    (lambda c: autograd.Tensor(10**30), ValueError, "Tensor memory"),
    (lambda c: autograd.zeros(True), TypeError, "zeros True"),
    (lambda c: autograd.zeros(0, 10**30), ValueError, "zeros memory"),
    (lambda c: autograd.zeros(10**30, 0), ValueError, "zeros memory"),
    (lambda c: autograd.full((2,), c.z), TypeError, "full (4,)"),
    (lambda c: autograd.full((2,), c.s), TypeError, "full gradient detach"),
    (lambda c: autograd.full((2,), float("nan"), dtype=int), ValueError, "int64 nan"),
    (lambda c: autograd.full((2,), 300, dtype=autograd.uint8), ValueError, "uint8 255 300"),
    (lambda c: autograd.full((2,), 1j, dtype=autograd.float32), TypeError, "complex float32"),
    (lambda c: autograd.full_like(c.w, "a"), TypeError, "'a' str"),
    (lambda c: autograd.full_like(c.w, None), TypeError, "None"),
    (lambda c: autograd.full_like(c.w, [1, 2, 3]), TypeError, "full_like (3,)"),
    (lambda c: autograd.full_like(c.i, float("nan")), ValueError, "int64 nan"),
    (lambda c: autograd.empty_like(None), TypeError, "empty_like NoneType"),
    (lambda c: autograd.rand_like(None), TypeError, "rand_like NoneType"),
    (lambda c: autograd.is_floating_point(3), TypeError, "is_floating_point int"),
    (lambda c: autograd.result_type(), TypeError, "result_type none"),
    (lambda c: autograd.cartesian_prod(c.x), RuntimeError, "cartesian_prod (2, 3)"),
    (lambda c: autograd.zeros_like(None), TypeError, "NoneType"),
    (lambda c: autograd.eye(-1), ValueError, "eye -1"),
    (lambda c: autograd.eye("a"), TypeError, "eye 'a'"),
    (lambda c: autograd.arange("a"), TypeError, "arange 'a'"),
    (lambda c: autograd.arange(float("nan")), ValueError, "arange finite nan"),
    (lambda c: autograd.arange(10**30), ValueError, "arange memory"),
    (lambda c: autograd.arange(0, 1, 1e-30), ValueError, "arange memory"),
    (lambda c: autograd.arange(2**63, 2**63 + 2), ValueError, "arange int64"),
    (lambda c: autograd.arange(c.x), TypeError, "arange tensor"),
    (lambda c: autograd.arange(5, 1), ValueError, "arange start=5 end=1"),
    (lambda c: autograd.linspace(0, 1, -1), ValueError, "linspace -1"),
    (lambda c: autograd.linspace("a", 1, 3), TypeError, "linspace 'a'"),
    (lambda c: autograd.set_default_dtype(autograd.int32), TypeError, "int32"),
    (lambda c: autograd.gradcheck(5, c.x), TypeError, "gradcheck func int"),
    (lambda c: autograd.gradcheck(abs, c.x, eps=0), ValueError, "gradcheck eps 0"),
    (lambda c: autograd.gradcheck(abs, c.x, atol="a"), TypeError, "gradcheck 'a'"),
    (lambda c: autograd.gradgradcheck(abs, DEEP.clone().requires_grad_(), "a"), TypeError, "'a'"),
    (lambda c: autograd.implements("exp")(abs), TypeError, "implements 'exp'"),
    (lambda c: autograd.draw(None), TypeError, "draw NoneType"),
    (lambda c: autograd.draw(c.w), RuntimeError, "draw (2, 3)"),
    # random: nothing may be drawn
    (lambda c: autograd.manual_seed("a"), TypeError, "manual_seed 'a'"),
    (lambda c: autograd.manual_seed(None), TypeError, "manual_seed None"),
    (lambda c: autograd.manual_seed(2**70), ValueError, "manual_seed 64"),
    (lambda c: autograd.set_rng_state(None), TypeError, "uint8 NoneType"),
    (lambda c: autograd.randint(5, 1, (2,)), ValueError, "randint low=5 high=1"),
    (lambda c: autograd.randint("a", (2,)), TypeError, "randint 'a'"),
    (lambda c: autograd.randperm("a"), TypeError, "randperm 'a'"),
    (lambda c: autograd.randperm(2.5), TypeError, "randperm 2.5"),
    (lambda c: autograd.randperm(10**30), ValueError, "randperm memory"),
    (lambda c: autograd.randint(0.5, 3, (2,)), TypeError, "randint low 0.5"),
    (lambda c: autograd.normal(c.z.detach(), 1.0, (2,)), TypeError, "normal mean tensor"),
    (lambda c: c.w.uniform_("a", 1), TypeError, "uniform low 'a'"),
    (lambda c: c.w.normal_("a"), TypeError, "normal mean 'a'"),
    (lambda c: c.w.exponential_("a"), TypeError, "exponential lambd 'a'"),
    (lambda c: autograd.bernoulli(c.w, p="a"), TypeError, "bernoulli p 'a'"),
    (lambda c: autograd.Generator().manual_seed("a"), TypeError, "manual_seed 'a'"),
    (lambda c: autograd.normal(c.x, c.z), ValueError, "normal (2, 3) (4,)"),
    (lambda c: autograd.normal("a", 1, (2,)), TypeError, "normal 'a'"),
    (lambda c: autograd.multinomial(c.z, "a"), TypeError, "multinomial 'a'"),
    (lambda c: autograd.rand(2, generator="a"), TypeError, "generator str"),
]


OF_BOTH_KINDS = (
    autograd.ShapeError,
    autograd.OptionError,
    autograd.DtypeError,
    autograd.PlaceError,
)


@pytest.mark.parametrize(("call", "kind", "words"), CASES)
def test_error_says_what_is_wrong_and_leaves_everything_as_it_was(call, kind, words):
    tensors = things()
    before = {name: state(t) for name, t in tensors.items()}
    stream, dtype = autograd.get_rng_state().numpy().copy(), autograd.get_default_dtype()
    with pytest.raises(kind) as caught:
        call(Call(**tensors))
    message = str(caught.value)
    missing = [word for word in words.split() if word not in message]
    assert not missing, message
    assert type(caught.value) in (kind, *OF_BOTH_KINDS)
    assert "object has no attribute" not in message
    changed = [
        name
        for name, t in tensors.items()
        if state(t)[:4] + state(t)[5:] != before[name][:4] + before[name][5:]
    ]
    assert not changed
    assert autograd.is_grad_enabled()
    assert autograd.get_default_dtype() == dtype
    assert np.array_equal(autograd.get_rng_state().numpy(), stream)


def test_second_backward_through_a_freed_graph_leaves_gradients_as_they_were():
    a, b = tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0], requires_grad=True)
    shared = a.exp()
    shared.sum().backward()
    before = a.grad.numpy().copy()
    with pytest.raises(RuntimeError, match="Exp .* was freed.*retain_graph=True"):
        (shared * b).sum().backward()
    assert np.array_equal(a.grad.numpy(), before)
    assert b.grad is None


class Fails(autograd.Function):
    failing = True

    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a * 2

    @staticmethod
    def backward(ctx, g):
        if Fails.failing:
            raise KeyError("the user's own")
        return g * 2


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("enabled", [False, True])
def test_an_exception_inside_backward_restores_the_mode(enabled, create_graph, monkeypatch):
    x = tensor([1.0, 2.0], requires_grad=True)
    loss = Fails.apply(x * x).sum()
    with autograd.set_grad_enabled(enabled):
        with pytest.raises(KeyError, match="own"):
            loss.backward(retain_graph=True, create_graph=create_graph)
        assert autograd.is_grad_enabled() is enabled
    assert x.grad is None
    monkeypatch.setattr(Fails, "failing", False)
    loss.backward()  # the graph was retained
    assert x.grad.tolist() == [4.0, 8.0]


def test_a_hook_that_raises_gives_no_leaf_half_a_pass():
    a, b = tensor([1.0], requires_grad=True), tensor([2.0], requires_grad=True)
    b.register_hook(lambda g: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        (a * b).sum().backward()
    assert a.grad is None
    assert b.grad is None
    assert autograd.is_grad_enabled()


FAILING = [
    lambda h: h + autograd.ones(7),
    lambda h: h @ h,
    lambda h: h.backward(),
    lambda h: h.add_(autograd.ones(7)),
    lambda h: set_item(h, 0, autograd.ones(7)),
    lambda h: h[9],
    lambda h: h.reshape(7),
    lambda h: h.numpy(),
    lambda h: autograd.cat([h, autograd.ones(7)]),
    lambda h: autograd.einsum("ij,jk", h, h),
    lambda h: Fails.apply(h).sum().backward(),
]


@pytest.mark.slow
@pytest.mark.parametrize("call", FAILING)
def test_an_exception_does_not_keep_the_graph_alive(call):
    def fail():
        x = tensor(FLOATS, requires_grad=True)
        h = x * x
        references = weakref.ref(x), weakref.ref(h), weakref.ref(h.grad_fn)
        try:  # pytest.raises would itself keep the frame
            call(h)
        except (ValueError, IndexError, RuntimeError, KeyError):
            return references
        raise AssertionError("nothing was raised")

    gc.collect()
    gc.disable()
    try:
        references = fail()
        assert [reference() for reference in references] == [None, None, None]
    finally:
        gc.enable()


FUNCTIONS = [
    (lambda ctx, g: (g, g), "one gradient 2 for 1"),
    (lambda ctx, g: g.sum(), "input 0 (2, 3) ()"),
    (lambda ctx, g: "a", "input 0 str"),
    (lambda ctx, g: 1.0, "input 0 float"),
    (lambda ctx, g: np.ones((2, 3)), "input 0 ndarray"),
]


@pytest.mark.parametrize(("backward", "words"), FUNCTIONS)
def test_a_custom_backward_that_returns_something_else(backward, words):
    members = {
        "forward": staticmethod(lambda ctx, a: a * 2),
        "backward": staticmethod(backward),
    }
    Odd = type("Odd", (autograd.Function,), members)
    x = tensor(FLOATS, requires_grad=True)
    loss = Odd.apply(x).sum()
    with pytest.raises(RuntimeError) as caught:
        loss.backward()
    assert not [word for word in ["Odd", *words.split()] if word not in str(caught.value)]
    assert x.grad is None


def test_a_custom_function_without_backward():
    NoWay = type("NoWay", (autograd.Function,), {"forward": staticmethod(lambda ctx, a: a * 2)})
    x = tensor(FLOATS, requires_grad=True)
    with pytest.raises(NotImplementedError, match=r"NoWay: define .*backward\(ctx"):
        NoWay.apply(x).sum().backward()
    with pytest.raises(TypeError, match="mark_non_differentiable: .*str"):
        Marks = lambda ctx, a: ctx.mark_non_differentiable("a")  # noqa: E731
        type("Marks", (autograd.Function,), {"forward": staticmethod(Marks)}).apply(x)


def test_equality_with_what_is_no_number_is_plain_python():
    x = tensor([1.0, 2.0])
    assert (x == None) is False  # noqa: E711
    assert (x != "a") is True
    assert x in {x}
    assert {x: 1}[x] == 1


@pytest.mark.parametrize("flag", [True, False, np.True_])
def test_requires_grad_takes_booleans_and_keeps_the_graph(flag):
    x = tensor([1.0], requires_grad=True)
    loss = (x * 2).sum()
    x.requires_grad_(True)
    with no_grad():
        x.requires_grad_(flag)
    loss.backward()
    assert x.requires_grad is bool(flag)


def test_a_large_tensor_prints_short():
    assert len(repr(autograd.arange(10**6))) < 100
    assert len(repr(autograd.zeros(1000, 1000))) < 1000

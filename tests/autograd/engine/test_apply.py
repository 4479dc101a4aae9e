"""Two ways to apply an op: the generated one for tensors, the general one for everything else."""

import inspect
import sys
import traceback

import numpy as np
import pytest

import autograd
import nn.functional as F
from autograd.engine import apply, function, graph, versions
from autograd.engine.function import Function
from autograd.engine.observer import Observer, observe
from autograd.ops.pointwise.exponential import Exp, Exp2
from autograd.ops.shape.reshape import Reshape
from tests.graph_cases import equal, leaf
from tests.op_cases import cases, drawn, find, flat, leaves_from

# Ops of ours without an apply of their own, and public calls that take the general way although
# they are given plain tensors, each with its reason. At most ten.
EXCEPTIONS: dict[str, str] = {
    "bfloat16": "no op asks for it but the general way",
    "_Pulled": "in PyTorch's form, which is applied by way of a ctx",
    "_Implicit": "in PyTorch's form",
    "_Adjoint": "in PyTorch's form",
    "matrix_power": "of power 0 it is an identity, which is no tensor",
}


def ops_of_ours():
    def below(cls):
        for one in cls.__subclasses__():
            yield one
            yield from below(one)

    found = dict.fromkeys(below(Function))
    return [op for op in found if op.__module__.startswith(("autograd.", "nn."))]


def is_plain(value):
    """A float32 tensor, or no array at all."""
    if isinstance(value, graph.TensorBase):
        return value._data.dtype == np.float32
    return not isinstance(value, (np.ndarray, np.generic))


@pytest.fixture
def general(monkeypatch):
    """The calls of the general way where every argument was plain."""
    calls, written = [], Function.__dict__["general"].__func__

    def counted(cls, *args, **options):
        tensors = [isinstance(value, graph.TensorBase) for value in args]
        if any(tensors) and all(map(is_plain, args)):
            calls.append(cls.__name__)
        return written(cls, *args, **options)

    monkeypatch.setattr(Function, "general", classmethod(counted))
    return calls


def test_every_op_of_ours_has_an_apply_of_its_own():
    assert len(EXCEPTIONS) <= 10
    for op in ops_of_ours():
        if op.forward is Function.forward or op.__name__ in EXCEPTIONS:
            continue  # a kind of op, not an op
        if isinstance(op.__dict__.get("forward"), staticmethod):
            continue  # in PyTorch's form
        op.ready()
        assert op.__dict__["apply"] in function._generated, op
        assert op.apply.__code__.co_filename.startswith("generated apply("), op


@pytest.mark.parametrize("row, sample", cases(quick=1))
def test_every_public_function_reaches_it(row, sample, general):
    args, kwargs, _ = leaves_from(drawn(row, sample, np.float32), sample, bool(row.orders))
    (row.function or find(row.name))(*args, **kwargs)
    assert not general or row.name in EXCEPTIONS, general


def methods_without_arguments():
    """Names of methods and properties of Tensor that can be had from a matrix alone."""
    skipped = {"backward", "cpu", "numpy", "tolist", "share_memory_", "register_hook", "grad"}
    for name in dir(autograd.Tensor):
        member = inspect.getattr_static(autograd.Tensor, name)
        if name.startswith("_") or name.endswith("_") or name in skipped:
            continue
        if isinstance(member, property) or inspect.isfunction(member):
            yield name


@pytest.mark.parametrize("name", list(methods_without_arguments()))
def test_every_method_reaches_it(name, general):
    x = leaf([[0.1, 0.9, 0.3], [0.5, 0.2, 0.7], [0.8, 0.4, 0.6]], np.float32) * 1
    try:
        member = getattr(x, name)
        with np.errstate(all="ignore"):
            found = member() if callable(member) else member
    except (TypeError, ValueError, RuntimeError, AttributeError, ImportError):
        return  # it wants arguments, or a package
    assert not general or name in EXCEPTIONS, (found, general)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.T,
        lambda x: x.clone(),
        lambda x: x.squeeze(),
        lambda x: F.leaky_relu(x),
        lambda x: F.elu(x),
        lambda x: autograd.where(x > 0, x, 0),
        lambda x: autograd.cat([x, x]),
        lambda x: autograd.stack([x, x]),
        lambda x: x.unbind(0),
        lambda x: x[0],
        lambda x: x[[0, 0]],
        lambda x: x**3,
        lambda x: 1 - x,
        lambda x: x.sum().reshape(1),  # a view of a scalar
        lambda x: F.linear(x, x),
        lambda x: F.cross_entropy(x, autograd.tensor([0, 1])),
        lambda x: F.mse_loss(x, x * 2),
        lambda x: F.gelu(x),
        lambda x: x.argmax(),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_both_ways_give_the_same(call, recorded, general):
    """An op gives the same bits the general way, and is recorded with the same kept values."""

    def run():
        x = autograd.tensor([[1.5, -2.0], [0.25, -0.0]], requires_grad=recorded)
        found = flat(call(x))
        ends = [one for one in found if one.requires_grad]
        grads = autograd.grad(ends, x, [autograd.ones_like(e) for e in ends]) if ends else ()
        return [one.detach().numpy().tobytes() for one in (*found, *grads)], [
            (type(one), one.dtype, one.requires_grad, type(one.grad_fn).__name__) for one in found
        ]

    quick = run()
    assert not general
    with observe(Observer()):  # which makes every op go the general way
        assert run() == quick


def test_the_class_of_a_result_comes_from_the_argument():
    class Array(autograd.Tensor):
        pass

    Array._results = Array
    x = graph.wrap(np.array([1.0, 2.0]), None, Array)
    x.requires_grad_()
    for y in (x * 2, 2 * x, x.exp(), x.sum(), x.reshape(2, 1), x[0], autograd.cat([x, x])):
        assert type(y) is Array
    assert [type(one) for one in x.unbind()] == [Array, Array]
    assert type(x * autograd.tensor([1, 2])) is Array  # the general way, too
    (g,) = autograd.grad((x**3).sum(), x, create_graph=True)
    assert type(g) is Array and type(autograd.grad(g.sum(), x)[0]) is Array
    (x * x).sum().backward()
    assert type(x.grad) is Array and type(x.detach()) is Array and type(x.data) is Array
    weight = autograd.nn.Parameter(autograd.ones(2))
    assert type(weight * 2) is autograd.Tensor


def test_the_generated_text_can_be_read():
    x = autograd.ones(2, 3)
    try:
        Reshape.apply(x, (5,))
    except ValueError:
        text = traceback.format_exc()
    assert (
        "generated apply(x, shape)" in text and "raise cls.explained(error, [x_data, shape]" in text
    )
    Exp.ready()
    assert Exp.apply.__qualname__ == "Exp.apply"


def test_source_prints_it(capsys):
    apply.source(Exp)
    text = capsys.readouterr().out
    assert "def apply(x):" in text and "node.plan = ((x_edge, grad_x, (out,)),)" in text

    class Foreign(Function):
        def forward(self, x):
            return x * 2

    apply.source(Foreign)
    assert "the general way" in capsys.readouterr().out


def test_source_reads_an_op_that_has_not_run(capsys, monkeypatch):
    Exp.ready()
    monkeypatch.setattr(Exp, "_is_ready", False)
    monkeypatch.delattr(Exp, "_shortest")
    apply.source(Exp)
    assert "def apply(x):" in capsys.readouterr().out


@pytest.mark.parametrize("names", [("type", "y"), ("x", "grad_x"), ("isinstance", "forward")])
def test_two_inputs_may_have_any_names(names):
    x, y = names
    text = (
        f"class Named(base):\n"
        f"    def forward(self, {x}, {y}): return {x} * {y}\n"
        f"    def grad_{x}(self, g, {y}): return g * {y}\n"
        f"    def grad_{y}(self, g, {x}): return g * {x}\n"
    )
    for base in (Function, autograd.Elementwise):
        scope = {"base": base, "__name__": "elsewhere"}
        exec(text, scope)
        a, b = leaf([1.0, 2.0]), leaf([3.0, 5.0])
        scope["Named"].apply(a, b).sum().backward()
        equal(a.grad, [3.0, 5.0])
        equal(b.grad, [1.0, 2.0])


def test_ops_of_one_form_share_a_text():
    assert Exp.ready().__code__ is Exp2.ready().__code__


@pytest.mark.parametrize(
    "name", ["node", "out_", "cls", "result", "like", "dtype", "type", "getattr", "grad_y"]
)
def test_inputs_may_have_any_name(name):
    """The generated text has names of its own, which must not be an author's."""
    text = (
        f"class Named(base):\n"
        f"    def forward(self, {name}): return {name} * 2\n"
        f"    def grad_{name}(self, g): return g * 2\n"
    )
    for base in (Function, autograd.Elementwise):
        scope = {"base": base, "__name__": "elsewhere"}
        exec(text, scope)
        x = leaf([1.0, 2.0])
        scope["Named"].apply(x).sum().backward()
        equal(x.grad, [2.0, 2.0])


# -- how far a call goes ---------------------------------------------------------------------------


def files_entered(program):
    """The project's files whose functions a program enters; generated text counts as one."""
    found = set()

    def note(frame, event, argument):
        file = frame.f_code.co_filename
        if file.startswith("generated "):
            found.add("generated")
        elif "/autograd/" in file.replace("\\", "/") or "/nn/" in file.replace("\\", "/"):
            if "/tests/" not in file.replace("\\", "/"):
                found.add(file)

    versions.go_by(versions.bare_tick)
    sys.settrace(note)
    try:
        program()
    finally:
        sys.settrace(None)
    return found


def test_a_product_is_followed_through_six_files():
    a, b = leaf(np.ones((2, 2)), np.float32), leaf(np.ones((2, 2)), np.float32)
    (a * b).sum().backward()
    a.grad = b.grad = None
    with autograd.strict(False):  # nobody watches
        found = files_entered(lambda: (a * b).sum().backward())
    assert len(found) <= 6, found


def test_a_fused_loss_is_followed_through_seven():
    x, target = leaf(np.ones((2, 3)), np.float32), autograd.tensor([0, 2])
    F.cross_entropy(x, target).backward()
    x.grad = None
    with autograd.strict(False):
        found = files_entered(lambda: F.cross_entropy(x, target).backward())
    assert len(found) <= 7, found


# -- memory ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "most"), [(lambda x: x.exp(), 288), (lambda x: x * x, 416)], ids=["exp", "mul"]
)
def test_a_node_holds_little(call, most):
    """A node, its edges and its plan, in bytes, without the arrays that it keeps."""
    node = call(leaf(np.ones((8, 8)), np.float32)).grad_fn
    parts = [node, node.edges, node.plan, *node.plan, *[kept for _, _, kept in node.plan]]
    assert not node.__dict__
    assert sum(map(sys.getsizeof, parts)) <= most


@pytest.mark.parametrize("constant", [np.float64(2), np.full(3, 2.0)], ids=["0-d", "1-d"])
@pytest.mark.parametrize("call", [np.multiply, np.add, np.divide, np.subtract])
def test_constants_that_a_node_keeps_take_the_short_way(call, constant, monkeypatch):
    """A recorded backward pass meets arrays beside tensors in every formula."""
    x, one = leaf([1.0, 2.0, 3.0]), leaf(4.0)
    wanted = call(x.numpy(force=True), constant), call(constant, one.numpy(force=True))
    monkeypatch.setattr(Function, "general", None)
    for out, of, y in zip([call(x, constant), call(constant, one)], wanted, [x, one], strict=True):
        equal(out, of)
        (slope,) = autograd.grad(out.sum(), y, create_graph=True)
        assert slope.shape == y.shape


def test_a_constant_of_another_dtype_is_converted_as_ever():
    x = leaf([1.0, 2.0], dtype=autograd.float32)
    assert (x * np.ones(2)).dtype == autograd.float64
    assert (x * np.arange(2)).dtype == autograd.float32
    assert (np.ones((3, 1), np.float32) * x).shape == (3, 2)

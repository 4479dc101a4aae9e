"""What explain() writes: the textbook's equations, and that they are the ones that are computed."""

import gc
import re
import sys
import threading
import weakref

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F
from autograd import explain
from autograd.diagnosis.explain.notation import RULES, SLOPES, filled, latex
from autograd.engine import lines
from tests.op_cases import cases, differentiable, drawn, find, flat, leaves_from


@pytest.fixture(autouse=True)
def noted():
    """Lines are noted for all nodes, wherever the program stands."""
    lines.note(noted)
    yield
    lines.done(noted)


def equations(report):
    """The equations of the backward half: {left: right}."""
    rows = report.text.rpartition("Backward\n")[2].splitlines()
    found = [re.split(r"\s{3,}", row.strip())[0] for row in rows]
    return dict([one.partition(" = ")[::2] for one in found if " = " in one])


def number(mark):
    """The line of this file that ends in ``# mark``."""
    with open(__file__, encoding="utf-8") as file:
        return next(i for i, line in enumerate(file, 1) if line.rstrip().endswith(f"# {mark}"))


def perceptron():
    autograd.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    return net, autograd.rand(4, 3), autograd.tensor([0, 1, 1, 0])


def test_a_perceptron_as_the_textbook_has_it():
    net, x, y = perceptron()
    loss = F.cross_entropy(net(x), y)  # here
    report = explain(loss)
    assert equations(report) == {
        "δ²": "∂L/∂z² = 0.25 (softmax(z²) − onehot(y))",
        "∂L/∂W²": "(δ²)ᵀ a¹",
        "∂L/∂b²": "Σₙ δ²",
        "δ¹": "∂L/∂z¹ = δ² W² ⊙ tanh′(z¹),  tanh′(z¹) = 1 − (a¹)²",
        "∂L/∂W¹": "(δ¹)ᵀ x",
        "∂L/∂b¹": "Σₙ δ¹",
    }
    assert "z¹ = x (W¹)ᵀ + b¹" in report.text and "a¹ = tanh(z¹)" in report.text
    assert "W¹: net.0.weight (5, 3)" in report.text and "x: no gradient (4, 3)" in report.text
    assert f"Linear, Tanh at test_explain.py:{number('here')}" in report.text
    assert report.text.startswith("Backward pass of L (loss) = ")
    assert str(report) == repr(report) == report.text


def test_the_numbers_are_the_gradients_and_nothing_has_changed():
    net, x, y = perceptron()
    loss = F.cross_entropy(net(x), y)
    report = explain(loss)
    assert net[0].weight.grad is None
    loss.backward()  # the graph is still there
    for name, parameter in zip(("W¹", "b¹", "W²"), net.parameters()):
        norm = np.linalg.norm(parameter.grad.numpy().astype(float))
        (row,) = [row for row in report.text.splitlines() if row.startswith(f"  ∂L/∂{name} =")]
        assert f"{tuple(parameter.shape)} norm {norm:.4g} " in row + " "
    assert f"[{', '.join(f'{one:.4g}' for one in net[2].bias.grad.tolist())}]" in report.text


def test_latex_has_the_same_equations():
    net, x, y = perceptron()
    report = explain(F.cross_entropy(net(x), y), latex=True)
    assert r"\frac{\partial L}{\partial W^{2}} &= (\delta^{2})^{\top} a^{1} &&" in str(report)
    assert str(report) == report.latex != report.text
    assert report._repr_latex_() == f"$$\n{report.latex}\n$$"
    assert report.latex.startswith(r"\begin{aligned}") and report.latex.count("{aligned}") == 2
    assert latex("∂L/∂v₁[0] = √(x_1²) ⊙ w12") == (
        r"\frac{\partial L}{\partial v_{1}[0]} = \sqrt(\mathrm{x\_1}^{2}) \odot  w_{12}"
    )


def test_a_network_written_by_hand_goes_by_its_variables():
    x = autograd.rand(4, 3)
    w1, b1 = autograd.rand(3, 5, requires_grad=True), autograd.zeros(5, requires_grad=True)
    w2 = autograd.rand(5, 1, requires_grad=True)
    loss = ((autograd.tanh(x @ w1 + b1) @ w2) ** 2).mean() + 0.1 * (w1 * w1).sum()
    found = equations(explain(loss))
    assert found["δ²"] == "∂L/∂z² = 1 / 4 · 2 z²"
    assert found["∂L/∂w2"] == "(a¹)ᵀ δ²"
    assert found["δ¹"].startswith("∂L/∂z¹ = δ² w2ᵀ ⊙ tanh′(z¹)")
    assert found["∂L/∂b1"] == "Σ₀ δ¹"
    assert found["∂L/∂w1"] == "0.1 · w1 + 0.1 · w1 + xᵀ δ¹"


class Cube(autograd.Function):
    def forward(self, x):
        return x**3

    def grad_x(self, g, x):
        return g * 3 * x**2


class Product(autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g * y, g * x


def test_custom_ops_go_by_the_names_of_their_formulas():
    a = autograd.rand(3, requires_grad=True)
    c = Cube.apply(a)
    report = explain(Product.apply(c, a).sum())
    assert equations(report) == {
        "∂L/∂a": "Product.backward(1)[1] + Cube.grad_x(Product.backward(1)[0], a)"
    }
    assert "c = Cube(a)" in report.text


def test_shapes_that_were_stretched_and_signs():
    a, b = autograd.rand(3, 1, requires_grad=True), autograd.rand(2, requires_grad=True)
    found = equations(explain((a - b).exp().sum()))
    assert found["∂L/∂a"] == "Σ₁ exp′(v₁),  exp′(v₁) = v₂"
    assert found["∂L/∂b"] == "Σ₀ (−exp′(v₁)),  exp′(v₁) = v₂"


def test_after_backward_there_are_no_numbers_and_it_says_why():
    w = autograd.rand(3, requires_grad=True)
    loss = w.exp().sum()
    loss.backward()
    report = explain(loss)
    assert "No numbers: backward: " in report.text
    assert equations(report)["∂L/∂w"] == "exp′(w),  exp′(w) = v₁"


def test_names_may_be_given():
    def made():
        return autograd.rand(3, requires_grad=True)

    tensors = [made()]
    loss = (tensors[0] ** 2).sum()
    assert "∂L/∂θ₁ = 2 θ₁" in explain(loss).text
    assert "∂L/∂slope = 2 slope" in explain(loss, params={"slope": tensors[0]}).text


def test_a_statement_prints_and_a_value_does_not(capsys):
    w = autograd.rand(3, requires_grad=True)
    loss = w.sum()
    kept = explain(loss)
    assert capsys.readouterr().out == ""
    explain(loss)
    assert capsys.readouterr().out == f"{kept.text}\n"
    print(explain(loss))
    assert capsys.readouterr().out.count("Backward pass of L") == 1


def test_a_value_goes_by_the_variable_that_its_statement_set():
    w = autograd.rand(3, requires_grad=True)

    def model():
        hidden = w.exp()
        twice = hidden * 2
        return twice.sin().sum()

    report = explain(model())
    names = ("hidden", "twice") if sys.version_info >= (3, 11) else ("v₁", "v₂")
    assert "{} = exp(w)".format(*names) in report.text
    assert equations(report)["∂L/∂w"] == (
        "sin′({1}) ⊙ 2 ⊙ exp′(w),  sin′({1}) = cos({1}),  exp′(w) = {0}".format(*names)
    )


def test_of_many_terms_the_first_and_the_last_stand_for_all():
    w = autograd.rand(3, requires_grad=True)
    h = autograd.ones(3)
    for _ in range(20):
        h = h * w
    report = explain(h.sum())
    assert re.search(r" \+ … \+ .*, 20 terms$", equations(report)["∂L/∂w"])
    assert "Multiply ×20" in report.text


def test_what_a_node_notes_is_written_out():
    w = autograd.rand(2, 3, 4, requires_grad=True)
    report = explain(sum(part.sum() for part in w.permute(2, 0, 1).split(2)))
    assert "permute(w, (2, 0, 1))" in report.text
    assert "= [1, 1] " in report.text


def test_in_a_worker_thread():
    found = []

    def work():
        w = autograd.rand(3, requires_grad=True)
        loss = (w * w).sum()
        found.append(explain(loss).text)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "L (loss)" in found[0] and "∂L/∂w = w + w" in found[0]
    assert "Sum, Multiply at test_explain.py:" in found[0]


def test_a_report_keeps_nothing_alive():
    w = autograd.rand(3, requires_grad=True)
    loss = w.exp().sum()
    node, report = weakref.ref(loss.grad_fn), explain(loss)
    del loss
    gc.collect()
    assert node() is None and "exp" in report.text


@pytest.mark.parametrize(
    ("what", "kind", "message"),
    [
        (3, TypeError, "explain: expected a loss or an error; got int. Pass the tensor"),
        (autograd.rand(2), RuntimeError, "must have a graph; this one, of shape (2,)"),
        (
            autograd.rand(2, requires_grad=True) * 2,
            ValueError,
            "one number; got shape (2,). Reduce",
        ),
        (autograd.tensor(1.0, requires_grad=True), ValueError, "result of operations; got a leaf"),
    ],
)
def test_what_cannot_be_explained(what, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        explain(what)


# -- the table, against what the formulas compute --------------------------------------------------


@pytest.mark.slow
def test_every_op_is_explained():
    """Each row of the table of ops gives an equation for each of its gradients."""
    done = set()
    for param in cases():
        row, sample = param.values
        if row.name in done or row.name.startswith("ops."):
            continue
        done.add(row.name)
        args, kwargs, leaves = leaves_from(drawn(row, sample), sample)
        outputs = differentiable(flat((row.function or find(row.name))(*args, **kwargs)))
        outputs = [one for one in outputs if not np.iscomplexobj(one._data)]
        if not outputs or not leaves:
            continue
        report = explain(outputs[0].sum() if outputs[0]._whole else outputs[0].to_dense().sum())
        assert "∂L/∂" in report.text, row.name
        assert "{" not in report.text, f"{row.name}: a name is missing in {report.text}"
    assert len(done) > 250


READ = [
    ("ln 2", "log(2)"), ("ln 10", "log(10)"), ("ln(", "log("), ("√π", "sqrt(pi)"), ("√", "sqrt"),
    ("½ ", "0.5 "), ("−", "-"), ("⊙", "*"), ("²", "**2"), ("^(", "**("), ("σ(", "sigmoid("),
    ("π", "pi "), (" = ", " == "), ("≤", "<="), ("≥", ">="),
]  # fmt: skip


def value(text, known):
    """A formula of the table, computed: as NumPy would be written, with its signs replaced."""
    match = re.fullmatch(r"(.*?) where (.*?)(?:, else (.*))?", text)
    if match:
        one, condition, other = match.groups()
        return np.where(value(condition, known), value(one, known), value(other or "0", known))
    for sign, plain in READ:
        text = text.replace(sign, plain)
    text = re.sub(r"\|(\w+)\|", r"abs(\1)", text)
    text = re.sub(r"(?<=[\w)]) +(?=[\w(])", " * ", text)
    scope = {name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "sinh", "pi")}
    scope |= {"cosh": np.cosh, "abs": np.abs, "sign": np.sign}
    scope |= {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "logit": lambda x: np.log(x / (1 - x))}
    return eval(text, scope | known)


def op_class(name):
    todo = [autograd.Function]
    for one in todo:
        todo += one.__subclasses__()
    named = [one for one in todo if one.__name__ == name and one.__module__[:2] in ("au", "nn")]
    (found,) = [one for one in named if getattr(sys.modules[one.__module__], name, None) is one]
    return found


PROSE = {"Gelu", "GeluTanh", "Digamma", "Hardtanh", "Hardswish", "Lgamma"}
FACTS = {
    "Celu": {"alpha": 0.7}, "Elu": {"alpha": 0.7}, "Hardshrink": {"lambd": 0.5},
    "Huber": {"delta": 0.6}, "LeakyRelu": {"slope": 0.1}, "PowerOfNumber": {"exponent": 3.0},
    "Softplus": {"beta": 2.0, "threshold": 20.0}, "Softshrink": {"lambd": 0.5},
    "Threshold": {"threshold": 0.4, "value": 0.1},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(SLOPES) - PROSE))
def test_a_slope_is_the_formula_s(name):
    op, domain = op_class(name), (1.2, 1.9) if name == "Acosh" else (0.1, 0.9)
    values = np.linspace(*domain, 7)
    if name in ("Elu", "Celu", "LeakyRelu", "Relu", "Absolute", "Hardshrink", "Huber", "Tanh"):
        values = np.concatenate([-values, values])
    x = autograd.tensor(values, dtype=autograd.float64, requires_grad=True)
    facts = FACTS.get(name, {})
    out = op.apply(x, **facts)
    out.sum().backward()
    slope = filled(SLOPES[name][1], {"x": "x", "d": "x", "out": "out", **facts})
    found = np.broadcast_to(value(slope, {"x": values, "out": out.detach().numpy()}), values.shape)
    np.testing.assert_allclose(found, x.grad.numpy(), rtol=1e-9)


PAIRS = ["Add", "Atan2", "Divide", "Hypot", "LogAddExp", "Maximum", "Minimum", "Multiply", "Power",
         "Subtract", "ClampMin", "ClampMax", "XLogY", "BinaryCrossEntropy",
         "BinaryCrossEntropyWithLogits"]  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_a_rule_of_two_inputs_is_the_formulas(name):
    op = op_class(name)
    op.ready()
    random = np.random.default_rng(1)
    tensors = [
        autograd.tensor(random.uniform(0.1, 0.9, 5), dtype=autograd.float64, requires_grad=True)
        for _ in range(2)
    ]
    out = op.apply(*tensors)
    out.sum().backward()
    known = {name: one.detach().numpy() for name, one in zip(op.inputs, tensors)}
    known |= {"out": out.detach().numpy(), "g": np.ones(5)}
    for rule, tensor in zip(RULES[name][1:], tensors, strict=True):
        plain = filled(rule, {name: name for name in known})
        found = np.broadcast_to(value(plain, known), 5)
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-9)


def test_names_in_the_table_are_ops():
    import autograd.distributions  # noqa: F401  every op is there
    import autograd.linalg  # noqa: F401

    for name in [*SLOPES, *RULES]:
        if name != "Norm of 2":
            assert op_class(name), name


def test_the_last_error_of_a_prompt_is_explained(monkeypatch):
    monkeypatch.setattr(sys, "last_value", ValueError("shown at the prompt"), raising=False)
    monkeypatch.delattr(sys, "last_exc", raising=False)
    assert explain().text.startswith("ValueError: shown at the prompt")


def test_a_graph_that_was_freed_is_told_without_numbers():
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    loss = F.gelu(x).sum()
    loss.backward()
    text = autograd.explain(loss).text
    assert "No numbers: backward: every node must still hold what it kept" in text
    assert "gelu′(x)" in text

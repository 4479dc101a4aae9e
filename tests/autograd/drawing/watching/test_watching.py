"""A watched run: constants, data, modules, values and gradients reach the picture."""

import gc
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd import draw, tensor, watch
from nn import functional as F


def labels(scene, role="op"):
    return [node.label for node in scene.nodes.values() if node.role == role]


def arrows(scene):
    """The edges as (from, to, operand), data edges with a fourth word."""
    return [(e.start, e.end, e.place, *(["data"] if e.data else [])) for e in scene.edges]


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 3), nn.ReLU())

    def forward(self, x):
        return self.layers(x) + x


def test_numbers_stand_in_the_ops():
    x = tensor(2.0, requires_grad=True)
    with watch() as watched:
        y = ((2 - x) * 3 + x - 5) ** 3 / 7
        z = autograd.clamp(y[None], min=0.5)[0]
    scene = draw(z, watched=watched).scene
    said = ["2 - x", "* 3", "+", "- 5", "** 3", "/ 7", "x[None]", "clamp(min=0.5)", "x[0]"]
    assert labels(scene) == said
    assert not scene.notes


def test_which_operand_is_which():
    x, c = tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0])
    with watch() as watched:
        y, z = c - x, x - c
    for result, first, second in ((y, "data0", "leaf0"), (z, "leaf0", "data0")):
        ways = {
            e.place: e.start for e in draw(result, watched=watched).scene.edges if e.end == "op0"
        }
        assert ways == {0: first, 1: second}


def test_data_of_the_same_shape_is_an_arrow():
    net, x = Residual(), autograd.ones(2, 3)
    with watch() as watched:
        y = net(x)
    scene = draw(y, watched=watched).scene
    assert ("data0", "op0", 0, "data") in arrows(scene)
    assert ("data0", "op2", 1, "data") in arrows(scene)
    assert scene.nodes["data0"].label == "x"


def test_steps_without_a_gradient_are_dashed_and_on_the_way():
    x, w = autograd.ones(2, 3), tensor([1.0, 2.0, 3.0], requires_grad=True)
    with watch() as watched:
        seen = x * 5
        scaled = x / 2
        y = (scaled * w).sum()
    scene = draw(y, watched=watched).scene
    assert labels(scene) == ["/ 2", "*", "sum"]
    assert arrows(scene)[:3] == [
        ("data0", "op0", 0, "data"),
        ("op0", "op1", 0, "data"),
        ("leaf0", "op1", 1),
    ]
    assert labels(draw(seen, watched=watched).scene) == ["* 5"]


def test_modules_are_groups_and_parameters_carry_their_paths():
    net, x = Residual(), autograd.ones(2, 3)
    with watch() as watched:
        y = net(x).sum()
    scene = draw(y, watched=watched).scene
    assert [(g.label, g.kind, g.parent) for g in scene.groups.values()] == [
        ("Residual", "Residual", ""),
        ("layers", "Sequential", "module0"),
        ("layers.0", "Linear", "module1"),
        ("layers.1", "ReLU", "module1"),
    ]
    assert labels(scene, "parameter") == ["layers.0.weight", "layers.0.bias"]
    nodes = scene.nodes
    assert [nodes[key].group for key in ("op0", "op1", "op2", "op3")] == [
        "module2", "module3", "module0", "",
    ]  # fmt: skip
    assert nodes["leaf0"].group == "module2" and nodes["data0"].group == ""
    assert nodes["op1"].details["module"] == "layers.1: ReLU"


def test_boxes_say_data_and_gradient():
    a, b = tensor(2.0, requires_grad=True), tensor(-3.0, requires_grad=True)
    with watch() as watched:
        e = a * b
        d = e + 10
        f = d * tensor(-2.0)
        f.backward()
    scene = draw(f, watched=watched, values=True).scene
    assert {node.label: node.lines for node in scene.nodes.values() if node.role == "input"} == {
        "a": ["data 2 | grad 6"],
        "b": ["data -3 | grad -4"],
    }
    assert [scene.nodes[f"op{i}"].lines for i in range(3)] == [
        ["data -6 | grad -2"],
        ["data 4 | grad -2"],
        ["data -8 | grad 1"],
    ]
    assert scene.nodes["op1"].gradient == 2.0
    back = {(e.start, e.end): e.gradient for e in scene.edges}
    assert back["leaf0", "op0"] == 6.0 and back["op0", "op1"] == 2.0


def test_statistics_of_values_and_gradients():
    x = tensor(np.arange(12, dtype=np.float32), requires_grad=True)
    with watch() as watched:
        y = (x * 2).mean()
        y.backward()
    scene = draw(y, watched=watched, statistics=True).scene
    assert scene.nodes["op0"].lines == ["11 ± 6.904", "grad 0.08333 ± 0"]
    assert scene.nodes["op0"].details["range"] == "0 to 22"
    assert scene.nodes["op0"].details["zeros"] == "8%"


def test_a_recorded_backward_has_all_its_operands():
    x = tensor([1.0, 2.0], requires_grad=True)
    with watch() as watched:
        (g,) = autograd.grad((x**3).sum(), x, create_graph=True)
        loss = (1 - g).sum()
    scene = draw(loss, watched=watched).scene
    assert labels(scene) == ["expand(2)", "** 2", "* 3", "*", "1 - x", "sum"]


def test_draw_inside_uses_the_watch_by_itself():
    x = tensor(2.0, requires_grad=True)
    with watch():
        y = x + 1
        assert labels(draw(y).scene) == ["+ 1"]
    assert labels(draw(y).scene) == ["+"]


def test_what_was_made_before_is_read_from_the_graph():
    x = tensor([2.0], requires_grad=True)
    h = x.exp().sin()
    with watch() as watched:
        y = h * 3 + x
    assert labels(draw(y, watched=watched).scene) == ["exp", "sin", "* 3", "+"]


def test_a_result_changed_in_place():
    x, buffer = tensor([2.0, 3.0], requires_grad=True), autograd.zeros(2)
    with watch() as watched:
        y = x * 2
        y += 1
        buffer.add_(5)
        z = y * buffer
    scene = draw(z, watched=watched).scene
    assert labels(scene) == ["* 2", "+ 1", "*"]
    assert labels(scene, "data") == ["buffer"]


def test_nothing_is_kept_alive():
    net, x = Residual(), autograd.ones(2, 3)
    with watch() as watched:
        y = net(x).sum()
        y.backward()
    known = [weakref.ref(one) for one in (net, x, y, y._edge, x._data, net.layers[0].weight)]
    del net, x, y
    gc.collect()
    assert [one() for one in known] == [None] * len(known)
    assert not watched._notes._by_id and not watched._notes.by_node


def test_watching_changes_no_number():
    def trained():
        autograd.manual_seed(0)
        net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.BatchNorm1d(4))
        F.mse_loss(net(autograd.randn(8, 4)), autograd.randn(8, 4)).backward()
        return [p.grad.numpy() for p in net.parameters()], autograd.randn(3).numpy()

    alone, then = trained()
    with watch():
        watched, after = trained()
    assert all(map(np.array_equal, alone, watched)) and np.array_equal(then, after)


@pytest.mark.parametrize("values", [False, True])
def test_without_a_watch_the_picture_says_what_it_does_not_know(values):
    x = tensor([1.0, 2.0], requires_grad=True)
    scene = draw(2 - x, values=values).scene
    assert labels(scene, "constant") == ["constant"]
    assert scene.notes == [
        "A constant is one that the graph does not keep. Constants, values and data come from "
        "draw(model, inputs), or with autograd.watch()."
    ]
    assert [e.start for e in scene.edges if e.end == "op0"] == ["constant0", "leaf0"]


# -- a model is run -------------------------------------------------------------------------------


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.drop = nn.BatchNorm1d(4), nn.Dropout(0.5)
        self.lstm = nn.LSTM(4, 3)

    def forward(self, x, scale=1):
        out, state = self.lstm(self.drop(self.norm(x)) * scale)
        return {"out": out, "state": state}


def test_a_model_is_drawn_by_running_it():
    scene = draw(Heads(), (autograd.ones(5, 4), autograd.ones(1))).scene
    assert labels(scene, "output") == ["out", "state 0", "state 1"]
    assert [g.label for g in scene.groups.values()] == ["Heads", "norm", "drop", "lstm"]
    named = {node.label: node.group for node in scene.nodes.values() if node.role == "data"}
    assert named["x"] == named["scale"] == ""
    assert "norm.weight" in labels(scene, "parameter")


def test_a_model_is_left_as_it_was():
    net, x = Heads(), autograd.randn(5, 4)
    loss = net(x)["out"].sum()
    before = {name: one.numpy().copy() for name, one in net.state_dict().items()}
    stream = autograd.get_rng_state().numpy().copy()
    draw(net, {"x": x, "scale": 2}, statistics=True)
    after = net.state_dict()
    assert all(np.array_equal(before[name], after[name].numpy()) for name in before)
    assert np.array_equal(stream, autograd.get_rng_state().numpy())
    assert net.training and all(p.grad is None for p in net.parameters())
    loss.backward()


def test_a_function_is_drawn_by_running_it():
    scene = draw(lambda x, y: (x * y).sum(), (autograd.ones(2), autograd.ones(2))).scene
    assert labels(scene) == ["*", "sum"]
    assert labels(scene, "data") == ["x", "y"]
    assert all(edge.data for edge in scene.edges)


def test_the_variable_of_the_picture_is_no_name_of_the_output():
    picture = draw(nn.Linear(3, 2), autograd.ones(1, 3))
    assert labels(picture.scene, "output") == ["output"]
    with watch() as watched:
        result = nn.Linear(3, 2)(autograd.ones(1, 3))
    picture = draw([result], watched=watched)
    assert labels(picture.scene, "output") == ["result"]


def test_what_a_model_returns_besides_tensors_is_left_out():
    scene = draw(lambda x: {"loss": x * 2, "steps": 3, "state": (None, x)}, autograd.ones(2)).scene
    assert labels(scene, "output") == ["loss", "state 1"]


def test_outputs_of_one_name_are_all_drawn():
    x = autograd.ones(2)
    scene = draw(lambda x: ({"mean": x * 2}, {"mean": x * 3}), x).scene
    assert labels(scene, "output") == ["mean", "output 1.mean"]
    assert labels(scene) == ["* 2", "* 3"]
    itself = [x * 2]
    itself.append(itself)
    with watch():
        assert labels(draw(itself).scene, "output") == ["output 0"]


class Scaled(autograd.Function):
    @staticmethod
    def forward(x, factor, shift):
        return x * factor + shift

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.factor = inputs[1]

    @staticmethod
    def backward(ctx, g):
        return g * ctx.factor, None, None


def test_a_function_with_setup_context_has_the_names_of_its_arguments():
    x = tensor([1.0, 2.0], requires_grad=True)
    with watch() as watched:
        y = Scaled.apply(x, 4, 3)
    assert labels(draw(y, watched=watched).scene) == ["Scaled(factor=4, shift=3)"]
    assert labels(draw(y).scene) == ["Scaled(factor=4)"]


def test_numbers_as_large_as_floats_go():
    lowest = tensor([-1.7e308, -1.7e308, 1.0], dtype=autograd.float64)
    with watch() as watched:
        y = lowest * 1
    node = draw(y, watched=watched, values=True).scene.nodes["op0"]
    assert node.lines == ["data [-1.7e+308, -1.7e+308, 1]"]
    assert node.details["mean"] == "-1.133e+308 ± 8.014e+307"


def test_constants_without_axes_are_written_as_numbers():
    x = tensor([1.0], dtype=autograd.float64, requires_grad=True)
    assert labels(draw(x / tensor(12.0, dtype=autograd.float64)).scene) == ["/ 12"]
    given = autograd.ones(2, dtype=autograd.bfloat16)
    with watch() as watched:
        y = given.scatter_reduce(0, tensor([0, 1]), given, "sum")
    assert "to(None)" not in labels(draw(y, watched=watched).scene)


def test_modules_lie_in_each_other_as_deep_as_without_a_picture():
    net = nn.Linear(2, 2)
    for _ in range(220):
        net = nn.Sequential(net)
    x = autograd.ones(1, 2)
    net(x)
    assert len(draw(net, x).scene.groups) == 221
    assert autograd.summary(net, x).parameters == 6
    with pytest.raises(RuntimeError, match=r"in …[0.]{71} \(Linear\) it raised ShapeError"):
        draw(net, autograd.ones(1, 3))


def test_an_error_in_the_model_names_the_module():
    with pytest.raises(RuntimeError, match=r"^draw: the model must run .* in layers.0 \(Linear\)"):
        draw(Residual(), autograd.ones(2, 5))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (lambda: (Residual(),), TypeError, r"draw: a module .* got Residual alone\. Pass them"),
        (lambda: (3.0,), TypeError, r"must be a Tensor or a sequence of them; got float"),
        (lambda: (autograd.ones(2), 3), TypeError, r"inputs are those of a module .* got Tensor"),
        (lambda: (lambda x: 3, 3), TypeError, r"every output must be a Tensor; output is int"),
        (lambda: ({},), ValueError, r"must hold at least one Tensor; it holds none"),
    ],
)
def test_what_cannot_be_drawn(arguments, error, message):
    with pytest.raises(error, match=message):
        draw(*arguments())


# -- what draw() makes of it -----------------------------------------------------------------------


def test_the_backward_view_has_the_gradients_that_were_watched():
    net = Residual()
    with watch() as watched:
        loss = net(autograd.ones(2, 3)).sum()
        loss.backward()
    scene = draw(loss, watched=watched, view="backward").scene
    assert scene.backward
    weight = next(n for n in scene.nodes.values() if n.label == "layers.0.weight")
    g = net.layers[0].weight.grad.numpy()
    assert weight.gradient == pytest.approx(np.sqrt((g**2).mean()), rel=1e-5)


def test_the_backward_view_sweeps_by_itself_and_changes_nothing():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = ((x * 3).exp() + x).sum()
    scene = draw(y, view="backward").scene
    assert x.grad is None
    expected = 3 * np.exp([3.0, 6.0]) + 1
    y.backward()
    assert np.allclose(x.grad.numpy(), expected)
    leaf = next(n for n in scene.nodes.values() if n.role == "input")
    assert leaf.gradient == pytest.approx(np.sqrt((expected**2).mean()), rel=1e-5)


def test_the_backward_view_of_a_freed_graph_says_what_to_do():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = (x.exp() + x).sum()
    y.backward()
    with pytest.raises(RuntimeError, match=r"none was watched, .* Draw before loss.backward\(\)"):
        draw(y, view="backward")
    with pytest.raises(ValueError, match="view must be 'forward' or 'backward'; got 'down'"):
        draw(y, view="down")


def test_modules_fold_and_steps_are_compared():
    net, x = Residual(), autograd.ones(2, 3)
    folded = draw(net, x, depth=0).scene
    assert [n.label for n in folded.nodes.values() if n.role == "module"] == ["Residual"]
    first = draw(net, x, statistics=True)
    with autograd.no_grad():
        net.layers[0].weight.mul_(10)
    assert any("→" in line for n in draw(net, x, statistics=True, before=first).scene.nodes.values()
               for line in n.lines)  # fmt: skip


def test_a_profile_puts_times_into_the_boxes():
    net, x = Residual(), autograd.ones(2, 3)
    with watch() as watched, autograd.profile() as measured:
        loss = net(x).sum()
        loss.backward()
    scene = draw(loss, watched=watched, profile=measured).scene
    ops = [node for node in scene.nodes.values() if node.role == "op"]
    assert len(ops) == 4
    for node in ops:
        forward, backward = node.details["time"].split(", ")
        assert forward.endswith("s forward") and backward.endswith("s backward")
    assert ops[0].details["new arrays"] == "24 bytes"
    with pytest.raises(TypeError, match=r"draw: profile must be what .* measured; got str"):
        draw(loss, profile="fast")


def test_a_page_holds_the_whole_graph_and_begins_at_a_depth():
    net, x = Residual(), autograd.ones(2, 3)
    picture = draw(net, x, depth=0)
    assert len(picture.scene.nodes) < len(picture.whole.nodes)
    assert picture.whole.nodes.keys() == draw(net, x).scene.nodes.keys()
    assert '"depth":0,' in picture.html() and '"depth":null,' in draw(net, x).html()
    then = draw(net, x, depth=0, before=picture)
    assert then.scene.notes == ["Compared with the step before."]


def test_the_collector_is_left_as_it_was():
    x = tensor([1.0], requires_grad=True)
    assert gc.isenabled()
    draw(x * 2)
    assert gc.isenabled()
    gc.disable()
    try:
        draw(x * 2)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_leads_to_no_output_is_left_out():
    kept, lost, x = nn.Linear(2, 2), nn.Tanh(), autograd.randn(3, 2)
    with autograd.watch():
        loss = kept(x).sum()
        lost(kept(x)).mean()
        scene = autograd.draw(loss).scene
    assert [node.label for node in scene.nodes.values() if node.role == "op"] == ["linear", "sum"]
    assert [group.kind for group in scene.groups.values()] == ["Linear"]

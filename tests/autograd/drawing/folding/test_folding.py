"""Scenes made smaller: what is folded, what is rolled up, and what is said of it."""

import copy
import sys

import pytest

from autograd.drawing.folding.folding import folded, within
from autograd.drawing.scene import Edge
from tests import scene_cases


class Maker(scene_cases.Maker):
    def linear(self, x, path, wide=64):
        """One without a bias: an op and a parameter."""
        self.group(path, "Linear")
        y = self.node("op", "linear", x, self.node("parameter", f"{path}.weight", shape=(wide, 64)))
        self.close()
        return y


def tower(blocks=12, odd=None):
    """A module of residual blocks, of which ``odd`` has wider weights."""
    make = Maker()
    x = make.node("data", "x")
    make.group("Net", "Net")
    for i in range(blocks):
        make.group(f"layers.{i}", "Block")
        wide = 128 if i == odd else 64
        h = make.node("op", "relu", make.linear(x, f"layers.{i}.first", wide))
        x = make.node("op", "+", make.linear(h, f"layers.{i}.second", wide), x)
        make.close()
    make.close()
    make.node("output", "y", x)
    return make.scene


def recurrence(steps=50):
    """h = tanh(x[:, t] @ w + h @ u), without modules."""
    make = Maker()
    x, h = make.node("data", "x"), make.node("data", "h0")
    w, u = make.node("parameter", "w"), make.node("parameter", "u")
    for t in range(steps):
        now = make.node("op", f"x[:, {t}]", x)
        total = make.node("op", "+", make.node("op", "@", now, w), make.node("op", "@", h, u))
        h = make.node("op", "tanh", total)
    make.node("output", "h", h)
    return make.scene


def labels(scene):
    return [node.label for node in scene.nodes.values()]


def arrows(scene):
    name = {key: node.label for key, node in scene.nodes.items()}
    return [(name[edge.start], name[edge.end]) for edge in scene.edges if not edge.again]


def consistent(scene):
    """Whether a scene refers to nothing that is not in it, and parents come first."""
    seen = {""}
    for key, group in scene.groups.items():
        assert key == group.key and group.parent in seen
        seen.add(key)
    for key, node in scene.nodes.items():
        assert key == node.key and node.group in seen
    for edge in scene.edges:
        assert edge.start in scene.nodes and edge.end in scene.nodes
    return True


# -- by depth -------------------------------------------------------------------------------------


def test_depth_0_shows_the_outermost_module_as_one_box():
    scene = folded(tower(), 0)
    assert labels(scene) == ["x", "Net", "y"] and not scene.groups and consistent(scene)
    box = scene.nodes["group0"]
    assert (box.role, box.shape) == ("module", (32, 64))
    assert box.lines == ["Net", "48 operations, 98,304 parameters"]
    assert [(edge.start, edge.end, edge.count) for edge in scene.edges] == [
        ("data0", "group0", 1),  # used twice in there, and yet one value
        ("group0", "output73", 1),
    ]


def test_blocks_of_the_same_make_are_one_with_their_count():
    scene = folded(tower(), 1)
    assert labels(scene) == ["x", "layers.0…11", "y"] and consistent(scene)
    assert scene.nodes["group1"].count == 12
    assert scene.notes == ["× 12: layers.0…11 stand for 12 repeats of the same structure."]


def test_an_open_block_stands_for_all_of_them():
    scene = folded(tower(), 2)
    assert scene.groups["group1"].count == 12 and scene.groups["group1"].label == "layers.0…11"
    assert labels(scene) == [
        "x", "layers.0…11.first", "relu", "layers.0…11.second", "+", "y",
    ]  # fmt: skip
    again = [edge for edge in scene.edges if edge.again]
    assert [(edge.start, scene.nodes[edge.end].label) for edge in again] == [
        (next(key for key, node in scene.nodes.items() if node.label == "+"), "layers.0…11.first")
    ]
    assert consistent(scene)


def test_a_block_of_another_size_stays_itself():
    scene = folded(tower(odd=6), 1)
    assert labels(scene) == ["x", "layers.0…5", "layers.6", "layers.7…11", "y"]
    assert [node.count for node in scene.nodes.values()] == [1, 6, 1, 5, 1]


def test_two_of_a_make_are_shown_as_they_are():
    assert labels(folded(tower(2), 1)) == ["x", "layers.0", "layers.1", "y"]


def test_query_key_and_value_stay_themselves():
    make = Maker()
    x = make.node("data", "x")
    parts = [make.linear(x, name) for name in ("query", "key", "value")]
    make.node("output", "y", make.node("op", "attention", *parts))
    assert labels(folded(make.scene, 0)) == ["x", "query", "key", "value", "attention", "y"]


def test_many_side_by_side_are_one():
    make = Maker()
    x = make.node("data", "x")
    parts = [make.linear(x, f"heads.{i}") for i in range(8)]
    make.node("output", "y", make.node("op", "cat", *parts))
    scene = folded(make.scene, 0)
    assert labels(scene) == ["x", "heads.0…7", "cat", "y"]
    assert [edge.count for edge in scene.edges] == [1, 8, 1]


def test_shared_parameters_stay_outside_and_own_ones_go_in():
    make = Maker()
    x, tied, own = (
        make.node(*one) for one in (("data", "x"), ("parameter", "t"), ("constant", "2"))
    )
    for i in range(2):
        make.group(f"m{i}", "Module")
        x = make.node("op", "*", x, tied, *([own] if i else []))
        make.close()
    make.node("output", "y", x)
    assert labels(folded(make.scene, 0)) == ["x", "t", "m0", "m1", "y"]


@pytest.mark.parametrize("depth", [-1, -7])
def test_a_negative_depth_is_refused(depth):
    with pytest.raises(ValueError) as error:
        folded(tower(), depth)
    assert str(error.value) == (
        f"draw: depth says how many modules may lie in each other, from 0; got {depth}. depth=0 "
        "shows the outermost module as one box."
    )


def test_folding_changes_no_scene():
    scene = tower()
    before = copy.deepcopy(scene)
    folded(scene, 1), within(scene, 10)
    assert scene == before


def test_gradients_of_folded_edges_are_their_root_mean_square():
    scene = tower(1)
    for edge, value in zip(scene.edges, (3.0, 9.0, 9.0, 9.0, 9.0, 9.0, 4.0)):
        edge.gradient = value
    into = [edge for edge in scene.edges if edge.start == "data0"]
    assert len(into) == 2
    for edge, value in zip(into, (3.0, 4.0)):
        edge.gradient = value
    assert folded(scene, 0).edges[0].gradient == pytest.approx(12.5**0.5)


def test_the_gradient_of_a_value_is_told_where_all_its_uses_are_in_one_box():
    scene = tower(1)
    scene.nodes["data0"].gradient = 5.0
    for edge in scene.edges:
        edge.data, edge.gradient = False, 1.0
    assert folded(scene, 0).edges[0].gradient == 5.0
    scene.edges.append(Edge("data0", scene.edges[-1].end, gradient=1.0))  # a use elsewhere
    assert folded(scene, 0).edges[0].gradient == 1.0


def test_several_values_between_two_boxes_are_counted():
    make = Maker()
    parts = []
    for label in "ab":
        make.group(label, "Module")
        parts = [make.node("op", one, *parts) for one in ("exp", "log")]
        make.close()
    make.node("output", "y", *parts)
    assert [edge.count for edge in folded(make.scene, 0).edges] == [2, 2]


def test_what_uses_the_last_of_rolled_blocks_is_found():
    make = Maker()
    x = make.node("data", "x")
    make.group("Net", "Net")
    make.group("encoder", "Encoder")
    for i in range(4):
        make.group(f"encoder.{i}", "Block")
        x = make.node("op", "relu", make.linear(x, f"encoder.{i}.first"))
        make.close()
    make.close()
    x = make.node("op", "x[:, 0]", x)
    make.close()
    make.node("output", "y", x)
    scene = folded(make.scene, 2)
    assert labels(scene) == ["x", "encoder.0…3", "x[:, 0]", "y"] and consistent(scene)


# -- seen backward ---------------------------------------------------------------------------------


def backward(steps):
    """A chain of layers whose gradient vanishes, tenfold in each."""
    scene = tower(steps)
    scene.backward = True
    for i, node in enumerate(scene.nodes.values()):
        node.gradient = 10.0 ** (i // 6 - steps)
    return scene


def test_repeats_stay_apart_where_their_gradients_are_seen():
    assert labels(folded(backward(5), 1)) == ["x", *(f"layers.{i}" for i in range(5)), "y"]
    assert labels(within(backward(5), 10)) == labels(folded(backward(5), 1))


def test_repeats_over_the_budget_say_how_their_gradients_go():
    scene = within(backward(20), 10)
    (relu,) = [node for node in scene.nodes.values() if node.label == "relu"]
    assert relu.lines == ["grad 1.0e-20 … 0.1"]
    assert not any(
        "…" in line for node in within(tower(20), 10).nodes.values() for line in node.lines
    )


# -- within a budget ------------------------------------------------------------------------------


def test_what_fits_is_not_touched():
    scene = tower()
    assert within(scene, len(scene.nodes)) is scene and within(scene, None) is scene


def test_the_steps_of_a_loop_become_one():
    scene = within(recurrence(), 40)
    assert labels(scene) == ["x", "h0", "w", "u", "x[:, 0…49]", "@", "@", "+", "tanh", "h"]
    (group,) = scene.groups.values()
    assert group.count == 50 and consistent(scene)
    assert {node.label for node in scene.nodes.values() if node.group} == {
        "x[:, 0…49]", "@", "+", "tanh",
    }  # fmt: skip
    (again,) = [edge for edge in scene.edges if edge.again]
    assert (scene.nodes[again.start].label, scene.nodes[again.end].label) == ("tanh", "@")
    assert scene.notes == [
        "At most 40 nodes are shown: repeats are one; draw(…, max_nodes=255) shows all 255 nodes.",
        "× 50: x[:, 0…49], @, @ and 2 more stand for 50 repeats of the same structure.",
    ]


def test_it_folds_no_more_than_is_needed():
    assert "layers.0…11.first" not in labels(within(tower(), 20))  # repeats alone suffice
    assert labels(within(tower(), 6)) == labels(folded(tower(), 2))
    assert labels(within(tower(), 5)) == labels(folded(tower(), 1))
    assert within(tower(), 5).notes[0] == (
        "At most 5 nodes are shown: modules that lie in 1 others are one box each; draw(…, "
        "max_nodes=74) shows all 74 nodes."
    )


def test_what_cannot_be_folded_shows_its_end():
    make = Maker()
    x = make.node("data", "x")
    bits = [int(bit) for number in range(64) for bit in f"{number * number:b}"]
    for bit in bits:  # no run of repeats is long
        x = make.node("op", "ab"[bit] + "cd"[make.scene.nodes[x].label < "b"], x)
    make.node("output", "y", x)
    scene = within(make.scene, 20)
    assert len(scene.nodes) <= 20 and scene.nodes["rest"].label == "…" and consistent(scene)
    assert "furthest from the output are one box (…), because at most 20" in scene.notes[0]
    assert scene.notes[0].endswith(f"max_nodes={len(bits) + 2}) shows all {len(bits) + 2} nodes.")


def test_a_long_chain_is_folded_without_recursion():
    length = 5 * sys.getrecursionlimit()
    make = Maker()
    x = make.node("data", "x")
    for _ in range(length):
        x = make.node("op", "* 1.0", x)
    make.node("output", "y", x)
    scene = within(make.scene, 1000)
    assert [node.count for node in scene.nodes.values()] == [1, length, 1]


def test_repeats_that_are_wired_otherwise_are_not_one():
    make = Maker()
    x = make.node("data", "x")
    for i in range(12):
        a, b = make.node("op", "sin", x), make.node("op", "cos", x)
        x = make.node("op", "-", *((a, b) if i < 6 else (b, a)))
    make.node("output", "y", x)
    assert sorted([group.count for group in within(make.scene, 20).groups.values()]) == [6, 6]


def test_parameters_of_repeats_are_one_and_shared_ones_stay():
    make = Maker()
    x, shared = make.node("data", "x"), make.node("parameter", "shared")
    for i in range(5):
        own = make.node("parameter", f"weights.{i}")
        x = make.node("op", "+", make.node("op", "@", x, own), shared)
    make.node("output", "y", x)
    assert labels(within(make.scene, 10)) == ["x", "shared", "weights.0…4", "@", "+", "y"]

"""How edges and large graphs look, and what a layout may take its time for."""

import pytest

from autograd.drawing.scene import Edge, Node, Scene
from autograd.drawing.showing.gradients import turned
from autograd.drawing.showing.looks import Scale
from autograd.drawing.showing.picture import Picture


def test_where_no_gradient_is_known_an_edge_is_dotted_and_data_stays_as_it_is():
    scale = Scale(Scene(backward=True))
    assert scale.of_edge(Edge("a", "b")) == {"style": "dotted"}
    assert scale.of_edge(Edge("a", "b", data=True)) == {}


@pytest.mark.parametrize("used_again", [False, True])
def test_an_output_that_is_used_again_brings_a_part_of_the_gradient_only(used_again):
    nodes = [Node("a", "op", "exp", gradient=2.0), Node("y", "output", "y")]
    edges = [Edge("a", "y")]
    if used_again:
        nodes += [Node("b", "op", "sin")]
        edges += [Edge("a", "b")]
    scene = Scene({node.key: node for node in nodes}, edges)
    back = turned(scene, [], lambda edge: "", None)
    assert back.edges[0].gradient == (None if used_again else 2.0)


@pytest.mark.parametrize(
    ("edges", "hasty", "straight"), [(300, False, False), (301, True, False), (701, True, True)]
)
def test_a_large_graph_is_laid_out_in_less_time(edges, hasty, straight):
    nodes = {str(i): Node(str(i), "op", "exp") for i in range(edges + 1)}
    source = Picture(Scene(nodes, [Edge(str(i), str(i + 1)) for i in range(edges)])).source
    assert ("nslimit=1" in source) == hasty and ("splines=line" in source) == straight

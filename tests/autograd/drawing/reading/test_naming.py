"""What values are called where more than one name fits."""

import autograd
import nn
from autograd import draw, watch


def parameters(scene):
    return [node.label for node in scene.nodes.values() if node.role == "parameter"]


def test_parameters_of_several_modules_say_whose_they_are():
    encoder, decoder = nn.Linear(3, 2), nn.Linear(2, 3)
    with watch() as watched:
        hidden = encoder(autograd.ones(1, 3))
        y = decoder(hidden)
    assert parameters(draw(hidden, watched=watched).scene) == ["weight", "bias"]
    assert parameters(draw(y, watched=watched).scene) == [
        "encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias",
    ]  # fmt: skip

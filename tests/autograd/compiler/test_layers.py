"""Every layer and loss, recorded forwards and backwards and done again, bit for bit."""

import numpy as np

import autograd
from autograd.compiler.replaying import buffers
from autograd.compiler.replaying.replay import program
from autograd.compiler.tapes.recording import Recording
from autograd.engine.graph import unwrap
from tests.test_every_layer import F32, flat, inputs_of, rows


def passed(layer, inputs):
    """What a layer gives, and the gradients of its inputs and parameters."""
    leaves = [one for one in [*inputs, *layer.parameters()] if one.requires_grad]
    outputs = flat(layer(*inputs))
    found = autograd.grad(sum((one * one).sum() for one in outputs), leaves, allow_unused=True)
    return [*outputs, *[g for g in found if g is not None]]


@rows
def test_every_layer(row, monkeypatch):
    monkeypatch.setattr(buffers, "_FEW", 1)
    autograd.manual_seed(7)
    layer = row.make()
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    inputs = inputs_of(row, F32, requires_grad=True)
    autograd.manual_seed(8)
    with Recording() as recording:
        results = passed(layer, inputs)
    assert not [f"{reason}: {line}" for reason, line in recording.tape.refusals]
    expected = [np.array(unwrap(one)) for one in results]
    expected += [np.array(unwrap(value)) for value in layer.state_dict().values()]
    outside = [*recording.outside.values()]
    given = {f"x{i}": recorder for i, (_, recorder) in enumerate(outside)}
    again = program(recording.tape, given, map(recording.held_by, results))
    again.memory.fill(255)
    layer.load_state_dict(before)
    autograd.manual_seed(8)
    found = [*again(*[tensor._data for tensor, _ in outside])]
    found += [unwrap(value) for value in layer.state_dict().values()]
    for a, e in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, e)

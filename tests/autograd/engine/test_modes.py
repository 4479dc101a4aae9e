"""Modes inside modes: which are on, and whether operations are recorded."""

import contextlib
import itertools

import pytest

import autograd

SWITCHES = {
    "no_grad": lambda torch: torch.no_grad(),
    "enable_grad": lambda torch: torch.enable_grad(),
    "inference": lambda torch: torch.inference_mode(),
    "no inference": lambda torch: torch.inference_mode(False),
    "on": lambda torch: torch.set_grad_enabled(True),
    "off": lambda torch: torch.set_grad_enabled(False),
}


def state(torch, x):
    modes = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
    return *modes, (x * 2).requires_grad


def as_contexts(torch, names):
    """The state inside all of ``names``, and after each of them is left."""
    x = torch.ones(2, requires_grad=True)
    if not names:
        return [state(torch, x)]
    with SWITCHES[names[0]](torch):
        inside = as_contexts(torch, names[1:])
    return [*inside, state(torch, x)]


def as_decorators(torch, names):
    """The state in a function, and in a step of a generator, that all of ``names`` decorate."""
    x = torch.ones(2, requires_grad=True)

    def function():
        return state(torch, x)

    def generator():
        yield state(torch, x)

    for name in reversed(names):
        function, generator = (SWITCHES[name](torch)(f) for f in (function, generator))
    return [state(torch, x), function(), *generator(), state(torch, x)]


NESTS = [names for n in (1, 2, 3) for names in itertools.product(SWITCHES, repeat=n)]


@pytest.mark.torch
@pytest.mark.parametrize("run", [as_contexts, as_decorators])
def test_every_nest_is_pytorchs(run):
    torch = pytest.importorskip("torch")
    for names in NESTS:
        assert run(autograd, names) == run(torch, names), names


def recorded(*names):
    with contextlib.ExitStack() as stack:
        for name in names:
            stack.enter_context(SWITCHES[name](autograd))
        return (autograd.ones(2, requires_grad=True) * 2).requires_grad


@pytest.mark.parametrize("inner", ["enable_grad", "on"])
def test_nothing_turns_recording_on_inside_inference_mode(inner):
    assert not recorded("inference", inner)
    assert not recorded("inference", "no_grad", inner)
    assert recorded("inference", "no inference", inner)


def test_inference_mode_false_records_again():
    assert recorded("inference", "no inference")
    assert recorded("no_grad", "no inference")
    assert not recorded("no inference", "inference")
    assert not recorded("inference", "no inference", "no_grad")


def test_leaving_brings_back_what_was_there():
    x = autograd.ones(2, requires_grad=True)
    with autograd.inference_mode():
        with autograd.enable_grad():
            assert autograd.is_grad_enabled() and not (x * 2).requires_grad
        assert not autograd.is_grad_enabled()
        with autograd.inference_mode(False):
            (x * 2).sum().backward()
        assert autograd.is_inference_mode_enabled() and not (x * 2).requires_grad
    assert x.grad.tolist() == [2.0, 2.0]
    assert (x * 2).requires_grad and not autograd.is_inference_mode_enabled()


def test_a_mode_is_a_truth():
    for switch in (autograd.inference_mode, autograd.set_grad_enabled):
        for wrong in (None, "yes", 1):
            with pytest.raises(TypeError, match="mode must be True or False; got"):
                switch(wrong)
        assert autograd.is_grad_enabled()

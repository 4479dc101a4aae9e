"""Forward hooks that are called whatever happens."""

import pytest

import autograd
import nn

X = autograd.ones(2)


class Failing(nn.Module):
    def forward(self, x):
        raise ZeroDivisionError("forward")


def test_a_hook_with_always_call_runs_after_an_error():
    calls = []
    for module in (nn.Identity(), Failing()):
        module.register_forward_hook(lambda m, a, out: calls.append(("plain", out)))
        module.register_forward_hook(
            lambda m, a, k, out: calls.append(("always", k, out)),
            with_kwargs=True,
            always_call=True,
        )
    assert nn.Identity()(X) is X
    with pytest.raises(ZeroDivisionError, match="forward"):
        module(X)
    assert calls == [("always", {}, None)]


def test_after_an_error_of_a_hook_those_that_waited_run_once():
    calls, module = [], nn.Identity()

    def failing(m, args, out):
        raise ZeroDivisionError("hook")

    module.register_forward_hook(lambda m, a, out: calls.append("first"), always_call=True)
    module.register_forward_hook(failing)
    handle = module.register_forward_hook(lambda m, a, o: calls.append(o), always_call=True)
    with pytest.raises(ZeroDivisionError, match="hook"):
        module(X)
    assert calls[0] == "first" and calls[1] is X and len(calls) == 2
    handle.remove()
    with pytest.raises(ZeroDivisionError):
        module(X)
    assert calls[2:] == ["first"]


def test_the_error_of_such_a_hook_does_not_hide_the_first():
    def failing(m, args, out):
        raise ValueError("from the hook")

    module = Failing()
    module.register_forward_hook(failing, always_call=True)
    with (
        pytest.warns(UserWarning, match="failing raised ValueError: from the hook"),
        pytest.raises(ZeroDivisionError, match="forward"),
    ):
        module(X)

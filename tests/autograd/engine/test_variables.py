"""Names of the user's things, looked up in frames, and nothing kept of it."""

import sys
import weakref

import autograd
import nn
from autograd.engine import variables


def test_a_lookup_keeps_no_variable_alive():
    def program():
        x = autograd.zeros(2)
        gone = weakref.ref(x)
        assert variables.names_in(sys._getframe())["x"] is x
        del x
        return gone()

    assert program() is None


def test_a_programs_own_dict_of_its_variables_is_left_alone():
    def program(first, second):
        mine = locals()
        assert variables.names_in(sys._getframe())["second"] == 2
        return mine

    mine = program(1, 2)
    assert (mine["first"], mine["second"]) == (1, 2)


def test_parameters_go_by_the_path_that_leads_to_them(monkeypatch):
    net = nn.Sequential(nn.Linear(1, 1))
    monkeypatch.setattr(variables, "models", lambda: [variables.Held("net", net, None)])
    assert [path for path, _ in variables.parameters()] == ["net.0.weight", "net.0.bias"]


def test_the_modules_that_run_are_known_innermost_first():
    found = []

    class Inner(nn.Module):
        def forward(self, x):
            found.extend(variables.modules_running())
            return x

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def forward(self, x):
            return self.inner(x)

    net = Outer()
    net(autograd.zeros(1))
    assert found == [net.inner, net]

"""docs/gradcheck.md: its Python runs, and what it says is printed is."""

import re
from pathlib import Path

import pytest

import autograd
import tests

PAGE = Path(tests.__file__).resolve().parent.parent / "docs" / "gradcheck.md"


def blocks():
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_what_the_page_shows_runs(capsys):
    names = {}
    first, gate, *rest = blocks()
    exec(first, names)
    assert "25 entries agree" in capsys.readouterr().out
    with pytest.raises(autograd.GradcheckError) as caught:
        exec(gate, names)
    said = str(caught.value)
    assert "Culprit, each of 4 operations checked alone:\n  Gate (" in said
    assert "Analytical = 1.001 × numerical everywhere" in said
    (several,) = [one for one in rest if "SinCos" in one]
    exec(several, names)
    x = names["x"].double().detach().requires_grad_()
    assert autograd.gradcheck(names["SinCos"].apply, x)
    assert autograd.gradgradcheck(names["SinCos"].apply, x)


def test_the_two_ways_to_leave_numpy_are_right():
    """With stand-ins for functions that NumPy does not have: γ(x) = x³, ψ(x) = 3 / x."""
    once, second = [one for one in blocks() if "scipy" in one]

    class Trigamma(autograd.Function):
        def forward(self, x):
            return -3 / x**2

        def grad_x(self, g, x):
            return g * 6 / x**3

    class special:
        gamma = staticmethod(lambda x: x**3)
        digamma = staticmethod(lambda x: 3 / x)

    class scipy:
        pass

    scipy.special = special
    x = autograd.tensor([0.5, 1.5], dtype=autograd.float64, requires_grad=True)
    names = {"autograd": autograd, "scipy": scipy, "Trigamma": Trigamma}
    exec(once, names)
    assert autograd.gradcheck(names["Gamma"].apply, x)
    with pytest.raises(autograd.GradcheckError, match="marked with @once_differentiable"):
        autograd.gradgradcheck(names["Gamma"].apply, x)
    exec(second, names)
    assert autograd.gradcheck(names["Gamma"].apply, x)
    assert autograd.gradgradcheck(names["Gamma"].apply, x)

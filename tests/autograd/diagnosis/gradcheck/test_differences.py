"""Steps and tolerances that follow from the estimated error; where there is no derivative."""

import numpy as np
import pytest

import autograd
from autograd import Function, GradcheckError, gradcheck, gradgradcheck
from autograd.diagnosis.gradcheck.differences import slopes

D = autograd.float64


def leaf(values):
    return autograd.tensor(values, dtype=D, requires_grad=True)


class Scaled(Function):
    """x, with a gradient that is off by a factor."""

    def forward(self, x, factor):
        self.factor = factor
        return x * 1.0

    def grad_x(self, g):
        return ScaledBack.apply(g, self.factor)


class ScaledBack(Function):
    def forward(self, g, factor):
        self.factor = factor
        return g * factor

    def grad_g(self, h):
        return h * self.factor


TAME = [
    (lambda x: x.exp(), [0.3, -1.2]),
    (lambda x: x.log(), [1e-8, 1.0, 1e9, 1e-200]),
    (lambda x: (x * 1e-9).sin() + 1, [0.5, 2.0]),  # a small slope on a large value
    (lambda x: x.square().sum() * 1e-12, [0.5, -3.0]),
    (lambda x: (x * 300).sin(), [0.1, 0.7]),
    (lambda x: 1 / (x * x + 1e-4), [1e-3, 0.02]),
    (lambda x: (x - 1e-6).abs() + x, [0.0, 2e-6]),  # a kink close by
    (lambda x: x.softmax(0), [0.5, 3.0, -3.0]),
    (lambda x: x.sqrt(), [1e-10, 4.0]),
    (lambda x: (x.acos(), x.atanh()), [0.9999, -0.5]),
    (lambda x: x.lgamma(), [1e-3, 2.0, 150.0]),
]


@pytest.mark.parametrize("function, values", TAME)
def test_no_wrong_factor_of_a_thousandth_passes(function, values):
    x = leaf(values)
    assert gradcheck(function, x)
    for factor in (1.001, 0.999):
        with pytest.raises(GradcheckError, match="must agree"):
            gradcheck(lambda x, f=factor: function(Scaled.apply(x, f)), x)


def test_pytorchs_tolerances_let_it_pass_when_they_are_asked_for():
    x = leaf([0.3, 0.7])
    wrong = lambda x: Scaled.apply(x, 1.0009)  # noqa: E731
    assert gradcheck(wrong, x, eps=1e-6, atol=1e-5, rtol=1e-3)
    assert gradcheck(wrong, x, rtol=1e-3)
    assert gradcheck(wrong, x, atol=1e-2)
    assert not gradcheck(wrong, x, eps=1e-6, raise_exception=False)
    assert not gradcheck(wrong, x, atol=1e-5, rtol=1e-4, raise_exception=False)


def test_the_step_that_is_given_is_the_one_taken():
    moved = []

    def func(x):
        moved.append(float(x.detach()) - 1)
        return x * x

    assert gradcheck(func, leaf(1.0), eps=1e-3, atol=1e-5, rtol=1e-3)
    assert {round(abs(step), 9) for step in moved} <= {0.0, 1e-3, 5e-4}


def test_what_agrees_at_once_costs_two_calls_a_number():
    calls = []

    def func(x):
        calls.append(1)
        return (x * x * x).sum()

    x = leaf(np.linspace(0.5, 2.0, 10))
    assert gradcheck(func, x)
    assert len(calls) == 2 + 2 * 10  # twice: is it deterministic?


def test_differences_too_coarse_to_tell():
    def shaken(x):
        return x + (x.detach() * 1e12).sin() * 1e-4

    with pytest.raises(GradcheckError, match="is known to .* only.*or give atol and rtol"):
        gradcheck(shaken, leaf([0.3]))
    assert gradcheck(shaken, leaf([0.3]), eps=0.1, atol=1e-2)


def test_the_error_says_how_well_a_slope_is_known():
    for f, slope in [(np.sin, 1.0), (np.exp, 1.0), (lambda t: 1 / (t + 1e-3), -1e6)]:
        curve = lambda t, f=f: np.array([f(t)])  # noqa: E731
        here = curve(0.0)
        found = slopes(curve, here, np.array([0.0]), np.abs(here), [1.0])
        assert abs(found.value[0] - slope) <= 10 * found.error[0] <= 1e-4 * abs(slope)


# -- kinks ----------------------------------------------------------------------------------------


KINKS = [
    (lambda x: x.abs().sum(), [0.0, 1.0], "slope -1 on the left and 1 on the right"),
    (lambda x: x.norm(), [0.0, 0.0], "slope -1 on the left and 1 on the right"),
    (lambda x: x.relu().sum(), [2.0, 0.0], "slope 0 on the left and 1 on the right"),
    (lambda x: x.max(), [1.0, 1.0], "slope 0 on the left and 1 on the right"),
    (lambda x: x.clamp(0.0, 1.0), [1.0], "slope 1 on the left and 0 on the right"),
]


@pytest.mark.parametrize("function, values, slopes", KINKS)
@pytest.mark.parametrize("fast", [False, True])
def test_a_kink_is_told_also_where_the_mean_of_its_slopes_agrees(function, values, slopes, fast):
    with pytest.raises(GradcheckError, match=slopes):
        gradcheck(function, leaf(values), fast_mode=fast)


SMOOTH = [
    (lambda x: x.square(), [0.0]),
    (lambda x: x.abs() * x, [0.0]),
    (lambda x: x.abs() ** 1.5, [0.0]),
    (lambda x: (x * x + 1e-6).sqrt(), [0.0]),
    (lambda x: x**4, [0.0, 1e-7]),
    (lambda x: (x * 1e4).tanh(), [0.0, 1e-4]),
    (lambda x: x.sinc(), [0.0]),
]


@pytest.mark.parametrize("function, values", SMOOTH)
def test_what_is_only_curved_is_no_kink(function, values):
    assert gradcheck(function, leaf(values))
    assert gradcheck(function, leaf(values), fast_mode=True)


# -- float32 --------------------------------------------------------------------------------------


def test_a_float32_function_is_checked_in_float64():
    x = autograd.tensor([0.3, 0.8], requires_grad=True)
    w = autograd.tensor([1.5, 2.5], requires_grad=True)
    seen = set()

    def func(x):
        out = (x * w).exp() + autograd.ones(2)
        seen.add(str(out.dtype))
        return out

    values = x.detach().numpy(), w.detach().numpy()
    assert gradcheck(func, x) and gradgradcheck(func, x)
    assert gradcheck(func, x.detach().half().requires_grad_())
    assert "autograd.float64" in seen
    for tensor, array in zip((x, w), values, strict=True):
        assert tensor.dtype == autograd.float32 and tensor.detach().numpy() is array
    assert autograd.get_default_dtype() == autograd.float32
    assert not gradcheck(lambda x: Scaled.apply(x, 1.001), x, raise_exception=False)
    assert x.dtype == autograd.float32


def test_all_is_put_back_where_the_function_raises():
    x = autograd.ones(2, requires_grad=True)
    calls = iter([0, 0, 1])

    def func(x):
        return x * (1 // (1 - next(calls)))

    with pytest.raises(ZeroDivisionError):
        gradcheck(func, x)
    assert x.dtype == autograd.float32
    assert autograd.get_default_dtype() == autograd.float32


@pytest.mark.parametrize("narrow", ["float", "half"])
def test_precision_is_named_where_it_is_the_cause(narrow):
    x = leaf([0.3, 1.1])

    def func(x):
        return getattr(x, narrow)().exp().double()

    with pytest.raises(GradcheckError) as caught:
        gradcheck(func, x, eps=1e-6)
    said = str(caught.value)
    assert "float32: Cast (test_differences.py:" in said
    assert "precision may be the only cause" in said
    assert "kink" not in said
    with pytest.raises(GradcheckError, match="(?s)must agree.*float32: Cast") as caught:
        gradcheck(lambda x: x.half().exp().double(), x)
    assert "Compare the gradient formula" not in str(caught.value)


# -- complex --------------------------------------------------------------------------------------


class Square(Function):
    takes_complex = True

    def forward(self, z):
        return z * z

    def grad_z(self, g, z):
        return 2 * g * z


class WithConjugate(Square):
    def grad_z(self, g, z):
        return 2 * g * np.conjugate(z)


Z = autograd.tensor([1 + 2j, 0.5 - 1j], dtype=autograd.complex128, requires_grad=True)


def test_complex_gradients_follow_pytorchs_convention():
    assert gradcheck(Square.apply, Z)
    assert gradcheck(lambda z: z - (-z), Z) and gradgradcheck(lambda z: z - (-z), Z)
    assert gradcheck(lambda z: z + z, Z.detach().to(autograd.complex64).requires_grad_())
    with pytest.raises(GradcheckError) as caught:
        gradcheck(WithConjugate.apply, Z)
    assert "output 0 at [0] (imaginary part) by input 0 at [0] (real part)" in str(caught.value)
    assert "numerical 4, analytical -4" in str(caught.value)


@pytest.mark.torch
def test_the_convention_is_pytorchs():
    torch = pytest.importorskip("torch")
    z = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128, requires_grad=True)
    (z * z).backward(torch.tensor([1j, 2.0]))
    (found,) = autograd.grad(
        Square.apply(Z), Z, autograd.tensor([1j, 2.0], dtype=autograd.complex128)
    )
    np.testing.assert_allclose(found.numpy(), z.grad.numpy())


# -- points, directions, report -------------------------------------------------------------------


def test_other_points_find_what_the_given_one_hides():
    class Squared(Function):
        def forward(self, x):
            return x * x

        def grad_x(self, g, x):
            return g * 2 * x**3  # right at 1

    x = leaf([1.0])
    assert gradcheck(Squared.apply, x)
    assert not gradcheck(Squared.apply, x, points=2, raise_exception=False)
    assert x.detach().numpy().tolist() == [1.0]


def test_directions():
    calls = []

    def func(x):
        calls.append(1)
        return (x * x).sum()

    x = leaf(np.linspace(0.5, 2.0, 50))
    assert gradcheck(func, x, directions=3)
    assert len(calls) == 2 + 2 * 3
    assert not gradcheck(lambda x: Scaled.apply(x, 1.001), x, directions=2, raise_exception=False)


def test_the_report_tells_what_was_achieved():
    said = []
    assert gradcheck(lambda x: x.exp(), leaf([0.5, 1.0]), report=said.append)
    assert gradgradcheck(lambda x: x.exp(), leaf([0.5, 1.0]), directions=2, report=said.append)
    assert gradcheck(lambda x: x.exp(), autograd.ones(1, requires_grad=True), report=said.append)
    first, second, narrow = said
    assert first.startswith("gradcheck: 4 entries agree; analytical and numerical gradients differ")
    assert float(first.split("differ by ")[1].split()[0]) < 1e-8
    assert second.startswith("gradgradcheck: 4 directions agree")
    assert narrow.endswith("Checked in float64.")
    assert not gradcheck(
        lambda x: Scaled.apply(x, 2.0), leaf([1.0]), raise_exception=False, report=said.append
    )
    assert len(said) == 3


def test_jacobians_are_printed_in_units():
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: Scaled.apply(x, 2.0) * 3e-7, leaf([1.0, 2.0]))
    said = str(caught.value)
    assert "columns: elements of output 0, in units of 1e-7" in said
    assert "numerical\n[[3. 0.]\n [0. 3.]]\nanalytical\n[[6. 0.]\n [0. 6.]]" in said

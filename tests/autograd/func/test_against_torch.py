"""Random nestings of transforms, and torch.autograd.functional, with PyTorch as the bar."""

import random

import numpy as np
import pytest

import autograd

torch = pytest.importorskip("torch")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning"),
]


class Program:
    """A random function of one number, made of transforms in each other, for either library.

    Inner functions close over the variables of all outer ones, and some have two outputs.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.depth = self.random.choice([2, 2, 3])
        self.form = self._function(0)

    def _term(self, variables):
        """Indices of variables, and how they are combined."""
        draw = self.random
        picks = [draw.randrange(variables) for _ in range(draw.choice([2, 3]))]
        return draw.choice(["product", "sum", "sine", "square"]), [*picks, variables - 1]

    def _function(self, level):
        """(terms, transform, inner function, its number of outputs), of a variable more."""
        terms = [self._term(level + 1) for _ in range(2)]
        if level == self.depth:
            return terms, None, None, 0
        kinds = ["grad", "jvp", "vjp", "jacrev", "jacfwd", "vmap", "grad_and_value"]
        return (
            terms,
            self.random.choice(kinds),
            self._function(level + 1),
            self.random.choice([1, 2]),
        )

    def run(self, library, form, values, x):
        """The value of a function at x, where ``values`` are the variables of the outer ones."""
        func, known = library.func, [*values, x]
        terms, kind, inner, outputs = form
        total = combined(library, terms[0], known)
        if kind is None:
            return total

        def f(y):
            return self.run(library, inner, known, y)

        def pair(y):
            return f(y), combined(library, terms[1], [*known, y])

        at = (x * 0.7).sin() if inner[0][0][0] == "sine" else known[len(known) // 2]
        one = at * 0 + 1
        if kind == "grad":
            made = func.grad(f)(at)
        elif kind == "grad_and_value":
            made, value = func.grad_and_value(f)(at)
            made = made + value * 0.5
        elif kind == "jvp":
            if outputs == 1:
                y, made = func.jvp(f, (at,), (total,))
            else:
                (y, _), (t, other) = func.jvp(pair, (at,), (one,))
                made = t * other + y
        elif kind == "vjp":
            if outputs == 1:
                made = func.vjp(f, at)[1](total)[0]
            else:
                made = func.vjp(pair, at)[1]((one, total))[0]
        elif kind in ("jacrev", "jacfwd"):
            if outputs == 1:
                made = getattr(func, kind)(f)(at)
            else:
                made, other = getattr(func, kind)(pair)(at)
                made = made + other * total
        else:
            made = func.vmap(f)(library.stack([at, x, x * at])).sum()
        return total * made

    def value(self, library, x):
        return self.run(library, self.form, [], x)


def combined(library, term, known):
    kind, picks = term
    values = [known[i] for i in picks]
    if kind == "product":
        found = values[0]
        for one in values[1:]:
            found = found * one
        return found
    total = sum(values[1:], values[0])
    return {"sum": total, "sine": total.sin() * values[0], "square": total * total * 0.3}[kind]


def outer(library, program, seed):
    """The program itself, or one more transform over it."""
    f, x = (lambda x: program.value(library, x)), library.tensor(0.6, dtype=library.float64)
    func = library.func
    ways = [
        lambda: f(x),
        lambda: func.grad(f)(x),
        lambda: func.jvp(f, (x,), (library.ones_like(x),))[1],
        lambda: func.vmap(f)(library.stack([x, x * 0.5])),
        lambda: func.vmap(func.grad(f))(library.stack([x, x * 0.5])),
        lambda: func.grad(lambda xs: func.vmap(f)(xs).sum())(library.stack([x, x * 0.5])),
    ]
    return ways[seed % len(ways)]()


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_random_nestings(block):
    agreed = 0
    for seed in range(50 * block, 50 * block + 50):
        program = Program(seed)
        try:
            theirs = outer(torch, program, seed)
        except (RuntimeError, NotImplementedError):
            continue  # what torch itself does not do
        ours = outer(autograd, program, seed)
        np.testing.assert_allclose(
            ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-8, atol=1e-10, err_msg=str(seed)
        )
        agreed += 1
    assert agreed > 25


# -- torch.autograd.functional ---------------------------------------------------------------------


def arrays(library):
    x = np.array([[0.3, -0.5], [1.2, 0.7], [0.1, 2.0]])
    return library.tensor(x), library.tensor(x[:, 0] + 1), library.tensor(x[0] * 2)


CALLS = {
    "jacobian": lambda lib, F, x, y, v: F.jacobian(lambda x: (x.exp(), x.sum(0)), x),
    "jacobian of two": lambda lib, F, x, y, v: F.jacobian(lambda x, y: x.T @ y, (x, y)),
    "jacobian forward": lambda lib, F, x, y, v: F.jacobian(
        lambda x, y: x.T @ y, (x, y), vectorize=True, strategy="forward-mode"
    ),
    "jacobian of a tuple of one": lambda lib, F, x, y, v: F.jacobian(lambda x: (x.exp(),), (x,)),
    "hessian": lambda lib, F, x, y, v: F.hessian(lambda x: (x**3).sum(), x),
    "hessian of two": lambda lib, F, x, y, v: F.hessian(lambda x, y: (x.T @ y).sin().sum(), (x, y)),
    "hessian forward": lambda lib, F, x, y, v: F.hessian(
        lambda x: (x**3).sum(), x, vectorize=True, outer_jacobian_strategy="forward-mode"
    ),
    "vjp": lambda lib, F, x, y, v: F.vjp(lambda x, y: x.T @ y, (x, y), v),
    "vjp of one": lambda lib, F, x, y, v: F.vjp(lambda x: x.sum(), x),
    "jvp": lambda lib, F, x, y, v: F.jvp(lambda x, y: (x.T @ y, y.sum()), (x, y), (x, y)),
    "vhp": lambda lib, F, x, y, v: F.vhp(lambda x, y: (x.T @ y).sin().sum(), (x, y), (x, y)),
    "hvp": lambda lib, F, x, y, v: F.hvp(lambda x, y: (x.T @ y).sin().sum(), (x, y), (x, y)),
    "hvp of one": lambda lib, F, x, y, v: F.hvp(lambda x: (x**3).sum(), x, x),
    "independent": lambda lib, F, x, y, v: F.jacobian(lambda x, y: x.exp(), (x, y)),
    "strict": lambda lib, F, x, y, v: F.jacobian(lambda x, y: x.exp(), (x, y), strict=True),
    "strict hvp": lambda lib, F, x, y, v: F.hvp(lambda x: x.sum(), x, x, strict=True),
    "no v": lambda lib, F, x, y, v: F.vjp(lambda x: x, x),
    "wrong v": lambda lib, F, x, y, v: F.vjp(lambda x: x, x, y),
    "no scalar": lambda lib, F, x, y, v: F.hessian(lambda x: x, x),
    "no tensor": lambda lib, F, x, y, v: F.jacobian(lambda x: 3, x),
    "strategy": lambda lib, F, x, y, v: F.jacobian(lambda x: x, x, strategy="sideways"),
}


def flattened(tree):
    if isinstance(tree, tuple | list):  # torch has lists in forward mode
        return ["(", *[leaf for one in tree for leaf in flattened(one)], ")"]
    return [tree.requires_grad, tree.detach().numpy()]


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", CALLS)
def test_functional_is_pytorchs(name, create_graph):
    found = []
    for library in (autograd, torch):
        tensors = arrays(library)
        if create_graph:
            tensors = tuple([one.requires_grad_() for one in tensors])
        functional = library.functional if library is autograd else torch.autograd.functional
        try:
            found.append(flattened(CALLS[name](library, functional, *tensors)))
        except (RuntimeError, TypeError, ValueError, AssertionError) as error:
            found.append(type(error).__mro__[-3:])
    ours, theirs = found
    if isinstance(theirs, tuple):
        assert isinstance(ours, tuple)
        return
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs):
        if isinstance(one, np.ndarray):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
        else:
            assert one == other or (one is False and other is True)

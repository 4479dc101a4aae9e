"""The examples, with the training step in the loop of each made a function, and compiled."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))
OPTIONS = {
    "fine_tuning": ["--steps", "20"],
    "gaussian_process": ["--steps", "3"],
    "kepler_orbit": ["--steps", "3"],
    "policy_gradient": ["--steps", "20"],
}
# There is no step in it
WITHOUT = dict.fromkeys(
    ("forecast", "predator_prey", "scipy_optimizers", "survival"), "SciPy takes the steps"
)
WITHOUT["digits_parallel"] = "its network is digits_cnn's, and a replay calls no hooks"
WITHOUT["sweep"] = "each setting is one call in a process of its own"
# Their steps run as ever, and why
AS_EVER = {
    "gan": "whether it was given probabilities BCELoss asks after the generator's step",
    "kepler_orbit": "how many steps odeint takes is decided by values",
    "policy_gradient": "episodes are played outside, with a graph",
}
HEAD = """
import autograd as _autograd
_made = []
def _compiled(function):
    _made.append(_autograd.compile(function, backend="llvm"))
    return _made[-1]
"""
TAIL = """
import sys as _sys
for _one in _made:
    print("replays:", _one.counts["replayed"], _one.explain(), file=_sys.stderr)
"""


def calls(node, method):
    """What the method of that name is called of, without arguments, by their names."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call) and not one.args]
    found = [one.func for one in found if isinstance(one.func, ast.Attribute)]
    return {ast.unparse(one.value) for one in found if one.attr == method}


def names(nodes, kind, but=()):
    """The names that nodes load or store, functions in them and nodes ``but`` left out."""
    found, left = set(), [*nodes]
    while left:
        node = left.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, kind):
            found.add(node.id)
        if node not in but and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            left += ast.iter_child_nodes(node)
        if isinstance(node, (ast.GeneratorExp, ast.ListComp)) and kind is ast.Store:
            left = [one for one in left if one not in node.generators]
    return found


class Outliner(ast.NodeTransformer):
    """Makes a function of what stands in a loop from the loss or ``zero_grad()`` to ``step()``.

    What the loop changes is an argument of it; what is read elsewhere is returned.
    """

    def __init__(self, tree):
        self.scope, self.loops, self.count = tree, [], 0

    def loop(self, node):
        self.loops.append(node)
        self.generic_visit(node)
        self.loops.pop()
        made = self.outlined(node)
        return node if made is None else self.placed(made, node)

    visit_For = visit_While = loop

    def placed(self, made, node):
        """Functions stand before the outermost loop."""
        if self.loops:
            self.loops[0].above = [*getattr(self.loops[0], "above", []), *made]
            return node
        return [*made, node]

    def outlined(self, loop):
        steps = [i for i, one in enumerate(loop.body) if is_step(one)]
        if not steps:
            return getattr(loop, "above", None)
        losses = {one for line in loop.body for one in calls(line, "backward")}
        begins = [
            i
            for i, one in enumerate(loop.body)
            if calls(one, "zero_grad") or "zero_grad" in ast.unparse(one)
            or (isinstance(one, ast.Assign) and names([one], ast.Store) & losses)
        ]  # fmt: skip
        while "model(" in ast.unparse(loop.body[begins[0] - 1]) and begins[0]:
            begins[0] -= 1
        block = loop.body[begins[0] : steps[-1] + 1]
        stored = names(block, ast.Store)
        changing = names([*self.loops[:1], loop], ast.Store)
        given = sorted((names(block, ast.Load) & changing) - stored)
        kept = sorted(stored & names(self.scope.body, ast.Load, but=block))
        self.count += 1
        name = f"_step{self.count}"
        made = ast.parse(
            f"@_compiled\ndef {name}({', '.join(given)}):\n    return {tuple_of(kept)}"
        )
        made.body[0].body[:0] = block
        call = f"{name}({', '.join(given)})"
        call = f"{tuple_of(kept)} = {call}" if kept else call
        loop.body[begins[0] : steps[-1] + 1] = ast.parse(call).body
        return made.body

    def visit_FunctionDef(self, node):
        before = self.scope, self.loops
        self.scope, self.loops = node, []
        self.generic_visit(node)
        self.scope, self.loops = before
        if node.name == "closure":
            node.decorator_list.append(ast.Name("_compiled", ast.Load()))
            self.count += 1
        return node


def is_step(line):
    return isinstance(line, ast.Expr) and any("optim" in one for one in calls(line, "step"))


def tuple_of(kept):
    return f"({''.join([one + ', ' for one in kept])})"


def with_compiled_steps(source):
    """The source of a script whose steps are compiled, and which tells what has become of them."""
    tree = ast.parse(source)
    outliner = Outliner(tree)
    tree = ast.fix_missing_locations(outliner.visit(tree))
    assert outliner.count
    first = [one for one in tree.body if getattr(one, "module", "") == "__future__"]
    place = 1 + len(first)
    tree.body[place:place] = ast.parse(HEAD).body
    return ast.unparse(tree) + TAIL


def test_a_step_is_found_in_a_loop():
    source = '''
"""A script."""
model, optimizer = 1, 2
for batch in data:
    for x, y in batch:
        x = x * 2
        loss = cost(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss)
'''
    expected = """
@_compiled
def _step1(x, y):
    loss = cost(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return (loss,)
for batch in data:
    for x, y in batch:
        x = x * 2
        loss, = _step1(x, y)
        print(loss)
"""
    found = with_compiled_steps(source)
    for written, usual in (("(loss,) =", "loss, ="), ("(x, y) in", "x, y in")):  # on Python 3.10
        found = found.replace(written, usual)
    assert expected.strip() in found


def printed(path, options):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "autograd", str(path), *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in EXAMPLES if one not in WITHOUT])
def test_an_example_compiled(name, tmp_path):
    for package in ("llvmlite", "sklearn", "tqdm"):
        pytest.importorskip(package)
    source = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8")
    path = tmp_path / f"{name}.py"
    path.write_text(with_compiled_steps(source), encoding="utf-8")
    options = OPTIONS.get(name, ["--steps", "40"])
    if name == "digits":
        pytest.importorskip("matplotlib")
        found = printed(path, [str(tmp_path)])
        assert "partial derivatives agree" in found.stdout
    else:
        found = printed(path, options)
        wanted = printed(ROOT / "examples" / f"{name}.py", options)
        lines = [numbers_of(one.stdout) for one in (found, wanted)]
        assert len(lines[0]) == len(lines[1]) > 0
        for one, other in zip(*lines):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=2e-4)
    replays = [int(one) for one in re.findall(r"replays: (\d+)", found.stderr)]
    assert replays, found.stderr
    if name in AS_EVER:
        assert not any(replays), "it need not be on the list"
    else:
        assert all(replays), found.stderr
        assert "by NumPy's calls" not in found.stderr


def numbers_of(text):
    """What is told of each step: losses, and other numbers."""
    lines = [line for line in text.splitlines() if line.startswith("step ")]
    return [[float(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?", x)] for x in lines]

"""Random steps of Python: state read and written, branches, views, gradients; the engine's numbers.

Each program is a text of lines that are drawn from tables, a state that they read and some of them
change, and changes from outside between the calls.
"""

import numpy as np
import pytest

import autograd
from tests.driver import Driver, same, values

CALLS = 7

READS = """
t = t * state.rate
t = t + state.sizes[-1]
t = t * box["k"]
t = t * GLOBAL
t = t - captured
t = t[index]
t = acts[state.mode](t)
t = t * (2 if state.flag else 3)
t = t * len(log) + sum(log)
t = t * state.inner.depth
t = t * getattr(state, "extra", 1)
t = t + state.kind
t = helper(t)
t = helper(t, by=state.n)
t = state.scaled(t)
t = t * state.half
t = (lambda y, k=state.n: y * k)(t)
t = sum(t * k for k in state.sizes)
t = t + max(state.sizes) - min(log, default=0)
t = t * float(table[1])
t = t * weights[0]
t = t + named["b"]
t = t * (1 + ("k2" in box)) + len(box)
t = t + (state.nothing or 1)
""".strip().splitlines()
BLOCKS = """
if state.flag: t = t + 1|else: t = t * 2
if state.n % 2: t = t * 1.5
if t.ndim == 1 and len(t) > 2: t = t.view(1, -1).expand(2, -1).sum(0)
for k in range(state.n % 3): t = t + k
for i, one in enumerate(weights): t = t + one * i
for name, one in named.items(): t = t + one * len(name)
outs = []|for k in state.sizes: outs.append(t * k)|t = autograd.stack(outs).mean(0)
with autograd.no_grad(): t = t * 1 + t.detach()
try: t = t * box["k2"]|except KeyError: t = t + 3
while t.ndim > 1: t = t.sum(0)
u = t.clone()|u[1:] += state.rate|t = u
u = t * 1|u.mul_(state.n)|t = u + t
local = {"k": t}|local["k"] = local["k"] * 2|local.update(z=1)|t = local["k"] + local["z"]
def inner(y): return y * state.rate|t = inner(t)
made = Made(t)|made.twice()|t = made.t
t = t + (state.w * t).sum()
assert t.shape[0] == 3, f"{t.shape}"
n = 0|for k in state.sizes: n += k|t = t * n
""".strip().splitlines()
IDEMPOTENT = """
state.mode = "tanh"
box["k"] = 2.0
state.flag = True
log[:] = [1, 2]
state.inner.depth = 1
""".strip().splitlines()
WRITES = """
state.n += 1
state.n = (state.n + 1) % 3
log.append(len(log) % 3)
log.reverse()
box["k"] = box["k"] * 0.5
box[f"k{len(box)}"] = 1
state.flag = not state.flag
state.inner.depth += 1
counted()
state.sizes = [*state.sizes[1:], state.sizes[0]]
weights.append(weights.pop(0))
table[1] += 1
state.extra = getattr(state, "extra", 0) + 1
helper.calls = getattr(helper, "calls", 0) + 1|t = t * helper.calls
raised()
""".strip().splitlines()
TENSORS = """
state.h.add_(t.detach())
state.h.mul_(0.5)
state.w.data.mul_(0.9)
t = t + autograd.rand(3)
t = t * state.h
""".strip().splitlines()
CHANGES = """
state.rate = i / 2
state.flag = i % 3 == 0
state.n = i // 3
state.mode = ["tanh", "twice"][i // 2 % 2]
state.sizes[0] = i
state.inner.depth = i // 4
state.extra = i
state.kind = -0.0 if i % 2 else 0.0
state.nothing = None if i < 5 else i
state.other = i
State.extra = i
Inner.depth = i // 2
Made.twice = (lambda made: None) if i == 5 else Made.twice
box["k"] = float(i)
box["k2"] = i
box.pop("k2", None)
log.append(i)
index[:] = np.roll(index, 1)
table[1] = i
weights[0] = autograd.full((3,), float(i))
weights[:] = weights[::-1]
named["b"] = autograd.full((3,), float(i))
acts["tanh"] = acts["twice"] if i == 5 else acts["tanh"]
env["GLOBAL"] = i // 2
set_captured(i)
State.half = property(lambda self: i // 3)
helper.__defaults__ = (i // 3,)
""".strip().splitlines()
FRAME = """
class Made:
    def __init__(self, t):
        self.t, self.n = t, 2

    def twice(self):
        self.t = self.t * self.n


class Inner:
    depth = 1


class State:
    def __init__(self):
        self.rate, self.n, self.flag, self.mode, self.kind = 1.5, 2, True, "tanh", 0.0
        self.sizes, self.inner, self.nothing = [1, 2, 3], Inner(), None
        self.w = autograd.tensor([0.5, 1.0, -1.0], requires_grad=True)
        self.h = autograd.tensor([1.0, 2.0, 3.0])

    @property
    def half(self):
        return self.rate / 2

    def scaled(self, t):
        return t * self.rate + self.inner.depth


def helper(t, by=2):
    return t * by


def raised():
    global GLOBAL
    GLOBAL += 1


GLOBAL = 1
state, box, log = State(), {{"k": 2.0}}, [1, 2]
index, table = np.array([2, 0, 1]), np.array([1.0, 2.0])
weights = [autograd.ones(3), autograd.tensor([1.0, 2.0, 3.0])]
named = {{"a": autograd.ones(3), "b": autograd.tensor([0.5, 0.25, 0.125])}}
acts = {{"tanh": autograd.tanh, "twice": lambda t: t * 2}}
env = globals()


def make():
    captured = 1.0

    def set_captured(i):
        nonlocal captured
        captured = i

    def counted():
        nonlocal captured
        captured += 1

    def step(t):
        state.w.grad = None
        {body}
        loss = (t * state.w).sum()
        loss.backward()
        return t.detach() * 1, loss.detach()

    return step, set_captured


step, set_captured = make()


def between(i):
    {changes}
    return None


def look():
    return [state.w, state.w.grad, state.h, state.n, state.flag, state.inner.depth, len(log),
            len(box), box["k"], GLOBAL, state.sizes, getattr(state, "extra", None), float(table[1])]
"""


def text(seed):
    """A program; one in three changes nothing, and one in three is left alone between its calls."""
    random = np.random.default_rng(seed)

    def some(table, n):
        return [table[k] for k in random.integers(0, len(table), n)]

    lines = some(READS, random.integers(2, 6)) + some(BLOCKS, random.integers(1, 4))
    lines += some(TENSORS, random.integers(0, 3)) + some(IDEMPOTENT, random.integers(0, 2))
    if seed % 3:
        lines += some(WRITES, random.integers(0, 3))
    random.shuffle(lines)
    changes = some(CHANGES, random.integers(0, 4)) if seed % 3 != 1 else []
    body = [part for line in lines for part in line.split("|")]
    return FRAME.format(body="\n        ".join(body), changes="\n    ".join(changes) or "pass")


def run(source, wrap):
    scope = {"__name__": "program", "autograd": autograd, "np": np}
    exec(compile(source, "program.py", "exec"), scope)
    step, seen = wrap(scope["step"]), []
    autograd.manual_seed(0)
    for i in range(1, CALLS + 1):
        scope["between"](i)
        x = autograd.tensor(np.random.RandomState(i).rand(3).astype(np.float32) + 0.5)
        try:
            seen.append(values([step(x), scope["look"]()]))
        except (ValueError, KeyError, IndexError, RuntimeError) as error:
            seen.append([f"{type(error).__name__}"])
    return seen, step


@pytest.mark.parametrize(
    "seed", [pytest.param(i, marks=[pytest.mark.slow] if i >= 60 else []) for i in range(600)]
)
def test_a_program(seed):
    source = text(seed)
    expected, _ = run(source, lambda step: step)
    found, _ = run(source, Driver)
    same(found, expected)


def test_programs_are_replayed():
    """A third change nothing, and nobody else does: these are captured, so the tests say much."""
    counts = [run(text(seed), Driver)[1].replays for seed in range(60)]
    assert sum([count > 0 for count in counts]) >= 20

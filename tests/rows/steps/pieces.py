"""Pieces of Python that come out the same each time: to be captured."""

import collections
import contextlib
import functools
import itertools
import math
import operator
from dataclasses import dataclass, field, replace
from enum import Enum
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import autograd
from nn import functional as F
from tests.rows.steps import rows

STEPS, row = rows()


def over(step):
    """A step of x alone."""
    STEPS[step.__name__] = lambda: step
    return step


SETTINGS = {"lr": 0.1, "act": "tanh", "sizes": [3, 4], "deep": {"eps": 1e-5}}
ACTS = {"tanh": autograd.tanh, "relu": F.relu, "twice": lambda x: x * 2}


@over
def settings_in_a_dict(x):
    x = ACTS[SETTINGS["act"]](x) * SETTINGS["lr"]
    return ACTS["twice"](x) + SETTINGS["deep"]["eps"] * SETTINGS["sizes"][-1]


@over
def lists_of_its_own(x):
    outs, box, seen = [], {}, set()
    for i in range(3):
        outs.append(x * i)
        box[f"h{i}"] = outs[-1] + 1
        seen.add(i)
    outs.extend([one for one in box.values()])
    outs.insert(0, outs.pop())
    box.update(last=outs[-1])
    return autograd.stack(outs).sum(0) + box["last"] * len(seen)


@over
def containers_of_pythons(x):
    box = collections.defaultdict(list)
    queue = collections.deque([x], maxlen=2)
    counts = collections.Counter()
    for i, name in enumerate("abab"):
        box[name].append(x * i)
        queue.append(queue[-1] + 1)
        counts[name] += 1
    return sum(box["a"]) + sum(box["b"]) * counts["a"] + queue.popleft()


@over
def inner_functions(x):
    def scaled(y, by=2.0):
        return y * by

    def both(*ys):
        return sum(scaled(y, by=i) for i, y in enumerate(ys, 1))

    return both(x, x + 1) + (lambda y: y / 2)(x)


@over
def a_counter_of_its_own(x):
    n = 0

    def next_one():
        nonlocal n
        n += 1
        return n

    return x * next_one() + next_one()


@over
def a_generator_of_its_own(x):
    def parts():
        for i in range(3):
            yield x * i

    return sum(parts()) + next(iter([x, x + 1]))


@over
def mathematics(x):
    d = x.shape[-1]
    scale = 1 / math.sqrt(d) + math.log(d) + round(math.pi, 2) + max(1, min(3, d)) + abs(-1)
    return (
        x * scale ** int(d > 2)
        + divmod(7, d)[1]
        + pow(2, 3)
        + functools.reduce(operator.add, (1, 2))
    )


@over
def texts(x):
    name = f"{type(x).__name__}.{x.ndim}".lower().split(".")[0]
    assert name.startswith("t"), "a tensor"
    return x * len(name.replace("e", "")) + ord("a") + "abc".index("c")


@over
def shapes(x):
    if x.dim() != 1 or x.dtype is not autograd.float32 or not isinstance(x, autograd.Tensor):
        raise ValueError(f"expected a vector; got {tuple(x.shape)}")
    n, *rest = x.shape
    return x.view(n, 1).expand(n, 2).reshape(-1)[:: len(rest) + 1] + 0


@over
def iterators(x):
    total = x * 0
    for (i, a), b in zip(enumerate([x, x * 2]), reversed([1, 2])):
        total = total + a * b * i
    for i, j in itertools.product(range(2), repeat=2):
        total = total + i * j * x
    for part in itertools.chain([x], (x * k for k in (1, 2))):
        total = total + part
    return total + sum(map(len, [[1], [2, 3]])) + all([True]) + any(filter(None, [0, 1]))


@over
def cleaned_up(x):
    try:
        y = x * 2
    finally:
        n = 1
    with contextlib.ExitStack() as stack:
        stack.enter_context(autograd.no_grad())
        y = y + n
    return y


@over
def modes(x):
    with autograd.no_grad(), autograd.enable_grad():
        y = x.exp()
    with autograd.set_grad_enabled(False):
        return y.log() * 2


@autograd.no_grad()
def frozen(x):
    return x * 3


@over
def a_decorated_function(x):
    return frozen(x) + 1


@contextlib.contextmanager
def doubled(box):
    box["scale"] = 2.0
    yield box
    box.clear()


@over
def a_context_of_the_users(x):
    box = {}
    with doubled(box) as inside:
        y = x * inside["scale"]
    return y + len(box)


@over
def imported_inside(x):
    import math as m
    from collections import OrderedDict

    import numpy as numbers

    from nn import functional

    box = OrderedDict(a=x)
    return functional.relu(box["a"]) * m.tau + numbers.pi


@over
def indices_of_numpys(x):
    index = np.arange(3)[::-1]
    mask = np.array([True, False, True])
    return x[index.copy()] + x[mask].sum() + float(np.mean([1.0, 2.0])) + np.float32(2)


TABLE = np.array([2, 0, 1])
MASKS = autograd.tril(autograd.ones(3, 3))


@over
def a_table(x):
    return (x[TABLE] * MASKS).masked_fill(MASKS == 0, -1.0)


@over
def arithmetic_on_shapes(x):
    heads = 3
    assert x.numel() % heads == 0
    size, rest = divmod(x.numel(), heads)
    while rest < 2:
        rest += 1
        x = x + rest
    return x.view(heads, size) * 2 if size > 0 else x


class Point(NamedTuple):
    x: object
    scale: float = 2.0


class Kind(Enum):
    PLAIN = "plain"
    SQUARED = "squared"

    def apply(self, x):
        return x if self is Kind.PLAIN else x * x


@over
def a_named_tuple(x):
    point = Point(x)._replace(scale=3.0)
    a, scale = point
    return a * scale + point.x


@over
def an_enum(x):
    return Kind.SQUARED.apply(x) + Kind("plain").apply(x) * len(Kind.SQUARED.value)


@dataclass(frozen=True)
class Config:
    width: int = 4
    betas: tuple = (0.9, 0.95)
    names: list = field(default_factory=lambda: ["a", "b"])


@over
def a_data_class(x):
    config = replace(Config(), width=3)
    return x * config.width + config.betas[0] + len(config.names)


@over
def a_namespace(x):
    args = SimpleNamespace(lr=0.1, flags=dict(fast=True))
    return x * args.lr if args.flags["fast"] and getattr(args, "lr", None) is not None else x


class Scaler:
    """A class with what a class can have."""

    __slots__ = ("by", "seen")
    default = 2.0

    def __init__(self, by=None):
        self.by, self.seen = self.default if by is None else by, []

    @property
    def half(self):
        return self.by / 2

    @classmethod
    def of(cls, by):
        return cls(by)

    @staticmethod
    def plus(x, n=1):
        return x + n

    def __call__(self, x):
        self.seen.append(x)  # of an object of the step's own
        return self.plus(x * self.half)


@over
def an_object_of_its_own(x):
    first, second = Scaler(), Scaler.of(3.0)
    return second(first(x)) * len(first.seen)


PARTIAL = functools.partial(F.leaky_relu, negative_slope=0.2)
PIPELINE = [autograd.sin, PARTIAL, Scaler.plus, functools.partial(Scaler.plus, n=2)]


@over
def a_pipeline(x):
    for function in PIPELINE:
        x = function(x)
    return functools.reduce(lambda y, f: f(y), PIPELINE, x)


@functools.cache
def factor(n):
    return math.factorial(n)


@over
def a_remembered_function(x):
    return x * factor(len(x))


def recursion(x, depth):
    return x if depth == 0 else recursion(x * 2, depth - 1)


@over
def a_recursion(x):
    return recursion(x, 3)


@over
def chosen_by_a_match(x):
    match x.ndim:
        case 1:
            return x * 2
        case _:
            return x


@over
def several_results(x):
    return {"a": [x + 1, (x * 2, None)], "n": len(x), "name": "x", "ok": True}

"""Steps that read what is changed between their calls."""

import builtins
import copy
import decimal
import enum
import functools
import math
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

import autograd
import nn
from tests.rows.steps import rows

STEPS, row = rows()


RATE = 1.0


class Mode(enum.Enum):
    PLUS = 1
    MINUS = 2


@dataclass
class Config:
    rate: float = 1.0
    mode: Mode = Mode.PLUS


@row
def a_global_rate():
    def between(i):
        global RATE
        RATE = i / 2

    return lambda x: x * RATE, between


@row
def a_rate_in_a_closure():
    rate = 1.0

    def between(i):
        nonlocal rate
        rate = i // 3

    return lambda x: x * rate, between


def with_config(make, change):
    """A step of a holder, which is changed between the calls."""

    def add(step):
        def made():
            holder = make()
            return lambda x: step(x, holder), lambda i: change(holder, i)

        STEPS[step.__name__] = made
        return step

    return add


@with_config(Config, lambda c, i: setattr(c, "rate", float(i // 2)))
def a_field(x, c):
    return x * c.rate


@with_config(Config, lambda c, i: setattr(c, "rate", -0.0 if i % 2 else 0.0))
def the_sign_of_zero(x, c):
    return x * (2 + math.copysign(1, c.rate))


@with_config(Config, lambda c, i: setattr(c, "rate", 1 if i % 2 else True))
def the_kind_of_one(x, c):
    return x * (2 if c.rate is True else 3)


@with_config(Config, lambda c, i: setattr(c, "mode", Mode(1 + i % 2)))
def a_mode(x, c):
    return x + 1 if c.mode is Mode.PLUS else x - 1


@with_config(lambda: SimpleNamespace(rate=1.0), lambda c, i: setattr(c, "rate", i))
def a_namespace(x, c):
    return x * c.rate


@with_config(lambda: {"a": {"b": 1.0}}, lambda c, i: c["a"].update(b=i))
def a_deep_item(x, c):
    return x * c["a"]["b"]


@with_config(lambda: {"a": 1.0}, lambda c, i: c.update({f"k{i}": 1}))
def how_many_items(x, c):
    return x * len(c)


@with_config(lambda: {"a": 1, "b": 2}, lambda c, i: c.update([c.popitem(), c.popitem()]))
def the_order_of_items(x, c):
    return x * [*c.values()][0]


@with_config(lambda: [1.0, 2.0], lambda c, i: c.__setitem__(1, float(i)))
def an_item_of_a_list(x, c):
    return x * c[1]


@with_config(lambda: [(1.0, 2.0)], lambda c, i: c.__setitem__(0, (1.0, float(i))))
def a_tuple_in_a_list(x, c):
    return x * c[0][1]


@with_config(
    lambda: SimpleNamespace(rate=None), lambda c, i: setattr(c, "rate", i if i > 3 else None)
)
def nothing_at_first(x, c):
    return x + 1 if c.rate is None else x * c.rate


@with_config(Config, lambda c, i: setattr(c, "extra", i) if i > 3 else None)
def an_attribute_that_comes(x, c):
    return x * c.extra if hasattr(c, "extra") else x + 1


@with_config(Config, lambda c, i: setattr(c, "extra", i) if i > 3 else None)
def an_attribute_that_comes_by_getattr(x, c):
    return x * getattr(c, "extra", 1)


class Shape:
    def scale(self, x):
        return x * 2


@with_config(Shape, lambda c, i: setattr(c, "scale", lambda x: x * i) if i > 3 else None)
def a_method_of_an_object(x, c):
    return c.scale(x)


@row
def a_method_of_a_class():
    class Scale:
        def scale(self, x):
            return x * 2

    scale = Scale()

    def between(i):
        if i > 3:
            Scale.scale = lambda self, x: x * i

    return lambda x: scale.scale(x), between


@row
def an_attribute_of_a_class():
    class Scale:
        rate = 1.0

    scale = Scale()

    def between(i):
        Scale.rate = i / 2

    return lambda x: x * scale.rate, between


@row
def a_function_by_its_name():
    names = {"__name__": "net", "act": lambda x: x * 2}
    exec("def step(x): return act(x)", names)

    def between(i):
        if i > 3:
            names["act"] = lambda x: x * 3

    return names["step"], between


@row
def a_builtin_that_is_hidden():
    names = {"__name__": "net"}
    exec("def step(x): return x * max(1, 2)", names)

    def between(i):
        if i > 3:
            names["max"] = min

    return names["step"], between


@row
def arguments_of_a_partial():
    options = {"rate": 1.0}
    call = functools.partial(lambda x, options: x * options["rate"], options=options)

    def between(i):
        options["rate"] = i

    return lambda x: call(x), between


@row
def an_index_that_is_shuffled():
    index = np.arange(3)

    def between(i):
        index[:] = np.roll(index, 1)

    return lambda x: x[index + 0], between


@row
def a_number_in_an_array():
    rates = np.ones(2)

    def between(i):
        rates[1] = i

    return lambda x: x * float(rates[1]), between


@row
def a_tensor_in_a_list():
    weights = [autograd.ones(3)]

    def between(i):
        weights[0] = autograd.full((3,), float(i))

    return lambda x: x * weights[0], between


@row
def a_tensor_in_a_dict():
    weights = {"w": autograd.ones(3)}

    def between(i):
        weights["w"] = autograd.full((3,), float(i))

    return lambda x: x * weights["w"], between


@row
def a_tensor_that_is_another():
    w = autograd.ones(3)

    def between(i):
        nonlocal w
        w = autograd.full((3,), float(i))

    return lambda x: x * w, between


@row
def a_note_on_a_tensor():
    w = autograd.ones(3)

    def between(i):
        w.scale = i

    return lambda x: x * w * w.scale, between


@row
def a_tensor_that_is_thawed():
    w, other = autograd.ones(3, requires_grad=True), autograd.ones(3)

    def between(i):
        other.requires_grad_(i > 3)

    def step(x):
        w.grad = None
        (w * x).sum().backward()
        return x * len([p for p in (w, other) if p.requires_grad])

    return step, between, lambda: [w.grad]


@row
def the_very_argument():
    known = SimpleNamespace(x=autograd.ones(3))
    return (
        lambda x: x * (1 if x is known.x else 2),
        None,
        None,
        lambda i, x: known.x if i > 3 else x,
    )


@row
def a_result_for_the_same_argument():
    class Cache:
        x = y = None

    cache, same = Cache(), autograd.ones(3)

    def step(x):
        if x is not cache.x:
            cache.x, cache.y = x, x * 2
        return cache.y + 1

    return step, None, None, lambda i, x: same if i < 4 else x


def swapped(make):
    """A function of which something is exchanged between the calls."""

    def made():
        def helper(x, k=1, *, by=1):
            return x * k * by

        change = make(helper)
        return lambda x: helper(x), lambda i: change(helper, i)

    STEPS[make.__name__] = made
    return make


@swapped
def the_defaults_of_a_function(helper):
    return lambda f, i: setattr(f, "__defaults__", (i,))


@swapped
def the_options_of_a_function(helper):
    return lambda f, i: setattr(f, "__kwdefaults__", {"by": i})


@swapped
def an_option_of_a_function(helper):
    return lambda f, i: f.__kwdefaults__.update(by=i)


@swapped
def the_code_of_a_function(helper):
    codes = [helper.__code__, (lambda x, k=1, *, by=1: x * 5).__code__]
    return lambda f, i: setattr(f, "__code__", codes[i % 2])


class Double:
    def act(self, x):
        return x * 2


class Triple:
    def act(self, x):
        return x * 3


@with_config(Double, lambda c, i: setattr(c, "__class__", [Double, Triple][i % 2]))
def the_class_of_an_object(x, c):
    return c.act(x)


@row
def the_class_of_a_module():
    class One(nn.Module):
        def forward(self, x):
            return x * 2

    class Other(nn.Module):
        def forward(self, x):
            return x * 3

    module = One()
    return lambda x: module(x), lambda i: setattr(module, "__class__", [One, Other][i % 2])


@row
def a_name_among_the_builtins():
    def between(i):
        builtins.GRADLOOM_RATE = i

    return lambda x: x * GRADLOOM_RATE, between  # noqa: F821


@row
def an_attribute_by_getattr():
    class Store:
        def __init__(self):
            self.store = {"rate": 1}

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return self.__dict__["store"][name]

    store = Store()

    def between(i):
        store.store["rate"] = i

    return lambda x: x * store.rate, between


@row
def a_slot_that_changes():
    class Slotted:
        __slots__ = ("rate",)

    holder = Slotted()

    def between(i):
        holder.rate = i

    return lambda x: x * holder.rate, between


@row
def an_attribute_of_a_base():
    class Base:
        rate = 1

    class Derived(Base):
        pass

    derived = Derived()
    return lambda x: x * derived.rate, lambda i: setattr(Base, "rate", i)


@row
def a_static_method():
    class Scale:
        @staticmethod
        def by(x):
            return x * 2

    def between(i):
        if i == 5:
            Scale.by = staticmethod(lambda x: x * 3)

    return lambda x: Scale.by(x), between


@row
def a_function_for_a_kind():
    @functools.singledispatch
    def scale(k):
        return 2

    def between(i):
        if i == 5:
            scale.register(int)(lambda k: 3)

    return lambda x: x * scale(1), between


@row
def a_zero_among_the_arguments():
    step = lambda x, k: x * (2 + math.copysign(1, k))  # noqa: E731
    return step, None, None, lambda i, x: (x, -0.0 if i % 4 > 1 else 0.0)


@row
def an_object_among_the_arguments():
    config = Config()

    def between(i):
        config.rate = i

    return lambda x, c: x * c.rate, between, None, lambda i, x: (x, config)


@row
def an_array_among_the_arguments():
    rates = np.ones(2)

    def between(i):
        rates[0] = i

    return lambda x, a: x * float(a[0]), between, None, lambda i, x: (x, rates)


@row
def an_array_in_a_list():
    rates = [np.ones(2)]

    def between(i):
        rates[0][1] = i

    return lambda x: x * float(rates[0][1]), between


@row
def an_array_of_objects():
    holders = np.array([Config()], dtype=object)

    def between(i):
        holders[0].rate = i

    return lambda x: x * holders[0].rate, between


@row
def a_copy():
    config = Config()

    def between(i):
        config.rate = i

    return lambda x: x * copy.deepcopy(config).rate, between


@row
def one_function_of_many():
    acts, holder = [lambda x, k=k: x * k for k in range(12)], SimpleNamespace(i=0)

    def between(i):
        holder.i = i

    return lambda x: acts[holder.i](x), between


@row
def weights_that_become_more():
    weights = [autograd.ones(3)]

    def between(i):
        if i % 3 == 0:
            weights.append(autograd.full((3,), float(i)))

    return lambda x: sum(x * w for w in weights), between


@row
def a_decimal():
    config = Config()

    def between(i):
        config.rate = decimal.Decimal(i)

    return lambda x: x * float(config.rate), between


@row
def an_index_that_appears():
    numbers = [1, 2]

    def step(x):
        try:
            return x * numbers[5]
        except IndexError:
            return x * 3

    return step, lambda i: numbers.append(i)

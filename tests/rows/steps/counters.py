"""Steps that count, in one of the places that Python has for it."""

import contextlib
import functools
import types
from types import SimpleNamespace

import autograd
from tests.rows.steps import rows

STEPS, row = rows()

N = 0


@row
def a_global():
    global N
    N = 0

    def step(x):
        global N
        N += 1
        return x * N

    return step


@row
def a_closure():
    n = 0

    def step(x):
        nonlocal n
        n += 1
        return x * n

    return step


class Counter:
    total = 0

    def __init__(self, **values):
        self.n = 0
        vars(self).update(values)

    @property
    def next(self):
        self.n += 1
        return self.n

    def __getitem__(self, i):
        self.n += i
        return self.n

    def __enter__(self):
        self.n += 1
        return self

    def __exit__(self, *error):
        return None

    def __call__(self, x):
        self.n += 1
        return x * self.n

    def of_class(self, x):
        type(self).total += 1
        return x * self.total

    def by_text(self, x):
        setattr(self, "n", getattr(self, "n") + 1)  # noqa: B009, B010
        return x * self.n

    def by_a_made_up_name(self, x):
        name = "".join(["m", "any"])
        setattr(self, name, getattr(self, name, 0) + 1)
        return x * getattr(self, name)

    def by_its_dict(self, x):
        self.__dict__["n"] += 1
        return x * self.n

    def by_vars(self, x):
        vars(self)["n"] += 1
        return x * vars(self)["n"]

    def past_its_class(self, x):
        object.__setattr__(self, "n", self.n + 1)
        return x * self.n


for _name in ("__call__", "of_class", "by_text", "by_a_made_up_name", "by_its_dict", "by_vars"):
    STEPS[_name] = lambda name=_name: (setattr(Counter, "total", 0), getattr(Counter(), name))[1]
STEPS["past_its_class"] = lambda: Counter().past_its_class
STEPS["a_callable_object"] = Counter


def counting(table):
    """A decorator for a step that gets a counter which is outside."""

    def with_counter(step):
        def made():
            counter = Counter(log=[], box={}, seen={1})
            return lambda x: step(x, counter)

        table[step.__name__] = made
        return step

    return with_counter


with_counter = counting(STEPS)


@with_counter
def a_property(x, c):
    return x * c.next


@with_counter
def an_index(x, c):
    return x * c[2]


@with_counter
def a_context(x, c):
    with c:
        return x * c.n


@with_counter
def a_local_name(x, c):
    d = c
    d.n += 1
    return x * d.n


@with_counter
def an_inner_function(x, c):
    def count():
        c.n += 1
        return c.n

    return x * count()


@with_counter
def a_comprehension(x, c):
    return x * sum([c.next for _ in range(2)])


@with_counter
def sorted_by_a_counter(x, c):
    return x * sorted([3, 1, 2], key=lambda i: c[i])[0] * c.n


@row
def a_default_argument():
    def step(x, seen=[]):  # noqa: B006
        seen.append(1)
        return x * len(seen)

    return step


@row
def an_attribute_of_a_function():
    def step(x):
        step.n += 1
        return x * step.n

    step.n = 0
    return step


@row
def a_decorator():
    def counted(f):
        n = 0

        @functools.wraps(f)
        def call(*args):
            nonlocal n
            n += 1
            return f(*args) * n

        return call

    return counted(lambda x: x + 1)


class Slotted:
    __slots__ = ("n",)


@row
def a_slot():
    holder = Slotted()
    holder.n = 0

    def step(x):
        holder.n += 1
        return x * holder.n

    return step


class Counting:
    """A descriptor that counts."""

    def __init__(self):
        self.n = 0

    def __get__(self, owner, kind=None):
        self.n += 1
        return self.n


@row
def a_descriptor():
    class Owner:
        n = Counting()

    owner = Owner()
    return lambda x: x * owner.n


@row
def globals_by_their_dict():
    globals()["M"] = 0

    def step(x):
        globals()["M"] += 1
        return x * M  # noqa: F821

    return step


@row
def a_module_of_the_users():
    module = types.ModuleType("helpers")
    module.n = 0

    def step(x):
        module.n += 1
        return x * module.n

    return step


@row
def two_buffers():
    a, b = autograd.ones(3), autograd.zeros(3)

    def step(x):
        nonlocal a, b
        a, b = b, a
        return x + a

    return step


@row
def a_state_that_is_kept():
    h = autograd.zeros(3)

    def step(x):
        nonlocal h
        h = (h + x).detach()
        return h * 2

    return step


@row
def a_cursor():
    holder = SimpleNamespace(at=0)

    def step(x):
        holder.at = (holder.at + 1) % 3
        return x[holder.at :].sum()

    return step


@row
def a_set_of_class_attributes():
    class Base:
        def __init__(self):
            self.n = 0

        def go(self, x):
            self.n += 1
            return x * self.n

    class Derived(Base):
        def go(self, x):
            return super().go(x) + 1

    derived = Derived()
    return lambda x: derived.go(x)


@row
def a_setter():
    class Rated:
        def __init__(self):
            self.held, self.sets = 0, 0

        @property
        def rate(self):
            return self.held

        @rate.setter
        def rate(self, value):
            self.held = value
            self.sets += 1

    rated = Rated()

    def step(x):
        rated.rate = 3
        return x * rated.sets

    return step


@row
def attributes_that_are_kept_elsewhere():
    class Logged:
        def __setattr__(self, name, value):
            vars(self).setdefault("history", []).append(value)
            vars(self)[name] = value

    logged = Logged()

    def step(x):
        logged.n = 1
        return x * len(logged.history)

    return step


def of_dunder(name, used):
    """A counter behind one of Python's own methods."""

    def made():
        class Counts:
            n = 0

        def count(self, *args):
            self.n += 1
            return self.n % 2 == 1 if name in ("__bool__", "__eq__") else self.n

        setattr(Counts, name, count)
        counts = Counts()
        return lambda x: used(x, counts)

    STEPS[f"a_counter_in_{name}"] = made


of_dunder("__bool__", lambda x, c: x * 2 if c else x * 3)
of_dunder("__eq__", lambda x, c: x * 2 if c == 1 else x * 3)
of_dunder("__len__", lambda x, c: x * len(c))
of_dunder("__int__", lambda x, c: x * int(c))
of_dunder("__add__", lambda x, c: x * (c + 1))
of_dunder("__contains__", lambda x, c: x * (1 in c) * c.n)


@row
def an_instance_check_that_counts():
    class Meta(type):
        n = 0

        def __instancecheck__(cls, one):
            Meta.n += 1
            return Meta.n % 2 == 0

    class Kind(metaclass=Meta):
        pass

    return lambda x: x * (2 if isinstance(1, Kind) else 3)


@with_counter
def an_attribute_as_a_loops_name(x, c):
    for c.n in [c.n + 1]:  # noqa: B020
        pass
    return x * c.n


@with_counter
def an_attribute_as_a_contexts_name(x, c):
    with contextlib.nullcontext(c.n + 1) as c.n:
        return x * c.n


@with_counter
def an_object_inside_an_object(x, c):
    c.sub = getattr(c, "sub", None) or SimpleNamespace(n=0)
    c.sub.n += 1
    return x * c.sub.n


@with_counter
def instances_that_are_counted(x, c):
    class Made:
        log = c.log

        def __init__(self):
            self.log.append(1)

    Made()
    return x * len(c.log)


@row
def a_note_that_the_step_makes():
    w = autograd.ones(3)

    def step(x):
        w.count = getattr(w, "count", 0) + 1
        return x * w * w.count

    return step


@row
def a_context_that_decorates():
    class Counted(contextlib.ContextDecorator):
        n = 0

        def __enter__(self):
            self.n += 1

        def __exit__(self, *error):
            return False

    counted = Counted()

    @counted
    def step(x):
        return x * counted.n

    return step


@row
def a_function_that_is_made_by_another():
    def make():
        n = 0

        def count():
            nonlocal n
            n += 1
            return n

        return count

    counts = [make(), make()]
    return lambda x: x * counts[0]() + counts[1]()


@row
def a_coroutine():
    n = 0

    async def count(x):
        nonlocal n
        n += 1
        return x * n

    def step(x):
        try:
            count(x).send(None)
        except StopIteration as stop:
            return stop.value

    return step


def object_given(change):
    """An object among the arguments, changed by the step."""

    def made():
        c = Counter(log=[])
        return change, None, lambda: [c.n, len(c.log)], lambda i, x: (x, c)

    STEPS[change.__name__] = made
    return change


@object_given
def an_argument_that_counts(x, c):
    c.n += 1
    return x * c.n


@object_given
def an_argument_with_a_list(x, c):
    c.log.append(1)
    return x * 2

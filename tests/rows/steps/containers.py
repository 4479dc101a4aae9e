"""Steps that change a list, a dict or another container."""

import collections
import heapq
import operator

import numpy as np

import autograd
import nn
from tests.rows.steps import rows
from tests.rows.steps.counters import counting

STEPS, row = rows()
with_counter = counting(STEPS)


@with_counter
def a_list(x, c):
    c.log.append(len(c.log))
    return x * len(c.log)


@with_counter
def a_list_by_another_name(x, c):
    put = c.log.append
    put(1)
    return x * len(c.log)


@with_counter
def a_list_that_is_added_to(x, c):
    c.log += [2]
    return x + sum(c.log)


@with_counter
def an_item_of_a_dict(x, c):
    c.box["n"] = c.box.get("n", 0) + 1
    return x * c.box["n"]


@with_counter
def a_dict_that_is_updated(x, c):
    c.box.update({len(c.box): 1})
    return x * len(c.box)


@with_counter
def a_set(x, c):
    c.seen.add(len(c.seen) + 1)
    return x * len(c.seen)


@with_counter
def an_item_that_is_deleted(x, c):
    if 1 in c.seen:
        c.seen.discard(1)
        return x
    c.seen.add(1)
    return -x


@row
def a_deque():
    last = collections.deque([0, 1, 2], maxlen=3)

    def step(x):
        last.append(last[0] + last[-1])
        return x * last[0]

    return step


@row
def a_queue_that_turns():
    queue = [1, 2, 3]

    def step(x):
        queue.append(queue.pop(0))
        return x * queue[0]

    return step


@row
def a_default_dict():
    counts = collections.defaultdict(int)

    def step(x):
        counts[tuple(x.shape)] += 1
        return x * counts[tuple(x.shape)]

    return step


@row
def a_counter_of_pythons():
    counts = collections.Counter()

    def step(x):
        counts.update(["steps"])
        return x * counts["steps"]

    return step


@row
def an_array_of_the_users():
    counts = np.zeros(2)

    def step(x):
        counts[0] += 1
        return x * float(counts[0])

    return step


@row
def an_array_by_out():
    counts = np.zeros(2)

    def step(x):
        np.add(counts, 1, out=counts)
        return x * float(counts[1])

    return step


@row
def arguments_that_are_kept_in():
    log, box = [], {}

    def step(x):
        def inner(x, log, box):
            log.append(1)
            box["n"] = len(log)
            return x * box["n"]

        return inner(x, log, box)

    return step


@row
def a_list_that_is_returned():
    seen = [1]

    def step(x):
        return x * 2, seen

    return Appending(step), None, lambda: [len(seen)]


class Appending:
    """Calls a step, and writes into the list that comes with the result."""

    def __init__(self, step):
        self.step = step

    def __call__(self, x):
        return self.step(x)

    def after(self, result):
        result[1].append(1)


@with_counter
def a_list_that_is_reversed(x, c):
    c.log.append(len(c.log))
    c.log.reverse()
    return x * c.log[0]


@with_counter
def a_slice_of_a_list(x, c):
    c.log[:] = [*c.log, 1]
    return x * len(c.log)


@with_counter
def a_heap(x, c):
    heapq.heappush(c.log, len(c.log))
    return x * len(c.log)


@with_counter
def functions_of_operator(x, c):
    operator.setitem(c.box, "n", c.box.get("n", 0) + 1)
    return x * operator.attrgetter("box")(c)["n"]


@with_counter
def a_method_caller(x, c):
    operator.methodcaller("append", 1)(c.log)
    return x * len(c.log)


@with_counter
def a_method_of_the_class_dict(x, c):
    dict.__setitem__(c.box, "n", c.box.get("n", 0) + 1)
    return x * c.box["n"]


@with_counter
def a_map_that_appends(x, c):
    [*map(c.log.append, [1])]
    return x * len(c.log)


@with_counter
def a_comprehension_that_appends(x, c):
    {k: c.log.append(k) for k in range(2)}
    return x * len(c.log)


@with_counter
def a_list_that_is_taken_apart(x, c):
    _, *c.log = [1, *c.log, 5]
    return x * len(c.log)


@row
def a_dict_of_the_users():
    box = collections.UserDict(n=0)

    def step(x):
        box["n"] += 1
        return x * box["n"]

    return step


@row
def a_dict_by_tensors():
    w = autograd.ones(3)
    states = {w: {"n": 0}}

    def step(x):
        states[w]["n"] += 1
        return x * w * states[w]["n"]

    return step


@row
def bytes_that_change():
    counts = bytearray(2)

    def step(x):
        counts[0] += 1
        return x * counts[0]

    return step


@row
def a_list_that_is_given():
    log = [1]

    def step(x, log):
        log.append(1)
        return x * 2

    return step, None, lambda: [len(log)], lambda i, x: (x, log)


@row
def a_dict_that_is_given():
    box = {"n": 7}

    def step(x, box):
        box["n"] = 7
        return x * 2

    def between(i):
        box["n"] = 7 if i < 4 else 9

    return step, between, lambda: [box["n"]], lambda i, x: (x, box)


class Loud(list):
    """A list that counts how often it is looked at."""

    looks = 0

    def __iter__(self):
        type(self).looks += 1
        return super().__iter__()


@row
def a_list_of_another_kind():
    Loud.looks, numbers = 0, Loud([1, 2])
    return lambda x: x * sum(numbers) * Loud.looks


@row
def a_dict_that_turns():
    box = collections.OrderedDict(a=1, b=2)

    def step(x):
        box.move_to_end(next(iter(box)))
        return x * [*box.values()][0]

    return step


@row
def children_by_their_dict():
    model = nn.Sequential(nn.Tanh())

    def between(i):
        if i == 5:
            model._modules["0"] = nn.ReLU()

    return lambda x: model(x), between

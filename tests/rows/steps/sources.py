"""Steps that get numbers from elsewhere, or send something there."""

import contextvars
import datetime
import io
import itertools
import logging
import os
import pickle
import queue
import random
import threading
import time
import warnings
import weakref
from types import SimpleNamespace

import numpy as np

import autograd
from tests.rows.steps import rows

STEPS, row = rows()
# What goes out, or comes in, and shows in no number
REFUSED = """
    a_clock a_date a_text_that_is_read a_text_that_is_written a_log a_warning a_thread numpys_random
    a_permutation a_stream_of_numpys a_stream_in_an_object pythons_random a_generator an_iterator
    a_loop_over_an_iterator an_iterator_in_a_zip an_iterator_that_is_called code_that_is_run
    a_method_of_random_that_c_calls what_each_thread_has a_tick_that_c_calls
""".split()


@row
def pythons_random():
    random.seed(0)
    return lambda x: x * random.random()


@row
def pythons_random_in_a_function():
    random.seed(0)
    return lambda x: x * random.uniform(0, 1)


@row
def a_stream_of_pythons():
    stream = random.Random(0)
    return lambda x: x * stream.random()


@row
def a_choice():
    random.seed(0)
    return lambda x: x[random.choice([0, 1, 2])]


@row
def numpys_random():
    np.random.seed(0)
    return lambda x: x * float(np.random.rand())


@row
def a_permutation():
    np.random.seed(0)
    return lambda x: x[np.random.permutation(3)]


@row
def a_stream_of_numpys():
    stream = np.random.default_rng(0)
    return lambda x: x[stream.permutation(3)]


@row
def a_stream_in_an_object():
    holder = SimpleNamespace(rng=np.random.default_rng(0))
    return lambda x: x[holder.rng.permutation(3)]


@row
def random_that_is_imported_inside():
    np.random.seed(0)

    def step(x):
        import numpy

        return x * numpy.random.random()

    return step


@row
def random_under_another_name():
    np.random.seed(0)
    there = np.random

    def step(x):
        return x * there.random()

    return step


@row
def a_map_over_random():
    random.seed(0)
    draws = [random.random, random.random]
    return lambda x: x * sum(map(lambda f: f(), draws))


@row
def a_method_of_random_that_c_calls():
    random.seed(0)
    gauss, ones = random.random, [(), ()]
    return lambda x: x * sum(itertools.starmap(gauss, ones))


@row
def an_iterator():
    counter = itertools.count(1)
    return lambda x: x * next(counter)


@row
def a_loop_over_an_iterator():
    counter = itertools.count(1)

    def step(x):
        for n in counter:
            if n:
                break
        return x * n

    return step


@row
def a_generator():
    numbers = (i for i in range(100))
    return lambda x: x * next(numbers)


@row
def a_generator_that_is_sent_to():
    def running():
        total = 0
        while True:
            total += yield total

    mean = running()
    next(mean)
    return lambda x: x * mean.send(1)


@row
def an_iterator_of_the_users():
    class Batches:
        def __init__(self):
            self.i = 0

        def __iter__(self):
            return self

        def __next__(self):
            self.i += 1
            return self.i

    batches = Batches()
    return lambda x: x * next(batches)


@row
def an_iterator_in_a_zip():
    pairs = zip(range(100), range(1, 100))
    return lambda x: x * next(pairs)[1]


@row
def an_iterator_that_is_called():
    numbers = iter([1, 2, 3, 4, 5, 6, 7, 8, 9])
    return lambda x: x * sum(iter(lambda: next(numbers) % 2, 0))


@row
def a_tick_that_c_calls():
    return lambda x: x * 0 + (min([1, 2], key=time.ctime) > 0)


@row
def a_clock():
    start = time.perf_counter_ns()
    return lambda x: x * 0 + (time.perf_counter_ns() > start)


@row
def a_date():
    start = datetime.datetime.now()
    return lambda x: x * 0 + (datetime.datetime.now() >= start)


@row
def an_environment():
    def between(i):
        os.environ["GRADLOOM_SCALE"] = str(i)

    return lambda x: x * float(os.environ["GRADLOOM_SCALE"]), between


@row
def an_environment_by_getenv():
    def between(i):
        os.environ["GRADLOOM_SCALE"] = str(i)

    return lambda x: x * float(os.getenv("GRADLOOM_SCALE")), between


@row
def a_text_that_is_read():
    text = io.StringIO("1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    return lambda x: x * int(text.readline())


@row
def a_text_that_is_written():
    text = io.StringIO()

    def step(x):
        print("step", file=text)
        return x * 2

    return step, None, lambda: [len(text.getvalue())]


@row
def a_log():
    text = io.StringIO()
    log = logging.Logger("steps")
    log.addHandler(logging.StreamHandler(text))

    def step(x):
        log.warning("step")
        return x * 2

    return step, None, lambda: [len(text.getvalue())]


@row
def a_warning():
    seen = []

    def told(*args, **options):
        seen.append(1)

    def step(x):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = told
            warnings.warn("step", stacklevel=1)
        return x * 2

    return step, None, lambda: [len(seen)]


@row
def a_thread():
    seen = []

    def step(x):
        thread = threading.Thread(target=lambda: seen.append(1))
        thread.start()
        thread.join()
        return x * 2

    return step, None, lambda: [len(seen)]


@row
def what_each_thread_has():
    local = threading.local()

    def between(i):
        local.n = i

    return lambda x: x * local.n, between


@row
def code_that_is_run():
    scope = {"n": 0}

    def step(x):
        exec("n += 1", scope)
        return x * scope["n"]

    return step


def given(make):
    """What is given to the step beside x, and is another each time that it is asked."""

    def made():
        one = make()
        step = (lambda x, r: x * r.random()) if hasattr(one, "random") else lambda x, r: x * next(r)
        return step, None, None, lambda i, x: (x, one)

    STEPS[make.__name__] = made
    REFUSED.append(make.__name__)
    return make


@given
def an_iterator_that_is_given():
    return iter(range(100))


@given
def a_generator_that_is_given():
    return (i for i in range(100))


@given
def a_stream_that_is_given():
    return np.random.default_rng(0)


@given
def a_stream_of_pythons_that_is_given():
    return random.Random(0)


@row
def a_list_that_is_shuffled():
    random.seed(0)
    numbers = [1, 2, 3, 4]

    def step(x):
        random.shuffle(numbers)
        return x * numbers[0]

    return step


@row
def a_queue():
    numbers = queue.Queue()
    for i in range(20):
        numbers.put(i)
    return lambda x: x * numbers.get()


@row
def a_cycle():
    numbers = itertools.cycle([1, 2, 3])

    def step(x):
        for one, n in zip([x], numbers):
            x = one * n
        return x

    return step


@row
def a_variable_of_the_context():
    n = contextvars.ContextVar("n", default=0)

    def step(x):
        n.set(n.get() + 1)
        return x * n.get()

    return step


@row
def an_iterator_with_a_default():
    holder = SimpleNamespace(numbers=iter([1, 2, 3]))
    return lambda x: x * next(holder.numbers, 9)


@row
def an_object_by_a_weak_reference():
    class Holder:
        n = 1

    holder = Holder()
    found = weakref.ref(holder)

    def between(i):
        holder.n = i

    return lambda x: x * found().n, between


@row
def an_object_that_is_pickled():
    holder = SimpleNamespace(n=1)

    def between(i):
        holder.n = i

    return lambda x: x * pickle.loads(pickle.dumps(holder)).n, between


@row
def a_text_that_is_evaluated():
    holder = SimpleNamespace(n=1)

    def between(i):
        holder.n = i

    return lambda x: eval("x * holder.n", {"x": x, "holder": holder}), between


@row
def the_address_of_an_argument():
    k = autograd.ones(3)
    known = {id(k): 5}
    return lambda x: x * (known.get(id(x), 0) + 1), None, None, lambda i, x: k if i > 4 else x

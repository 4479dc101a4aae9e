"""Lines: where in the user's program a node was born."""

import gc
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import autograd
import nn
from autograd.engine import lines, versions

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).name


def number(text):
    """The number of this file's only line that has ``text`` behind ``# here:``."""
    found = [i for i, line in enumerate(Path(__file__).read_text().splitlines(), 1)
             if line.endswith(f"# here: {text}")]  # fmt: skip
    assert len(found) == 1
    return found[0]


def test_a_node_knows_the_users_line(noting):
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()  # here: method
    assert str(lines.of(y.grad_fn)) == f"{HERE}:{number('method')}"
    assert lines.of(y.grad_fn).text.startswith("y = x.exp()")
    z = nn.Linear(2, 3)(x)  # here: module
    assert lines.of(z.grad_fn).number == number("module")


def test_what_calls_for_the_user_is_passed_by(noting):
    from functools import partial, reduce

    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    y = reduce(autograd.add, [x, x, x])  # here: reduce
    assert lines.of(y.grad_fn).number == number("reduce")
    y = partial(autograd.exp, x)()  # here: partial
    assert lines.of(y.grad_fn).number == number("partial")


def test_the_line_that_runs_now():
    assert lines.here().number == number("now")  # here: now


def test_a_thread_of_its_own_has_lines(noting):
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    found = []
    thread = threading.Thread(target=lambda: found.append(x.exp()))  # here: thread
    thread.start()
    thread.join()
    assert lines.of(found[0].grad_fn).number == number("thread")


def test_where_all_frames_are_ours_there_is_no_line(noting):
    code = compile("found = make()", "somewhere", "exec")
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    scope = {"make": x.exp, "__name__": "autograd.somewhere"}
    thread = threading.Thread(target=exec, args=(code, scope))
    thread.start()
    thread.join()
    assert lines.of(scope["found"].grad_fn) is None


def test_older_lines_make_room(noting):
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    old = x.exp().grad_fn
    for _ in range(lines._KEPT):
        new = x.exp().grad_fn
    assert lines.of(old) is None
    assert lines.of(new) is not None


def test_nothing_but_code_is_kept(noting):
    class Held:
        pass

    def function():
        held = Held()
        x = autograd.tensor([1.0, 2.0], requires_grad=True)
        return weakref.ref(held), x.exp().grad_fn

    held, node = function()
    gc.collect()
    assert held() is None
    assert lines.of(node).code is function.__code__


def test_the_clock_is_bare_after_the_first_nodes_until_lines_are_asked_for():
    code = """
import autograd
from autograd.engine import lines, versions
x = autograd.tensor([1.0, 2.0], requires_grad=True)
assert lines.of(x.exp().grad_fn).number == 5
while lines.of((x * x).grad_fn):
    pass
assert -5_100 < versions.tick() < -5_000
assert versions.tick is versions.bare_tick

wanted = object()
lines.note(wanted)
assert lines.of(x.exp().grad_fn).number == 13
assert lines.of((x * x).grad_fn).number == 14
assert lines.of(x.reshape(2, 1).grad_fn).number == 15
lines.done(wanted)
(x * x).sum()
assert lines.of(x.exp().grad_fn) is None
assert lines.of(autograd.asin(x).grad_fn) is None
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120, check=True)


def test_a_cell_of_a_notebook_is_named_as_ipython_names_it(monkeypatch):
    class Compiler:
        @staticmethod
        def format_code_name(name):
            return ("Cell", "In[3]") if name.startswith("<ipython-input") else None

    class Module:
        @staticmethod
        def get_ipython():
            return type("Shell", (), {"compile": Compiler})

    monkeypatch.setitem(sys.modules, "IPython", Module)
    code = compile("\nx = 1", "<ipython-input-3-abc>", "exec")
    offset = next(start for start, _, line in code.co_lines() if line == 2)
    assert str(lines.Line(code, offset)) == "cell In[3], line 2"
    assert str(lines.Line(compile("x = 1", "/a/net.py", "exec"), 2)) == "net.py:1"


def test_a_package_is_named_with_its_folder():
    assert str(lines.Line(compile("x = 1", "/a/net/__init__.py", "exec"), 2)) == "net/__init__.py:1"


def test_who_asks_twice_is_done_twice():
    wanted = object()
    lines.note(wanted)
    lines.note(wanted)
    lines.done(wanted)
    assert versions.tick is not versions.bare_tick
    lines.done(wanted)
    lines.done(wanted)

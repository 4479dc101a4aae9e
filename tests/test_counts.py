"""No op, and no step of training, may come to more calls, nodes or bytes without saying so.

The counting is `benchmarks/counts.py`; it runs in a process of its own, since it changes what is
imported. ``python benchmarks/counts.py --write`` writes down counts that are meant to change.
"""

import builtins
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def module(monkeypatch):
    """A module of benchmarks/ by its name."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))

    def module(name):
        spec = spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
        found = module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, found)
        spec.loader.exec_module(found)
        return found

    return module


@pytest.fixture
def watched(module, monkeypatch):
    """Runs text as the project's is run while it is watched; gives names and the calls."""
    watched = module("watched")
    monkeypatch.setattr(builtins, watched.CALLED, watched.called, raising=False)
    monkeypatch.setattr(builtins, watched.OPERATED, watched.operated, raising=False)

    def run(text, **names):
        code = watched._compiled(text, "text", "exec")
        with watched.calls() as found:
            exec(code, names)
        return names, [call.name for call in found]

    return run


def test_counts_are_as_written_down():
    command = [sys.executable, str(ROOT / "benchmarks" / "counts.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    remedy = "If it is meant: python benchmarks/counts.py --write"
    assert done.returncode == 0, f"{done.stdout}{done.stderr}{remedy}"


def test_a_change_is_told_with_its_size(module):
    changes = module("counts").changes
    before = {"add": {"forward": 1, "both": 3}, "step": {"calls": 9, "bytes": 1000}}
    assert changes(before, before) == []
    now = {"add": {"forward": 1, "both": 5}, "step": {"calls": 8, "bytes": 1100}}
    assert changes(before, now) == ["add, both: grew from 3 to 5", "step, calls: fell from 9 to 8"]
    heavy = {"step": {"calls": 9, "bytes": 1200}, "mul": {"forward": 1}}
    assert changes(before, heavy) == [
        "add: is written down, and not counted",
        "step, bytes: grew from 1000 to 1200",
        "mul, forward: 1, which is not written down",
    ]


def test_every_way_to_call_numpy_is_seen(watched):
    text = """
import numpy as np
b = np.exp(x) + 2 * x          # exp, mul, add
b += x                         # iadd
b[1:] -= 1                     # isub
b[0] = 7.0                     # setitem
c = b[np.array([0, 1])]        # array, getitem
d = -c if (c > 0).all() else c # gt, all, neg
e = np.add.reduce(x) + x.sum(axis=0)  # add.reduce, sum, add
np.multiply(x, x, out=b[::1])  # multiply
"""
    names, found = watched(text, x=np.arange(3.0))
    assert found == (
        "exp mul add iadd isub setitem array getitem gt all neg add.reduce sum add multiply".split()
    )
    np.testing.assert_array_equal(names["b"], [0.0, 1.0, 4.0])
    assert names["e"] == 6.0


def test_views_and_numbers_are_no_calls(watched):
    text = """
import numpy as np
y = x.reshape(3, 1).T[0, ::2]
n = len(x) + x.ndim * 2
kept = {}
kept["x"] = x
z = np.asarray(kept["x"])
"""
    names, found = watched(text, x=np.arange(3.0))
    assert found == [] and names["n"] == 5 and names["z"] is names["x"]
    np.testing.assert_array_equal(names["y"], [0.0, 2.0])


def test_text_that_is_watched_does_what_it_did(watched):
    text = """
from __future__ import annotations

class Base:
    def value(self, n: dict[str, int] | None = None) -> list[int]:
        return [1]

class Derived(Base):
    def value(self, n: dict[str, int] | None = None) -> list[int]:
        return super().value() + [2]

grown = Derived().value()
grown[0] += 3
first, *rest = grown[::-1]
hints = Derived.value.__annotations__
chained = 1 < grown[0] < 9
exec(compile("made = grown * 2", "made", "exec"))
"""
    names, found = watched(text)
    assert (names["grown"], names["first"], names["rest"]) == ([4, 2], 2, [4])
    assert names["hints"]["return"] == "list[int]" and names["chained"]
    assert names["made"] == [4, 2, 4, 2] and found == []

"""What of the benchmarks needs no clock: every case can be expressed, every table written."""

import importlib
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
NAMES = (
    *("cases", "compiled", "footprint", "functional", "jaxlike", "layers", "library", "models"),
    *("numpylike", "ops", "peers", "report", "run", "torchlike", "watched"),
)


@pytest.fixture
def module(monkeypatch):
    """A module of benchmarks/ by its name; none of them stays."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in NAMES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module
    for name in NAMES:
        sys.modules.pop(name, None)


def test_every_case_has_a_name_of_its_own_and_a_text(module):
    cases, text = module("cases"), module("peers").Gradloom
    names = [case.name for case in cases.ALL]
    assert len(set(names)) == len(names) and not any("," in name for name in names)
    for case in cases.ALL:
        assert case.measured in ("import", "size") or hasattr(text, case.kind), case.name
        assert module("peers").PEERS["gradloom"].expresses(case), case.name


def test_a_page_of_a_part_and_of_all(module):
    cases, report = module("cases"), module("report")

    def result(mine, reference):
        figures = {"gradloom": [mine] * 3, "torch": [reference] * 3}
        return {"figures": figures, "errors": {}, "refused": []}

    part = {"scalar": result(1e-4, 1e-3), "gpt": result(2.0, 1.0), "size": result(5e7, 1e9)}
    part["cnn"] = {"figures": {}, "errors": {}, "refused": ["torch has 1 where 2 is"]}
    record = {"runs": ["a machine"], "peers": ["gradloom", "torch"], "results": part}
    lines = report.page(record).splitlines()
    row = {line.split("|")[1].strip(): line for line in reversed(lines) if line.count("|") > 3}
    assert "100 µs" in row["scalar graph, 200 nodes"] and "met (0.10)" in "".join(lines)
    assert "MISSED (2.00)" in "".join(lines) and "torch has 1 where 2 is" in "".join(lines)
    assert "50.0 MB" in row["installed size, with requirements"]
    record["results"] = {case.name: result(1e-3, 2e-3) for case in cases.ALL}
    page = report.page(record)
    for series in cases.SERIES:
        assert series.title in page
    assert "| layer_norm " in page and "1.00 ms (0.50)" in page


def test_a_page_of_programs(module):
    cases, report = module("cases"), module("report")
    figures = {"gradloom": [8e-3], "gradloom_replay": [4e-3], "torch": [9e-3], "jax": [2e-3]}
    result = {"figures": figures, "errors": {}, "refused": [], "first": {"jax": 0.5}}
    results = {case.name: result for case in cases.COMPILED[:2]}
    page = report.programs({"runs": ["a machine"], "peers": [*figures], "results": results})
    mean = next(line for line in page.splitlines() if "geometric mean" in line)
    assert [cell.strip() for cell in mean.split("|")[2:-1]] == ["4.00", "2.00", "0.50"]
    assert "0.50 s" in page and "4.00 ms" in page


@pytest.mark.parametrize("name", ["scalar", "penalty", "softmax_nll", "mlp_small"])
def test_programs_give_what_the_engine_gives(module, name):
    cases, peers = module("cases"), module("peers")
    case = next(case for case in cases.COMPILED if case.name == name)
    adapters = [peers.PEERS[peer].load() for peer in ("gradloom", "gradloom_replay")]
    eager, compiled = (getattr(one, case.kind)(*cases.inputs(case))[1]() for one in adapters)
    assert eager == compiled


def test_a_step_without_a_program_is_not_timed_as_one(module):
    adapter = module("peers").PEERS["gradloom_replay"].load()
    step = adapter.prepared(lambda: float(adapter.core.ones(1).sum()) > 2)  # read into Python
    with pytest.raises(RuntimeError, match="not compiled"), pytest.warns(UserWarning):
        adapter._checked((step, list), before=4)[1]()


def numbers(adapter, case):
    return adapter.numpy(None, *case.sizes)[1]()


def test_both_are_given_the_same_programs_over_numpy(module):
    """The stand-in has our functions under names of its own, and is asked as HIPS autograd is."""
    cases, peers = module("cases"), module("peers")
    core, asked = importlib.import_module("autograd"), []

    class StandIn:
        def __getattr__(self, name):
            asked.append(name)
            return getattr(core, name)

    theirs = module("functional").Hips(importlib.import_module("autograd.numpy"), StandIn())
    ours = peers.PEERS["gradloom"].load()
    assert {case.sizes[0] for case in cases.NUMPY} == set(module("numpylike").MADE)
    for case in cases.NUMPY:
        assert peers.PEERS["hips"].expresses(case) and not peers.PEERS["torch"].expresses(case)
        found = numbers(ours, case)
        assert found == numbers(theirs, case) and all(map(math.isfinite, found))
    assert {"grad", "value_and_grad", "hessian", "jacobian", "make_jvp"} <= set(asked)


def test_a_difference_in_one_entry_shows(module):
    told = module("numpylike").told
    for i in range(3):
        one, other = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])
        other[i] += 0.1
        assert abs(np.subtract(told(one), told(other))).max() > 0.05
    assert told(np.array([1.0, -2.0]))[1] != told(np.array([-1.0, 2.0]))[1]


def test_our_package_is_not_taken_for_that_of_hips(module):
    with pytest.raises(ImportError, match="autograd came from"):
        module("peers").PEERS["hips"].load()
    assert "--target" in module("peers").PEERS["hips"].install


def test_a_table_of_programs_over_numpy(module):
    case = module("cases").NUMPY[0]
    figures = {"gradloom": [1e-3, 2e-3], "hips": [4e-3, 4e-3]}
    results = {case.name: {"figures": figures, "errors": {}, "refused": []}}
    page = module("report").page({"runs": [], "peers": [*figures], "results": results})
    (row,) = [line for line in page.splitlines() if case.title in line]
    assert "1.50 ms" in row and "4.00 ms" in row and "0.38 (0.25–0.50)" in row
    assert "met (0.38)" in row


def test_slopes(module):
    slope = module("report").slope
    figures = {size: {"gradloom": [3e-6 * size**1.5]} for size in (10, 100, 1000)}
    assert slope(figures, "gradloom") == pytest.approx(1.5)


def test_peers_that_differ_are_named(module):
    differ = module("run").disagreements
    assert differ({"torch": [1.0, 2.0], "gradloom": [1.0, 2.0001]}) == []
    (told,) = differ({"torch": [1.0, 2.0], "gradloom": [1.0, float("nan")]})
    assert "gradloom has nan where torch has 2" in told


def test_a_record_is_read_as_it_was_written(module):
    record = {"runs": ["a"], "peers": ["torch"], "results": {"x": {"figures": {"torch": [1.0]}}}}
    assert json.loads(module("run").written(record)) == record


def test_a_profile_leaves_out_what_is_short(module):
    case = module("cases").TABLE[0]
    text = module("report").calls(case, 1e-3, [("add", "8×8", 2, 9e-4), ("exp", "8", 1, 1e-6)])
    assert "3 calls" in text and "| add " in text and "| exp " not in text


KEPT = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import footprint
kept = []
print(footprint.growth(lambda: None, lambda: lambda: kept.append(np.ones(5_000_000))))
"""


def test_bytes_that_are_kept_count_as_growth():
    """In a process of its own: what other tests leave free may be given back meanwhile."""
    command = [sys.executable, "-c", KEPT, str(BENCHMARKS)]
    grown = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert 195e6 < grown < 300e6  # blocks so large come from the system, and go back to it

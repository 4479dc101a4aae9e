"""What a profile shows: tables, traces, pages, and what PyTorch's names give."""

import contextlib
import gzip
import io
import json
import re
import threading
from pathlib import Path

import pytest

import autograd
import nn
import nn.functional as F
import optim
from autograd import profiler
from autograd.diagnosis.profile.spans import Spans

PAGE = Path(__file__).resolve().parents[3] / "docs" / "profile.md"


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.a_part_with_a_name_as_long_as_names_can_be = nn.Sequential(nn.Linear(4, 3), nn.ReLU())

    def forward(self, x):
        return self.a_part_with_a_name_as_long_as_names_can_be(x) * 1.0 + 2.0 - 3.0 * x.sum().exp()


def trained(**options):
    net = Deep()
    rule = optim.SGD(net.parameters(), lr=0.1)
    x, target = autograd.randn(5, 4), autograd.tensor([0, 1, 2, 0, 1])
    with autograd.profile(**options) as p:
        for _ in range(2):
            with profiler.record_function("step </script><b>"):
                F.cross_entropy(net(x), target).backward()
                rule.step()
    return p


def test_a_profile_prints_three_tables_in_a_hundred_columns():
    text = str(trained())
    assert max(map(len, text.split("\n"))) == 100
    assert re.match(r"[\d.]+ .?s: forward \d+%, backward \d+%, steps \d+%, the rest \d+%\. ", text)
    assert re.search(r"Ops made [\d.]+ k?B, [\d.]+ k?B at the peak\.$", text, re.M)
    for by in ("op", "module", "line"):
        titles = rf"^{by} +calls  forward backward     self  self %     made  at peak$"
        assert re.search(titles, text, re.M)
    assert re.search(r"^SGD\.step  +2  ", text, re.M)
    assert re.search(r"^Linear  +2( +\S+ .?s){3} +\S+% +\S+ k?B", text, re.M)
    assert re.search(r"^net: Deep  +2 ", text, re.M)
    assert re.search(r"^net\.a_part_with_a_n…mes_can_be\.0: Linear  +2", text, re.M)
    assert re.search(r"^test_profile_shown\.py:\d+  return sel\S*…  +\d", text, re.M)


def test_a_table_says_how_much_it_leaves_out():
    p = trained()
    rows = p.rows("op")
    lines = p.table("op", row_limit=2).split("\n")
    assert len(lines) == 5 and lines[-1].startswith(f"... and {len(rows) - 2} more: ")
    assert len(p.table("op").split("\n")) == len(rows) + 2


def test_a_trace_is_what_perfetto_reads(tmp_path):
    def work():
        for _ in range(3):
            autograd.ones(3).exp()

    with autograd.profile(record_shapes=True) as p:
        thread = threading.Thread(target=work, name="loader")
        thread.start()
        net = Deep()
        net(autograd.randn(5, 4)).sum().backward()
        thread.join()
    p.export_chrome_trace(tmp_path / "trace.json")
    p.export_chrome_trace(tmp_path / "trace.json.gz")
    text = (tmp_path / "trace.json").read_text()
    assert gzip.decompress((tmp_path / "trace.json.gz").read_bytes()).decode() == text
    events = json.loads(text)["traceEvents"]
    names = {e["tid"]: e["args"]["name"] for e in events if e["ph"] == "M"}
    assert sorted(names.values()) == ["MainThread", "loader"]
    spans = [e for e in events if e["ph"] == "X"]
    assert {e["tid"] for e in spans} == set(names) and len({e["pid"] for e in events}) == 1
    for event in spans:
        assert event["name"] and event["ts"] >= 0 and event["dur"] >= 0
        assert event["ts"] + event["dur"] <= p._recorder.spans.length / 1000 + 0.001
    for tid in names:
        check_nesting([e for e in spans if e["tid"] == tid])
    (linear,) = [e for e in spans if e["name"] == "Linear"]
    path = "net.a_part_with_a_name_as_long_as_names_can_be.0"
    assert linear["args"]["module"] == path and linear["args"]["phase"] == "forward"
    assert linear["args"]["shapes"][0] == [5, 4] and linear["args"]["line"].startswith("test_")
    assert any(e["name"] == f"{path}: Linear" and e["cat"] == "module" for e in spans)
    (backward,) = [e for e in spans if e["name"] == "AddmmBackward0"]
    assert backward["args"]["module"] == path and backward["args"]["phase"] == "backward"
    held = [e["args"]["bytes"] for e in events if e["ph"] == "C"]
    assert held and min(held) >= 0


def check_nesting(spans):
    """Of two spans of a thread one is inside the other, or after it."""
    open_ends = []
    times = [(round(1000 * e["ts"]), round(1000 * e["dur"])) for e in spans]  # nanoseconds
    for start, length in sorted(times, key=lambda time: (time[0], -time[1])):
        while open_ends and start >= open_ends[-1]:
            open_ends.pop()
        assert not open_ends or start + length <= open_ends[-1]
        open_ends.append(start + length)


def test_a_flame_graph_is_one_page_with_the_data_in_it(tmp_path):
    p = trained()
    p.flame_graph(tmp_path / "flame.html")
    page = (tmp_path / "flame.html").read_text(encoding="utf-8")
    assert "http:" not in page and "https:" not in page and "default-src 'none'" in page
    assert page.count("</script>") == 2 and "<b>" not in page
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    trees = json.loads(data.group(1))
    assert trees["kinds"] == ["module", "op", "formula", "work", "block"]

    def names(box, way=()):
        parts = sum(one["total"] for one in box["inside"])
        assert box["total"] == box["own"] + parts and box["own"] >= 0
        yield (*way, box["name"])
        for one in box["inside"]:
            yield from names(one, (*way, box["name"]))

    ways = set(names(trees["modules"]))
    step = ("the whole", "step </script><b>")
    path = "net.a_part_with_a_name_as_long_as_names_can_be"
    sequence = ("net: Deep", f"{path}: Sequential", f"{path}.0: Linear")
    assert (*step, *sequence, "Linear") in ways
    assert (*step, "backward", *sequence, "AddmmBackward0") in ways
    assert (*step, "SGD.step") in ways
    lines = {way[2] for way in names(trees["lines"]) if len(way) > 2}
    assert any(line.endswith("  rule.step()") for line in lines)
    assert trees["modules"]["total"] == p._recorder.spans.length


def test_stacks_are_a_line_each(tmp_path):
    p = trained()
    p.export_stacks(tmp_path / "stacks.txt")
    lines = (tmp_path / "stacks.txt").read_text().splitlines()
    assert all(re.fullmatch(r"step </script><b>.* \d+", line) for line in lines)
    assert any(";backward;AddmmBackward0 " in line for line in lines)


def test_pytorchs_names_show_what_pytorchs_show():
    p = trained(record_shapes=True, with_stack=True, activities=[profiler.ProfilerActivity.CPU])
    events = {event.key: event for event in p.key_averages()}
    assert events["Linear"].count == 2 and events["AddmmBackward0"].count == 2
    assert events["Optimizer.step#SGD.step"].count == 2
    step = events["step </script><b>"]
    assert step.count == 2 and step.cpu_time == step.cpu_time_total / 2
    assert 0 <= step.self_cpu_time_total < step.cpu_time_total
    assert step.self_cpu_memory_usage == 0
    assert step.cpu_time_total == pytest.approx(sum(e.self_cpu_time_total for e in events.values()))
    assert step.cpu_memory_usage == sum(e.self_cpu_memory_usage for e in events.values())
    assert not any("Sequential" in key for key in events)
    whole = sum(e.self_cpu_time_total for e in events.values())
    assert p.self_cpu_time_total == pytest.approx(whole)
    assert p.total_average().self_cpu_time_total == pytest.approx(whole)
    shapes = [e for e in p.key_averages(group_by_input_shape=True) if e.key == "Linear"]
    assert [e.input_shapes for e in shapes] == [[[5, 4], [3, 4], [3]]]
    places = [e.stack for e in p.key_averages(group_by_stack_n=5) if e.key == "Subtract"]
    assert len(places) == 1 and places[0][0].startswith("test_profile_shown.py:")

    lines = p.key_averages().table(sort_by="self_cpu_time_total", row_limit=3).split("\n")
    assert lines[1].split("  ")[-1] == "# of Calls" and "Self CPU Mem" in lines[1]
    assert len(lines) == 9 and lines[-2].startswith("Self CPU time total: ")
    first, second = (float(line.split("%")[0].split()[-1]) for line in lines[3:5])
    assert first >= second
    assert p.table(sort_by="count", row_limit=-1) == p.key_averages().table("count", -1)
    with pytest.raises(ValueError) as told:
        p.key_averages().table(sort_by="speed")
    assert str(told.value) == (
        "table: sort_by must be a number that events have; got 'speed'. Pass "
        '"self_cpu_time_total", "cpu_time_total", "cpu_memory_usage" or "count".'
    )


def test_each_cycle_of_a_schedule_is_a_profile_of_its_own():
    found = []

    def ready(p):
        found.append([(e.key, e.count) for e in p.key_averages()])

    plan = profiler.schedule(wait=1, warmup=1, active=2, repeat=2)
    with profiler.profile(schedule=plan, on_trace_ready=ready) as p:
        for i in range(10):
            autograd.ones(3).exp()
            if i >= 6:
                autograd.ones(3).log()
            p.step()
    assert found == [[("Exp", 2)], [("Exp", 2), ("Log", 2)]]
    assert not autograd.engine.observer.listening


def test_the_page_about_profiles_runs_and_shows_what_is_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)
    (tmp_path / "train.py").write_text(blocks[0], encoding="utf-8")
    scope = {"__name__": "train"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile("\n".join(blocks), str(tmp_path / "train.py"), "exec"), scope)
    shown = re.findall(r"^    (\S+(?: \S+)*)  +\d", text, re.M)
    assert len(shown) >= 12
    for name in shown:
        assert f"\n{name}  " in printed.getvalue(), name
    assert {"step.json", "step.html", "trace0.json"} <= {p.name for p in tmp_path.iterdir()}


def test_an_empty_profile_shows_nothing():
    assert Spans().rows("op") == [] and Spans().peak() == 0
    assert str(autograd.profile()).startswith(": forward 0%")

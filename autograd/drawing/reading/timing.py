"""What a profile measured of the calls that a picture shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.diagnosis.profile.profile import profile
from autograd.diagnosis.profile.spans import Span
from autograd.diagnosis.profile.table import duration
from autograd.drawing.scene import Scene
from autograd.drawing.watching.calls import Call

_Key = tuple[str, str, int]  # an op, and the line that called it


def tell_times(scene: Scene, calls: dict[str, Call], measured: Any) -> None:
    """Put times and bytes into the nodes of ``calls``.

    The first call of an op at a line is the first that the profile has of it, and so on; where the
    profile saw several steps, it is the mean of them.

    :raises TypeError: ``measured`` is no profile.
    """
    if not isinstance(measured, profile):
        raise TypeError(
            f"draw: profile must be what autograd.profile() measured; got "
            f"{type(measured).__name__}. Write `with autograd.profile() as p:`, and pass profile=p."
        )
    forward = _by_key(span for span in measured._recorder.spans if span.sort == "op")
    backward = _by_key(span for span in measured._recorder.spans if span.sort == "formula")
    keys: dict[_Key, list[str]] = {}
    for key, call in calls.items():
        keys.setdefault(_of_call(call), []).append(key)
    for what, nodes in keys.items():
        there = _shared_out(forward.get(what, []), len(nodes))
        back = [*reversed(_shared_out(backward.get(what, []), len(nodes)))]
        for key, ran, returned in zip(nodes, there, back, strict=True):
            _tell(scene, key, ran, returned)


def _by_key(spans: Iterable[Span]) -> dict[_Key, list[Span]]:
    found: dict[_Key, list[Span]] = {}
    for span in spans:
        place = ("", 0) if span.line is None else (span.line.file, span.line.number)
        found.setdefault((span.op, *place), []).append(span)
    return found


def _of_call(call: Call) -> _Key:
    place = ("", 0) if call.line is None else (call.line.file, call.line.number)
    return (call.op.__name__.lstrip("_") if call.recorded else call.op.__name__, *place)


def _shared_out(spans: list[Span], calls: int) -> list[list[Span]]:
    """The spans of each of so many calls; all for each where the numbers do not fit."""
    if len(spans) % calls:
        return [spans] * calls
    return [spans[i::calls] for i in range(calls)]


def _tell(scene: Scene, key: str, forward: list[Span], backward: list[Span]) -> None:
    node, said = scene.nodes[key], []
    for name, spans in (("forward", forward), ("backward", backward)):
        if spans:
            said.append(f"{duration(_mean(spans))} {name}")
    if said:
        node.lines.append(", ".join(said))
        node.details["time"] = ", ".join(said)
    made = sum([span.made for span in forward])
    if made:
        node.details["new arrays"] = f"{made // len(forward):,} bytes"


def _mean(spans: list[Span]) -> float:
    """How many seconds one of them took."""
    return sum([span.duration for span in spans]) / len(spans) / 1e9

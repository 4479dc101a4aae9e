"""What it costs to be listened to: measured when a profile begins, and taken off what it shows.

While a recorder works its clock stands still, but three things go on: an op is run some calls
further down, the engine makes up what it tells, and a sweep asks each node to carry out its plan.
Each is measured on an op that does nearly nothing, alone and watched; anew for each profile, since
a machine is not always as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter_ns as now
from typing import Any

from autograd.diagnosis.profile.recorder import Recorder
from autograd.engine import observer
from autograd.engine.grad_mode import enable_grad
from autograd.ops.pointwise.trigonometric import Tanh
from autograd.tensors.creation import ones

_CALLS, _TIMES = 50, 5


def costs() -> dict[str, tuple[int, int]]:
    """By kind of span, how many nanoseconds are too many: inside it, and around it.

    None are known while others are listening, since they would be told of the measuring.
    """
    if observer.listening:
        return {}
    with enable_grad():
        x = ones(1, requires_grad=True)
        return {
            "op": _extra("op", lambda: x, _calls),
            "formula": _extra("formula", lambda: _chain(x), lambda y: y.backward()),
            "module": _extra("module", _Nothing, _entered),
        }


def _extra(
    kind: str, prepared: Callable[[], Any], action: Callable[[Any], None]
) -> tuple[int, int]:
    """How much longer one of the calls in ``action`` takes when it is watched."""
    alone, watched, spans = [], [], []
    for _ in range(_TIMES):
        subject = prepared()
        begin = now()
        action(subject)
        alone.append(now() - begin)
        subject = prepared()
        recorder = Recorder({}, every_thread=False)
        recorder.begin()
        action(subject)
        recorder.end()
        watched.append(recorder.spans.length)
        spans.append(median([span.duration for span in recorder.spans if span.sort == kind]))
    plain = 0 if kind == "module" else min(alone) // _CALLS
    inside = max(0, int(min(spans)) - plain)
    return inside, max(0, min(watched) // _CALLS - plain - inside)


def _calls(x: Any) -> None:
    for _ in range(_CALLS):
        Tanh.apply(x)


def _chain(x: Any) -> Any:
    for _ in range(_CALLS):
        x = Tanh.apply(x)
    return x


class _Nothing:
    """A module that does nothing."""

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        yield "", self


def _entered(module: _Nothing) -> None:
    for _ in range(_CALLS):
        with observer.inside(module):
            pass

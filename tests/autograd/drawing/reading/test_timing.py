"""Which measured times belong to which box."""

from types import SimpleNamespace

import autograd
from autograd.diagnosis.profile.spans import Span
from autograd.drawing.reading.timing import tell_times
from autograd.drawing.scene import Node, Scene
from autograd.drawing.watching.calls import Call
from autograd.ops.pointwise.exponential import Exp


def times(forward, backward, calls=2):
    """What boxes of one op at one line say, of times in milliseconds as they were measured."""
    measured, spans = autograd.profile(), []
    for sort, durations in (("op", forward), ("formula", backward)):
        for duration in durations:
            span = Span(sort, "Exp", None, 0, 0)
            span.end = int(duration * 1e6)
            spans.append(span)
    measured._recorder = SimpleNamespace(spans=spans)
    scene = Scene({f"op{i}": Node(f"op{i}", "op", "exp") for i in range(calls)})
    tell_times(scene, {key: Call(Exp, [], {}, 0) for key in scene.nodes}, measured)
    return [node.details.get("time") for node in scene.nodes.values()]


def test_what_ran_first_returns_last():
    assert times([1, 2], [3, 4]) == [
        "1.00 ms forward, 4.00 ms backward",
        "2.00 ms forward, 3.00 ms backward",
    ]


def test_of_several_steps_it_is_the_mean():
    assert times([1, 2, 3, 4], []) == ["2.00 ms forward", "3.00 ms forward"]


def test_where_the_numbers_do_not_fit_all_say_the_mean_of_all():
    assert times([1, 2, 6], []) == ["3.00 ms forward"] * 2


def test_what_was_not_measured_says_nothing():
    assert times([], []) == [None, None]

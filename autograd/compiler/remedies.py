"""What ``compile`` says of a step that cannot be a program, and what to write instead."""

from __future__ import annotations

from typing import Any

from autograd.compiler.tapes.recorder import Refusal
from autograd.engine.lines import at

_OUTSIDE = "Return the tensor, and read it after the step."
_AS_IT_IS = "Return it as it is, and use it after the step."
_ELSEWHERE = "Do that outside of the step, and pass what comes of it."
_REMEDIES = {  # by what is in a reason
    "a value was read into Python, by item": _AS_IT_IS,
    "a value was read into Python, by tolist": _AS_IT_IS,
    "a value was read into Python": _OUTSIDE,
    "an array was taken out of a tensor": _OUTSIDE,
    "a value is looked at after a change": "Look at it before the step changes anything.",
    "the graph of a result lives on": (
        "Compile the whole step, with backward() and optimizer.step() in it, or call it under "
        "no_grad()."
    ),
    "a tensor was made of data": "Make the tensor outside, and pass it as an argument.",
    "an array from elsewhere": "Make a tensor of it outside, and pass it as an argument.",
    "an array of the step's own": "Write into an argument, or into a copy of what is computed.",
    "for the class of a value": "Write isinstance(x, np.ndarray).",
    "another library's array": "Programs are made of NumPy's arrays alone.",
    "an argument is kept": "Return what is to be kept.",
    "a tensor of shape": "Return what is to be kept.",
    "arguments share memory": "Pass a copy: x.clone().",
    "the state of a stream of numbers": "Seed before the step.",
    "a number of the step became one of Python's": "Reckon with it by + - * / ** alone.",
    "autograd.compiler.disable": "Call it after the step.",
    " has changed": "Change it outside of the step, or let it be a tensor.",
    "keeps state that cannot be seen": _ELSEWHERE,
    "which may give other results each time": _ELSEWHERE,
    "which may keep state of its own": _ELSEWHERE,
    "an exception may be caught": "Catch it outside of the step.",
    "with other processes": "Compile what each process does alone.",
    "asks which object": "Compare values.",
}


def remedy(reason: str) -> str:
    """What to write instead, as far as that is known.

    >>> remedy("a value was read into Python, by item")
    'Return it as it is, and use it after the step.'
    """
    for part, text in _REMEDIES.items():
        if part in reason:
            return text
    return ""


def placed(refusal: Refusal) -> str:
    """A reason with its line."""
    return f"{refusal.reason}{at(refusal.line)}"


def refused(compiled: Any, refusal: Refusal) -> str:
    """The warning about a step that cannot be a program."""
    told = f"{placed(refusal)}. It runs as without compile. {remedy(refusal.reason)}"
    return f"compile: a step must be the same calls each time; in {compiled}, {told}".rstrip()


def trained(module: str) -> str:
    """The warning about a module that is compiled by itself, and called with gradients."""
    return (
        f"compile: a module by itself is a program under no_grad() alone; {module} was called "
        "where a graph is recorded, and runs as without compile. Compile the function that calls "
        "it, with backward() and optimizer.step() in it."
    )


def too_many(compiled: Any, latest: str) -> str:
    """The warning about a step that is another each time."""
    times = compiled.counts["recorded"]
    return (
        f"compile: calls must be of few kinds; {compiled} was recorded {times} times, and what is "
        f"new runs as without compile. {latest}{' ' if latest else ''}Bring batches to one shape, "
        "and pass numbers that change as tensors."
    )

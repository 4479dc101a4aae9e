"""Runs small programs as users write them, and says what they print and how they end."""

from __future__ import annotations

import contextlib
import gc
import io
import linecache
import textwrap
import warnings
from typing import NamedTuple

import autograd
from autograd.diagnosis.lint import said, switch
from autograd.engine import lines, watches

HEAD = """\
import autograd as torch
import nn, optim
from nn import functional as F
torch.manual_seed(0)
"""
LINES = HEAD.count("\n")


class Ran(NamedTuple):
    """The error that stopped a script, or None; its warnings; what it wrote to the terminal."""

    error: Exception | None
    warnings: list[warnings.WarningMessage]
    output: str


def ran(path, script, prelude="", strict=False):
    """Run ``script`` as the file ``path``, in a program that begins with it.

    The lines of ``prelude``, which runs before, do not count.
    """
    path.write_text(script, encoding="utf-8")
    linecache.clearcache()
    said.forget()
    gc.collect()  # what the script before has left
    watches.optimizers.clear()
    before, wanted = switch._take(switch.Lint(strict)), object()
    scope = {"__name__": "__main__", "__file__": str(path)}
    written, error = io.StringIO(), None
    lines.note(wanted)
    try:
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(written):
            warnings.simplefilter("always", UserWarning)
            warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, of the script's own
            exec(compile(prelude, "prelude", "exec"), scope)
            try:
                exec(compile(script, str(path), "exec"), scope)
            except Exception as one:
                error = one.with_traceback(None)
    finally:
        autograd.set_detect_anomaly(False)
        lines.done(wanted)
        switch._take(before)
    return Ran(error, caught, written.getvalue())


def run(folder, text, name="train.py"):
    """The error that stops a script behind ``HEAD``, or None, and the texts of its warnings."""
    script = HEAD + textwrap.dedent(text).lstrip("\n")
    error, caught, _ = ran(folder / name, script)
    return error, [str(one.message) for one in caught]


def line(text, part):
    """The place, ``train.py:7``, of the line of a script in which ``part`` stands."""
    rows = textwrap.dedent(text).lstrip("\n").splitlines()
    (number,) = [i for i, row in enumerate(rows, LINES + 1) if part in row]
    return f"train.py:{number}"

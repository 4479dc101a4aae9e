"""Runs small training scripts, as users write them, and says how they ended."""

from __future__ import annotations

import linecache
import textwrap
import warnings

import autograd
from autograd.engine import lines

HEAD = """\
import autograd as torch
import nn, optim
from nn import functional as F
torch.manual_seed(0)
"""
LINES = HEAD.count("\n")


def run(tmp_path, text, name="train.py"):
    """The error that stops a script, or None, and the texts of its warnings."""
    path = tmp_path / name
    linecache.clearcache()
    path.write_text(HEAD + textwrap.dedent(text).lstrip("\n"))
    wanted = object()
    lines.note(wanted)
    scope = {"__name__": "__main__", "__file__": str(path)}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            exec(compile(path.read_text(), str(path), "exec"), scope)
            error = None
        except Exception as one:
            error = one.with_traceback(None)
        finally:
            autograd.set_detect_anomaly(False)
            lines.done(wanted)
    return error, [str(one.message) for one in caught]


def line(text, part):
    """The place, ``train.py:7``, of the line of a script in which ``part`` stands."""
    rows = textwrap.dedent(text).lstrip("\n").splitlines()
    (number,) = [i for i, row in enumerate(rows, LINES + 1) if part in row]
    return f"train.py:{number}"

"""PyTorch's anomaly mode: stops at the first op that makes NaN or Inf out of finite numbers.

    with autograd.detect_anomaly():
        loss = criterion(model(x), y)
        loss.backward()

It is for the whole process, as PyTorch's is, takes at most half as much time again as a step does,
and notes the line of every node, which errors about graphs then name.
"""

from __future__ import annotations

from autograd.diagnosis.anomaly.search import Search
from autograd.engine import lines, watches
from autograd.engine.inspection import inspect_by

__all__ = ["detect_anomaly", "is_anomaly_check_nan_enabled", "is_anomaly_enabled",
           "set_anomaly_enabled", "set_detect_anomaly", "trace_nonfinite"]  # fmt: skip


class _Mode:
    """What is on, in all threads."""

    enabled = False
    check_nan = True
    traces: list[trace_nonfinite] = []


def _tell(where: str, text: str) -> None:
    """Each trace is told; in anomaly mode the program stops."""
    for trace in _Mode.traces:
        trace.add(where, text)
    if _Mode.enabled and _Mode.check_nan:
        raise RuntimeError(text)


_search = Search(_tell)


def _settle() -> None:
    """Do what is on."""
    looking = (_Mode.enabled and _Mode.check_nan) or _Mode.traces
    inspect_by(_search if looking else None)
    lines.done(_search)
    watches.all_ops.discard("anomaly")
    if _Mode.enabled or _Mode.traces:
        lines.note(_search)
        watches.all_ops.add("anomaly")


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """:class:`set_detect_anomaly` as a function.

    >>> set_anomaly_enabled(True)
    >>> is_anomaly_enabled()
    True
    >>> set_anomaly_enabled(False)
    """
    for name, value in (("mode", mode), ("check_nan", check_nan)):
        if not isinstance(value, bool):
            raise TypeError(
                f"set_detect_anomaly: {name} must be True or False; got {value!r:.60}. Pass a bool."
            )
    _Mode.enabled, _Mode.check_nan = mode, check_nan
    _settle()


def is_anomaly_enabled() -> bool:
    """Whether anomaly mode is on.

    >>> with detect_anomaly():
    ...     is_anomaly_enabled()
    True
    """
    return _Mode.enabled


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly mode, where it is on, looks for NaN and Inf.

    >>> is_anomaly_enabled(), is_anomaly_check_nan_enabled()
    (False, True)
    """
    return _Mode.check_nan


class set_detect_anomaly:  # noqa: N801 - PyTorch's name
    """Switches anomaly mode on or off, at once; at the end of a ``with``, back.

    :param check_nan: False only notes lines, and looks at no number.

    >>> with set_detect_anomaly(True):
    ...     is_anomaly_enabled()
    True
    >>> is_anomaly_enabled()
    False
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = _Mode.enabled, _Mode.check_nan
        set_anomaly_enabled(mode, check_nan)

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None:
        set_anomaly_enabled(*self._before)


class detect_anomaly:  # noqa: N801 - PyTorch's name
    """Stops at the first op, forward or backward, that makes NaN or Inf out of finite numbers.

    The error, a RuntimeError, names the op, the user's line, the module, what its operands are like
    and the elements. -∞ that is put in as a mask is no anomaly, nor is what softmax and sums make
    of it; NaN always is where none came in.

    Gradients are looked at where they arrive, at leaves. What the graph holds is kept until then.

    :param check_nan: False only notes the lines of all nodes, and looks at no number.

    >>> import autograd
    >>> scores = autograd.tensor([[0.5, 2.0], [-autograd.inf, -autograd.inf]])
    >>> with detect_anomaly():
    ...     p = scores.softmax(1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: Softmax: results must be finite where the operands are, and never NaN; ...
    """

    def __init__(self, check_nan: bool = True) -> None:
        self._check_nan = check_nan
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((_Mode.enabled, _Mode.check_nan))
        set_anomaly_enabled(True, self._check_nan)

    def __exit__(self, *error: object) -> None:
        set_anomaly_enabled(*self._before.pop())


class trace_nonfinite:  # noqa: N801 - as the others
    """Notes each op that makes NaN or Inf out of finite numbers, and lets the program go on.

    What is noted is text, the first of each line; ``print`` shows it.

    >>> import autograd
    >>> with trace_nonfinite() as found:
    ...     p = autograd.full((2, 2), -autograd.inf).softmax(1) * 2
    >>> len(found)
    1
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def add(self, where: str, text: str) -> None:
        """Note a finding, unless there is one of this op and line."""
        self._texts.setdefault(where, text)

    def __enter__(self) -> trace_nonfinite:
        _Mode.traces.append(self)
        _settle()
        return self

    def __exit__(self, *error: object) -> None:
        _Mode.traces.remove(self)
        _settle()

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, i: int) -> str:
        return list(self._texts.values())[i]

    def __str__(self) -> str:
        return "\n".join(self._texts.values()) or "all numbers are finite"

    __repr__ = __str__

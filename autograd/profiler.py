"""``torch.profiler`` and ``torch.autograd.profiler``: the names that scripts use of a profile.

``profile`` is :class:`autograd.profile`, which notes every op; see there.
"""

from __future__ import annotations

import enum as _enum
import time as _time
import typing as _typing
from collections.abc import Callable
from typing import Any

from autograd.diagnosis.profile.profile import profile
from autograd.diagnosis.profile.recorder import recording as _recording
from autograd.diagnosis.profile.schedule import ProfilerAction, schedule

__path__: list[str] = []  # profiler.profiler is a module, too

__all__ = [
    "ProfilerAction", "ProfilerActivity", "emit_nvtx", "profile", "record_function", "schedule",
    "supported_activities", "tensorboard_trace_handler",
]  # fmt: skip


class ProfilerActivity(_enum.Enum):
    """What is looked at: the CPU's work, whatever is asked for.

    >>> ProfilerActivity.CPU in supported_activities()
    True
    """

    CPU = 0
    CUDA = 2
    XPU = 1
    MTIA = 3
    HPU = 4
    PrivateUse1 = 5


def supported_activities() -> set[ProfilerActivity]:
    """What can be looked at.

    >>> supported_activities()
    {<ProfilerActivity.CPU: 0>}
    """
    return {ProfilerActivity.CPU}


class record_function:  # noqa: N801 - torch.profiler.record_function
    """A block of code, or a decorated function, under a name in the profiles that are under way.

    >>> with profile() as p, record_function("forward"):
    ...     pass
    >>> [event.key for event in p.key_averages()]
    ['forward']
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name

    def __enter__(self) -> record_function:
        for recorder in _recording:
            recorder.block_begins(self.name)
        return self

    def __exit__(self, *error: object) -> None:
        for recorder in _recording:
            recorder.block_ends(self.name)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        import functools

        @functools.wraps(function)
        def called(*args: Any, **keywords: Any) -> Any:
            with record_function(self.name):
                return function(*args, **keywords)

        return called


class emit_nvtx:  # noqa: N801 - torch.autograd.profiler.emit_nvtx
    """A block of code that a GPU's profiler is told of: there is none.

    >>> with emit_nvtx():
    ...     print("as ever")
    as ever
    """

    def __init__(self, enabled: bool = True, record_shapes: bool = False) -> None:
        self.enabled = enabled

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        return None


def tensorboard_trace_handler(
    dir_name: Any, worker_name: str | None = None, use_gzip: bool = False
) -> Callable[[profile], None]:
    """For ``on_trace_ready``: write each trace into a folder, under a name of its own.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with profile(on_trace_ready=tensorboard_trace_handler(folder, "me")):
    ...         pass
    ...     os.listdir(folder)[0].startswith("me.")
    True
    """

    def write(prof: profile) -> None:
        import os
        import socket

        os.makedirs(dir_name, exist_ok=True)
        name = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        stem = f"{name}.{_time.time_ns()}.pt.trace.json"
        prof.export_chrome_trace(os.path.join(dir_name, stem))

    return write


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

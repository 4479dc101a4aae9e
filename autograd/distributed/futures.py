"""``torch.futures``: values that are there later. Of calls between processes, and of hooks on them.

A future of a call is fulfilled when somebody looks: by ``done()`` or ``wait()``, as calls go on
when somebody looks (see ``work``). Functions given to ``then`` are called at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["Future", "collect_all", "wait_all"]


class Future:
    """A value that is there later: given by ``set_result``, or by what it waits for.

    ``devices`` is taken and changes nothing.

    >>> future = Future()
    >>> later = future.then(lambda f: f.value() + 1)
    >>> later.done()
    False
    >>> future.set_result(2)
    >>> later.wait()
    3
    """

    __module__ = "autograd.futures"

    def __init__(self, *, devices: Any = None) -> None:
        self._done, self._value = False, None
        self._error: BaseException | None = None
        self._after: list[Callable[[Future], None]] = []
        self._source: Any = None  # with done() and wait(), which fulfil this one

    def done(self) -> bool:
        """Whether the value, or an error, is there."""
        if not self._done and self._source is not None:
            self._source.done()
        return self._done

    def wait(self) -> Any:
        """The value, when it is there; raises the error where there is one.

        Raises RuntimeError where nothing is under way that would give it.
        """
        if not self._done and self._source is not None:
            self._source.wait()
        if not self._done:
            raise RuntimeError(
                "Future.wait: somebody must set the result; this future waits for no call. Call "
                "set_result first."
            )
        return self.value()

    def value(self) -> Any:
        """The value that is there; raises the error where there is one.

        Raises RuntimeError where it is not there yet.
        """
        if not self._done:
            raise RuntimeError("Future.value: the value must be there; it is not. Call wait().")
        if self._error is not None:
            raise self._error
        return self._value

    def set_result(self, result: Any) -> None:
        """Give the value. Raises RuntimeError the second time."""
        self._end(result, None)

    def set_exception(self, result: BaseException) -> None:
        """Give an error, which ``wait`` and ``value`` raise."""
        self._end(None, result)

    def then(self, callback: Callable[[Future], Any]) -> Future:
        """The future of what ``callback(self)`` returns, once the value of this one is there."""
        later = Future()
        later._source = self

        def call(known: Future) -> None:
            try:
                later._end(callback(known), None)
            except Exception as error:
                later._end(None, error)

        self.add_done_callback(call)
        return later

    def add_done_callback(self, callback: Callable[[Future], Any]) -> None:
        """Call ``callback(self)`` once the value is there."""
        if self._done:
            callback(self)
        else:
            self._after.append(callback)

    def _end(self, value: Any, error: BaseException | None) -> None:
        if self._done:
            raise RuntimeError("Future: a result is set once; it has been set. Make another.")
        self._done, self._value, self._error = True, value, error
        after, self._after = self._after, []
        for call in after:
            call(self)


class OfWork(Future):
    """What a call between processes gives: the tensors that it has written to."""

    def __init__(self, work: Any) -> None:
        super().__init__()
        self._work = work

    def done(self) -> bool:
        """Whether the call is finished; carries it on where it can."""
        if not self._done and self._work.is_completed():
            self._end(self._work.result(), None)
        return self._done

    def wait(self) -> Any:
        """The tensors, when the call is finished."""
        self._work.wait()
        self.done()
        return self.value()


class _All:
    """What fulfils a future of several."""

    def __init__(self, futures: Sequence[Future]) -> None:
        self.futures = futures

    def done(self) -> None:
        for future in self.futures:
            future.done()

    def wait(self) -> None:
        for future in self.futures:
            if not future.done():
                future.wait()


def collect_all(futures: Sequence[Future]) -> Future:
    """The future of a list of ``futures``, all with their values.

    >>> one = Future()
    >>> one.set_result(1)
    >>> [f.value() for f in collect_all([one]).wait()]
    [1]
    """
    waiting = list(futures)
    every = Future()
    every._source = _All(waiting)
    missing = [len(waiting)]

    def came(_: Future) -> None:
        missing[0] -= 1
        if not missing[0]:
            every.set_result(waiting)

    for future in waiting:
        future.add_done_callback(came)
    if not waiting:
        every.set_result(waiting)
    return every


def wait_all(futures: Sequence[Future]) -> list[Any]:
    """The values of ``futures``, when all are there; raises the first error.

    >>> one = Future()
    >>> one.set_result(1)
    >>> wait_all([one])
    [1]
    """
    return [future.wait() for future in futures]

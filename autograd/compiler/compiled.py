"""``compile``: a step that runs as ever, then is recorded, then is done again by its program.

Which of these a call is, is decided anew each time:

    a program whose guard lets the call through   the program is run          (captured.py)
    a kind of call that was never there           as ever: states are made, layers warm up
    the second of its kind, or another shape      as ever, and recorded
    a kind of call that cannot be a program       as ever

So whatever happens, a call gives what the function gives. A program that finds a value other than
it was says so before it changes anything (:class:`Changed`), and the call is run as ever.
"""

from __future__ import annotations

import functools
import sys
import threading
import types
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.arrays import dtypes, notices, trees
from autograd.compiler import remedies
from autograd.compiler.backends import advise
from autograd.compiler.captured import Captured
from autograd.compiler.checking import Checked
from autograd.compiler.explanation import FIRST, Explanation
from autograd.compiler.guard import LOST
from autograd.compiler.modules import OTHER
from autograd.compiler.planning.listing import Listing
from autograd.compiler.replaying.replay import Changed
from autograd.compiler.tapes.recorder import Refusal
from autograd.compiler.tapes.recording import Busy, Recording
from autograd.engine import levels, observer, watches
from autograd.engine.grad_mode import mode

PROGRAMS = 8  # that are kept; and recordings that are made before any of them has paid
PAYS = 16  # replays after which one more recording may be made
KINDS = 64  # that have a first call of their own
ATTEMPTS = 2  # the first recording of a kind may meet what is only made once

_HEARD = "somebody looks at each op: detect_anomaly, profile, strict, watch"
_GONE = (LOST, OTHER)  # why a program will seldom stand for a call again

everything: weakref.WeakSet[Compiled] = weakref.WeakSet()


class Compiled:
    """A function whose calls are recorded, and done again by a program; see :func:`compile`.

    ``explain()`` says what has become of its calls, ``source`` is the program that was recorded
    last, as a Python function; ``plan`` and ``kernels`` say what its machine code does.

    >>> import autograd
    >>> step = Compiled(lambda x: (x * 2 + 1).sum())
    >>> for n in range(4):
    ...     total = step(autograd.arange(3.0) + n)
    >>> total
    tensor(27.)
    >>> step.explain()
    <lambda>: 2 replays, 1 recording, 1 call as ever
      a program of 3 calls, given x1
    """

    def __init__(
        self,
        function: Callable[..., Any],
        backend: str = "replay",
        check: int = 0,
        chosen: bool = True,  # the backend, by the user
    ) -> None:
        self.function, self.backend, self.check = function, backend, int(check)
        self.chosen = chosen
        functools.update_wrapper(self, function, updated=())
        owner = getattr(function, "__self__", None)
        self._is_module = isinstance(owner, tuple(watches.module_kinds))
        self.reset()
        everything.add(self)

    def reset(self) -> None:
        """Forget what was recorded."""
        self.programs: list[Captured] = []  # the latest first
        self.counts: Counter[str] = Counter()  # replayed, recorded, eager, checked
        self.refused: dict[Any, list[Refusal]] = {}  # by kind of call
        self.reasons: dict[str, int] = {}  # why a program did not stand for a call
        self.ever: Counter[str] = Counter()  # why calls ran as ever, where it was not for refusals
        self._seen: set[Any] = set()
        self._attempts: Counter[Any] = Counter()
        self._fixed: dict[Any, set[int]] = {}  # numbers of the arguments, by kind of call
        self._told: set[str] = set()
        self._lock = threading.Lock()

    # -- a call ----------------------------------------------------------------------------------

    def __call__(self, *args: Any, **options: Any) -> Any:
        if (
            stance.forced
            or watches.all_ops
            or levels.stack.levels
            or (observer.listening and observer.must_be_told())
        ):
            return self._as_ever(args, options, _around())
        if (now := Recording.now) is not None and now.tape.live:
            return self.function(*args, **options)  # part of a step that is being recorded
        if not self._lock.acquire(blocking=False):
            return self._as_ever(args, options, "its memory was in use, by another thread")
        try:
            for captured in self.programs:
                arrays = captured.given(args, options)
                if type(arrays) is str:
                    continue
                try:
                    if self.check and self._is_due():
                        return self._checked(captured, arrays, args, options)
                    result = captured.run(arrays, args, options)
                except Changed as changed:
                    self._note(f"a look came out otherwise, {changed}")
                    continue
                self.counts["replayed"] += 1
                return result
        finally:
            self._lock.release()
        return self._otherwise(args, options)

    def _as_ever(self, args: Any, options: Any, why: str = "") -> Any:
        self.counts["eager"] += 1
        if why:
            self.ever[why] += 1
        return self.function(*args, **options)

    def _otherwise(self, args: Any, options: Any) -> Any:
        """A call that no program stands for: as ever, and recorded where that may help."""
        kind = self.kind_of(args, options)
        if kind in self.refused:
            return self._as_ever(args, options)
        if stance.name == "eager_on_recompile":
            return self._as_ever(args, options, f"under {stance.name!r}")
        if observer.somebody_hears():
            return self._as_ever(args, options, _HEARD)
        if kind not in self._seen and len(self._seen) < KINDS:
            self._seen.add(kind)
            return self._as_ever(args, options, FIRST)
        if stance.name == "fail_on_recompile":
            raise RuntimeError(
                f"compile: under 'fail_on_recompile' a call must be of a kind that was recorded; "
                f"{self} has none for it. {self._latest(args, options)}"
            )
        if self.counts["recorded"] >= PROGRAMS + self.counts["replayed"] // PAYS:
            self._tell("often", remedies.too_many(self, self._latest(args, options)))
            return self._as_ever(args, options, "it was recorded too often before")
        return self._recorded(kind, args, options)

    def kind_of(self, args: Any, options: Any) -> Any:
        """What makes calls ones of a kind: all but shapes, and the values of numbers."""
        leaves, spec = trees.flatten((args, options))
        facts = [one if type(one) in _FACTS else (type(one), _id(one)) for one in leaves]
        around = mode.grad, mode.inference, dtypes.get_default_dtype()
        return repr(spec), *[(type(one), one) for one in facts], *around

    def _recorded(self, kind: Any, args: Any, options: Any) -> Any:
        self._latest(args, options)
        try:
            fixed = self._fixed.setdefault(kind, set())
            captured = Captured.by(self.backend, self.function, args, options, fixed)
        except Busy:
            return self._as_ever(args, options, "another step was being recorded")
        self.counts["recorded"] += 1
        if captured.asked - fixed:
            fixed |= captured.asked  # these decide what the calls are: a program for each value
        elif captured.refusals:
            self._attempts[kind] += 1
            first = captured.refusals[0]
            trained = self._is_module and first.reason.startswith("the graph of a result lives on")
            if trained or self._attempts[kind] >= ATTEMPTS:
                self.refused[kind] = captured.refusals
                if trained:
                    owner = type(self.function.__self__).__name__  # type: ignore[attr-defined]
                    self._tell("trained", remedies.trained(owner))
                else:
                    self._tell("refused", remedies.refused(self, first))
        else:
            found = [one.misfit(*args, **options) in _GONE for one in self.programs]
            lost = [one for one, is_lost in zip(self.programs, found) if is_lost][1:]
            kept = [one for one in self.programs if one not in lost]  # arrays that are no more
            self.programs = [captured, *kept[: PROGRAMS - 1]]
            if not self.chosen:
                advise()
        result, captured.result = captured.result, None  # which is the user's alone
        return result

    # -- what is told ----------------------------------------------------------------------------

    def _latest(self, args: Any, options: Any) -> str:
        """Why the program that was recorded last does not stand for the call."""
        for captured in self.programs[:1]:
            if why := captured.misfit(*args, **options):
                self._note(why)
                return f"The latest does not fit: {why}."
        return ""

    def _note(self, why: str) -> None:
        self.reasons[why] = self.reasons.get(why, 0) + 1

    def _tell(self, what: str, text: str) -> None:
        if what not in self._told:
            self._told.add(what)
            if text:
                notices.at_users_line(text)

    @property
    def source(self) -> str:
        """The program that was recorded last; empty where there is none."""
        return self.programs[0].source if self.programs else ""

    @property
    def plan(self) -> str:
        """What the machine code of that program does; empty where NumPy's calls are replayed."""
        plan = self.programs[0].plan if self.programs else None
        return str(Listing(plan)) if plan is not None else ""

    @property
    def kernels(self) -> str:
        """The loops of that plan in LLVM's language; empty where NumPy's calls are replayed."""
        plan = self.programs[0].plan if self.programs else None
        if plan is None:
            return ""
        from autograd.compiler.machine import segments  # which not every process has

        return segments.shown(plan.steps)

    def explain(self) -> Explanation:
        """What has become of the calls: how many were replayed, what was refused, and why."""
        return Explanation(self)

    def __str__(self) -> str:
        return getattr(self.function, "__name__", None) or repr(self.function)

    def __repr__(self) -> str:
        return f"<compiled {self}: {self.explain().summary()}>"

    # -- checks ----------------------------------------------------------------------------------

    def _is_due(self) -> bool:
        return (self.counts["replayed"] + self.counts["checked"] + 1) % self.check == 0

    def _checked(self, captured: Captured, arrays: Any, args: Any, options: Any) -> Any:
        """The program's call and the function's, which must be the same."""
        self.counts["checked"] += 1
        return Checked(captured, self.function).call(arrays, args, options)

    # -- as a function ---------------------------------------------------------------------------

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        return self if owner is None else types.MethodType(self, owner)

    def __deepcopy__(self, memo: dict[int, Any]) -> Compiled:
        import copy

        return type(self)(copy.deepcopy(self.function, memo), *self._how)

    def __reduce__(self) -> Any:
        name = getattr(self.function, "__name__", "")
        if getattr(sys.modules.get(self.__module__), name, None) is self:
            return name  # a function that was decorated: found again by its name
        return type(self), (self.function, *self._how)

    @property
    def _how(self) -> tuple[str, int, bool]:
        return self.backend, self.check, self.chosen


def _around() -> str:
    """What is around a call that no program stands for: each op is looked at, or means more."""
    if stance.forced:
        return f"under {stance.name!r}"
    return "vmap or forward mode is around it" if levels.stack.levels else _HEARD


_ALIKE = (int, float, np.ndarray, np.generic)
_FACTS = (str, bool, bytes, type(None))


def _id(one: Any) -> int:
    """Tensors are of one kind, whichever they are, and so are arrays and numbers."""
    alike = hasattr(one, "_edge") or isinstance(one, _ALIKE)
    return 0 if alike else id(one)


class Stance:
    """How much is compiled: see ``autograd.compiler.set_stance``."""

    name = "default"

    @property
    def forced(self) -> bool:
        """Whether all runs as ever."""
        return self.name == "force_eager"


stance = Stance()

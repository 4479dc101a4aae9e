"""shadow: which op adds most of the rounding error of a loss."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.modules import InModules
from autograd.diagnosis.reports import Report, handed_over
from autograd.engine import lines, versions
from autograd.engine.elementwise import Cast
from autograd.engine.grad_mode import no_grad
from autograd.engine.graph import Leaf, TensorBase, edges_from, node_of, wrap
from autograd.engine.observer import observe
from autograd.engine.sweep import sweep

__all__ = ["shadow"]


class Share(NamedTuple):
    """What one op of the program adds to the error of the loss."""

    op: str
    line: str  # ``net.py:34``
    module: str
    error: float  # added to the loss, in its own units, all calls together
    calls: int


class Shadow(Report):
    """What :func:`shadow` found.

    :ivar value: the loss as it was computed; ``exact``: from the same inputs, in more digits.
    :ivar ulps: its error in units of its dtype's rounding.
    :ivar shares: what each op adds, the largest first.
    """

    value = exact = ulps = 0.0
    shares: tuple[Share, ...] = ()


def shadow(run: Callable[..., Any], *inputs: Any) -> Shadow:
    r"""Run ``run(*inputs)``, a loss, and say which op adds most of its rounding error.

    Each op is run a second time, in float64 (for float64 in long double, where the machine has
    more digits there), on the very numbers that it was given: the difference is the rounding that
    this op has added, :math:`e_i`. To the loss it adds :math:`\sum \delta_i \odot e_i`, with its
    result's gradient :math:`\delta_i`. A third run, on what the more exact ops gave, tells the
    error of the loss as a whole, which the shares add up to where it is small.

    An op whose kernel has no more digits to give is named, and counts as exact.

    It takes a function and not a loss, because a node keeps what its gradient needs, and seldom
    all that its op was given. Random numbers are drawn once; parameters and data count as exact;
    no ``.grad`` changes. As a statement of its own the call prints the report.

    :param run: takes ``inputs``, returns a scalar tensor that has a graph.
    :returns: a report with the figures as attributes: see ``Shadow``.
    :raises TypeError: ``run`` is no function, or returns no tensor.
    :raises ValueError: what it returns has no graph, or is not one number.

    Iri, Tsuchiya & Hoshi 1988, doi:10.1016/0377-0427(88)90298-1 (shares by the backward pass);
    Benz, Hildebrandt & Hack 2012, doi:10.1145/2254064.2254118 (a run in more digits beside it).

    >>> import autograd
    >>> x = autograd.tensor([1e4, 1e4 + 1.0], requires_grad=True)
    >>> found = autograd.shadow(lambda: (x * x).mean() - x.mean() ** 2)  # a variance
    >>> found.exact, found.value == found.exact
    (0.25, False)
    """
    if isinstance(run, TensorBase):
        raise TypeError(
            "shadow: expected the function that computes the loss; got its result, whose graph "
            "keeps what gradients need and not what ops were given. Write "
            "shadow(lambda: loss_function(model(x), y))."
        )
    if not callable(run):
        raise TypeError(
            f"shadow: expected a function; got {type(run).__name__}. Write "
            "shadow(lambda: loss_function(model(x), y))."
        )
    watcher = _Watcher()
    with observe(watcher):
        loss = run(*inputs)
        _check(loss)
        watcher.gradients(loss)
    return handed_over(watcher.report(loss), sys._getframe(1))


def _check(loss: Any) -> None:
    if not isinstance(loss, TensorBase):
        raise TypeError(
            f"shadow: the function must return the loss, a tensor; it returned "
            f"{type(loss).__name__}. End it with return loss."
        )
    if loss._edge is None or loss._data.size != 1:
        fact = (
            f"of shape {tuple(loss._data.shape)}" if loss._edge is not None else "without a graph"
        )
        raise ValueError(
            f"shadow: the loss must be one number with a graph; got one {fact}. Reduce it by "
            "mean(), and compute it outside no_grad()."
        )


class _Call(NamedTuple):
    """One result of one call: where, and what rounding it added."""

    op: str
    line: str
    module: str
    errors: tuple[Any, ...]  # by output; None where it holds no reals


class _Watcher(InModules):
    """Runs each op of the program in more digits beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = self._depth = 0
        self._args: tuple[tuple[Any, ...], ...] = ()
        self._options: dict[str, Any] = {}
        # Values in a run of exact ops: by node and output, and by tensor where there is no graph.
        self._in_graph: Any = weakref.WeakKeyDictionary()
        self._outside: dict[int, tuple[Any, int, Any]] = {}
        self._calls: Any = weakref.WeakKeyDictionary()  # by node
        self._found: dict[tuple[str, str, str], list[float]] = {}
        self.unknown: dict[str, int] = {}  # ops that could not be run in more digits

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._depth += not self._busy
        if self._depth == 1 and not self._busy:
            # what the call may overwrite is kept: exact for the numbers given, and from the start
            self._args = (tuple(map(_widened, args)), tuple(map(self.exactly, args)))
            self._options = options

    def call_ends(self, op: Any, result: Any, error: BaseException | None, recorded: bool) -> None:
        if self._busy:
            return
        self._depth -= 1
        if self._depth or error is not None:
            return
        results = result if isinstance(result, tuple) else (result,)
        self._busy = 1
        try:
            local, exact = (self._run(op, args) for args in self._args)
        finally:
            self._busy = 0
        errors: list[Any] = []
        for i, one in enumerate(results):
            if not _real(one):
                errors.append(None)
                continue
            fits = i < len(exact) and np.shape(exact[i]) == one._data.shape
            error = _rounding(one._data, local[i]) if fits and i < len(local) else None
            if fits and error is None:
                self.unknown[op.__name__] = self.unknown.get(op.__name__, 0) + 1
            best = exact[i] if error is not None else _widened(one)
            self._note(one, np.asarray(best))
            errors.append(error)
        edge = next(
            (one._edge for one in results if isinstance(one, TensorBase) and one._edge), None
        )
        if recorded and edge is not None:
            place = str(lines.here() or "")
            self._calls[node_of(edge)] = _Call(op.__name__, place, self.module, tuple(errors))

    def _note(self, tensor: Any, exact: Any) -> None:
        """Remember what the value of ``tensor`` would be if all ops were exact."""
        edge = tensor._edge
        if edge is not None and type(edge) is not Leaf:
            output = edge[1] if type(edge) is tuple else 0
            self._in_graph.setdefault(node_of(edge), {})[output] = exact
        else:
            self._outside[id(tensor)] = weakref.ref(tensor), versions.latest, exact

    def exactly(self, tensor: Any) -> Any:
        """That value; the tensor's own where nothing is known, or it was changed in place."""
        edge = getattr(tensor, "_edge", None)
        if edge is not None and type(edge) is not Leaf:
            known = self._in_graph.get(node_of(edge), {})
            exact = known.get(edge[1] if type(edge) is tuple else 0)
        else:
            reference, time, exact = self._outside.get(id(tensor), (None, 0, None))
            if reference is None or reference() is not tensor:
                exact = None
            elif versions.changed_since(tensor._data, time):
                exact = None
        return _widened(tensor) if exact is None else exact.copy()

    def _run(self, op: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """What ``op`` gives of ``args``, arrays with more digits; nothing where it cannot."""
        try:
            with no_grad(), np.errstate(all="ignore"):
                if issubclass(op, Cast) and dtypes.floating(_dtype(args[1])):
                    return (args[0],)
                if isinstance(op.__dict__.get("forward"), staticmethod):
                    out = op.apply(*[wrap(one, None) if _is_array(one) else one for one in args])
                else:
                    options = dict(self._options)
                    if "dtype" in options:
                        options["dtype"] = None
                    out = op().forward(*args, **options)
        except Exception:  # a kernel that takes the usual dtypes only
            self.unknown[op.__name__] = self.unknown.get(op.__name__, 0) + 1
            return ()
        outs = out if type(out) is tuple else (out,)
        return tuple([getattr(one, "_data", one) for one in outs])

    # -- the backward pass ---------------------------------------------------------------------

    def gradients(self, loss: Any) -> None:
        """One sweep, which tells how much each rounding counts."""
        with no_grad():
            sweep([(loss._edge, np.ones_like(loss._data)[()])], retain=True)

    def formula_runs(self, node: Any, g: Any) -> None:
        call = self._calls.pop(node, None)
        if call is None:
            return
        given = g if node.outputs > 1 else (g,)
        for _, one, error in zip(edges_from(node), given, call.errors):
            if one is not None and error is not None:
                with np.errstate(all="ignore"):
                    share = float(np.sum(np.asarray(getattr(one, "_data", one)) * error))
                self._found.setdefault(call[:3], []).append(share)

    def report(self, loss: Any) -> Shadow:
        """The table."""
        shares = [Share(*where, sum(found), len(found)) for where, found in self._found.items()]
        shares.sort(key=lambda share: -abs(share.error))
        value = float(loss._data)
        exact = np.longdouble(self.exactly(loss).item())
        error = float(np.longdouble(value) - exact)
        unit = float(np.finfo(loss._data.dtype).eps) * abs(value)
        unit = unit or float(np.finfo(loss._data.dtype).tiny)
        told = sum(share.error for share in shares)
        total = sum(abs(share.error) for share in shares)
        rows = [
            f"shadow: the loss is {value:.9g} in {loss._data.dtype}, {float(exact):.9g} in more "
            f"digits: off by {error:.2g}, {_count(error / unit)} ulps."
        ]
        if total == 0:
            rows.append("  No op has added any rounding that reaches it.")
        else:
            most = shares[0]
            rows += [
                f"  Most of it is added by {most.op}{_at(most)}: "
                f"{_count(most.error / unit)} ulps, {100 * abs(most.error) / total:.0f} % of all "
                f"that is added.",
                "",
                f"  {'ulps':>10}  {'share':>6}  {'calls':>5}  op",
            ]
            for share in shares[:10]:
                rows.append(
                    f"  {_count(share.error / unit):>10}  {100 * abs(share.error) / total:5.1f} %"
                    f"  {share.calls:5}  {share.op}{_at(share)}"
                )
            if len(shares) > 10:
                rest = sum(abs(share.error) for share in shares[10:])
                rows.append(
                    f"  {'':>10}  {100 * rest / total:5.1f} %  {'':>5}  {len(shares) - 10} more"
                )
            rows.append(f"  Together they add {_count(told / unit)} ulps to the loss.")
        if self.unknown:
            names = ", ".join(sorted(self.unknown))
            rows.append(f"  Not run in more digits, and counted as exact: {names}.")
        report = Shadow("\n".join(rows))
        report.value, report.exact, report.ulps = value, float(exact), error / unit
        report.shares = tuple(shares)
        return report


def _rounding(array: Any, exact: Any) -> Any:
    """What ``array`` is off; None where ``exact`` has no more digits.

    A kernel tuned for float32 and float64 may compute no better in long double: then the two are
    further apart than rounding of one op can be.
    """
    with np.errstate(all="ignore"):
        error = _widened(array) - exact
        most = np.abs(error).max(initial=0.0)
        unit = float(np.finfo(array.dtype).eps) * np.abs(exact).max(initial=0.0)
    return None if array.dtype == np.float64 and most > 1e4 * unit else error


def _at(share: Share) -> str:
    module = f" ({share.module})" if share.module else ""
    return f"{module} at {share.line}" if share.line else module


def _count(ulps: float) -> str:
    return f"{ulps:.2g}" if abs(ulps) < 100 or abs(ulps) >= 1e6 else f"{ulps:.0f}"


def _real(value: Any) -> bool:
    if not isinstance(value, TensorBase) or not value._whole:
        return False
    return dtypes.floating(value._data.dtype)


def _is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic))


def _dtype(value: Any) -> Any:
    return getattr(value, "dtype", value)


def _widened(value: Any) -> Any:
    """The array of a tensor, copied, its reals with more digits; anything else as it is."""
    array = value._data if isinstance(value, TensorBase) and value._whole else value
    if not _is_array(array) or not dtypes.floating(array.dtype):
        return array.copy() if isinstance(array, np.ndarray) else array
    wide = np.longdouble if array.dtype == np.float64 else np.float64
    return np.array(array, dtype=wide)

"""Which operation it is: every recorded node is checked alone, against its own forward.

While a function runs, an observer writes down each call of an op that is recorded: the op, its
arguments, the user's line, the module that it happens in. Then each is called again with these
arguments, in float64, and the gradients that its formulas give are compared with differences of
its own forward. What is wrong there is wrong whatever stands around it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck.calls import listed
from autograd.diagnosis.gradcheck.check import Check, Settings
from autograd.diagnosis.gradcheck.doubles import widened
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.diagnosis.gradcheck.numbers import count
from autograd.diagnosis.gradcheck.second import of_gradients
from autograd.engine import lines
from autograd.engine.graph import Leaf, TensorBase, node_of, wrap
from autograd.engine.observer import Observer, observe

_FEW = 24  # numbers of an input or output up to which all entries are compared


class _Kept(NamedTuple):
    """A tensor that an op was given: its values then, whether it required grad, its name."""

    array: Any
    recorded: bool
    name: str


class Call(NamedTuple):
    """One recorded call of an op."""

    op: Any
    args: tuple[Any, ...]  # tensors as _Kept
    options: dict[str, Any]
    line: str  # of the user, "" where it is not known
    module: str  # the path of the module that it happened in
    outputs: tuple[Any, ...] = ()  # an edge for each


class Calls(Observer):
    """Writes down the calls of ops that are recorded, and which ops have narrowed float64.

    :param names: of tensors and modules, by id.
    """

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names
        self.calls: list[Call] = []
        self.narrowing: list[Call] = []
        self._open: list[Call] = []
        self._inside: list[str] = []
        self.used: set[Any] = set()  # the edges of tensors that ops were given, or that came out
        self._known: set[Any] = set()

    def module_entered(self, module: Any) -> None:
        self._inside.append(self.names.get(id(module), type(module).__name__))

    def module_left(self, module: Any) -> None:
        self._inside.pop()

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        kept = tuple([self._kept(value) for value in args])
        module = self._inside[-1] if self._inside else ""
        self._open.append(Call(op, kept, dict(options), str(lines.here() or ""), module))

    def _kept(self, value: Any) -> Any:
        if not isinstance(value, TensorBase):
            return value
        self.used.add(value._edge)
        name = self.names.get(id(value), "")
        return _Kept(np.array(value._data), value._edge is not None, name)

    def call_ends(self, op: Any, result: Any, error: Any, recorded: bool) -> None:
        call = self._open.pop()
        if error is not None:
            return
        results = result if isinstance(result, tuple) else (result,)
        first = results[0] if results else None
        dtype = getattr(getattr(first, "_data", None), "dtype", None)
        doubles = [k for k in call.args if type(k) is _Kept and k.array.dtype == dtypes.float64]
        if doubles and dtype is not None and dtypes.floating(dtype) and dtype != dtypes.float64:
            self.narrowing.append(call)
        edges = tuple([getattr(one, "_edge", None) for one in results])
        node = next((node_of(edge) for edge in edges if edge is not None), None)
        if recorded and node not in self._known:  # an op that calls another is not the node
            self._known.add(node)
            self.calls.append(call._replace(outputs=edges))


def recorded(func: Callable[[], Any], names: dict[int, str]) -> Calls:
    """The recorded calls of ops while ``func`` runs."""
    calls = Calls(names)
    with observe(calls):
        result = func()
    calls.used.update([one._edge for one in listed(result) if isinstance(one, TensorBase)])
    for number, call in enumerate(calls.calls):  # what only tells of a run has no gradient
        used = tuple([edge if edge in calls.used else None for edge in call.outputs])
        calls.calls[number] = call._replace(outputs=used)
    return calls


class Culprit(NamedTuple):
    """A node that is wrong alone."""

    call: Call
    order: int
    error: GradcheckError

    def __str__(self) -> str:
        found = self.error.found
        what = "" if self.order == 1 else ", in its second derivative"
        text = f"{described(self.call)}{what}"
        if found is None:
            said = str(self.error).removeprefix(f"{self.call.op.__name__}: ")
            return f"{text}: {said}"
        return f"{text}: {found}. {found.hint}".rstrip()


def described(call: Call) -> str:
    """An op with the places that it was called from."""
    places = ", ".join([part for part in (call.line, call.module and f"in {call.module}") if part])
    return f"{call.op.__name__} ({places})" if places else call.op.__name__


class Findings(NamedTuple):
    """What checking every node alone has shown."""

    culprits: list[Culprit]
    right: int
    unchecked: list[Call]  # that could not be called again
    kinks: list[Call]


def checked_alone(calls: list[Call], orders: tuple[int, ...], how: Settings) -> Findings:
    """Check each call alone, its first derivatives, its second ones, or both."""
    findings = Findings([], 0, [], [])
    right = 0
    for call in calls:
        wrong = None
        for order in orders:
            try:
                check = _alone(call, order, how)
                if check is None:
                    continue
                check.run()
                if check.kinks:
                    findings.kinks.append(call)
            except GradcheckError as error:
                faulty = order == 1 and not (error.random or error.coarse)
                if error.found is not None or faulty:
                    wrong = Culprit(call, order, error)
                else:
                    findings.unchecked.append(call)
                break
            except Exception:  # it cannot be called out of its place
                findings.unchecked.append(call)
                break
        else:
            right += 1
        if wrong is not None:
            findings.culprits.append(wrong)
    return findings._replace(right=right)


def _alone(call: Call, order: int, how: Settings) -> Check | None:
    """The check of one op on its own; None where there is no second derivative to check."""
    args: list[Any] = [widened(k.array) if type(k) is _Kept else _wide(k) for k in call.args]
    options = {name: _wide(value) for name, value in call.options.items()}
    names = names_of(call)
    places, leaves = [], []
    for position, kept in enumerate(call.args):
        if type(kept) is not _Kept:
            continue
        array = args[position]
        tensor = args[position] = wrap(array if np.ndim(array) else array[()], None)
        if kept.recorded:
            tensor._edge = Leaf(tensor)
            places.append(position)
            leaves.append(tensor)

    def apply(*given: Any) -> Any:
        everything = list(args)
        for position, tensor in zip(places, given, strict=False):
            everything[position] = tensor
        result = call.op.apply(*everything, **options)
        if not isinstance(result, tuple):
            return result
        used = [one for one, edge in zip(result, call.outputs, strict=True) if edge is not None]
        return tuple(used) or result

    first = Check(call.op.__name__, apply, leaves, how)
    sizes = [count(one) for one in [*leaves, *first.outputs()]]
    if max(sizes, default=0) > _FEW:
        first.how = how._replace(directions=max(1, how.directions), search=True)
    first.input_names.update({i: names[position] for i, position in enumerate(places)})
    several = len(first.outputs()) > 1
    first.output_names = [f"output {i}" if several else "its output" for i in range(len(sizes))]
    if order == 1:
        return first
    second = of_gradients(first, None, False)
    if second is not None:
        second.how = first.how
    return second


def _wide(value: Any) -> Any:
    """A narrow dtype among the arguments (of a cast, say) as float64."""
    if isinstance(value, np.dtype) and dtypes.floating(value):
        return dtypes.float64
    return value


def names_of(call: Call) -> list[str]:
    """The names of an op's arguments, and of the parameters that stood there."""
    op = call.op
    if isinstance(inspect.getattr_static(op, "forward", None), staticmethod):
        code = op.forward.__code__
        names = list(code.co_varnames[: code.co_argcount])
        names = names if hasattr(op, "setup_context") else names[1:]
        rest = code.co_varnames[code.co_argcount] if code.co_flags & 0x04 else "input"
    else:
        names = list(op.inputs[:-1] if op.variadic else op.inputs)
        rest = op.inputs[-1] if op.variadic else "input"
    found = []
    for position, kept in enumerate(call.args):
        inside = position < len(names)
        name = names[position] if inside else f"{rest}[{position - len(names)}]"
        known = getattr(kept, "name", "") if type(kept) is _Kept else ""
        found.append(f"{name} ({known})" if known else name)
    return found


def text_of(findings: Findings) -> str:
    """What was found, in sentences."""
    total = findings.right + len(findings.culprits) + len(findings.unchecked)
    if findings.culprits:
        head = "\nCulprit" if len(findings.culprits) == 1 else "\nCulprits"
        shown = [f"\n  {one}" for one in findings.culprits[:5]]
        more = len(findings.culprits) - len(shown)
        rest = f"\n  and {more} more" if more else ""
        return f"{head}, each of {total} operations checked alone:{''.join(shown)}{rest}"
    if not total:
        return ""
    left = ""
    if findings.unchecked:
        names = ", ".join(sorted({described(call) for call in findings.unchecked}))
        left = f" ({names} could not be checked alone)"
    return (
        f"\nEach of {total} operations is right alone{left}: look for what happens between them, a "
        "detach(), .data, .numpy() or no_grad(), a value changed in place, a hook."
    )


def narrowed(calls: Calls) -> str:
    """What to say where the function leaves float64 on its way."""
    if not calls.narrowing:
        return ""
    call = calls.narrowing[0]
    return (
        f"\nfloat32: {described(call)} rounds to fewer digits than float64 inside func; precision "
        "may be the only cause. Keep float64 inside func."
    )


def tensors_named(module: Any) -> dict[int, str]:
    """The names of a module's parameters, buffers and parts, by id."""
    names: dict[int, str] = {}
    for listing in ("named_parameters", "named_buffers"):
        if hasattr(module, listing):
            names.update({id(one): name for name, one in getattr(module, listing)()})
    if hasattr(module, "named_modules"):
        for path, part in module.named_modules():
            kind = type(part).__name__
            names[id(part)] = f"{path}: {kind}" if path else kind
    return names

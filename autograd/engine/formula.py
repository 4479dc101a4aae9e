"""How an op's text is read: which inputs it has, which values each of its formulas names.

It happens once: for an op from outside when the class is defined, and so do the complaints; for one
of this package when it first runs.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

from autograd.engine.fused import Fused


class Formula:
    """One gradient formula, as read from its signature."""

    __slots__ = ("fitted", "pick", "picks", "plain")

    def __init__(
        self,
        picks: tuple[int, ...],  # where the named values stand in (*inputs, out)
        pick: Callable[[tuple[Any, ...]], tuple[Any, ...]],
        plain: Callable[..., Any],  # the formula as written, but for its guard
        fitted: Callable[..., Any] | None,  # and summed to a shape; None: it does not broadcast
    ) -> None:
        self.picks, self.pick, self.plain, self.fitted = picks, pick, plain, fitted


def read(cls: Any) -> None:
    """Read the signatures of ``forward``, the formulas and ``backward``, once."""
    code = _code(cls, "forward")
    names = code.co_varnames
    cls.inputs = names[1 : code.co_argcount]
    cls.variadic = bool(code.co_flags & 0x04)  # CO_VARARGS
    if cls.variadic:
        cls.inputs += (names[code.co_argcount + code.co_kwonlyargcount],)
    if not cls.inputs:
        raise TypeError(
            f"{cls.__name__}: forward takes self and at least one input; it takes "
            f"({', '.join(names[: code.co_argcount])}). Write forward(self, x)."
        )
    known = [*cls.inputs, "out"]
    formulas = {}
    for position, name in enumerate(cls.inputs):
        formula = getattr(cls, f"grad_{name}", None)
        if formula is None:
            continue
        picks = tuple(known.index(name) for name in _named(cls, f"grad_{name}", known))
        formula = cls.guard.formula(cls, position, formula)
        formulas[position] = Formula(picks, _picker(picks), formula, cls.fit(formula))
    for attribute in list(vars(cls)):
        if attribute.startswith("grad_") and attribute[5:] not in cls.inputs:
            raise TypeError(
                f"{cls.__name__}: {attribute} must be named after an input of forward; "
                f"the inputs are {', '.join(cls.inputs)}."
            )
    backward = getattr(cls, "backward", None)
    if backward and formulas:
        raise TypeError(
            f"{cls.__name__}: an op has either backward or formulas grad_<input>; it has both. "
            "Leave one of them out."
        )
    cls.formulas = formulas
    cls.formula_of = {way: f for f in formulas.values() for way in (f.plain, f.fitted)}
    named = _named(cls, "backward", [*known, "needs", "made"]) if backward else ()
    cls.fused = Fused(named, known, cls) if backward else None
    cls.plain = backward is None
    cls.keeps = backward is not None or any(formula.picks for formula in formulas.values())


class Form(NamedTuple):
    """All that the text depends on."""

    inputs: tuple[str, ...]
    options: tuple[str, ...]
    kept: tuple[tuple[int, ...] | None, ...]  # by input: which of (*inputs, out) its formula names
    joint: tuple[str, ...] | None  # what a backward for all inputs keeps
    definition: bool
    variadic: bool
    view: bool
    elementwise: bool
    untyped: tuple[str, ...]  # inputs of an elementwise op that keep their dtype
    lines: str  # of the guard, where it looks at what forward returned

    @property
    def taken(self) -> list[str]:
        """The inputs that have a formula of their own."""
        return [name for name, picks in zip(self.inputs, self.kept) if picks is not None]

    @property
    def recorded(self) -> bool:
        """Whether there is any gradient."""
        return self.joint is not None or bool(self.taken)

    @property
    def options_passed(self) -> list[str]:
        """The keyword arguments, handed on."""
        return [f"{name}={name}" for name in self.options]

    @property
    def options_made(self) -> str:
        """The keyword arguments as a dict."""
        return "{" + ", ".join([f'"{name}": {name}' for name in self.options]) + "}"

    @property
    def call(self) -> str:
        """All arguments, as they came in."""
        names = [f"*{self.inputs[-1]}"] if self.variadic else [*self.inputs]
        return ", ".join([*names, *self.options_passed])


def form_of(op: Any) -> Form:
    """The form of an op that has been read."""
    code = op.forward.__code__
    options = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    formulas = [op.formulas.get(position) for position in range(len(op.inputs))]
    return Form(
        op.inputs,
        options,
        tuple([formula and formula.picks for formula in formulas]),
        op.fused and op.fused.kept,
        op.fused is not None and op.fused.definition is not None,
        op.variadic,
        op.view,
        op.elementwise,
        op.untyped if op.elementwise else (),
        op.guard.lines([f"{name}_data" for name in op.inputs]),
    )


def _named(cls: Any, method: str, known: list[str]) -> tuple[str, ...]:
    """The names after (self, g) in a formula's signature, each checked to be known."""
    code = _code(cls, method)
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if code.co_argcount < 2 or code.co_kwonlyargcount:
        raise TypeError(
            f"{cls.__name__}: {method} takes self, the incoming gradient and, by position, what it "
            f"needs; it takes ({', '.join(names)}). Write {method}(self, g, ...)."
        )
    for name in names[2:]:
        if name not in known:
            raise TypeError(
                f"{cls.__name__}: {method} may name {', '.join(known)}; got {name!r}. "
                "Formulas ask for inputs of forward by their names there."
            )
    return tuple(names[2:])


def _code(cls: Any, method: str) -> Any:
    """The code of a method, which must be a plain function for its signature to be read."""
    function = getattr(cls, method)
    function = getattr(function, "__wrapped__", function)  # as it is written under a decorator
    if not hasattr(function, "__code__") or hasattr(function, "__self__"):
        raise TypeError(
            f"{cls.__name__}: {method} must be a method written in Python; got "
            f"{type(function).__name__}. Write def {method}(self, ...)."
        )
    return function.__code__


def _picker(picks: tuple[int, ...]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A function that takes the values at ``picks`` out of a tuple, as a tuple."""
    if len(picks) > 1:
        return itemgetter(*picks)
    return itemgetter(slice(picks[0], picks[0] + 1) if picks else slice(0))


def all_inputs(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    """``args`` with keywords and defaults in their places: formulas find values by position.

    Raises TypeError where an input is missing, or there are too many.
    """
    defaults = op.forward.__defaults__ or ()
    known = dict(zip(op.inputs[len(op.inputs) - len(defaults) :], defaults, strict=True))
    filled = list(args)
    for name in op.inputs[len(args) :]:
        if name not in options and name not in known:
            raise TypeError(
                f"{op.__name__}: forward takes {', '.join(op.inputs)}; {name} was not given."
            )
        filled.append(options.pop(name) if name in options else known[name])
    if len(filled) > len(op.inputs):
        raise TypeError(
            f"{op.__name__}: forward takes {', '.join(op.inputs)}; got {len(args)} arguments."
        )
    return tuple(filled)

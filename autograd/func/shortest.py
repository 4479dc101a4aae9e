"""What an op runs where forward mode meets arrays alone: a text for each form, as of apply.py.

Nearly always primals and tangents are plain arrays of one dtype, which no graph knows and no other
level. Then an op's own forward and formulas, run on them as they are, give the dual result; the
text for the op's signature spares the loops over descriptions. What it does not do with (other
dtypes, values that are recorded, observers, a forward that stops) it hands to
:meth:`Function.general`, and so to the rules in tangents.py.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograd.arrays.dtypes import float32, float64
from autograd.engine import observer, texts, views
from autograd.engine.duals import ARRAYS, EDGE, Dual, arrays_of, is_wide
from autograd.engine.faults import FAULTS
from autograd.engine.formula import Form, form_of
from autograd.engine.graph import TensorBase
from autograd.ops.reductions.sums import spread

STOPPED = (*FAULTS, ArithmeticError)


def elementwise(op: Any) -> Callable[..., Any] | None:
    """The way of an elementwise op of one input or two: its gradient formulas of the tangents."""
    form = form_of(op)
    text = (_elementwise_of_one if len(op.inputs) == 1 else _elementwise_of_two)(form)
    formulas = [op.formulas[i].plain for i, picks in enumerate(form.kept) if picks is not None]
    return _written(op, form, text, *formulas)


def linear(op: Any, of_tangents: Any) -> Callable[..., Any] | None:
    """That of an op that is linear in its first input, and goes by no other: op of the tangent.

    :param of_tangents: what it is to tangents, which need not lie in memory as primals do.
    """
    form = form_of(op)
    return _written(op, form, _linear(form), of_tangents, of_tangents.forward)


def bilinear(op: Any) -> Callable[..., Any] | None:
    """That of an op that is linear in each of two inputs: op of the one's tangent and the other."""
    form = form_of(op)
    return _written(op, form, _bilinear(form))


_SCOPE = {
    **{one.__name__: one for one in (Dual, TensorBase, arrays_of, is_wide, spread)},
    "arrays": ARRAYS,
    "edge": EDGE,
    "faults": STOPPED,
    "float32": float32,
    "float64": float64,
    "link": views.link,
    "mine": observer.mine,
    "ndarray": np.ndarray,
    "new": object.__new__,
    "of_all": observer.of_all,
    "ref": weakref.ref,
}


def _written(op: Any, form: Form, text: str, *given: Any) -> Callable[..., Any] | None:
    if not _SCOPE.keys().isdisjoint((*form.inputs, *form.options)):
        return None  # the author's names are among those of the text
    way = _compiled(form.call, text)(op, op.forward, *given)
    way.__defaults__, way.__kwdefaults__ = op.forward.__defaults__, op.forward.__kwdefaults__
    way.__qualname__, way.__module__ = f"{op.__qualname__}.apply", op.__module__
    made: Callable[..., Any] = way
    return made


@cache
def _compiled(call: str, text: str) -> Any:
    return texts.run(call, text, _SCOPE)["factory"]


# -- templates ------------------------------------------------------------------------------------
#
# {x} is an input as its author calls it; {x}_data its primal and {x}_along its tangent, or None.
# Other names begin with _, or stand in the scope.


def _text(form: Form, given: list[str], body: str) -> str:
    """The factory of a way, for an op's class, its forward and what else is ``given``."""
    options = ["*", *form.options] if form.options else []
    lines = body.replace("OTHERWISE", f"return cls.general({form.call})").splitlines()
    return f"""\
def factory({", ".join(["cls", "forward", *given])}):
    def apply({", ".join([*form.inputs, *options])}):
{chr(10).join([" " * 8 + line for line in lines if line])}
    return apply
"""


def _watched(form: Form, static: list[str]) -> str:
    """Whether somebody is told of the call, or a tensor stands where none is looked for."""
    tensors = [f"isinstance({name}, TensorBase)" for name in (*static, *form.options)]
    return " or ".join(["of_all", "mine.observers", *tensors])


_MADE = """
_dual = new(Dual)
_dual.level = _level
_dual.face = _kind
_dual.own_primal = _out
_dual.own_tangent = _d
_result = new(_kind)
_result._data = _dual
_result._edge = edge
_result._grad = None
_result._kin = None
_level.members.append(ref(_result))
if len(_level.members) > _level.room:
    _level.forget()
"""


def _parts(x: str) -> str:
    """The arrays of the dual number {x}_data."""
    return f"""
{x}_along, {x}_data, _dual = {x}_data.own_tangent, {x}_data.own_primal, {x}_data
if type({x}_data) not in arrays:
    _pair = arrays_of(_dual)
    if _pair is None:
        OTHERWISE
    {x}_data, {x}_along = _pair
"""


def _one(form: Form) -> str:
    """The first input, which is dual, and no other."""
    x, *static = form.inputs
    return f"""
if {_watched(form, static)} or not isinstance({x}, TensorBase):
    OTHERWISE
{x}_data = {x}._data
if type({x}_data) is not Dual:
    OTHERWISE
_kind, _level = {x}._results, {x}_data.level
{_parts(x)}"""


def _two(form: Form) -> str:
    """Two inputs: dual tensors of one level, other tensors, arrays of the same dtype, numbers."""
    x, y = form.inputs
    text = f"""
if {_watched(form, [])}:
    OTHERWISE
_level = _kind = {x}_along = {y}_along = None
"""
    for name in (x, y):
        kind = f"_kind = {name}._results"
        if name == y:
            kind = f"if _kind is None or {y}._numpys: {kind}"
        text += f"""
if isinstance({name}, TensorBase):
    {name}_data = {name}._data
    {kind}
    if type({name}_data) is Dual:
        if _level is None:
            _level = {name}_data.level
        elif _level is not {name}_data.level:
            OTHERWISE
{_indented(_parts(name), 8)}
    elif {name}._edge is not None:
        OTHERWISE
else:
    {name}_data = {name}
"""
    return f"""{text}
if _level is None:
    OTHERWISE
if type({x}_data) in arrays:
    _dtype = {x}_data.dtype
    if type({y}_data) is float or type({y}_data) is int:
        try:
            {y}_data = _dtype.type({y}_data)
        except OverflowError:
            OTHERWISE
    elif type({y}_data) not in arrays or {y}_data.dtype is not _dtype:
        OTHERWISE
elif type({x}_data) is float or type({x}_data) is int:
    _dtype = {y}_data.dtype
    try:
        {x}_data = _dtype.type({x}_data)
    except OverflowError:
        OTHERWISE
else:
    OTHERWISE
"""


def _indented(text: str, by: int) -> str:
    return "\n".join([" " * by + line for line in text.splitlines() if line])


def _ran(form: Form, data: list[str], more: str = "pass") -> str:
    return f"""
_node = cls()
try:
    _out = forward(_node, {", ".join([*data, *form.options_passed])})
    {more}
except faults:
    OTHERWISE
"""


def _slope(form: Form, name: str, along: str) -> str:
    """The gradient formula of an input, of its tangent, which broadcasts as the input does."""
    values = [*[f"{one}_data" for one in form.inputs], "_out"]
    kept = [values[i] for i in form.kept[form.inputs.index(name)] or ()]
    return f"grad_{name}({', '.join(['_node', along, *kept])})"


_SETTLED = """
if _d is None or _d.dtype is not _dtype or _out.dtype is not _dtype:
    OTHERWISE
if _d.shape != _out.shape:
    _d = spread(_d, _out.shape)
"""


def _elementwise_of_one(form: Form) -> str:
    (x,) = form.inputs
    body = f"""{_one(form)}
_dtype = {x}_data.dtype
if _dtype is not float64 and _dtype is not float32:
    OTHERWISE
{_ran(form, [f"{x}_data"])}
_d = {_slope(form, x, f"{x}_along")}
{_SETTLED}{_MADE}
return _result
"""
    return _text(form, [f"grad_{x}"], body)


def _elementwise_of_two(form: Form) -> str:
    text = f"""{_two(form)}
if _dtype is not float64 and _dtype is not float32:
    OTHERWISE
{_ran(form, [f"{name}_data" for name in form.inputs])}
_d = None
"""
    for name in form.inputs:
        if name not in form.taken:
            text += f"""
if {name}_along is not None:
    OTHERWISE
"""
        else:
            slope = _slope(form, name, f"{name}_along")
            text += f"""
if {name}_along is not None:
    _more = {slope}
    _d = _more if _d is None else _d if _more is None else _d + _more
"""
    given = [f"grad_{name}" for name in form.taken]
    return _text(form, given, f"{text}{_SETTLED}{_MADE}\nreturn _result\n")


def _linear(form: Form) -> str:
    x, *others = form.inputs
    given = ["op_along()", f"{x}_along", *others, *form.options_passed]
    body = f"""{_one(form)}
{f"if type({x}_data) is not ndarray: OTHERWISE" if form.view else ""}
{_ran(form, [f"{x}_data", *others], f"_d = forward_along({', '.join(given)})")}
if type(_out) is tuple or not is_wide(_out.dtype):
    OTHERWISE
{_MADE}
{f"link(_result, {x})" if form.view else ""}
return _result
"""
    return _text(form, ["op_along", "forward_along"], body)


def _bilinear(form: Form) -> str:
    x, y = form.inputs
    options = form.options_passed
    of_x, of_y = ([f"{x}_along", f"{y}_data"], [f"{x}_data", f"{y}_along"])
    body = f"""{_two(form)}
if not is_wide(_dtype):
    OTHERWISE
_node = cls()
try:
    _out = forward(_node, {", ".join([f"{x}_data", f"{y}_data", *options])})
    _d = None if {x}_along is None else forward(_node, {", ".join([*of_x, *options])})
    if {y}_along is not None:
        _more = forward(_node, {", ".join([*of_y, *options])})
        _d = _more if _d is None else _d + _more
except faults:
    OTHERWISE
{_MADE}
return _result
"""
    return _text(form, [], body)

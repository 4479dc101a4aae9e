"""The generated ``apply``: for each op the shortest way from tensors to a recorded result.

As ``namedtuple`` does it, the text is filled in for the op's signature: which inputs it has, which
values its formulas keep, whether it is a view, has options, a fused backward. That spares the
loops over descriptions, and is what makes a graph of scalars as fast as one of Python floats. What
the text does not do with (numbers where tensors are wanted, mixed dtypes, errors, observers) it
hands to :meth:`Function.general`.

Ops of one form share a text, compiled when the first of them runs. :func:`source` shows it, and so
do tracebacks and debuggers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import SCALARS
from autograd.engine import observer, texts, views
from autograd.engine.faults import FAULTS
from autograd.engine.formula import Form, form_of
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase, foremost


def written_out(op: Any, tells: bool = False) -> Callable[..., Any]:
    """The shortest ``apply`` for an op that has been read: generated, or the general one.

    Where it ``tells``, it is what an observed call runs: it tells of the node, not of the call.
    """
    form = form_of(op)
    if not op.guard.generates(op) or (op.elementwise and _collides(op.inputs)):
        general: Callable[..., Any] = op.untold if tells else op.general
        return general
    given = [op.formulas[i] for i, picks in enumerate(form.kept) if picks is not None]
    formulas = [formula.plain for formula in given]
    if op.elementwise and len(op.inputs) > 1:
        formulas += [formula.fitted for formula in given]
    if op.fused is not None:
        formulas = [op.fused.formula, op.fused.definition]
    apply = _compiled(form, tells)(op, op.forward, *formulas)
    apply.__defaults__, apply.__kwdefaults__ = op.forward.__defaults__, op.forward.__kwdefaults__
    apply.__qualname__, apply.__module__ = f"{op.__qualname__}.apply", op.__module__
    apply.__doc__ = op.__doc__
    return apply


def source(op: Any) -> None:
    """Print the text of the ``apply`` that was generated for an op.

    >>> from autograd.ops.shape.reshape import Reshape
    >>> source(Reshape)  # doctest: +ELLIPSIS
    def factory(cls, forward, grad_x):
        def apply(x, shape):
    ...
    """
    if not op._is_ready:
        op.ready()  # an op is read when it first runs, or here
    if not hasattr(op, "_shortest") or op._shortest == op.general:
        print(f"# {op.__name__} has no generated apply: it is run the general way")
        return
    print(_apply_text(form_of(op)))


_SCOPE = {
    **{one.__name__: one for one in (TensorBase, foremost)},
    "listening": observer.listening,
    "mode": mode,
    "new": object.__new__,
    "link": views.link,
    **{name: getattr(dtypes, name) for name in "float32 float64 complex64 complex128".split()},
    "scalar32": np.float32,
    "scalars": SCALARS,
    "ndarray": np.ndarray,
    "arrays": (np.ndarray, np.generic),
    "faults": (*FAULTS, ArithmeticError),
}

_NAMES = {"cls", "node", "out", "result", "like", "same", "dtype", "kind", "plan", *_SCOPE}
_NAMES |= {"forward", "factory", "apply", "backward", "definition", "error", "data", "edges"}
_NAMES |= {"tell", "tick", "type", "isinstance", "getattr", "tuple", "all", "any", "int", "float"}


def _collides(inputs: tuple[str, ...]) -> bool:
    """Whether an author's names are among those of the text."""
    ends, starts = ("_data", "_edge"), ("grad_", "fitted_")
    return any([n in _NAMES or n.endswith(ends) or n.startswith(starts) for n in inputs])


@cache
def _compiled(form: Form, tells: bool) -> Callable[..., Any]:
    """The factory in the text for a form."""
    text = _telling(_apply_text(form)) if tells else _apply_text(form)
    factory: Any = texts.run(form.call, text, {**_scope(tells), **_shared(tells)})["factory"]
    return factory


def _scope(tells: bool) -> dict[str, Any]:
    return {**_SCOPE, "listening": (), "tell": observer.tell} if tells else _SCOPE


def _telling(text: str) -> str:
    """``text`` for a call that is observed: it hands over without telling, and tells of births."""
    text = text.replace("cls.general(", "cls.untold(")
    return text.replace("node.age = tick()", "node.age = tick(); tell('node_born', node)")


# -- templates ------------------------------------------------------------------------------------
#
# {x} is an input as its author calls it; {x}_data its array and {x}_edge its edge.


def _apply_text(form: Form) -> str:
    """The factory of an ``apply``, for an op's class, its forward and its formulas."""
    given = [f"grad_{name}" for name in form.taken]
    if form.elementwise and len(form.inputs) > 1:
        given += [f"fitted_{name}" for name in form.taken]
    if form.joint is not None:
        given = ["backward", "definition"]
    if form.variadic:
        body = _variadic(form)
    elif not form.elementwise:
        body = _plain(form)
    else:
        body = {1: _unary, 2: _binary}.get(len(form.inputs), _several)(form)
    parameters = [*form.inputs, *(["*", *form.options] if form.options else [])]
    if form.variadic:
        parameters = [f"*{form.inputs[-1]}", *form.options]
    return f"""\
def factory({", ".join(["cls", "forward", *given])}):
    def apply({", ".join(parameters)}):
        if listening:
            return cls._heard({form.call})
{_indented(body, 8)}
    return apply
"""


def _indented(text: str, by: int) -> str:
    return "\n".join([" " * by + line for line in text.splitlines() if line])


def _tuple(values: list[str]) -> str:
    return f"({', '.join(values)}{',' if len(values) == 1 else ''})"


def _result(like: str) -> str:
    """``out`` as a tensor, as wrap() makes it."""
    return f"""
result = new({like}._results)
result._data = out
result._grad = None
result._kin = None
"""


_UNRECORDED = """
result._edge = None
return result
"""


def _recorded(edges: list[str]) -> str:
    return f"""
node.edges = {_tuple(edges)}
node.age = tick()
result._edge = node
return result
"""


def _entry(form: Form, name: str, data: list[str], fitted: bool = False) -> str:
    """What a plan holds for an input: the edge, the formula, and what that one keeps."""
    kept = [[*data, "out"][i] for i in form.kept[form.inputs.index(name)] or ()]
    if fitted:
        return f"({name}_edge, fitted_{name}, {_tuple([f'{name}_data.shape', *kept])})"
    return f"({name}_edge, grad_{name}, {_tuple(kept)})"


def _either(form: Form, data: list[str], fitted: bool = False) -> str:
    """The entries of the inputs that need a gradient, as one expression."""
    entries = [(name, _entry(form, name, data, fitted)) for name in form.taken]
    return " + ".join([f"(() if {name}_edge is None else ({one},))" for name, one in entries])


def _plan(form: Form, data: list[str]) -> str:
    """What the node keeps of ``data``."""
    if form.joint is not None:
        places = dict(zip((*form.inputs, "out"), (*data, "out")))
        kept = _tuple([places[name] for name in form.joint if name in places])
        if not form.definition:
            return f"node.plan = ((None, backward, {kept}),)"
        return f"""
node.options = {form.options_made}
node.plan = ((None, backward, {kept}), (None, definition, {_tuple(data)}))
"""
    if len(form.taken) == 1:
        return f"node.plan = ({_entry(form, form.taken[0], data)},)"
    if len(form.taken) > 2:
        return f"node.plan = {_either(form, data)}"
    (x, y), (of_x, of_y) = form.taken, [_entry(form, name, data) for name in form.taken]
    return f"""
if {x}_edge is None:
    node.plan = ({of_y},)
elif {y}_edge is None:
    node.plan = ({of_x},)
else:
    node.plan = ({of_x}, {of_y})
"""


def _plain(form: Form) -> str:
    """Of an op that is not elementwise: the first input is a tensor, others may be."""
    x, call = form.inputs[0], form.call
    edged = [*form.inputs] if form.joint is not None else form.taken
    data = [f"{name}_data" if name in edged or name == x else name for name in form.inputs]
    edges = [f"{name}_edge" if name in edged else "None" for name in form.inputs]
    raw = "".join([f" and not isinstance({name}, TensorBase)" for name in form.inputs[1:]])
    y = form.inputs[1] if len(edged) == len(form.inputs) == 2 else None  # x is often constant
    constant = f"elif type({x}) is ndarray and isinstance({y}, TensorBase):"
    text = f"""
if isinstance({x}, TensorBase):
    {x}_data, {x}_edge, like = {x}._data, {x}._edge, {x}
{f"{constant} {x}_data, {x}_edge, like = {x}, None, {y}" if y else ""}
else:
    if isinstance({x}, arrays){raw}:
        try:
            return forward(cls(), {call})
        except faults:
            pass
    return cls.general({call})
"""
    if form.view:
        text += f"""
if isinstance({x}_data, scalars):
    {x}_data = {x}._array()
"""
    for name in form.inputs[1:]:
        if name in edged:
            text += f"""
if isinstance({name}, TensorBase):
    {name}_data, {name}_edge = {name}._data, {name}._edge
    if {name}._numpys: like = {name}
else:
    {name}_data, {name}_edge = {name}, None
"""
        else:
            text += f"""
if isinstance({name}, TensorBase):
    if {name}._edge is not None:
        return cls.general({call})
    {name} = {name}._data
"""
    text += f"""
node = cls()
try:
    out = forward(node, {", ".join([*data, *form.options_passed])})
except faults as error:
    raise cls.explained(error, [{", ".join(data)}], {form.options_made}) from error.__cause__
"""
    kind = "_view" if form.view else ""
    if not edged:
        return text + f"return bare{kind}(out, like)"
    sizes = [f'getattr({one}, "shape", ())' for one in data]
    shapes = [size if name in edged else "()" for size, name in zip(sizes, form.inputs)]
    shapes[0] = f"{x}_data.shape"
    return f"""{text}
if not mode.grad or {" and ".join([f"{edge} is None" for edge in edges if edge != "None"])}:
    return bare{kind}(out, like)
node.edges = {_tuple(edges)}
node.shapes = {_tuple(shapes)}
{_plan(form, data)}
return recorded{kind}(node, out, like)
"""


def _ends() -> str:
    """How a call of an op that is not elementwise ends: shared by all of them."""
    text = ""
    for kind, link in (("", ""), ("_view", "link(result, like)")):
        text += f"""\
def bare{kind}(out, like):
    if type(out) is tuple:
        return tuple([bare{kind}(one, like) for one in out])
{_indented(_result("like"), 4)}
    result._edge = None
    {link or "pass"}
    return result
def recorded{kind}(node, out, like):
    if type(out) is tuple or (dtype := out.dtype) is not like._data.dtype or (
            dtype is not float32 and dtype is not float64):
        result = node.born(out, like)
    else:
{_indented(_result("like"), 8)}
        node.age = tick()
        result._edge = node
    {link or "pass"}
    return result
"""
    return text


def _variadic(form: Form) -> str:
    """Of an op with any number of inputs."""
    xs = form.inputs[-1]
    return f"""
if not {xs} or not all([isinstance(x, TensorBase) for x in {xs}]):
    return cls.general({form.call})
node = cls()
data = [x._data for x in {xs}]
try:
    out = forward(node, {", ".join(["*data", *form.options_passed])})
except faults as error:
    raise cls.explained(error, data, {form.options_made}) from error.__cause__
edges = tuple([x._edge for x in {xs}])
return node.finished(edges, data, out, {form.options_made}, foremost({xs}))
"""


def _ran(form: Form, data: list[str]) -> str:
    """An elementwise forward; what goes wrong is told by the general way."""
    return f"""
node = cls()
try:
    out = forward(node, {", ".join([*data, *form.options_passed])})
except faults:
    return cls.general({form.call})
{form.lines}
"""


def _raw(form: Form) -> str:
    """An elementwise forward of arrays; what goes wrong is told by the general way."""
    return f"""
if not isinstance({form.inputs[0]}, arrays):
    return cls.general({form.call})
try:
    return cls.forward(cls(), {form.call})
except faults:
    return cls.general({form.call})
"""


def _unary(form: Form) -> str:
    """Of an elementwise op of one input, of any dtype where there is no gradient."""
    (x,), call = form.inputs, form.call
    text = f"""
if not isinstance({x}, TensorBase):
{_indented(_raw(form), 4)}
{x}_data = {x}._data
"""
    if not form.recorded:
        return text + _ran(form, [f"{x}_data"]) + _result(x) + _UNRECORDED
    return f"""{text}
if not ((dtype := {x}_data.dtype) is float32 or dtype is float64):
    return cls.general({call})
{_ran(form, [f"{x}_data"])}
{_result(x)}
{x}_edge = {x}._edge
if {x}_edge is None or not mode.grad:
{_indented(_UNRECORDED, 4)}
{_plan(form, [f"{x}_data"])}
{_recorded([f"{x}_edge"])}
"""


def _constant(form: Form, name: str, tensor: str) -> str:
    """An input beside a tensor: a number, or an array of the same dtype, as kept values are."""
    return f"""
{name}_edge = None
if (dtype := {tensor}_data.dtype) is not float32 and dtype is not float64:
    return cls.general({form.call})
if (kind := type({name})) is float or kind is int or kind is dtype.type:
    {name}_data = dtype.type({name})
elif kind is ndarray and {name}.dtype is dtype:
    {name}_data, same = {name}, {name}.shape == {tensor}_data.shape
else:
    return cls.general({form.call})
"""


def _binary(form: Form) -> str:
    """Of an elementwise op of two inputs: tensors of one dtype, or one and a constant."""
    (x, y), call = form.inputs, form.call
    data, edges = [f"{x}_data", f"{y}_data"], [f"{x}_edge", f"{y}_edge"]
    floats = " or dtype is complex64 or dtype is complex128"
    if form.recorded:
        floats = " or dtype is not float32 and dtype is not float64"
    text = f"""
like = {x}
same = True
if isinstance({x}, TensorBase):
    {x}_edge = {x}._edge
    {x}_data = {x}._data
    if isinstance({y}, TensorBase):
        {y}_edge = {y}._edge
        {y}_data = {y}._data
        if type({x}_data) is not scalar32 or type({y}_data) is not scalar32:
            dtype = {x}_data.dtype
            if dtype is not {y}_data.dtype{floats}:
                return cls.general({call})
            same = {x}_data.shape == {y}_data.shape
        if {y}._numpys: like = {y}
    else:
{_indented(_constant(form, y, x), 8)}
elif isinstance({y}, TensorBase):
    like = {y}
    {y}_data = {y}._data
    {y}_edge = {y}._edge
{_indented(_constant(form, x, y), 4)}
else:
{_indented(_raw(form), 4)}
{_ran(form, data)}
{_result("like")}
"""
    if not form.recorded:
        return text + _UNRECORDED
    plan = _plan(form, data)
    if form.joint is None:
        plan = f"""
if not same:
    node.shapes = {_tuple([f"{one}.shape" for one in data])}
    node.plan = {_either(form, data, fitted=True)}
else:
{_indented(plan, 4)}
"""
    return f"""{text}
if ({" and ".join([f"{edge} is None" for edge in edges])}) or not mode.grad:
{_indented(_UNRECORDED, 4)}
{plan}
{_recorded(edges)}
"""


def _several(form: Form) -> str:
    """Of an elementwise op of three inputs or more, tensors and numbers in any order."""
    names, call = form.inputs, form.call
    data, edges = [f"{name}_data" for name in names], [f"{name}_edge" for name in names]
    text = "like = dtype = None\n"
    for name in names:
        text += f"""
if isinstance({name}, TensorBase):
    {name}_data, {name}_edge = {name}._data, {name}._edge
    if like is None or {name}._numpys: like = {name}
"""
        if name in form.untyped:
            text += f"elif isinstance({name}, arrays):"
        else:
            text += f"""
    if dtype is not {name}_data.dtype:
        if dtype is not None:
            return cls.general({call})
        dtype = {name}_data.dtype
elif type({name}) is float or type({name}) is int:
"""
        text += f"""
    {name}_data, {name}_edge = {name}, None
else:
    return cls.general({call})
"""
    constant = "".join([f" or {name}_edge is not None" for name in names if name not in form.taken])
    text += f"""
if not (dtype is float32 or dtype is float64){constant}:
    return cls.general({call})
"""
    for name in names:
        if name not in form.untyped:
            text += f"""
if {name}_data is {name}:
    {name}_data = dtype.type({name})
"""
    text += _ran(form, data) + _result("like")
    if not form.recorded:
        return text + _UNRECORDED
    text += f"""
if not mode.grad or {" and ".join([f"{name}_edge is None" for name in form.taken])}:
{_indented(_UNRECORDED, 4)}
if not ({" == ".join([f"{one}.shape" for one in data])}):
    node.shapes = {_tuple([f"{one}.shape" for one in data])}
node.plan = ()
"""
    for name in form.taken:
        text += f"""
if {name}_edge is not None:
    same = {name}_data.shape == out.shape
    node.plan += ({_entry(form, name, data)} if same else
        {_entry(form, name, data, fitted=True)},)
"""
    return text + _recorded(edges)


@cache
def _shared(tells: bool) -> dict[str, Any]:
    """The ends, by name."""
    made = texts.run("", _telling(_ends()) if tells else _ends(), _scope(tells))
    return {name: made[name] for name in ("bare", "recorded", "bare_view", "recorded_view")}

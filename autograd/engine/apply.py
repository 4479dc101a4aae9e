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
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.engine import fused, observer, versions, views
from autograd.engine.grad_mode import mode
from autograd.engine.graph import TensorBase


class Form(NamedTuple):
    """All that the text depends on."""

    inputs: tuple[str, ...]
    options: tuple[str, ...]
    kept: tuple[tuple[int, ...] | None, ...]  # by input: which of (*inputs, out) its formula names
    joint: tuple[str, ...] | None  # what a backward for all inputs names
    definition: bool
    variadic: bool
    view: bool
    elementwise: bool
    untyped: tuple[str, ...]  # inputs of an elementwise op that keep their dtype
    lines: tuple[str, ...]  # of the guard


def form_of(op: Any) -> Form:
    """The form of an op that has been read."""
    code = op.forward.__code__
    options = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    formulas = [op.formulas.get(position) for position in range(len(op.inputs))]
    return Form(
        op.inputs,
        options,
        tuple([formula and formula.picks for formula in formulas]),
        op.fused and op.fused.names,
        op.fused is not None and op.fused.definition is not None,
        op.variadic,
        op.view,
        op.elementwise,
        op.untyped if op.elementwise else (),
        tuple(op.guard.lines([f"{name}_data" for name in op.inputs])),
    )


def written_out(op: Any) -> Callable[..., Any]:
    """The shortest ``apply`` for an op that has been read: generated, or the general one."""
    form = form_of(op)
    if op.fused is not None:
        joint = _compiled(_joint_text, form)(op.backward)
        op.fused.joint = op.guard.joint(op, joint)
    if not op.guard.generates(op) or (op.elementwise and _collides(op.inputs)):
        general: Callable[..., Any] = op.general
        return general
    given = [op.formulas[i] for i, picks in enumerate(form.kept) if picks is not None]
    formulas = [formula.plain for formula in given]
    if op.elementwise and len(op.inputs) > 1:
        formulas += [formula.fitted for formula in given]
    if op.fused is not None:
        formulas = [op.fused.joint, op.fused.definition]
    apply = _compiled(_apply_text, form)(op, op.forward, *formulas)
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
            if listening or not isinstance(x, TensorBase):
    ...
    """
    if op.ready() == op.general:
        print(f"# {op.name()} comes from outside and is run by Function.general")
        return
    print(_apply_text(form_of(op)))


_SCOPE = {
    "TensorBase": TensorBase,
    "listening": observer.listening,
    "mode": mode,
    "new": object.__new__,
    "tick": versions.tick,
    "link": views.link,
    "float32": dtypes.float32,
    "float64": dtypes.float64,
    "scalar32": np.float32,
    "generic": np.generic,
    "arrays": (np.ndarray, np.generic),
    "joined": (list, tuple, str, bytes),
    "copies": fused.copies,
    "spent": fused.spent,
}


_NAMES = {"cls", "node", "out", "result", "like", "same", "dtype", "kind", "plan", *_SCOPE}


def _collides(inputs: tuple[str, ...]) -> bool:
    """Whether an author's names are among those of the text."""
    return any([name in _NAMES or name.endswith(("_data", "_edge")) for name in inputs])


_texts: list[str] = []


class _Loader:
    """Where tracebacks and debuggers find a text, by the names in the scope that it runs in."""

    @staticmethod
    def get_source(name: str) -> str:
        return _texts[int(name.rpartition(" ")[2])]


@cache
def _compiled(text_of: Callable[[Form], str], form: Form) -> Callable[..., Any]:
    """The factory in the text for a form."""
    kind = "joint" if text_of is _joint_text else "apply"
    signature = ", ".join([*form.inputs, *form.options])
    name = f"generated {kind}({signature}) {len(_texts)}"
    text = text_of(form)
    _texts.append(text)
    scope = {**_SCOPE, "__name__": name, "__loader__": _Loader}
    exec(compile(text, name, "exec"), scope)
    factory: Any = scope["factory"]
    return factory


# -- templates ------------------------------------------------------------------------------------


def _apply_text(form: Form) -> str:
    """The factory of an ``apply``, for an op's class, its forward and its formulas."""
    taken = [name for name, picks in zip(form.inputs, form.kept) if picks is not None]
    given = [f"grad_{name}" for name in taken]
    if form.elementwise and len(form.inputs) > 1:
        given += [f"fitted_{name}" for name in taken]
    if form.joint is not None:
        given = ["joint", "definition"]
    if form.variadic:
        body = _variadic(form)
    elif not form.elementwise:
        body = _plain(form)
    else:
        body = {1: _unary, 2: _binary}.get(len(form.inputs), _several)(form)
    inputs = [f"*{name}" for name in form.inputs] if form.variadic else [*form.inputs]
    options = [*([] if form.variadic or not form.options else ["*"]), *form.options]
    return _indented(
        [
            f"def factory({', '.join(['cls', 'forward', *given])}):",
            f"    def apply({', '.join([*inputs, *options])}):",
            *[f"        {line}" for line in body],
            "    return apply",
        ]
    )


def _joint_text(form: Form) -> str:
    """The factory of a fused op's one formula, which gives backward what it names."""
    places = [*form.inputs, "out"]
    names = form.joint or ()
    kept = [f", {name}_kept" for name in names if name in places]
    args = [f", {name}_kept" if name in places else f", {name}" for name in names]
    lines = [f"return backward(node, g{''.join(args)})"]
    if "made" in names and "made" not in places:
        lines[:0] = [
            'made = node.__dict__.pop("made", None) if last else copies(node)',
            "if made is None:",
            "    raise spent(node)",
        ]
    return _indented(
        [
            "def factory(backward):",
            f"    def joint(node, g, needs, last{''.join(kept)}):",
            *[f"        {line}" for line in lines],
            "    return joint",
        ]
    )


def _indented(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _call(form: Form) -> str:
    """The arguments, as they came in."""
    stars = "*" if form.variadic else ""
    return ", ".join([*[stars + name for name in form.inputs], *_options(form)])


def _options(form: Form) -> list[str]:
    return [f"{name}={name}" for name in form.options]


def _tuple(values: list[str]) -> str:
    return f"({', '.join(values)}{',' if len(values) == 1 else ''})"


def _result(like: str) -> list[str]:
    """Lines that wrap ``out``, as wrap() does."""
    return [
        f"result = new({like}._results)",
        "result._data = out",
        "result._grad = None",
        "result._kin = None",
    ]


def _plan(form: Form, data: list[str]) -> list[str]:
    """Lines that note what the formulas keep of ``data``, for inputs that need a gradient."""
    if form.joint is not None:
        places = dict(zip((*form.inputs, "out"), (*data, "out")))
        kept = [places[name] for name in form.joint if name in places]
        lines = [f"node.plan = ((None, joint, {_tuple(kept)}),)"]
        if form.definition:
            options = ", ".join([f'"{name}": {name}' for name in form.options])
            lines = [
                f"node.options = {{{options}}}",
                lines[0][:-1] + f" (None, definition, {_tuple(data)}))",
            ]
        return lines
    entries = {
        name: f"({name}_edge, grad_{name}, {_tuple([[*data, 'out'][i] for i in picks])})"
        for name, picks in zip(form.inputs, form.kept)
        if picks is not None
    }
    if len(entries) == 1:
        return [f"node.plan = ({next(iter(entries.values()))},)"]
    if len(entries) == 2:
        (x, of_x), (y, of_y) = entries.items()
        return [
            f"if {x}_edge is None:",
            f"    node.plan = ({of_y},)",
            f"elif {y}_edge is None:",
            f"    node.plan = ({of_x},)",
            "else:",
            f"    node.plan = ({of_x}, {of_y})",
        ]
    each = [f"(() if {name}_edge is None else ({entry},))" for name, entry in entries.items()]
    return ["node.plan = (", *[f"    {one} +" for one in each[:-1]], f"    {each[-1]}", ")"]


def _plain(form: Form) -> list[str]:
    """Of an op that is not elementwise: the first input is a tensor, others may be."""
    names, call = form.inputs, _call(form)
    edged = [picks is not None or form.joint is not None for picks in form.kept]
    pairs = list(zip(names, edged))
    data = [f"{name}_data" if edge or name == names[0] else name for name, edge in pairs]
    edges = [f"{name}_edge" if edge else "None" for name, edge in pairs]
    x = names[0]
    raw = "".join([f" and not isinstance({name}, TensorBase)" for name in names[1:]])
    lines = [
        f"if listening or not isinstance({x}, TensorBase):",
        f"    if isinstance({x}, arrays){raw}:",
        f"        return forward(cls(), {call})",
        f"    return cls.general({call})",
        f"{x}_data = {x}._data",
    ]
    if form.view:
        lines += [f"if isinstance({x}_data, generic):", f"    {x}_data = {x}._array()"]
    if edged[0]:
        lines += [f"{x}_edge = {x}._edge"]
    for name, edge in pairs[1:]:
        lines += [f"if isinstance({name}, TensorBase):"]
        if edge:
            lines += [f"    {name}_data = {name}._data", f"    {name}_edge = {name}._edge"]
            lines += ["else:", f"    {name}_data = {name}", f"    {name}_edge = None"]
        else:
            lines += [f"    if {name}._edge is not None:", f"        return cls.general({call})"]
            lines += [f"    {name} = {name}._data"]
    lines += ["node = cls()", f"out = forward(node, {', '.join([*data, *_options(form)])})"]
    options = "{" + ", ".join([f'"{name}": {name}' for name in form.options]) + "}"
    other = f"node.finished({_tuple(edges)}, [{', '.join(data)}], out, {options}, {x})"
    link = [f"link(result, {x})"] if form.view else []
    if not any(edged):
        return [
            *lines,
            "if type(out) is tuple:",
            f"    return {other}",
            *_result(x),
            "result._edge = None",
            "return result",
        ]
    needed = " or ".join([f"{edge} is not None" for edge in edges if edge != "None"])
    shapes = [
        f"{name}.shape" if not i else f'getattr({name}, "shape", ())' if edge else "()"
        for i, (name, edge) in enumerate(zip(data, edged))
    ]
    return [
        *lines,
        f"recording = ({needed}) and mode.grad",
        f"if type(out) is tuple or recording and out.dtype is not {x}_data.dtype:",
        f"    result = {other}",
        *[f"    {line}" for line in link],
        "    return result",
        *_result(x),
        "if recording:",
        f"    node.edges = {_tuple(edges)}",
        f"    node.shapes = {_tuple(shapes)}",
        *[f"    {line}" for line in _plan(form, data)],
        "    node.age = tick()",
        "    result._edge = node",
        "else:",
        "    result._edge = None",
        *link,
        "return result",
    ]


def _variadic(form: Form) -> list[str]:
    """Of an op with any number of inputs."""
    xs, call = form.inputs[-1], _call(form)
    options = "{" + ", ".join([f'"{name}": {name}' for name in form.options]) + "}"
    return [
        f"if listening or not {xs} or not all([isinstance(x, TensorBase) for x in {xs}]):",
        f"    return cls.general({call})",
        "node = cls()",
        f"data = [x._data for x in {xs}]",
        f"out = forward(node, {', '.join(['*data', *_options(form)])})",
        f"edges = tuple([x._edge for x in {xs}])",
        f"return node.finished(edges, data, out, {options}, {xs}[0])",
    ]


def _ran(form: Form, data: list[str]) -> list[str]:
    """Lines that run an elementwise forward; what goes wrong is told by the general way."""
    return [
        "node = cls()",
        "try:",
        f"    out = forward(node, {', '.join([*data, *_options(form)])})",
        "except (ValueError, TypeError):",
        f"    return cls.general({_call(form)})",
        *form.lines,
    ]


def _is_recorded(form: Form) -> bool:
    return form.joint is not None or any([picks is not None for picks in form.kept])


def _unary(form: Form) -> list[str]:
    """Of an elementwise op of one input, of any dtype where there is no gradient."""
    (x,), call = form.inputs, _call(form)
    lines = [
        f"if listening or not isinstance({x}, TensorBase):",
        f"    if isinstance({x}, TensorBase):",
        f"        return cls.general({call})",
        "    try:",
        f"        return cls.forward(cls(), {call})",
        "    except (TypeError, AttributeError, ValueError):",
        f"        return cls.general({call})",
        f"{x}_data = {x}._data",
    ]
    if not _is_recorded(form):
        lines += [*_ran(form, [f"{x}_data"]), *_result(x)]
        return [*lines, "result._edge = None", "return result"]
    return [
        *lines,
        f"if not ((dtype := {x}_data.dtype) is float32 or dtype is float64):",
        f"    return cls.general({call})",
        *_ran(form, [f"{x}_data"]),
        *_result(x),
        f"{x}_edge = {x}._edge",
        f"if {x}_edge is None or not mode.grad:",
        "    result._edge = None",
        "    return result",
        f"node.edges = ({x}_edge,)",
        *_plan(form, [f"{x}_data"]),
        "node.age = tick()",
        "result._edge = node",
        "return result",
    ]


def _binary(form: Form) -> list[str]:
    """Of an elementwise op of two inputs: tensors of one dtype, or a tensor and a number."""
    (x, y), call = form.inputs, _call(form)
    recorded = _is_recorded(form)
    data = [f"{x}_data", f"{y}_data"]
    floats = " or dtype is not float32 and dtype is not float64" if recorded else ""
    lines = f"""\
like = {x}
same = True
if isinstance({x}, TensorBase):
    if listening:
        return cls.general({call})
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
    elif ((kind := type({y})) is float or kind is int) and (
            (dtype := {x}_data.dtype) is float32 or dtype is float64):
        {y}_data = dtype.type({y})
        {y}_edge = None
    else:
        return cls.general({call})
elif isinstance({y}, TensorBase):
    if listening:
        return cls.general({call})
    like = {y}
    {y}_data = {y}._data
    if ((kind := type({x})) is float or kind is int) and (
            (dtype := {y}_data.dtype) is float32 or dtype is float64):
        {x}_data = dtype.type({x})
        {x}_edge = None
        {y}_edge = {y}._edge
    else:
        return cls.general({call})
else:
    try:
        out = cls.forward(cls(), {call})
    except (TypeError, AttributeError, ValueError):
        return cls.general({call})
    return cls.general({call}) if type(out) in joined else out""".splitlines()
    lines += [*_ran(form, data), *_result("like")]
    if not recorded:
        return [*lines, "result._edge = None", "return result"]
    plan = _plan(form, data)
    if form.joint is None:
        fitted = [
            f"(() if {name}_edge is None else (({name}_edge, fitted_{name}, "
            f"{_tuple([f'{name}_data.shape', *[[*data, 'out'][i] for i in picks]])}),))"
            for name, picks in zip(form.inputs, form.kept)
            if picks is not None
        ]
        plan[0] = f"elif{plan[0][2:]}" if plan[0].startswith("if") else plan[0]
        if plan[0].startswith("elif"):
            plan[:0] = ["if not same:", f"    node.plan = {' + '.join(fitted)}"]
        else:
            plan = ["if same:", f"    {plan[0]}", "else:", f"    node.plan = {fitted[0]}"]
    return [
        *lines,
        f"if ({x}_edge is None and {y}_edge is None) or not mode.grad:",
        "    result._edge = None",
        "    return result",
        *plan,
        f"node.edges = ({x}_edge, {y}_edge)",
        "node.age = tick()",
        "result._edge = node",
        "return result",
    ]


def _several(form: Form) -> list[str]:
    """Of an elementwise op of three inputs or more, tensors and numbers in any order."""
    names, call = form.inputs, _call(form)
    data = [f"{name}_data" for name in names]
    typed = [name for name in names if name not in form.untyped]
    lines = ["like = dtype = None"]
    for name in form.untyped:
        lines += [
            f"if isinstance({name}, TensorBase):",
            f"    like, {name}_data, {name}_edge = {name}, {name}._data, {name}._edge",
            f"elif isinstance({name}, arrays):",
            f"    {name}_data, {name}_edge = {name}, None",
            "else:",
            f"    return cls.general({call})",
        ]
    for name in typed:
        lines += [
            f"if isinstance({name}, TensorBase):",
            f"    like, {name}_data, {name}_edge = {name}, {name}._data, {name}._edge",
            f"    if dtype is not {name}_data.dtype:",
            "        if dtype is not None:",
            f"            return cls.general({call})",
            f"        dtype = {name}_data.dtype",
            f"elif type({name}) is float or type({name}) is int:",
            f"    {name}_data, {name}_edge = {name}, None",
            "else:",
            f"    return cls.general({call})",
        ]
    lines += [
        "if listening or not (dtype is float32 or dtype is float64):",
        f"    return cls.general({call})",
    ]
    for name in typed:
        lines += [f"if {name}_data is {name}:", f"    {name}_data = dtype.type({name})"]
    edges = [f"{name}_edge" for name in names]
    without = [n for n, picks in zip(names, form.kept) if picks is None]
    needed = " or ".join([f"{name}_edge is not None" for name in names if name not in without])
    if without:
        lines += [
            f"if {' or '.join([f'{name}_edge is not None' for name in without])}:",
            f"    return cls.general({call})",
        ]
    lines += [*_ran(form, data), *_result("like")]
    if not _is_recorded(form):
        return [*lines, "result._edge = None", "return result"]
    entries = []
    for name, picks in zip(names, form.kept):
        if picks is not None:
            kept = [[*data, "out"][i] for i in picks]
            entries += [
                f"if {name}_edge is not None:",
                f"    plan += (({name}_edge, grad_{name}, {_tuple(kept)})"
                f" if {name}_data.shape == out.shape else",
                f"        ({name}_edge, fitted_{name}, {_tuple([f'{name}_data.shape', *kept])}),)",
            ]
    return [
        *lines,
        f"if not ({needed}) or not mode.grad:",
        "    result._edge = None",
        "    return result",
        "plan = ()",
        *entries,
        "node.plan = plan",
        f"node.edges = {_tuple(edges)}",
        "node.age = tick()",
        "result._edge = node",
        "return result",
    ]

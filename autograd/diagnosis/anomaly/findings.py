"""What is said of an op that made NaN or Inf: where it was, its operands, the elements, a cure."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.anomaly import cures
from autograd.engine import lines, variables
from autograd.engine.graph import Leaf, TensorBase

_SHOWN = 3  # elements


def forward(op: Any, given: dict[str, Any], made: Any, nan: bool) -> str:
    """Of an op that has made ``made`` of operands ``given``, by name."""
    bad = np.isnan(made) if nan else np.isinf(made)
    there = _there(given, made.shape, bad)
    shown = [described(name, value, there) for name, value in given.items()]
    module = _module_running(sys._getframe(1))
    return _sentences(
        f"{op.__name__}: results must be finite where the operands are"
        f"{', and never NaN' if nan else ''}; {_place(lines.here())}{module}{_count(made, bad)}.",
        *shown,
        cures.forward(op.__name__, there, made[bad]),
    )


def backward(node: Any, g: Any, edge: Any, d: Any) -> str:
    """Of a node whose formula for ``edge`` has made ``d`` of the gradient ``g``."""
    bad = np.isnan(d) if np.isnan(d).any() else np.isinf(d)
    what = "nan" if np.isnan(d).any() else "inf"
    number = next((i for i, one in enumerate(node.edges) if one == edge), 0)
    inputs = getattr(node, "inputs", ())
    name = inputs[number] if number < len(inputs) else f"input {number}"
    kept = _kept(node)
    arrived = [one for one in (g if type(g) is tuple else (g,)) if one is not None]
    known = {**kept, **({"g": arrived[0]} if len(arrived) == 1 else {})}
    there = _there(known, d.shape, bad)
    shown = [described(one, value, there) for one, value in kept.items()]
    place = _place(lines.of(node), "ran ")
    large = max([_largest(one) for one in (*kept.values(), *arrived)], default=0.0)
    return _sentences(
        f"Function '{node.name()}' returned {what} values in its {number}th output: gradients must "
        f"be finite; of the gradient of {name}{_count(d, bad)}.",
        f"{type(node).__name__} {place}{_parameter(node)}.",
        _arrived(arrived),
        *shown,
        spoilt(kept) or cures.backward(type(node).__name__, there, large),
    )


def given(g: Any) -> str:
    """Of a gradient that the user handed to ``backward``."""
    return (
        "backward: the gradient that a pass starts from must be finite; got one"
        f"{_count(g, ~np.isfinite(g))}. Look at gradient= (of the scaled loss: at the scale)."
    )


def hooked(edge: Any, g: Any) -> str:
    """Of a gradient that no formula has made."""
    tensor = edge.tensor() if type(edge) is Leaf else None
    name = variables.tensor_name(tensor) if tensor is not None else None
    return (
        f"backward: gradients must be finite; that of {f'`{name}`' if name else 'a tensor'}"
        f"{_count(g, ~np.isfinite(g))}, though every op's formula gave finite ones: sums of them "
        "have left the range, or a hook has changed one. Look at the hooks; scale the loss down."
    )


# -- parts of sentences ----------------------------------------------------------------------------


def _sentences(*all: str) -> str:
    return " ".join([one for one in all if one])


def _place(line: Any, verb: str = "") -> str:
    if line is None:
        return f"{verb}at a line that was not noted" if verb else "here"
    return f"{verb}{lines.at(line).strip()}"


def _count(array: Any, bad: Any) -> str:
    """How many elements are bad, and where the first are."""
    kinds = {"NaN": np.isnan(array), "inf": np.isposinf(array), "-inf": np.isneginf(array)}
    kinds = {kind: found & bad for kind, found in kinds.items()}
    found = " and ".join([f"{int(n.sum())} {kind}" for kind, n in kinds.items() if n.any()])
    if not array.ndim:
        return f", the result is {found.partition(' ')[2]}"
    places = [str([int(i) for i in place]) for place in np.argwhere(bad)[:_SHOWN]]
    more = ", ..." if bad.sum() > _SHOWN else ""
    return f", {found} of {array.size} elements, at {', '.join(places)}{more}"


def _there(given: dict[str, Any], shape: tuple[int, ...], bad: Any) -> dict[str, Any]:
    """The values of the operands at the bad elements, of those that have such places."""
    found = {}
    for name, value in given.items():
        if np.ndim(value) <= len(shape) and _is_floating(value):
            try:
                found[name] = np.broadcast_to(value, shape)[bad]
            except ValueError:
                continue
    return found


def _is_floating(value: Any) -> bool:
    if isinstance(value, (int, float)):
        return True
    return hasattr(value, "dtype") and dtypes.numeric(value.dtype)


def described(name: str, value: Any, there: dict[str, Any]) -> str:
    """An operand as a sentence; empty for what is no array of numbers.

    >>> described("x", np.array([0.0, 2.0]), {"x": np.array([0.0])})
    'x, float64 of shape (2,) from 0 to 2 with 1 zero, is 0 there.'
    """
    if not hasattr(value, "dtype"):
        return f"{name} is {value}." if isinstance(value, (int, float)) else ""
    if not np.ndim(value):
        return f"{name} is {float(value):.4g}."
    if not dtypes.differentiable(value.dtype) or not np.size(value):
        return f"{name} has shape {tuple(value.shape)}."
    array = np.asarray(value)
    held = _held(array)
    good = array[np.isfinite(array)]
    span = f" from {good.min():.4g} to {good.max():.4g}" if good.size else ""
    counts = {
        "zero": (good == 0).sum(), "negative": (good < 0).sum(), "NaN": np.isnan(array).sum(),
        "inf": np.isposinf(array).sum(), "-inf": np.isneginf(array).sum(),
    }  # fmt: skip
    plural = {"zero": "zeros"}
    parts = [f"{n} {plural.get(kind, kind) if n > 1 else kind}" for kind, n in counts.items() if n]
    text = f"{name}{held}, {array.dtype} of shape {tuple(array.shape)}{span}"
    text += f" with {', '.join(parts)}" if parts else ""
    if name in there and there[name].size:
        values = list(dict.fromkeys([f"{float(v):.4g}" for v in there[name][:_SHOWN]]))
        return f"{text}, is {' and '.join(values)} there."
    return f"{text}."


def _held(array: Any) -> str:
    """The variable that holds an array, where there is one."""
    for held in variables.variables():
        if isinstance(held.value, TensorBase) and held.value._data is array:
            return f" (`{held.path}`)"
    return ""


def _arrived(arrived: list[Any]) -> str:
    sizes = [np.abs(one).max() for one in arrived if np.size(one)]
    return f"The gradient that came in is at most {max(sizes):.4g}." if sizes else ""


def _largest(value: Any) -> float:
    """The largest size among the finite elements of an array of floating numbers."""
    if not hasattr(value, "dtype") or not dtypes.differentiable(value.dtype):
        return 0.0
    sizes = np.abs(np.asarray(value))
    return float(np.max(sizes, initial=0.0, where=np.isfinite(sizes)))


def _has_nan(value: Any) -> bool:
    floating = hasattr(value, "dtype") and dtypes.differentiable(value.dtype)
    return floating and bool(np.isnan(value).any())


def spoilt(kept: dict[str, Any]) -> str:
    """Where NaN came from, as a sentence, if it was there before any op of this pass; else ''."""
    for model in variables.models():
        for name, tensor in model.value.named_parameters():
            if _has_nan(tensor._data):
                return (
                    f"The parameter `{model.path}.{name}` holds NaN already: an earlier step has "
                    "spoilt it. Look at the step before, with detect_anomaly() from the start."
                )
    for held in variables.variables():
        tensor = held.value
        if isinstance(tensor, TensorBase) and (tensor._edge is None or type(tensor._edge) is Leaf):
            if tensor._whole and _has_nan(tensor._data):
                array = np.asarray(tensor._data)
                return (
                    f"`{held.path}`{_count(array, np.isnan(array))}, holds "
                    "NaN that came in with the data: clean it, torch.nan_to_num(x), or leave such "
                    "rows out, x[~x.isnan().any(1)]."
                )
    named = [name for name, value in kept.items() if _has_nan(value)]
    if named:
        return (
            f"{named[0]} was NaN in the forward pass already: it came in with the data, or was "
            "made outside detect_anomaly(). Put the forward pass into it, too."
        )
    return ""


def _kept(node: Any) -> dict[str, Any]:
    """What a node has kept, by name: inputs of its op, or ``out``."""
    plan: Any = node.plan or ()
    names = [*getattr(node, "inputs", ()), "out"]
    if getattr(node, "fused", None) is not None:
        return dict(zip(node.fused.kept, plan[0][2], strict=False))
    found: dict[str, Any] = {}
    for edge, function, kept in plan:
        formula = getattr(node, "formula_of", {}).get(function)
        if formula is not None:
            values = kept[1:] if function is formula.fitted else kept
            found.update({names[i]: one for i, one in zip(formula.picks, values, strict=True)})
        elif edge is None:  # PyTorch's form
            found.update({f"saved tensor {i}": one for i, one in enumerate(kept)})
    return found


def _module_running(frame: FrameType | None) -> str:
    """The innermost module whose forward runs, by its path."""
    while frame is not None:
        if frame.f_code.co_name == "forward":
            known = variables.names_in(frame)
            module = known.get("self")
            if module is not None and variables.is_module(module):
                return f", in {variables.module_name(module)}: {type(module).__name__}"
        frame = frame.f_back
    return ""


def _parameter(node: Any) -> str:
    """The parameter nearest to a node: it says in which layer, or behind which, it stands."""
    waiting, seen = [(node, 0)], {node}
    for one, depth in waiting:  # grows while it is walked
        for edge in one.edges:
            if type(edge) is Leaf:
                tensor = edge.tensor()
                name = variables.tensor_name(tensor) if tensor is not None else None
                if name and "." in name:
                    return f", {'with' if not depth else 'behind'} `{name}`"
            below = edge[0] if type(edge) is tuple else edge
            if below is not None and below not in seen and len(seen) < 200:
                seen.add(below)
                waiting.append((below, depth + 1))
    return ""

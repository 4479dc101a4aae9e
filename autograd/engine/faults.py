"""Bad arguments: what an op says to them, in our words, and complex numbers that it cannot take."""

from __future__ import annotations

import sys
from typing import Any

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric, check_tensors
from autograd.engine.graph import TensorBase
from autograd.engine.places import PACKAGES, placed


def refuse_tensors(op: Any, options: dict[str, Any]) -> None:
    """Raise TypeError for a Tensor among an op's keyword arguments, which are static facts."""
    for name, value in options.items():
        if isinstance(value, TensorBase):
            raise TypeError(
                f"{op.__name__}: tensors are given by position; got one for {name}. Keyword "
                "arguments are static facts, which have no gradient."
            )


def out_of_graph(otherwise: str) -> str:
    """How to go on where a value cannot leave the graph: ``otherwise``, but in a gradient formula.

    There a value that left would make the first derivative right and the second one wrong.
    """
    frame: Any = sys._getframe(1)
    while frame is not None:
        name, module = frame.f_code.co_name, frame.f_globals.get("__name__", "")
        if module.startswith("autograd.engine."):
            if name in ("once", "_of_arrays"):
                break  # it has said that there is no second derivative
            if name in ("_recorded", "_carried_out", "gradients"):
                op = frame.f_locals.get("node", frame.f_locals.get("self"))
                return (
                    f"decorate the formula of {type(op).__name__} with "
                    "autograd.function.once_differentiable, which makes second derivatives an "
                    "error, or compute this step by an op of its own, whose formula is the second "
                    "derivative; values taken out of the graph here would make it wrong"
                )
        frame = frame.f_back
    return otherwise


_JOINED = (list, tuple, str, bytes)  # which Python's operators join and repeat


def refuse_complex(op: Any, edges: tuple[Any, ...], inputs: list[Any], out: Any) -> None:
    """Raise RuntimeError where a gradient would have to go through complex numbers.

    The formulas of ops that do not say ``takes_complex`` were written for real numbers, and nobody
    has looked whether they hold for complex ones.
    """
    if op.plain and not op.formulas:
        return  # nothing is recorded
    found = [value.dtype for value, edge in zip(inputs, edges) if edge is not None]
    found += [one.dtype for one in (out if type(out) is tuple else (out,))]
    for dtype in found:
        if dtypes.complex_valued(dtype):
            raise RuntimeError(
                f"{op.__name__}: what requires grad must be real here, since this operation has no "
                f"gradient for complex numbers; got {dtype}. Keep the parts in two real tensors, "
                "or leave the graph: z.detach()."
            )


def told_by_us(error: BaseException) -> bool:
    """Whether an error was raised by a statement of ours, not by NumPy or Python on our behalf."""
    told, module = _told(error)
    return told and module.partition(".")[0] in PACKAGES


def _told(error: BaseException) -> tuple[bool, str]:
    """Whether a ``raise`` raised an error, and in which Python module it came up."""
    from opcode import opmap  # where something went wrong only

    trace: Any = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    raised = trace.tb_frame.f_code.co_code[trace.tb_lasti] == opmap["RAISE_VARARGS"]
    return raised, trace.tb_frame.f_globals.get("__name__", "")


def reworded(op: Any, given: Any, options: dict[str, Any], error: Exception) -> Exception:
    """What stopped the forward of an op, in our words, and where.

    What the author of an op from outside raises on purpose stays as it is.
    """
    if op.guard.rewords:
        return placed(_in_our_words(op, given, options, error))
    if told_by_us(error):
        return placed(error)
    if not _told(error)[0] and type(error) in (ValueError, TypeError, IndexError):
        words = str(error).rstrip(" .")
        error.args = (f"{op.__name__}: {words}; got {_described(op, given, options)}.",)
        return placed(error)
    return error


def _in_our_words(op: Any, given: Any, options: dict[str, Any], error: Exception) -> Exception:
    """What stopped the forward of an op of ours."""
    if told_by_us(error) and not isinstance(error, OverflowError):
        return error
    defaults = op.forward.__kwdefaults__ or {}
    for name, value in options.items():
        if type(defaults.get(name)) is bool and not isinstance(value, bool):
            name = "keepdim" if name == "keepdims" else name  # as PyTorch has it
            return TypeError(
                f"{op.__name__}: {name} must be True or False; got {value!r:.60}. Pass a bool."
            )
    described = _described(op, given, options)
    if isinstance(error, OverflowError):
        return ValueError(
            f"{op.__name__}: every number must be one that the tensor's dtype can hold; got "
            f"{described}. Convert the tensor first."
        )
    kinds = (IndexError, TypeError)
    kind = next((one for one in kinds if isinstance(error, one)), ValueError)
    return kind(
        f"{op.__name__}: the arguments must be of kinds, shapes and sizes that belong together; "
        f"got {described}. See its documentation."
    )


def _described(op: Any, given: Any, options: dict[str, Any]) -> str:
    """What an op was given: each by its name, tensors by dtype and shape."""
    names = op.inputs if not op.variadic else [*op.inputs[:-1], *[op.inputs[-1]] * len(given)]
    return ", ".join(
        [
            f"{name} of {value.dtype} and shape {tuple(value.shape)}"
            if hasattr(value, "dtype") and hasattr(value, "shape")
            else f"{name}={value!r:.60}"
            for name, value in [*zip(names, given), *options.items()]
        ]
    )


FAULTS = (TypeError, ValueError, IndexError, OverflowError, AttributeError)  # of bad arguments


def on_arrays(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """The raw result of an op where there is no tensor: arrays, or numbers.

    Raises TypeError where the first of ``args`` is neither.
    """
    try:
        out = op().forward(*args, **options)
    except (TypeError, AttributeError, ValueError, ArithmeticError) as error:
        first = dict(zip(op.inputs[:1], args))  # noqa: B905
        check_numeric(op.__name__, **first)
        if not isinstance(error, ValueError):  # numbers or a list, which forward cannot do with
            check_tensors(op.__name__, **first)
        raise reworded(op, args, options or {}, error) from None
    if args and not hasattr(args[0], "dtype"):
        check_numeric(op.__name__, **dict(zip(op.inputs[:1], args)))  # noqa: B905
    if op.elementwise and type(out) in _JOINED:
        check_tensors(op.__name__, **dict(zip(op.inputs, args, strict=False)))
    return out

"""bfloat16: an op computes in float32, and rounds once, at its end.

NumPy has bfloat16 from the package ml_dtypes, whose arithmetic rounds each step and whose sums lose
what is small. So an op that meets a bfloat16 tensor is applied to float32 copies, and its result is
cast back; the gradient comes along the same way. What only looks at memory (a view) needs none of
it. The shortest ``apply`` of an op does not ask for dtypes: from the first use of bfloat16 on, ops
are run the general way.
"""

from __future__ import annotations

from typing import Any

from autograd.arrays import dtypes
from autograd.engine import observer
from autograd.engine.graph import TensorBase

everywhere = observer.Observer()  # it hears nothing: it is there
everywhere.may_miss = True


def _begin(bfloat16: Any) -> None:
    observer.listening.append(everywhere)


dtypes.at_first_use.append(_begin)


def meets(args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Whether a bfloat16 tensor is among the arguments, or the result is to be one."""
    wanted: Any = options.get("dtype")
    if hasattr(wanted, "itemsize") and dtypes.brain(wanted):
        return True
    return any([isinstance(value, TensorBase) and is_narrow(value) for value in args])


def is_narrow(value: Any) -> bool:
    """Whether a tensor or an array is of bfloat16."""
    return hasattr(value, "dtype") and dtypes.brain(value.dtype)


def widely(op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``op`` applied to ``args`` in float32, its results in what PyTorch gives for ``args``."""
    from autograd.engine.elementwise import cast  # which is built on ops

    wide = [cast(value, dtypes.float32) if is_narrow(value) else value for value in args]
    wanted = options.get("dtype")
    if wanted is not None:
        narrow = dtypes.brain(wanted)
        options = {**options, "dtype": dtypes.float32} if narrow else options
    elif op.elementwise:
        narrow = dtypes.brain(dtypes.result_type(*[value for value in args if value is not None]))
    else:
        narrow = not any([_is_wider(value) for value in args])
    result = op.apply(*wide, **options)
    if not narrow:
        return result
    bfloat16 = dtypes.of_name("bfloat16")
    if type(result) is tuple:
        return tuple([cast(one, bfloat16) if _is_float32(one) else one for one in result])
    return cast(result, bfloat16) if _is_float32(result) else result


def _is_wider(value: Any) -> bool:
    return hasattr(value, "dtype") and dtypes.differentiable(value.dtype) and not is_narrow(value)


def _is_float32(value: Any) -> bool:
    return hasattr(value, "dtype") and value.dtype == dtypes.float32

"""Functions of one argument made into functions of several, under HIPS autograd's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.util import subvals

__all__ = ["unary_to_nary"]


def _is_index(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _no_argument(call: str, i: int, args: Any, named: Any) -> IndexError:
    by_name = f" and {', '.join(named)} by name" if named else ""
    return IndexError(
        f"{call}: the argument to differentiate by must be given by position; got argnum {i}, "
        f"{len(args)} by position{by_name}. Count from 0."
    )


def check_function(call: str, fun: Any) -> None:
    """Raise TypeError where what an operator is given is no function."""
    if not callable(fun):
        raise TypeError(
            f"{call}: what is differentiated must be a function; got {fun!r:.60} of type "
            f"{type(fun).__name__}. Pass the function, not its value."
        )


def unary_to_nary(unary: Callable[..., Any]) -> Callable[..., Any]:
    """``unary(fun, x, ...)`` as an operator on functions of several arguments.

    The operator takes ``fun`` and ``argnum``, the position of the argument that ``unary`` sees, or
    a tuple or list of positions, of which it sees a tuple.

    >>> from autograd.wrap_util import unary_to_nary
    >>> doubled = unary_to_nary(lambda fun, x: fun(2 * x))
    >>> doubled(lambda x, y: x - y, 1)(1, 10)
    -19
    """

    def operator(fun: Any, argnum: Any = 0, *extra: Any, **options: Any) -> Callable[..., Any]:
        check_function(unary.__name__, fun)
        several = isinstance(argnum, (tuple, list))
        if not all([_is_index(i) for i in (argnum if several else [argnum])]):
            raise TypeError(
                f"{unary.__name__}: argnum must be an int, or a tuple or list of ints; got "
                f"{argnum!r}. Count arguments from 0."
            )

        simple = argnum == 0 and hasattr(fun, "__name__") and not (several or extra or options)

        def called(*args: Any, **named: Any) -> Any:
            if simple and len(args) == 1 and not named:
                return unary(fun, args[0])  # as it nearly always is
            highest = max(argnum, default=-1) if several else argnum
            if not -len(args) <= highest < len(args):
                if args or not several or argnum:
                    raise _no_argument(unary.__name__, highest, args, named)
            if not several:
                x = args[argnum]

                def alone(one: Any) -> Any:
                    return fun(*args[:argnum], one, *args[argnum:][1:], **named)
            else:
                x = tuple([args[i] for i in argnum])

                def alone(one: Any) -> Any:
                    return fun(*subvals(args, zip(argnum, one)), **named)

            alone.__name__ = name  # for messages
            return unary(alone, x, *extra, **options)

        name = getattr(fun, "__name__", "unknown")
        called.__name__ = f"{unary.__name__}_of_{name}_wrt_argnum_{argnum}"
        called.__doc__ = (
            f"    {unary.__name__} of function {name} with respect to argument {argnum}.\n\n"
            f"    {getattr(fun, '__doc__', '') or ''}"
        )
        return called

    operator.__name__ = unary.__name__
    operator.__doc__ = unary.__doc__
    return operator

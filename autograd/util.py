"""Small tools under HIPS autograd's name; PyTorch's ``torch.utils`` is ``autograd.utils``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def func(method: Any) -> Any:
    """The function of a method; a function as it is.

    >>> func(len) is len
    True
    """
    return getattr(method, "__func__", method)


def subval(values: Any, i: int, value: Any) -> tuple[Any, ...]:
    """``values`` as a tuple, with ``value`` at i.

    >>> from autograd.util import subval
    >>> subval((1, 2, 3), 1, 5)
    (1, 5, 3)
    """
    return subvals(values, [(i, value)])


def subvals(values: Any, pairs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """``values`` as a tuple, with the value of each pair (i, value) at i.

    >>> subvals((1, 2, 3), [(0, 7), (2, 9)])
    (7, 2, 9)
    """
    changed = list(values)
    for i, value in pairs:
        changed[i] = value
    return tuple(changed)


def quick_grad_check(fun: Any, arg0: Any, extra_args: Any = (), kwargs: Any = None) -> None:
    """Raise AssertionError where the gradient of ``fun`` by its first argument is wrong.

    >>> quick_grad_check(lambda x, y: x * x + y, 1.0, (2.0,))
    """
    from autograd.test_util import check_grads

    named = kwargs or {}
    check_grads(lambda x: fun(x, *extra_args, **named), modes=["rev"], order=1)(arg0)

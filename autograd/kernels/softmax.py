"""Exponentials along an axis, of which softmax and its likelihood are made."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import ends, handed_over, kernel, pick


@kernel(plain=np.exp)
def exp_over(t: Any) -> Any:
    """exp t in the memory of ``t``, which its maker gives away."""
    return np.exp(t, out=t if type(t) is np.ndarray else None)


# -- the likelihood of classes --------------------------------------------------------------------


def _class_bounds(target: Any) -> tuple[int, int]:
    return ends(target)


@kernel(plain=_class_bounds, looks=True)
def class_bounds(target: Any) -> tuple[int, int]:
    """The least and the greatest of the classes that targets name; see :func:`ends`.

    >>> class_bounds(np.array([3, 1]))
    (1, 3)
    """
    if type(target) is not np.ndarray:
        return handed_over(class_bounds, (target,), {})
    return (int(target.min()), int(target.max())) if target.size else (0, 0)


def _class_exponentials(x: Any, target: Any) -> tuple[Any, Any, Any]:
    shifted = x - np.maximum.reduce(x, axis=1, keepdims=True)
    chosen = pick(shifted, (np.arange(x.shape[0]), target))
    exp = np.exp(shifted)
    return exp, np.add.reduce(exp, axis=1), chosen


@kernel(plain=_class_exponentials, looks=True)
def class_exponentials(x: Any, target: Any) -> tuple[Any, Any, Any]:
    """Of logits (N, C) less their rows' maxima: exp x (N, C), its sums (N), x at the targets (N).

    -log softmax(x) at the targets is log(sums) - chosen.

    >>> class_exponentials(np.zeros((1, 2)), np.array([1]))
    (array([[1., 1.]]), array([2.]), array([0.]))
    """
    if type(x) is not np.ndarray or type(target) is not np.ndarray:
        return handed_over(class_exponentials, (x, target), {})
    shifted = x - np.maximum.reduce(x, axis=1, keepdims=True)
    chosen = shifted[np.arange(x.shape[0]), target]
    exp = np.exp(shifted, out=shifted)
    return exp, np.add.reduce(exp, axis=1), chosen


def _class_gradient(exp: Any, sums: Any, by_row: Any, target: Any) -> Any:
    rows = np.arange(exp.shape[1], like=target) == target[:, None]
    by_row = np.zeros_like(sums) + by_row
    return exp * (by_row / sums)[:, None] - by_row[:, None] * rows


@kernel(plain=_class_gradient, looks=True)
def class_gradient(exp: Any, sums: Any, by_row: Any, target: Any) -> Any:
    """The gradient of Σ by_row · (log(sums) - chosen) in x, in the memory of ``exp``.

    ``by_row`` is (N), or one number for all.

    >>> class_gradient(np.ones((1, 2)), np.array([2.0]), 1.0, np.array([1]))
    array([[ 0.5, -0.5]])
    """
    arrays = type(exp) is type(sums) is type(target) is np.ndarray
    if not arrays or not isinstance(by_row, (np.ndarray, np.generic, float)):
        return handed_over(class_gradient, (exp, sums, by_row, target), {})
    exp *= np.reshape(by_row / sums, (-1, 1))
    exp[np.arange(exp.shape[0]), target] -= by_row
    return exp

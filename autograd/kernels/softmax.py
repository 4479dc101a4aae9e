"""Exponentials along an axis, of which softmax and its likelihood are made."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel, pick


@kernel(plain=np.exp)
def exp_over(t: Any) -> Any:
    """exp t in the memory of ``t``, which its maker gives away."""
    return np.exp(t, out=t if type(t) is np.ndarray else None)


# -- the likelihood of classes --------------------------------------------------------------------


@kernel
def class_exponentials(x: Any, target: Any) -> tuple[Any, Any, Any]:
    """Of logits (N, C) less their rows' maxima: exp x (N, C), its sums (N), x at the targets (N).

    -log softmax(x) at the targets is log(sums) - chosen.

    >>> class_exponentials(np.zeros((1, 2)), np.array([1]))
    (array([[1., 1.]]), array([2.]), array([0.]))
    """
    shifted = x - np.maximum.reduce(x, axis=1, keepdims=True)
    chosen = pick(shifted, (np.arange(x.shape[0]), target))
    exp = exp_over(shifted)
    return exp, np.add.reduce(exp, axis=1), chosen


def _class_gradient(exp: Any, sums: Any, by_row: Any, target: Any) -> Any:
    rows = np.arange(exp.shape[1], like=target) == target[:, None]
    by_row = np.zeros_like(sums) + by_row
    return exp * (by_row / sums)[:, None] - by_row[:, None] * rows


@kernel(plain=_class_gradient)
def class_gradient(exp: Any, sums: Any, by_row: Any, target: Any) -> Any:
    """The gradient of Σ by_row · (log(sums) - chosen) in x, in the memory of ``exp``.

    ``by_row`` is (N), or one number for all.

    >>> class_gradient(np.ones((1, 2)), np.array([2.0]), 1.0, np.array([1]))
    array([[ 0.5, -0.5]])
    """
    exp *= np.reshape(by_row / sums, (-1, 1))
    exp[np.arange(exp.shape[0]), target] -= by_row
    return exp

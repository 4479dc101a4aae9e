"""Exponentials along an axis, of which softmax and its likelihood are made."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from autograd.arrays.dialect import ends, handed_over, kernel, pick
from autograd.kernels.parts import by_rows, met
from autograd.kernels.sums import SMALL, row_products, row_sums

# Exponentials need no shift where a row's sum lies between these: what is lost to underflow then is
# less than 1e-33 of the sum.
_LEAST, _MOST = 1e-4, 1e30


@kernel(plain=np.exp)
def exp_over(t: Any) -> Any:
    """exp t in the memory of ``t``, which its maker gives away."""
    return np.exp(t, out=t if type(t) is np.ndarray else None)


# -- softmax --------------------------------------------------------------------------------------


def _softmax(x: Any) -> Any:
    t = np.exp(x - np.maximum.reduce(x, axis=-1, keepdims=True))
    return t / np.add.reduce(t, axis=-1, keepdims=True)


@kernel(plain=_softmax)
def softmax(x: Any) -> Any:
    """exp x / Σ exp x along the last axis, of which there is one, and not empty.

    >>> softmax(np.zeros((1, 2)))
    array([[0.5, 0.5]])
    """
    if x.size <= SMALL:
        with np.errstate(invalid="ignore"):
            return _softmax(x)
    rows = x.reshape(-1, x.shape[-1])
    out = np.empty(rows.shape, x.dtype)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        by_rows(partial(_softmax_of, rows, out), *rows.shape)
    return out.reshape(x.shape)


def _softmax_of(x: Any, out: Any, part: Any) -> None:
    """The softmax of some rows of a matrix, written to ``out``; NaN where a row is all -∞.

    The maximum is subtracted only where the exponentials leave the range without that.
    """
    x, out = x[part], out[part]
    np.exp(x, out=out)
    total = row_sums(out, np.ones(x.shape[1], x.dtype))
    met(np.multiply, out, (1 / total)[:, None], out)
    kept = (total > _LEAST) & (total < _MOST)
    if not kept.all():
        x = x[~kept]
        largest = np.maximum.reduce(x, axis=1, keepdims=True)
        t = np.exp(x - largest)
        t /= np.add.reduce(t, axis=1, keepdims=True)
        out[~kept] = t


def _softmax_gradient(g: Any, out: Any) -> Any:
    t = g * out
    return t - out * np.add.reduce(t, axis=-1, keepdims=True)


@kernel(plain=_softmax_gradient)
def softmax_gradient(g: Any, out: Any) -> Any:
    """The gradient of :func:`softmax` in x.

    >>> softmax_gradient(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]]))
    array([[ 0.25, -0.25]])
    """
    if out.size <= SMALL:
        return _softmax_gradient(g, out)
    shape = out.shape
    g, out = g.reshape(-1, shape[-1]), out.reshape(-1, shape[-1])
    found = np.empty(out.shape, out.dtype)

    def work(part: slice) -> None:
        to = found[part]
        met(np.subtract, g[part], row_products(g[part], out[part])[:, None], to)
        to *= out[part]

    by_rows(work, *out.shape)
    return found.reshape(shape)


def _log_softmax(x: Any) -> tuple[Any, Any, Any]:
    t = x - np.maximum.reduce(x, axis=-1, keepdims=True)
    exp = np.exp(t)
    total = np.add.reduce(exp, axis=-1, keepdims=True)
    return t - np.log(total), exp, total


@kernel(plain=_log_softmax)
def log_softmax(x: Any) -> tuple[Any, Any, Any]:
    """log softmax x along the last axis, exp(x - max x), and the sums (…, 1) of these.

    >>> log_softmax(np.zeros((1, 1)))
    (array([[0.]]), array([[1.]]), array([[1.]]))
    """
    if x.size <= SMALL:
        with np.errstate(invalid="ignore"):
            return _log_softmax(x)
    out, exp = np.empty(x.shape, x.dtype), np.empty(x.shape, x.dtype)
    sums, ones = np.empty((*x.shape[:-1], 1), x.dtype), np.ones(x.shape[-1], x.dtype)
    rows, logs, exps, totals = (one.reshape(-1, one.shape[-1]) for one in (x, out, exp, sums))

    def work(part: slice) -> None:
        x, to, total = rows[part], logs[part], totals[part]
        met(np.subtract, x, np.maximum.reduce(x, axis=1, keepdims=True), to)
        np.exp(to, out=exps[part])
        total[:, 0] = row_sums(exps[part], ones)
        met(np.subtract, to, np.log(total), to)

    with np.errstate(invalid="ignore"):
        by_rows(work, *rows.shape)
    return out, exp, sums


def _log_softmax_gradient(g: Any, exp: Any, sums: Any) -> Any:
    return g - exp * (np.add.reduce(g, axis=-1, keepdims=True) / sums)


@kernel(plain=_log_softmax_gradient)
def log_softmax_gradient(g: Any, exp: Any, sums: Any) -> Any:
    """The gradient of :func:`log_softmax` in x, in the memory of ``exp``.

    >>> log_softmax_gradient(np.array([[1.0, 0.0]]), np.ones((1, 2)), np.array([[2.0]]))
    array([[ 0.5, -0.5]])
    """
    if not g.size:  # rows of no length have no number
        return exp
    rows, to = g.reshape(-1, g.shape[-1]), exp.reshape(-1, exp.shape[-1])
    sums, ones = sums.reshape(-1), np.ones(g.shape[-1], g.dtype)

    def work(part: slice) -> None:
        own = to[part]
        met(np.multiply, own, (row_sums(rows[part], ones) / sums[part])[:, None], own)
        np.subtract(rows[part], own, out=own)

    by_rows(work, *rows.shape)
    return exp


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
    # of no classes, too
    shifted = x - np.maximum.reduce(x, axis=1, keepdims=True, initial=-math.inf)
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
    if x.size <= SMALL:
        return _class_exponentials(x, target)
    exp, chosen, sums = np.empty(x.shape, x.dtype), *np.empty((2, x.shape[0]), x.dtype)
    ones = np.ones(x.shape[1], x.dtype)

    def work(part: slice) -> None:
        own, classes = exp[part], target[part]
        met(np.subtract, x[part], np.maximum.reduce(x[part], axis=1, keepdims=True), own)
        chosen[part] = own[np.arange(len(classes)), classes]
        np.exp(own, out=own)
        sums[part] = row_sums(own, ones)

    by_rows(work, *x.shape)
    return exp, sums, chosen


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
    factors = by_row / sums

    def work(part: slice) -> None:
        own = exp[part]
        met(np.multiply, own, factors[part, None], own)

    if exp.size <= SMALL:
        work(slice(None))
    else:
        by_rows(work, *exp.shape)
    exp[np.arange(exp.shape[0]), target] -= by_row
    return exp

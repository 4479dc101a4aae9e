"""scipy.special over traced values: ``import autograd.scipy.special as special``.

Every function that is not named here is SciPy's own, for plain values. An order, a degree, the
shape parameters of incomplete functions have no derivative: NotImplementedError tells so. All that
is here is differentiated any number of times.

>>> import autograd.scipy.special as special
>>> from autograd.core import make_vjp
>>> vjp, value = make_vjp(special.gammaln, 1.0)
>>> f"{vjp(1.0):.4f}"  # minus Euler's constant
'-0.5772'
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.engine.graph import TensorBase, unwrap
from autograd.numpy import orders
from autograd.numpy.scipys import entered, floats, part_of_scipy
from autograd.ops.pointwise import bessel, erf as errors, gamma as gammas, normal, sigmoid, zeta
from autograd.ops.reductions.softmax import LogSumExp


def _elementwise(op: Any) -> Any:
    return lambda *args: op.apply(*floats(*args))


def _erf(x: Any) -> Any:
    return (orders.ComplexErf if dtypes.complex_valued(x.dtype) else errors.Erf).apply(x)


def _erfc(x: Any) -> Any:
    return (
        1 - orders.ComplexErf.apply(x) if dtypes.complex_valued(x.dtype) else errors.Erfc.apply(x)
    )


def _polygamma(n: Any, x: Any) -> Any:
    if isinstance(n, (int, np.integer)):
        return gammas.polygamma(int(n), x)
    return orders.Polygammas.apply(*floats(n, x))


def _multigammaln(a: Any, d: Any) -> Any:
    d = int(d)
    out: Any = d * (d - 1) / 4 * math.log(math.pi)
    for j in range(d):
        out = out + gammas.Lgamma.apply(a - j / 2)
    return out


def _xlogy(x: Any, y: Any) -> Any:
    from autograd.ops.pointwise.exponential import xlogy

    return xlogy(*floats(x, y))


def _logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    (a,) = floats(a)
    if axis is not None:
        many = axis if isinstance(axis, (tuple, list)) else (axis,)
        axis = tuple(int(i) % a.ndim for i in many)
    if b is None and not return_sign and dtypes.floating(a.dtype) and isinstance(a, TensorBase):
        return LogSumExp.apply(a, axis=axis, keepdims=keepdims)
    parts = np.real(np.asarray(unwrap(a)))
    if b is not None:
        (b,) = floats(b)
        parts = np.where(np.asarray(unwrap(b)) == 0, -np.inf, parts)
    greatest = np.max(parts, axis=axis, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(greatest), greatest, 0).astype(parts.dtype)
    terms = np.exp(a - shift)
    total = np.sum(terms if b is None else terms * b, axis=axis, keepdims=True)
    plain = np.asarray(unwrap(total))
    sign = np.sign(plain)
    if return_sign and dtypes.floating(plain.dtype):
        total = total * sign
    empty = plain == 0
    if dtypes.floating(plain.dtype) and not return_sign:
        total = np.where(sign < 0, np.nan, total) if (sign < 0).any() else total
    if empty.any():
        total = np.where(empty, 1.0, total)
        out = np.where(empty, -np.inf, np.log(total) + shift)
    else:
        out = np.log(total) + shift
    if not keepdims:
        gone = tuple(range(plain.ndim)) if axis is None else axis
        out, sign = np.squeeze(out, gone), np.squeeze(sign, gone)
    return (out, sign[()]) if return_sign else out


def _softmax(x: Any, axis: Any = None) -> Any:
    return np.exp(_log_softmax(x, axis))


def _log_softmax(x: Any, axis: Any = None) -> Any:
    return x - _logsumexp(x, axis=axis, keepdims=True)


def _rel_entr(x: Any, y: Any) -> Any:
    x, y = floats(x, y)
    return _xlogy(x, x) - _xlogy(x, y)


def _kl_div(x: Any, y: Any) -> Any:
    x, y = floats(x, y)
    return _rel_entr(x, y) - x + y


def _power(x: Any, lmbda: Any) -> Any:
    x, lmbda = floats(x, lmbda)
    if isinstance(lmbda, TensorBase) or np.ndim(lmbda):
        return (np.exp(lmbda * np.log(x)) - 1) / lmbda
    return np.log(x) if lmbda == 0 else np.expm1(lmbda * np.log(x)) / lmbda


_WAYS: dict[str, Any] = {
    "erf": _erf,
    "erfc": _erfc,
    "polygamma": _polygamma,
    "multigammaln": _multigammaln,
    "xlogy": _xlogy,
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "rel_entr": _rel_entr,
    "kl_div": _kl_div,
    "boxcox": _power,
    "exp2": lambda x: np.exp2(x),
    "expm1": lambda x: np.expm1(x),
    "log1p": lambda x: np.log1p(x),
}
_OPS: dict[str, Any] = {
    "beta": orders.Beta,
    "betaln": orders.Betaln,
    "betainc": orders.Betainc,
    "digamma": gammas.Digamma,
    "psi": gammas.Digamma,
    "gamma": orders.Gamma,
    "gammaln": gammas.Lgamma,
    "gammasgn": orders.Gammasgn,
    "rgamma": orders.Rgamma,
    "gammainc": zeta.Igamma,
    "gammaincc": zeta.Igammac,
    "zeta": zeta.Zeta,
    "j0": bessel.BesselJ0,
    "j1": bessel.BesselJ1,
    "y0": bessel.BesselY0,
    "y1": bessel.BesselY1,
    "jn": orders.Jv,
    "jv": orders.Jv,
    "yn": orders.Yv,
    "yv": orders.Yv,
    "i0": bessel.I0,
    "i1": bessel.I1,
    "i0e": bessel.I0E,
    "i1e": bessel.I1E,
    "iv": orders.Iv,
    "ive": orders.Ive,
    "k0": bessel.K0,
    "k1": bessel.K1,
    "k0e": bessel.K0E,
    "k1e": bessel.K1E,
    "kn": orders.Kv,
    "kv": orders.Kv,
    "kve": orders.Kve,
    "erfinv": errors.Erfinv,
    "erfcinv": orders.Erfcinv,
    "erfcx": normal.Erfcx,
    "logit": sigmoid.Logit,
    "expit": sigmoid.Sigmoid,
    "log_expit": sigmoid.LogSigmoid,
    "xlog1py": normal.XLog1PY,
    "ndtr": normal.Ndtr,
    "ndtri": normal.Ndtri,
    "log_ndtr": normal.LogNdtr,
    "entr": normal.Entr,
}

for _name, _op in _OPS.items():
    _WAYS[_name] = _elementwise(_op)
for _name, _way in _WAYS.items():
    globals()[_name] = entered("special", _name, _way)


def __getattr__(name: str) -> Any:
    module = part_of_scipy("special")
    if name.startswith("__") or (module is not None and not hasattr(module, name)):
        raise AttributeError(f"autograd.scipy.special: must be a function of it; got {name}.")
    if module is None:
        raise ImportError(
            f"special.{name}: needs SciPy, which is not installed. "
            "Run pip install 'gradloom[scipy]'."
        )
    return getattr(module, name)

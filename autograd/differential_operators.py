"""Operators on functions, under HIPS autograd's names: ``grad``, ``jacobian``, ``hessian``, …

``autograd.grad`` of a function is :func:`grad` here; of tensors it is PyTorch's.
"""

from __future__ import annotations

import inspect
import warnings
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from itertools import chain
from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.arrays import dtypes, trees
from autograd.arrays.dialect import foreign
from autograd.core import make_jvp as _make_jvp, make_vjp as _make_vjp
from autograd.engine import duals
from autograd.engine.graph import TensorBase, unwrap
from autograd.numpy.depth import opened
from autograd.tensors.augmented import as_now
from autograd.utils.checkpoint import checkpoint as _checkpoint
from autograd.wrap_util import check_function, unary_to_nary

__all__ = [
    "checkpoint", "deriv", "egrad", "elementwise_grad", "grad_and_aux", "grad_named", "hessian",
    "hessian_tensor_product", "hessian_vector_product", "holomorphic_grad", "jacobian",
    "make_ggnvp", "make_hvp", "make_jvp", "make_jvp_reversemode", "make_vjp", "multigrad_dict",
    "tensor_jacobian_product", "value_and_grad", "vector_jacobian_product",
]  # fmt: skip


def _checked_vjp(fun: Any, x: Any) -> tuple[Any, Any]:
    vjp, value = _make_vjp(fun, x)
    if vjp.independent:  # type: ignore[attr-defined]
        warnings.warn("Output seems independent of input.", UserWarning, stacklevel=4)
    return vjp, value


def _number_of(value: Any, call: str, wanted: str, remedy: str) -> Any:
    """A value as an array of numbers: what ``call`` must be given a function to."""
    data = None if isinstance(value, (tuple, list, dict)) else duals.values_of(unwrap(value))
    if data is not None and not hasattr(data, "dtype"):
        data = np.asarray(data) if isinstance(data, (int, float, complex)) else None
    if data is None or not dtypes.numeric(data.dtype) or dtypes.boolean(data.dtype):
        fact = type(value).__name__ if data is None else f"{data.dtype} of shape {data.shape}"
        raise TypeError(f"{call}: the function must return {wanted}; got {fact}. {remedy}")
    return data


_SCALAR = "a real scalar", "Try jacobian, elementwise_grad or holomorphic_grad."
_ARRAY = "an array of numbers", "Return one array, or differentiate one at a time."


def _one(value: Any, call: str) -> Any:
    """The seed of a real scalar."""
    if type(unwrap(value)) is np.float64:
        return np.float64(1)  # as it nearly always is
    data = _number_of(value, call, *_SCALAR)
    if data.size != 1 or dtypes.complex_valued(data.dtype):
        raise TypeError(
            f"{call}: the function must return {_SCALAR[0]}; got {data.dtype} of shape "
            f"{data.shape}. {_SCALAR[1]}"
        )
    return np.ones(data.shape, np.result_type(data.dtype, np.float16))[()]


make_vjp = unary_to_nary(_make_vjp)
make_jvp = unary_to_nary(_make_jvp)


@unary_to_nary
def grad(fun: Any, x: Any) -> Any:
    """
    Returns a function which gives the gradient of ``fun`` by argument ``argnum``.

    ``fun`` returns a real scalar; the gradient has the argument's form.

    >>> from autograd import grad
    >>> float(grad(lambda x: x * x)(3.0))
    6.0
    """
    vjp, value = _checked_vjp(fun, x)
    return vjp(_one(value, "grad"))


@unary_to_nary
def value_and_grad(fun: Any, x: Any) -> Any:
    """Returns a function which gives the value of ``fun`` and its gradient.

    >>> from autograd import value_and_grad
    >>> value, slope = value_and_grad(lambda x: x * x)(3.0)
    >>> float(value), float(slope)
    (9.0, 6.0)
    """
    vjp, value = _checked_vjp(fun, x)
    return value, vjp(_one(value, "value_and_grad"))


@unary_to_nary
def elementwise_grad(fun: Any, x: Any) -> Any:
    """Returns a function which gives the sum of each column of the Jacobian.

    >>> import numpy as np
    >>> from autograd import elementwise_grad
    >>> elementwise_grad(lambda x: x * x)(np.array([1.0, 2.0])).tolist()
    [2.0, 4.0]
    """
    vjp, value = _checked_vjp(fun, x)
    for y in trees.flatten(value)[0]:
        if dtypes.complex_valued(_number_of(y, "elementwise_grad", *_ARRAY).dtype):
            raise TypeError(
                "elementwise_grad: the function must be real; it is complex. Use holomorphic_grad, "
                "or its real part."
            )
    return vjp(
        trees.map_leaves(lambda y: np.ones(duals.array_behind(y).shape, _floating(y))[()], value)
    )


egrad = elementwise_grad


def _floating(y: Any) -> Any:
    dtype = duals.array_behind(y).dtype
    return dtype if dtype is dtypes.float64 else np.result_type(dtype, np.float16)


@unary_to_nary
def deriv(fun: Any, x: Any) -> Any:
    """Returns a function which gives the derivative along a vector of ones.

    >>> from autograd import deriv
    >>> float(deriv(lambda x: x * x)(3.0))
    6.0
    """
    return _make_jvp(fun, x)(trees.map_leaves(lambda a: np.ones_like(unwrap(a)), x))[1]


@unary_to_nary
def holomorphic_grad(fun: Any, x: Any) -> Any:
    """Returns a function which gives the complex derivative of a holomorphic function.

    >>> from autograd import holomorphic_grad
    >>> complex(holomorphic_grad(lambda z: z * z)(1j))
    2j
    """
    if not np.iscomplexobj(unwrap(x)):
        warnings.warn("Input to holomorphic_grad is not complex", UserWarning, stacklevel=3)
    vjp, value = _checked_vjp(fun, x)
    return vjp(np.ones_like(_number_of(value, "holomorphic_grad", *_ARRAY)))


@unary_to_nary
def jacobian(fun: Any, x: Any) -> Any:
    """Returns a function which gives the Jacobian: the value's axes, then the argument's.

    Of a tuple, list or dict, such a one of Jacobians. ``fun`` returns one array.

    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0])).tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """
    vjp, value = _checked_vjp(fun, x)
    data = _number_of(value, "jacobian", *_ARRAY)
    units = np.identity(data.size, _floating(data)).reshape((data.size, *data.shape))
    rows = [vjp(unit) for unit in units]
    if dtypes.complex_valued(data.dtype):
        rows = [_completed(row, vjp, unit, x) for row, unit in zip(rows, units)]
    if not isinstance(x, (tuple, list, dict)):
        return _stacked(rows, (*data.shape, *np.shape(unwrap(x))))
    leaves, form = trees.flatten(x)
    columns = [*zip(*[trees.flatten(row)[0] for row in rows])] or [()] * len(leaves)
    return trees.unflatten(
        [_stacked([*one], (*data.shape, *np.shape(unwrap(y)))) for one, y in zip(columns, leaves)],
        form,
    )


def _completed(row: Any, vjp: Any, unit: Any, x: Any) -> Any:
    """A row of a complex function's Jacobian: by real numbers, its imaginary part too."""
    if all([np.iscomplexobj(unwrap(one)) for one in trees.flatten(x)[0]]):
        return row

    def both(one: Any, real: Any, imaginary: Any) -> Any:
        return real if np.iscomplexobj(unwrap(one)) else real + 1j * imaginary

    return trees.map_leaves(both, x, row, vjp(-1j * unit))


def _stacked(rows: list[Any], shape: tuple[int, ...]) -> Any:
    if any([isinstance(row, TensorBase) for row in rows]) or foreign(rows) is not None:
        return anp.reshape(anp.stack(rows), shape)
    return np.array(rows).reshape(shape) if rows else np.zeros(shape)


@unary_to_nary
def hessian(fun: Any, x: Any) -> Any:
    """Returns a function which gives the Jacobian of the Jacobian.

    >>> from autograd import hessian
    >>> float(hessian(lambda x: x * x * x)(2.0))
    12.0
    """
    return jacobian(jacobian(fun))(x)


@unary_to_nary
def make_hvp(fun: Any, x: Any) -> Any:
    """Returns a function which gives the product of the Hessian and a vector, and the gradient.

    >>> from autograd import make_hvp
    >>> float(make_hvp(lambda x: x * x * x)(2.0)[0](1.0))
    12.0
    """
    return _make_vjp(grad(fun), x)


def hessian_tensor_product(fun: Any, argnum: int = 0) -> Callable[..., Any]:
    """Returns a function which gives the Hessian times its last argument, shaped as the argument.

    >>> from autograd import hessian_tensor_product
    >>> float(hessian_tensor_product(lambda x: x * x * x)(2.0, 1.0))
    12.0
    """
    slope = grad(fun, argnum)

    def product(*args: Any, **options: Any) -> Any:
        rest, v = args[:-1], args[-1]

        def along(x: Any) -> Any:
            return slope(*rest[:argnum], x, *rest[argnum + 1 :], **options)

        return _make_vjp(along, rest[argnum])[0](v)

    return product


hessian_vector_product = hessian_tensor_product


def tensor_jacobian_product(fun: Any, argnum: int = 0) -> Callable[..., Any]:
    """Returns a function which gives its last argument times the Jacobian.

    >>> from autograd import tensor_jacobian_product
    >>> float(tensor_jacobian_product(lambda x: x * x)(3.0, 2.0))
    12.0
    """

    def product(*args: Any, **options: Any) -> Any:
        rest, v = args[:-1], args[-1]
        shape = np.shape(unwrap(v))

        def contracted(*given: Any, **named: Any) -> Any:
            return anp.tensordot(v, fun(*given, **named), axes=len(shape))

        return jacobian(contracted, argnum)(*rest, **options)

    return product


vector_jacobian_product = tensor_jacobian_product


@unary_to_nary
def make_jvp_reversemode(fun: Any, x: Any) -> Any:
    """Returns a function which gives J v alone, by two backward passes.

    >>> from autograd.differential_operators import make_jvp_reversemode
    >>> float(make_jvp_reversemode(lambda x: x * x)(3.0)(1.0))
    6.0
    """
    vjp, value = _make_vjp(fun, x)
    zeros = trees.map_leaves(lambda y: np.zeros_like(unwrap(y)), value)
    return _make_vjp(vjp, zeros)[0]


def make_ggnvp(f: Any, g: Any = None, f_argnum: int = 0) -> Callable[..., Any]:
    """Returns a function which gives products with the generalized Gauss-Newton matrix J'HJ.

    H is the Hessian of g at f(x), half the sum of squares by default. Schraudolph 2002,
    doi:10.1162/08997660260028683.

    >>> import numpy as np
    >>> from autograd import make_ggnvp
    >>> make_ggnvp(lambda x: x * x)(np.array([1.0, 2.0]))(np.ones(2))
    array([ 4., 16.])
    """

    def half_squares(y: Any) -> Any:
        return anp.sum(y * y) * 0.5

    outer = half_squares if g is None else g

    @unary_to_nary
    def ggnvp_maker(f: Any, x: Any) -> Any:
        back, value = _make_vjp(f, x)
        curved = _make_vjp(grad(outer), value)[0]
        forward = _make_jvp(f, x)
        return lambda v: back(curved(forward(v)[1]))

    return ggnvp_maker(f, f_argnum)


def grad_named(fun: Any, argname: str) -> Callable[..., Any]:
    """Returns a function which gives the gradient by the argument of that name.

    >>> from autograd import grad_named
    >>> float(grad_named(lambda x, y: x * y, "y")(2.0, 5.0))
    2.0
    """
    check_function("grad_named", fun)
    names = [*inspect.signature(fun).parameters]
    if argname not in names:
        raise ValueError(
            f"grad_named: the function must have that argument; got {argname!r}, and it has "
            f"{', '.join(names)}. Name one of these."
        )
    return grad(fun, names.index(argname))


def multigrad_dict(fun: Any) -> Callable[..., Any]:
    """Returns a function which gives the gradients by all arguments, in a dict by name.

    >>> from autograd import multigrad_dict
    >>> {k: float(v) for k, v in multigrad_dict(lambda x, y: x * y)(2.0, 5.0).items()}
    {'x': 5.0, 'y': 2.0}
    """
    form = inspect.signature(fun)

    def gradients(*args: Any, **options: Any) -> Any:
        bound = form.bind(*args, **options)
        bound.apply_defaults()

        def by_name(given: Any) -> Any:
            chosen = inspect.BoundArguments(form, OrderedDict(given))
            return fun(*chosen.args, **chosen.kwargs)

        return dict(grad(by_name)(dict(bound.arguments)))

    return gradients


@unary_to_nary
def grad_and_aux(fun: Any, x: Any) -> Any:
    """Returns a function which gives the gradient of the first result, and the second result.

    >>> from autograd import grad_and_aux
    >>> slope, aux = grad_and_aux(lambda x: (x * x, "note"))(3.0)
    >>> float(slope), aux
    (6.0, 'note')
    """
    vjp, pair = _make_vjp(fun, x)
    if not isinstance(pair, (tuple, list)):
        raise TypeError(
            f"grad_and_aux: the function must return a value and more; got {type(pair).__name__}. "
            "Return a tuple, or use grad."
        )
    if len(pair) != 2:
        raise ValueError(
            f"grad_and_aux: the function must return two things, a value and more; got {len(pair)}."
            " Put what is more into one tuple."
        )
    value, aux = pair
    nothing = trees.map_leaves(lambda y: np.zeros_like(unwrap(y)) if _numeric(y) else 0, aux)
    return vjp((_one(value, "grad_and_aux"), nothing)), aux


def _numeric(y: Any) -> bool:
    return isinstance(y, (TensorBase, np.ndarray, np.generic, float, int, complex))


def checkpoint(fun: Callable[..., Any]) -> Callable[..., Any]:
    """``fun``, computed again in the backward pass instead of keeping what is inside.

    Gradients go to all that it depends on: arguments, those by keyword, and what it closes over.

    >>> from autograd import checkpoint, grad
    >>> float(grad(checkpoint(lambda x: x * x))(3.0))
    6.0
    """

    @wraps(fun)
    def call(*args: Any, **options: Any) -> Any:
        depth, kept = opened.depth, as_now((args, options))
        given = chain([(args, options)], iter(lambda: as_now(kept), None))

        def inside(*_: Any, **__: Any) -> Any:
            before, opened.depth = opened.depth, max(opened.depth, depth)  # as in the first pass
            args, options = next(given)
            try:
                return fun(*args, **options)
            finally:
                opened.depth = before

        return _checkpoint(inside, *args, use_reentrant=False, **options)

    return call

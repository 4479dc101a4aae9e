"""``out=``: PyTorch's functions that write their result into a tensor that is there.

One mechanism for all of them. A function of :data:`TAKES_OUT` becomes one of the same signature and
``out`` besides, which asks whether it was given; calls without it pay for one more frame. Methods,
operators and our own code use the function below it. As for ``apply``, the text is filled in for a
signature, and functions of one form share its code.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from inspect import CO_VARARGS, CO_VARKEYWORDS, unwrap as innermost
from types import CodeType, FunctionType
from typing import Any

from autograd.arrays import dtypes
from autograd.engine.grad_mode import mode, no_grad
from autograd.engine.graph import TensorBase
from autograd.tensors.inplace import check_dtype, write
from autograd.tensors.new import resize

TAKES_OUT = """
    abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr alias_copy all amax amin
    aminmax angle any arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin
    argsort as_strided_copy asin asinh atan atan2 atanh baddbmm bernoulli bitwise_and
    bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm bucketize cat ceil
    cholesky cholesky_inverse cholesky_solve clamp clamp_max clamp_min clip column_stack complex
    concat concatenate conj_physical copysign cos cosh count_nonzero cross cummax cummin cumprod
    cumsum deg2rad det diag diagonal_copy diff digamma div divide dot dstack empty eq erf erfc
    erfinv exp exp2 expand_copy expm1 eye fix float_power floor floor_divide fmax fmin fmod frac
    frexp full gather gcd ge geqrf ger greater greater_equal gt heaviside histc histogram hstack
    hypot index_add index_copy index_fill index_reduce index_select inner inverse isin isneginf
    isposinf kron kthvalue lcm ldexp le lerp less less_equal lgamma linspace log log10 log1p log2
    log_softmax logaddexp logaddexp2 logcumsumexp logical_and logical_not logical_or logical_xor
    logit logspace logsumexp lt lu lu_solve lu_unpack masked_select matmul matrix_power max maximum
    mean median min minimum mm mode msort mul multinomial multiply mv mvlgamma nan_to_num nanmean
    nanmedian nanquantile nansum narrow_copy ne neg negative nextafter nonzero norm normal not_equal
    ones ormqr outer permute_copy polar polygamma pow prod qr quantile rad2deg rand randint randn
    randperm range reciprocal remainder renorm round row_stack rsqrt scatter scatter_add
    scatter_reduce searchsorted select_copy sgn sigmoid sign signbit sin sinc sinh slice_scatter
    slogdet softmax sort sqrt square squeeze_copy stack std sub subtract sum svd t_copy
    take take_along_dim tan tanh tensordot topk transpose_copy triangular_solve tril triu
    true_divide trunc unfold_copy unsqueeze_copy var vdot view_copy vstack where xlogy zeros
"""


class NotDense(NotImplementedError):
    """An operation met a tensor that is not an array; ``functions`` are those that know it."""

    def __init__(self, text: str, functions: dict[str, Any]) -> None:
        super().__init__(text)
        self.functions = functions

    def go(self, function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """What the function of that name gives for the arguments; without one, it is an error."""
        found = self.functions.get(function.__name__)
        if found is None:
            raise self
        given = {k: v for k, v in options.items() if v is not None}
        return found(*args, **given)


def with_out(
    functions: dict[str, Any], names: str = TAKES_OUT, module: str = "autograd"
) -> dict[str, Any]:
    """Replace those of ``functions``, by name, that PyTorch has with ``out=`` in that module.

    >>> import autograd
    >>> x = autograd.zeros(2)
    >>> autograd.exp(autograd.zeros(2), out=x) is x
    True
    >>> x
    tensor([1., 1.])
    """
    made: dict[Any, Any] = {}
    for name in names.split():
        if (function := functions.get(name)) is not None:
            if function not in made:
                made[function] = _taking_out(function, module)
            functions[name] = made[function]
    return functions


def _taking_out(function: Any, module: str) -> Any:
    """``function`` with ``out``. Its text is compiled at the first call: 200 would delay an import.

    Until then stands a stub that has the parameters, and hands over what they are given.
    """
    shown = innermost(function)  # below a decorator
    code: CodeType = shown.__code__
    form = _form_of(code)

    def first(given: dict[str, Any]) -> Any:
        made.__code__ = _code(*form)
        args = [given[name] for name in form[0]]
        args += given[form[2]] if form[2] else []
        options = {name: given[name] for name in (*form[1], "out")}
        return made(*args, **options, **(given[form[3]] if form[3] else {}))

    place = "dtype" if "dtype" in form[1] else -1
    place = form[0].index("dtype") if "dtype" in form[0] else place
    known: dict[str, Any] = {"function": function, "written": written, "place": place}
    known |= {"first": first, "NotDense": NotDense}
    stars = [name for name in form[2:] if name]
    names = (*form[0], *form[1], "out", *stars)
    stub = _stub.__code__.replace(
        co_argcount=len(form[0]),
        co_kwonlyargcount=len(form[1]) + 1,
        co_posonlyargcount=code.co_posonlyargcount,
        co_varnames=names,
        co_nlocals=len(names),
        co_flags=_stub.__code__.co_flags | code.co_flags & (CO_VARARGS | CO_VARKEYWORDS),
        co_name=function.__name__,
    )
    made: Any = FunctionType(stub, {**known, "__name__": __name__})
    made.__defaults__ = shown.__defaults__
    made.__kwdefaults__ = {**(shown.__kwdefaults__ or {}), "out": None}
    made.__annotations__ = {**shown.__annotations__, "out": "Tensor | tuple[Tensor, ...] | None"}
    made.__doc__, made.__name__ = function.__doc__, function.__name__
    made.__qualname__, made.__module__ = function.__name__, module  # where pickles look
    made.without_out = function
    return made


def _stub():
    return first(locals())  # type: ignore[name-defined]  # noqa: F821 - known where it runs


_Form = tuple[tuple[str, ...], tuple[str, ...], str, str]


def _form_of(code: CodeType) -> _Form:
    """The parameters: by position, by name alone, and those with one star and with two."""
    plain, named = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    stars = list(code.co_varnames[named:])
    star = stars.pop(0) if code.co_flags & CO_VARARGS else ""
    double = stars.pop(0) if code.co_flags & CO_VARKEYWORDS else ""
    return code.co_varnames[:plain], code.co_varnames[plain:named], star, double


@cache
def _code(plain: tuple[str, ...], named: tuple[str, ...], star: str, double: str) -> CodeType:
    """The code of a function with these parameters, and ``out``."""
    rest = [f"**{double}"] if double else []
    parameters = [*plain, f"*{star}", *named, "out", *rest]
    args = [*plain, *([f"*{star}"] if star else [])]
    options = [*[f"{name}={name}" for name in named], *rest]
    text = f"""
def call({", ".join(parameters)}):
    if out is None:
        try:
            return function({", ".join([*args, *options])})
        except NotDense as met:
            return met.go(function, ({", ".join([*args, ""])}), dict({", ".join(options)}))
    return written(function, out, place, [{", ".join(args)}], dict({", ".join(options)}))
"""
    module = compile(text, f"generated out({', '.join(parameters)})", "exec")
    return next(one for one in module.co_consts if isinstance(one, CodeType))


def written(function: Callable[..., Any], out: Any, place: Any, args: Any, options: Any) -> Any:
    """What ``function`` gives for the arguments, written into ``out``: a tensor, or a tuple.

    ``place`` says where the function takes a dtype, which is that of ``out``.
    """
    name = function.__name__
    targets = out if isinstance(out, (tuple, list)) else (out,)
    for one in targets:
        if not isinstance(one, TensorBase):
            raise TypeError(
                f"{name}: out must be a tensor, or a tuple of them for several results; got "
                f"{type(one).__name__}."
            )
    if mode.grad and any(map(_requires_grad, (*targets, *args, *options.values()))):
        raise RuntimeError(
            f"{name}: what is written by out= has no gradient, and an argument requires grad. "
            "Leave out= away, or write `with no_grad():` around the call."
        )
    given = options if place == "dtype" else args
    if place != -1 and isinstance(out, TensorBase) and not _of_complex(out, args):
        check_dtype(out, name, given[place])
        given[place] = out._data.dtype
    with no_grad():
        result = function(*args, **options)
        results = result if isinstance(result, tuple) else (result,)
        if len(results) != len(targets) or isinstance(result, tuple) != (targets is out):
            raise TypeError(
                f"{name}: out must have a tensor for each result; there are {len(results)}, got "
                f"{len(targets)}. Pass a tuple where there are several."
            )
        for one, value in zip(targets, results):
            _put(name, one, value)
    if not isinstance(result, tuple):
        return out
    return tuple(targets) if type(result) is tuple else type(result)(*targets)


def _put(name: str, out: Any, value: Any) -> None:
    if not dtypes.can_hold(out._data.dtype, value._data.dtype):
        check_dtype(out, name, value._data.dtype)
    if out._data.shape != value._data.shape:
        if out._data.size:
            warnings.warn(
                f"{name}: out should have the result's shape {tuple(value._data.shape)}, or no "
                f"elements; it had {tuple(out._data.shape)}, and was resized. Resize it before: "
                "out.resize_(0).",
                stacklevel=4,
            )
        resize(out, value._data.shape)
    write(out, value._data, name)


def _of_complex(out: Any, args: Any) -> bool:
    """Whether complex numbers come in and real ones go out: a norm, whose dtype is that of both."""
    given = [one for one in args if isinstance(one, TensorBase)]
    complexes = any(dtypes.complex_valued(one._data.dtype) for one in given)
    return complexes and not dtypes.complex_valued(out._data.dtype)


def _requires_grad(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_requires_grad, value))
    return isinstance(value, TensorBase) and value._edge is not None

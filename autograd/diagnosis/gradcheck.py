"""gradcheck: are the gradients that the graph gives those of the function?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_numeric
from autograd.diagnosis.mistakes import GradcheckError as GradcheckError
from autograd.engine.backward import grad
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import Leaf, wrap

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["gradcheck", "gradgradcheck"]


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compare the gradients of ``func`` with finite differences, entry by entry.

    Every output is differentiated with respect to every input that requires grad; an entry passes
    where |analytical - numerical| ≤ atol + rtol · |numerical|. Also checked: ``func`` leaves its
    inputs as they were, gives the same result twice, and so does its backward pass; gradients have
    their input's shape; and, where there are several outputs, the backward pass of each alone
    (``check_undefined_grad``).

    :param func: takes ``inputs``, returns a Tensor or a tuple; results without grad are left out.
    :param inputs: a Tensor or a sequence; those that require grad are checked and must be float64.
    :param eps: the step of the differences.
    :param raise_exception: False returns False instead of raising :class:`GradcheckError`.
    :param nondet_tol: by how much two runs may differ.
    :param check_grad_dtypes: accepted; gradients always have their input's dtype.
    :param fast_mode: check one random direction of each Jacobian: 2 calls per input instead of 2
        per element.
    :returns: True, or False where ``raise_exception`` is False.
    :raises GradcheckError: a check failed; the message shows both numbers.
    :raises ValueError: no input requires grad, or one that does is not float64.
    :raises NotImplementedError: a batched or forward-mode check, or a masked one, is asked for.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradcheck(lambda x: (x * x).sum(), x)
    True
    """
    _refuse(
        "gradcheck",
        check_batched_grad=check_batched_grad,
        check_batched_forward_grad=check_batched_forward_grad,
        check_forward_ad=check_forward_ad,
        masked=masked,
    )
    _check_numbers("gradcheck", func, eps, atol, rtol, nondet_tol)
    if not check_backward_ad:
        raise ValueError(
            "gradcheck: check_backward_ad must be True; there is nothing else to check."
        )
    from autograd.diagnosis.differences import (
        Check,  # here: it would lengthen every import of autograd
    )

    check = Check("gradcheck", func, inputs, eps, atol, rtol, nondet_tol)
    return check.run(fast_mode, check_undefined_grad, raise_exception)


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """:func:`gradcheck` of the gradients of ``func``: are its second derivatives right?

    The function checked is (inputs, grad_outputs) -> gradients of the inputs, as recorded with
    ``create_graph=True``.

    :param grad_outputs: float64, of the outputs' shapes; None draws them in [-1, 1].
    :param gen_non_contig_grad_outputs: draw them as strided views.
    :raises GradcheckError: as in :func:`gradcheck`; the first derivatives may still be right.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradgradcheck(lambda x: x ** 3, x)
    True
    """
    _refuse(
        "gradgradcheck",
        check_batched_grad=check_batched_grad,
        check_fwd_over_rev=check_fwd_over_rev,
        masked=masked,
    )
    _check_numbers("gradgradcheck", func, eps, atol, rtol, nondet_tol)
    if not check_rev_over_rev:
        raise ValueError(
            "gradgradcheck: check_rev_over_rev must be True; there is nothing else to check."
        )
    from autograd.diagnosis.differences import Check, differentiable, listed

    given = listed(inputs)
    first = Check("gradgradcheck", func, given, eps, atol, rtol, nondet_tol)
    try:
        with enable_grad():
            outputs = first.outputs()
            if not outputs:
                raise ValueError(
                    "gradgradcheck: an output must require grad; none does. Check that func uses "
                    "its inputs, and that no no_grad() or detach() stands between."
                )
            seeds = _seeds(outputs, grad_outputs, gen_non_contig_grad_outputs)
            found = first.grads(outputs, seeds)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    connected = [k for k, g in zip(first.chosen, found, strict=True) if g is not None]
    if not connected:
        return True  # no first derivative, so no second
    wanted = [given[k] for k in connected]

    def gradients(*args: Any) -> tuple[Any, ...]:
        outputs = differentiable(func(*args[: len(given)]))
        return grad(outputs, wanted, args[len(given) :], create_graph=True)

    check = Check("gradgradcheck", gradients, [*given, *seeds], eps, atol, rtol, nondet_tol)
    check.output_names = [f"the gradient of input {i}" for i in connected]
    check.input_names.update({len(given) + i: f"grad_outputs[{i}]" for i in range(len(seeds))})
    return check.run(fast_mode, check_undefined_grad, raise_exception)


def _check_numbers(call: str, func: Any, eps: float, *tolerances: float) -> None:
    if not callable(func):
        raise TypeError(
            f"{call}: func must be a function of the inputs; got {type(func).__name__}. Pass it "
            "uncalled: f, not f(x)."
        )
    if not all(isinstance(value, (int, float)) for value in (eps, *tolerances)):
        raise TypeError(
            f"{call}: eps, atol, rtol and nondet_tol are numbers; got {eps!r}, "
            f"{', '.join(map(repr, tolerances))}."
        )
    if not eps > 0 or not min(tolerances) >= 0:
        raise ValueError(
            f"{call}: eps must be positive, and atol, rtol and nondet_tol not negative; got "
            f"{eps}, {', '.join(map(str, tolerances))}."
        )


def _refuse(call: str, **asked: Any) -> None:
    for name, value in asked.items():
        if value:
            raise NotImplementedError(
                f"{call}: {name}=True is not available; gradients are checked in reverse mode, one "
                "output element at a time, on dense tensors. Leave it out."
            )


def _seeds(outputs: list[Any], given: Any, strided: bool) -> list[Any]:
    """The gradients of the outputs, as leaves of float64 that require grad."""
    if given is None:
        stream = np.random.default_rng(0)
        arrays = []
        for out in outputs:
            shape = tuple(out.shape)
            if strided and shape:
                arrays.append(stream.uniform(-1, 1, (*shape[:-1], 2 * shape[-1]))[..., ::2])
            else:
                arrays.append(stream.uniform(-1, 1, shape))
    else:
        several = given if isinstance(given, (list, tuple)) else [given]
        for g in several:
            check_numeric("gradgradcheck", grad_outputs=getattr(g, "_data", g))
        arrays = [np.array(getattr(g, "_data", g), np.float64) for g in several]
    leaves = []
    for array in arrays:
        leaf = wrap(array if np.ndim(array) else np.float64(array), None)
        leaf._edge = Leaf(leaf)
        leaves.append(leaf)
    return leaves

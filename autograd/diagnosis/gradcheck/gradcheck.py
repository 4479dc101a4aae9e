"""gradcheck: are the gradients that the graph gives those of the function?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["gradcheck", "gradcheck_module", "gradgradcheck"]

# What does the work is imported when it is called for: it would lengthen every import of autograd.


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float | None = None,
    atol: float | None = None,
    rtol: float | None = None,
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
    localise: bool = False,
    points: int = 1,
    directions: int | None = None,
    report: Callable[[str], Any] | None = None,
) -> bool:
    """Compare the gradients of ``func`` with finite differences, entry by entry.

    Every output is differentiated with respect to every input that requires grad. Steps and
    tolerances follow from the estimated error of the differences (Ridders 1982,
    doi:10.1016/S0141-1195(82)80057-0), so that a wrong factor of 0.1 % does not pass. Also checked:
    that the derivative exists (a kink is an error, where the mean of its slopes agrees, too); that
    ``func`` leaves its inputs as they were, gives the same result twice, and so does its backward
    pass; that gradients have their input's shape; and, where there are several outputs, the
    backward pass of each alone (``check_undefined_grad``). Numbers narrower than float64 are
    checked in float64: inputs, and what else ``func`` computes with, have float64 values meanwhile.
    Complex inputs and outputs are checked as pairs of real ones, by PyTorch's convention.

    On failure every recorded operation is checked alone, and the error names the one that is wrong,
    its line, argument and element.

    :param func: takes ``inputs``, returns a Tensor or a tuple; results without grad are left out.
    :param inputs: a Tensor or a sequence; those that require grad are checked.
    :param eps: the step of the differences; None tries many.
    :param atol, rtol: an entry passes where |analytical - numerical| ≤ atol + rtol · |numerical|;
        None takes what the estimated error says. PyTorch's are 1e-6, 1e-5 and 1e-3 (eps, atol,
        rtol).
    :param raise_exception: False returns False instead of raising :class:`GradcheckError`.
    :param nondet_tol: by how much two runs may differ.
    :param check_grad_dtypes: accepted; gradients always have their input's dtype.
    :param check_forward_ad: forward mode must give the same derivatives.
    :param check_batched_grad, check_batched_forward_grad: and so must passes of several directions
        at once, by vmap.
    :param fast_mode: check one random direction of each Jacobian: 2 calls per input instead of 2
        per element.
    :param localise: check every recorded operation alone, also where the whole is right.
    :param points: so many points: the inputs, and others drawn around them, each element at most a
        tenth of itself away (0.1 where it is 0).
    :param directions: check so many random directions, as ``fast_mode`` does one.
    :param report: is called with a sentence where all is right: what was compared, and how far
        apart it was at most; ``report=print``.
    :returns: True, or False where ``raise_exception`` is False.
    :raises GradcheckError: a check failed, and the message shows both numbers; or nothing was
        checked, because no output requires grad.
    :raises ValueError: no input requires grad, or an output is not float64 for float64 inputs.
    :raises NotImplementedError: a masked check is asked for.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradcheck(lambda x: (x * x).sum(), x)
    True
    """
    from autograd.diagnosis.gradcheck import runs

    runs.refuse("gradcheck", masked=masked)
    ways = {
        "forward": check_forward_ad,
        "batched": check_batched_grad,
        "batched_forward": check_batched_forward_grad,
    }
    if not check_backward_ad:
        raise ValueError(
            "gradcheck: check_backward_ad must be True; there is nothing else to check."
        )
    how = runs.settings(
        "gradcheck", func, eps, atol, rtol, nondet_tol, check_undefined_grad, fast_mode,
        directions, points,
    )  # fmt: skip
    run = runs.Run("gradcheck", func, inputs, how, report, localise)
    asked = tuple([way for way, ask in ways.items() if ask])
    return run.verdict(lambda: run.first(asked), raise_exception)


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float | None = None,
    atol: float | None = None,
    rtol: float | None = None,
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
    localise: bool = False,
    points: int = 1,
    directions: int | None = None,
    report: Callable[[str], Any] | None = None,
) -> bool:
    """:func:`gradcheck` of the gradients of ``func``: are its second derivatives right?

    The function checked is (inputs, grad_outputs) -> gradients of the inputs, as recorded with
    ``create_graph=True``. Where it fails, the operations of the recorded backward pass are checked
    alone, too: those that gradient formulas are written in.

    :param grad_outputs: float64, of the outputs' shapes; None draws them in [-1, 1].
    :param gen_non_contig_grad_outputs: draw them as strided views.
    :param check_fwd_over_rev: forward mode over a backward pass must give the same.
    :raises GradcheckError: as in :func:`gradcheck`; the first derivatives may still be right.

    >>> import autograd
    >>> x = autograd.tensor([1.0, 2.0], dtype=autograd.float64, requires_grad=True)
    >>> autograd.gradgradcheck(lambda x: x ** 3, x)
    True
    """
    from autograd.diagnosis.gradcheck import runs

    runs.refuse("gradgradcheck", masked=masked)
    ways = {"forward": check_fwd_over_rev, "batched": check_batched_grad}
    if not check_rev_over_rev:
        raise ValueError(
            "gradgradcheck: check_rev_over_rev must be True; there is nothing else to check."
        )
    how = runs.settings(
        "gradgradcheck", func, eps, atol, rtol, nondet_tol, check_undefined_grad, fast_mode,
        directions, points,
    )  # fmt: skip
    run = runs.Run("gradgradcheck", func, inputs, how, report, localise)
    asked = tuple([way for way, ask in ways.items() if ask])
    return run.verdict(
        lambda: run.second(grad_outputs, gen_non_contig_grad_outputs, asked), raise_exception
    )


def gradcheck_module(
    module: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    orders: Sequence[int] = (1, 2),
    directions: int = 2,
    points: int = 1,
    raise_exception: bool = True,
    report: Callable[[str], Any] | None = None,
) -> bool:
    """Check a whole model: every operation that it records alone, and all parameters together.

    Every node of the graph of ``module(*inputs)`` is checked against its own forward, first and
    second derivatives, small ones entry by entry and others along random directions; then the
    gradients of the model's outputs by each parameter, and by each input that requires grad, along
    random directions. All in float64, whatever the model's dtype, which it keeps. What is random
    (dropout) draws the same numbers in every call; running statistics are as before.

    :param module: a module, whose parameters that require grad are checked.
    :param inputs: a Tensor, or a sequence of arguments.
    :param orders: (1,) leaves second derivatives out.
    :param directions: how many random ones.
    :param points: as in :func:`gradcheck`.
    :param raise_exception: False returns False instead of raising.
    :param report: is called with a sentence where all is right; it also tells of kinks (a ReLU of
        exactly 0), which are no mistake of the model's.
    :raises GradcheckError: names each operation that is wrong: its line, module, argument (with the
        parameter's name), element, and both numbers; and a parameter that no gradient reaches
        although the outputs depend on it.
    :raises ValueError: neither a parameter nor an input requires grad.

    >>> import autograd, nn
    >>> model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    >>> autograd.gradcheck_module(model, autograd.randn(4, 3))
    True
    """
    from autograd.diagnosis.gradcheck import runs

    how = runs.settings(
        "gradcheck_module", module, None, None, None, 0.0, True, False, directions, points
    )
    if not set(orders) or not set(orders) <= {1, 2}:
        raise ValueError(f"gradcheck_module: orders must be 1, 2 or both; got {orders!r:.60}.")
    run = runs.Run("gradcheck_module", module, inputs, how._replace(kinks=False), report, True)
    return run.verdict(lambda: run.model(tuple(sorted(set(orders)))), raise_exception)

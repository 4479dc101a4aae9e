"""explain: a backward pass in the textbook's notation, or more about an error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from autograd.diagnosis.reports import Report, handed_over, variables
from autograd.engine import lines
from autograd.engine.graph import TensorBase

if TYPE_CHECKING:
    from autograd.tensors.tensor import Tensor

__all__ = ["explain"]


def explain(
    what: Tensor | BaseException | None = None, *, latex: bool = False, params: Any = None
) -> Report:
    r"""The backward pass of a loss as mathematics; of an error, what it means and what to do.

    Of a **loss** each value and each gradient gets an equation, with its shape, its numbers and the
    line of the program that it belongs to: δˡ = δˡ⁺¹ Wˡ⁺¹ ⊙ σ′(zˡ), ∂L/∂Wˡ = (δˡ)ᵀ aˡ⁻¹. Samples
    are rows, as in ``nn.Linear``; the report says how it reads where they are columns. Parameters
    and tensors are named by the variables and modules of the caller. A custom op is written by the
    names of its formulas. For the numbers the graph is swept once, hooks included, and left as it
    was; no ``.grad`` changes.

    Of an **error** the report says what is required and why, which lines and module it came
    through, what the names in the line held, likely causes and their cures.

    As a statement of its own the call prints; its value is shown by a REPL and a notebook.

    :param what: a scalar tensor with a graph; an exception; None: the error that is being handled,
        or the last one that a REPL or notebook has shown.
    :param latex: show LaTeX instead of text.
    :param params: further names for tensors: a module, or a dict of tensors by name.
    :returns: a report with ``.text`` and, of a loss, ``.latex``; it holds no graph.
    :raises TypeError: ``what`` is neither tensor nor error.
    :raises ValueError: the tensor has several elements.
    :raises RuntimeError: the tensor has no graph, or there was no error yet.

    Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0; the notation is Nielsen's
    (*Neural Networks and Deep Learning*, 2015, chapter 2), transposed.

    >>> import autograd
    >>> w = autograd.tensor([1.0, 2.0], requires_grad=True)
    >>> report = autograd.explain((w ** 2).sum(), params={"w": w})
    >>> "∂L/∂w = 2 w" in report.text, r"\frac{\partial L}{\partial w} &= 2 w" in report.latex
    (True, True)
    """
    caller = sys._getframe(1)
    if what is None:
        from autograd.diagnosis.explain.error import last_error

        what = last_error()
        if what is None:
            raise RuntimeError(
                "explain: there must be a loss or an error to explain; none was given, and none "
                "has been raised. Pass it: explain(loss), or explain(error) in except ... as error."
            )
    if isinstance(what, BaseException):
        from autograd.diagnosis.explain.error import of_error

        return handed_over(of_error(what), caller)
    if not isinstance(what, TensorBase):
        raise TypeError(
            f"explain: expected a loss or an error; got {type(what).__name__}. Pass the tensor "
            "that you call backward() of."
        )
    if what._edge is None:
        raise RuntimeError(
            f"explain: the tensor must have a graph; this one, of shape {tuple(what.shape)}, does "
            "not require grad. Compute it from parameters, outside no_grad() and without detach()."
        )
    if what._data.size != 1:
        raise ValueError(
            f"explain: a backward pass starts at one number; got shape {tuple(what.shape)}. Reduce "
            "it: explain(loss.mean())."
        )
    if type(what._edge) is not tuple and not what._edge.age:
        raise ValueError(
            "explain: the tensor must be the result of operations; got a leaf, whose gradient is "
            "1. Pass the loss that is computed from it."
        )
    from autograd.diagnosis.explain.graph import of_graph

    user = lines.users(caller)
    scopes = () if user is None else (variables(user), user.f_globals)
    return handed_over(of_graph(what, params, scopes, latex), caller)

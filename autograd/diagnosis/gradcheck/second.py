"""The check of second derivatives: of the function (inputs, grad_outputs) -> gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric
from autograd.diagnosis.gradcheck.calls import differentiable
from autograd.diagnosis.gradcheck.check import Check
from autograd.diagnosis.gradcheck.numbers import numbers
from autograd.engine.backward import grad
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import Leaf, wrap


def of_gradients(first: Check, grad_outputs: Any, strided: bool) -> Check | None:
    """The check of the gradients that ``first`` would check; None where there is no gradient.

    :param first: a check that was not run.
    :param grad_outputs: of the outputs' shapes; None draws them in [-1, 1].
    :param strided: draw them as strided views.
    """
    func, given = first.called.func, first.inputs
    with enable_grad():
        outputs = first.outputs()
        if not outputs:
            raise ValueError(
                f"{first.call}: an output must require grad; none does. Check that func uses "
                "its inputs, and that no no_grad() or detach() stands between."
            )
        seeds = _seeds(outputs, grad_outputs, strided)
        found = first.grads(outputs, seeds)
    connected = [k for k, g in zip(first.chosen, found, strict=True) if g is not None]
    if not connected:
        return None  # no first derivative, so no second
    wanted = [given[k] for k in connected]

    def gradients(*args: Any) -> tuple[Any, ...]:
        outputs = differentiable(func(*args[: len(given)]))
        return grad(outputs, wanted, args[len(given) :], create_graph=True)

    check = Check(first.call, gradients, [*given, *seeds], first.how)
    check.output_names = [f"the gradient of {first.input_names[k]}" for k in connected]
    check.input_names.update(first.input_names)
    check.input_names.update({len(given) + i: f"grad_outputs[{i}]" for i in range(len(seeds))})
    return check


def _seeds(outputs: list[Any], given: Any, strided: bool) -> list[Any]:
    """The gradients of the outputs, as leaves that require grad."""
    arrays: list[Any] = []
    if given is None:
        stream = np.random.default_rng(0)
        for out in outputs:
            shape = tuple(out.shape)
            wide = strided and bool(shape)
            room = np.zeros((*shape[:-1], 2 * shape[-1]) if wide else shape, out._data.dtype)
            numbers(room)[...] = stream.uniform(-1, 1, numbers(room).size)
            arrays.append(room[..., ::2] if wide else room)
    else:
        several = given if isinstance(given, (list, tuple)) else [given]
        for g in several:
            check_numeric("gradgradcheck", grad_outputs=getattr(g, "_data", g))
            array = np.asarray(getattr(g, "_data", g))
            whole = dtypes.complex128 if dtypes.complex_valued(array.dtype) else dtypes.float64
            arrays.append(np.array(array, whole))
    leaves = []
    for array in arrays:
        leaf = wrap(array if np.ndim(array) else array[()], None)
        leaf._edge = Leaf(leaf)
        leaves.append(leaf)
    return leaves

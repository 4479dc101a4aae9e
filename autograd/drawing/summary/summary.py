"""summary: the table of a model's layers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from autograd.arrays.dtypes import floating
from autograd.diagnosis.profile.table import size
from autograd.diagnosis.reports import Report, handed_over
from autograd.drawing import trial
from autograd.drawing.summary.accounts import Accounts, Row
from autograd.drawing.summary.table import Table, number
from autograd.random.generator import Generator
from autograd.tensors.creation import zeros
from autograd.tensors.sampling import rand
from autograd.tensors.tensor import Size

__all__ = ["summary"]


class Summary(Report):
    """What :func:`summary` found; a notebook shows it as a table.

    Of the model as a whole:

    :ivar parameters: how many numbers its parameters hold, shared ones counted once.
    :ivar trainable: how many of these require grad.
    :ivar parameter_bytes: the memory of the parameters; ``buffer_bytes``: of the buffers.
    :ivar multiply_adds: of one forward pass.
    :ivar kept: bytes of activations that are kept for the backward pass.
    :ivar rows: each module as an object with these numbers, of all that is in it, and ``path``,
        ``kind`` (the class), ``depth``, ``calls``, ``outputs`` (shapes as text) and ``children``.
    """

    parameters = trainable = parameter_bytes = buffer_bytes = multiply_adds = kept = 0
    rows: tuple[Row, ...] = ()
    html = ""

    def _repr_html_(self) -> str:
        return self.html


def summary(
    model: Any,
    inputs: Any = None,
    *,
    input_size: Sequence[Any] | None = None,
    dtypes: Sequence[Any] | Any = None,
    depth: int | None = None,
    width: int = 100,
) -> Summary:
    """The table of a model's layers: output shapes, parameters, multiply-adds, memory.

        autograd.summary(model, x)                      # what the model is called with
        autograd.summary(model, (32, 1, 28, 28))        # or its shape, the batch included

    Modules stand in the order of their definition, indented as they lie in each other, and each
    has the numbers of all that is in it; what a module that holds others does itself has a line of
    its own. The model runs once, in the mode that it is in, with grad mode on: no parameter,
    buffer, ``.grad`` or mode changes, and no random number is drawn from the program's stream.

    * *Parameters* that modules share are counted once. ``frozen`` are those that do not require
      grad.
    * *Multiply-adds* are those of matrix products, convolutions, attention and recurrent layers in
      one forward pass over the whole batch; each is two floating-point operations. A backward pass
      takes about twice as many.
    * *Kept* is the memory of activations that the graph holds on to until the backward pass,
      beside parameters and inputs, in the line of the layer that first needs it.

    As a statement of its own the call prints; its value is shown by a REPL and a notebook.

    :param model: a module.
    :param inputs: a tensor, a tuple or list of arguments, a dict of them by name; or shapes in the
        place of tensors. None: the model is not run, and only its parameters are listed.
    :param input_size: a shape, or a list of them: another word for ``inputs``, torchinfo's.
    :param dtypes: of inputs that are given as shapes: one, or one for each. Integers are zeros.
    :param depth: how deep to go into modules; 0 shows the model as one line. None: all.
    :param width: the most columns of the text.
    :returns: a report with the numbers as attributes, see ``Summary``; it holds no tensor.
    :raises TypeError: ``model`` is no module.
    :raises ValueError: ``inputs`` and ``input_size`` are given, or depth is negative.
    :raises RuntimeError: the model raises; the message names the module in which it does.

    >>> import autograd, nn
    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    >>> found = autograd.summary(model, (16, 4))
    >>> found.parameters, found.multiply_adds, found.kept  # of bytes: a, which ReLU also keeps
    (58, 768, 512)
    """
    _check(model, inputs, input_size, depth)
    given = _inputs(input_size if inputs is None else inputs, dtypes, model)
    try:
        accounts = Accounts(model) if given is None else _run(model, given)
    except RuntimeError as error:
        kind = isinstance(error.__cause__, (TypeError, IndexError))
        if given is inputs or dtypes is not None or not kind:
            raise
        raise RuntimeError(
            f"{error} The inputs were made from shapes; what they hold is said by dtypes=, for "
            "instance autograd.int64 for indices."
        ) from error.__cause__
    return handed_over(_report(accounts, given is not None, depth, width), sys._getframe(1))


def _run(model: Any, given: Any) -> Accounts:
    model = trial.sized("summary", model, given)
    accounts = Accounts(model)
    output = trial.run("summary", model, given, accounts)
    accounts.settle(model, given, output)
    return accounts


# -- what the model is called with -----------------------------------------------------------------


def _check(model: Any, inputs: Any, input_size: Any, depth: Any) -> None:
    if not hasattr(model, "named_modules"):
        raise TypeError(
            f"summary: expected a module; got {type(model).__name__}. Pass the network itself: "
            "summary(model, x)."
        )
    if inputs is not None and input_size is not None:
        raise ValueError(
            "summary: inputs are given once; got inputs and input_size. Pass tensors as inputs, or "
            "their shapes as either."
        )
    if depth is not None and (type(depth) is not int or depth < 0):
        raise ValueError(
            f"summary: depth must be 0 or more; got {depth!r}. Leave it out for all modules."
        )


def _inputs(inputs: Any, wanted: Any, model: Any) -> Any:
    """``inputs`` with tensors in the place of shapes."""
    kinds = iter(wanted if isinstance(wanted, (list, tuple)) else ())
    usual = wanted if not isinstance(wanted, (list, tuple)) else None

    def filled(shape: Any) -> Any:
        return _made(shape, next(kinds, usual), model)

    if isinstance(inputs, dict) and any(map(_shape, inputs.values())):
        return {name: filled(one) if _shape(one) else one for name, one in inputs.items()}
    if _shape(inputs):
        return filled(inputs)
    if type(inputs) in (list, tuple) and any(map(_shape, inputs)):
        return tuple([filled(one) if _shape(one) else one for one in inputs])
    return inputs


def _shape(value: Any) -> bool:
    """Whether it is a shape: a tuple or list of whole numbers."""
    return type(value) in (tuple, list, Size) and all([type(n) is int for n in value])


def _made(shape: Sequence[int], dtype: Any, model: Any) -> Any:
    """A tensor of that shape: reals as the model's parameters are, from a stream of their own."""
    if dtype is None:
        kinds = [one.dtype for one in model.parameters() if floating(one.dtype)]
        dtype = kinds[0] if kinds else None
    elif not floating(dtype):
        return zeros(*shape, dtype=dtype)
    return rand(*shape, dtype=dtype, generator=Generator())


# -- the report ------------------------------------------------------------------------------------


def _report(accounts: Accounts, ran: bool, depth: int | None, width: int) -> Summary:
    top = accounts.sum_up()
    table = Table(top, ran, depth)
    said = list(_said(accounts, ran))
    report = Summary(table.text(said, width))
    report.html = table.html(said)
    report.rows = tuple(accounts.rows.values())
    report.parameters, report.trainable = top.parameters, top.parameters - top.frozen
    report.parameter_bytes, report.buffer_bytes = top.bytes, top.buffers
    report.multiply_adds, report.kept = top.multiply_adds, top.kept
    return report


def _said(accounts: Accounts, ran: bool) -> Iterator[str]:
    """What stands below the table."""
    top = accounts.top
    trainable = top.parameters - top.frozen
    which = "all trainable" if not top.frozen else f"{trainable:,} trainable"
    buffers = f", buffers of {size(top.buffers)}" if top.buffers else ""
    if top.parameters:
        yield f"{top.parameters:,} parameters, {which}: {size(top.bytes)}{buffers}."
    else:
        yield f"No parameters{buffers}."
    for name, first in accounts.shared:
        yield f"{name} is {first}, and counted there."
    if not ran:
        return
    yield (
        f"{number(top.multiply_adds) or 'No'} multiply-adds in a forward pass, of products, "
        "convolutions, attention and recurrent layers; each is two floating-point operations. A "
        "backward pass takes about twice as many."
    )
    kept = f"{size(top.kept)} of activations is" if top.kept else "No activations are"
    yield f"{kept} kept for the backward pass, beside parameters and inputs."

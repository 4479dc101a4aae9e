"""``torch.autograd.forward_ad``: forward mode by hand, on dual tensors.

with dual_level():
    y = f(make_dual(x, direction))
    value, derivative = unpack_dual(y)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager as _contextmanager
from typing import Any, NamedTuple

from autograd.engine import duals as _duals
from autograd.engine.graph import TensorBase as _TensorBase
from autograd.engine.places import ShapeError as _ShapeError
from autograd.func import tangents as _rules  # noqa: F401  which make ops know duals
from autograd.func.recording import check_leaf as _check_leaf
from autograd.ops.shape.reshape import view_as as _view_as

__all__ = [
    "UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual",
    "unpack_dual",
]  # fmt: skip

_levels: list[_duals.DualLevel] = []


class UnpackedDualTensor(NamedTuple):
    """What :func:`unpack_dual` returns: ``primal`` and ``tangent``, None where there is none.

    Shapes: both (*n).

    >>> import autograd
    >>> unpack_dual(autograd.ones(2))
    UnpackedDualTensor(primal=tensor([1., 1.]), tangent=None)
    """

    primal: Any
    tangent: Any


def enter_dual_level() -> int:
    """Open a level, in which tensors can have a tangent; its number is returned.

    :raises RuntimeError: one is open.

    >>> enter_dual_level()
    0
    >>> exit_dual_level()
    """
    if _levels:
        raise RuntimeError(
            "enter_dual_level: one level can be open at a time; one is. Derivatives of derivatives "
            "are func.jvp of func.jvp."
        )
    _levels.append(_duals.DualLevel().__enter__())
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Close the level: what is dual and still there is its primal from now on.

    :raises RuntimeError: none is open.

    >>> level = enter_dual_level()
    >>> exit_dual_level(level=level)
    """
    if not _levels:
        raise RuntimeError("exit_dual_level: a level must be open; none is.")
    _levels.pop().__exit__()


@_contextmanager
def dual_level() -> Iterator[int]:
    """A level that is open inside the ``with`` statement.

    :raises RuntimeError: one is open.

    >>> import autograd
    >>> x, direction = autograd.tensor([1.0, 2.0]), autograd.tensor([1.0, 10.0])
    >>> with dual_level():
    ...     unpack_dual(make_dual(x, direction) ** 2).tangent
    tensor([ 2., 40.])
    """
    number = enter_dual_level()
    try:
        yield number
    finally:
        exit_dual_level()


def make_dual(tensor: Any, tangent: Any, *, level: int | None = None) -> Any:
    """A dual tensor: ``tensor``, with ``tangent`` as its derivative along the direction asked for.

    Shapes: (*n), (*n) -> (*n).

    :param level: accepted; one level can be open at a time.
    :raises RuntimeError: no level is open.
    :raises TypeError: one of them is no tensor, or of integers.
    :raises ShapeError: they differ in shape.

    >>> import autograd
    >>> with dual_level():
    ...     x = make_dual(autograd.tensor(3.0), autograd.tensor(1.0))
    ...     unpack_dual(x * x)
    UnpackedDualTensor(primal=tensor(9.), tangent=tensor(6.))
    """
    if not _levels:
        raise RuntimeError(
            "make_dual: a level must be open; none is. Write it inside `with dual_level():`."
        )
    _check_leaf("make_dual", tensor)
    if not isinstance(tangent, _TensorBase) or tangent._data.shape != tensor._data.shape:
        shape = tuple(tensor._data.shape)
        raise _ShapeError(
            f"make_dual: a tangent must be a tensor of the primal's shape {shape}; got "
            f"{tuple(getattr(tangent, 'shape', ()))}."
        )
    return _duals.joined(_levels[-1], _view_as(tensor, tensor), tangent)


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """The primal and the tangent of a dual tensor, each a tensor; the tangent may be None.

    Shapes: (*n) -> (*n), (*n).

    :param level: accepted; one level can be open at a time.

    >>> import autograd
    >>> with dual_level():
    ...     x = make_dual(autograd.tensor([1.0, 4.0]), autograd.ones(2))
    ...     unpack_dual(x.sqrt()).tangent
    tensor([0.5000, 0.2500])
    """
    primal, tangent = _duals.parts(tensor, _levels[-1] if _levels else None)
    return UnpackedDualTensor(primal, tangent)

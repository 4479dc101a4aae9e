"""The classes of traced values under HIPS autograd's names: ``ArrayBox``, ``Box``."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd.tensors.array import Array as ArrayBox, Traced

__all__ = ["ArrayBox", "Box"]

boxes: dict[type, type[Box]] = {}  # of a class of values, that of its traced values


class _Either(type):
    """An Array is a Box, too."""

    def __instancecheck__(cls, x: Any) -> bool:
        return super().__instancecheck__(x) or (cls is Box and isinstance(x, ArrayBox))


class Box(Traced, metaclass=_Either):
    """A traced value of a class of one's own, which has a VSpace: derive from it, and register it.

    What it has is ``_value``, the plain one, and whatever primitives and methods it inherits from
    its other base. Gradients are added up with ``+``.

    >>> from autograd import grad
    >>> from autograd.extend import VSpace, defvjp, primitive
    >>> class Line:
    ...     def __init__(self, slope): self.slope = slope
    ...     def __add__(self, other): return Line(self.slope + other.slope)
    ...     @primitive
    ...     def at(self, x): return self.slope * x
    >>> defvjp(Line.at, lambda ans, line, x: lambda g: Line(g * x))
    >>> class LineSpace(VSpace):
    ...     def __init__(self, value): pass
    ...     def zeros(self): return Line(0.0)
    >>> LineSpace.register(Line)
    >>> class LineBox(Box, Line): pass
    >>> LineBox.register(Line)
    >>> float(grad(lambda line: line.at(2.0) + line.at(3.0))(Line(1.0)).slope)
    5.0
    """

    # Where packages put their classes of arrays; all are traced here, by their numbers.
    type_mappings: ClassVar[dict[type, Any]] = {}

    @classmethod
    def register(cls, kind: type) -> None:
        """Values of the class ``kind`` are traced as instances of this class."""
        boxes[kind] = cls
        cls._results = cls

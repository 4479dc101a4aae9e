"""In-place operations: memory really changes, and no gradient is ever silently wrong.

Recorded, ``x.mul_(y)`` is ``x * y`` on a copy of the old values, written back into x's memory; x
then stands for the result. Whoever kept x's memory before, or looks at it as a view, is told by
:mod:`autograd.memory` and :mod:`autograd.views`.
"""

from autograd.inplace.elements import Elements
from autograd.inplace.functions import Functions
from autograd.inplace.operators import Operators
from autograd.inplace.randomness import Randomness
from autograd.inplace.shapes import Shapes
from autograd.inplace.writing import in_place as in_place


class InPlace(Operators, Functions, Elements, Shapes, Randomness):
    """Mixin of Tensor: the methods whose names end in an underscore, and ``x[index] = value``."""

    __slots__ = ()

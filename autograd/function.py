"""``torch.autograd.function``: what scripts import to write ops of their own.

And two functions that gradient formulas are made of: ``sum_to`` undoes broadcasting, ``quotient``
divides a gradient where the divisor may be 0.
"""

from autograd.engine.context import once_differentiable as once_differentiable
from autograd.engine.elementwise import sum_to as sum_to
from autograd.engine.function import Function as Function
from autograd.ops.pointwise.arithmetic import quotient as quotient

__all__ = ["Function", "once_differentiable", "quotient", "sum_to"]

"""``torch.autograd.function``: what scripts import to write ops of their own."""

from autograd.engine.context import once_differentiable as once_differentiable
from autograd.engine.function import Function as Function

__all__ = ["Function", "once_differentiable"]

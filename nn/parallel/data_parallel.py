"""Several devices, of which there is one here: the module itself does the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nn.modules.module import Module

__all__ = ["DataParallel", "data_parallel"]


class DataParallel(Module):
    """Passes its arguments to ``module``, whose state has ``module.`` before its names.

    The other arguments name devices, of which there is one.

    >>> import autograd, nn
    >>> model = DataParallel(nn.Linear(2, 1))
    >>> list(model.state_dict())
    ['module.weight', 'module.bias']
    >>> model(autograd.ones(3, 2)).shape
    autograd.Size([3, 1])
    """

    module: Any

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
    ) -> None:
        super().__init__()
        _check("DataParallel", module)
        self.module = module
        self.device_ids: list[Any] = []
        self.output_device, self.dim = output_device, dim

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)


def data_parallel(
    module: Module,
    inputs: Any,
    device_ids: Sequence[Any] | None = None,
    output_device: Any = None,
    dim: int = 0,
    module_kwargs: dict[str, Any] | None = None,
) -> Any:
    """``module(*inputs, **module_kwargs)``; ``inputs`` may be one, or a tuple.

    >>> import autograd, nn
    >>> data_parallel(nn.Identity(), autograd.ones(2))
    tensor([1., 1.])
    """
    _check("data_parallel", module)
    inputs = inputs if isinstance(inputs, tuple) else () if inputs is None else (inputs,)
    return module(*inputs, **(module_kwargs or {}))


def _check(call: str, module: Any) -> None:
    if not isinstance(module, Module):
        raise TypeError(
            f"{call}: expected a module; got {type(module).__name__}. Pass an nn.Module."
        )

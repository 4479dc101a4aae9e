"""einops on our tensors: the class of ours that it asks for, made when it is imported."""

from __future__ import annotations

import sys
from typing import Any

_joined: dict[type, type] = {}  # einops holds its backends weakly, until it uses them

_FUNCTIONS = (
    "to_numpy reshape transpose reduce stack_on_zeroth_dimension add_axis add_axes tile concat "
    "is_float_type einsum"
).split()


def _on_arrays(method: Any) -> Any:
    def by_tensors(self: Any, *given: Any, **options: Any) -> Any:
        from autograd.tensors.array import as_array, as_tensor

        tensors = [
            [as_tensor(y) for y in x] if isinstance(x, (list, tuple)) else as_tensor(x)
            for x in given
        ]
        return as_array(method(self, *tensors, **options))

    return by_tensors


def join() -> None:
    """Give einops a backend for tensors: it finds the classes that derive from its own."""
    import autograd

    abstract: Any = sys.modules["einops._backends"].AbstractBackend
    if abstract in _joined:
        return

    class Backend(abstract):
        framework_name = "autograd"

        def is_appropriate_type(self, tensor):
            return isinstance(tensor, autograd.Tensor)

        def from_numpy(self, x):
            return autograd.from_numpy(x)

        def to_numpy(self, x):
            return x.detach().numpy()

        def arange(self, start, stop):
            return autograd.arange(start, stop)

        def transpose(self, x, axes):
            return x.permute(axes)

        def reduce(self, x, operation, reduced_axes):
            if operation in ("any", "all", "prod"):
                for axis in sorted(reduced_axes, reverse=True):
                    x = getattr(x, operation)(dim=axis)
                return x
            name = {"min": "amin", "max": "amax"}.get(operation, operation)
            return getattr(x, name)(dim=tuple(reduced_axes))

        def stack_on_zeroth_dimension(self, tensors):
            return autograd.stack(tensors)

        def add_axis(self, x, new_position):
            return x.unsqueeze(new_position)

        def add_axes(self, x, n_axes, pos2len):
            sizes = [-1] * n_axes
            for position, length in pos2len.items():
                x = x.unsqueeze(position)
                sizes[position] = length
            return x.expand(sizes)

        def tile(self, x, repeats):
            return x.repeat(repeats)

        def concat(self, tensors, axis):
            return autograd.cat(tensors, axis)

        def is_float_type(self, x):
            return x.is_floating_point()

        def einsum(self, pattern, *x):
            return autograd.einsum(pattern, *x)

    class Arrays(Backend):  # the same on the NumPy face's values, by tensors of the same node
        framework_name = "autograd.tensors.array"  # einops asks first whether it is loaded

        def is_appropriate_type(self, tensor):
            return isinstance(tensor, sys.modules[self.framework_name].Array)

    for name in _FUNCTIONS:
        setattr(Arrays, name, _on_arrays(getattr(Backend, name)))
    _joined[abstract] = Backend
    _joined[Arrays] = Arrays

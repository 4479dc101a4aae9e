"""What turns a module into another: parameters into other dtypes, its forward into a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import Tensor, empty_like, no_grad
from autograd.arrays import dtypes
from autograd.arrays.devices import check_device

Self = TypeVar("Self", bound="Conversions")


class Conversions:
    """Mixin of Module."""

    if TYPE_CHECKING:

        def modules(self) -> Iterator[Any]: ...

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Convert parameters and buffers of a floating dtype in place: ``to(dtype)``.

        ``to(device)`` takes the CPU. Parameters stay the objects that they are, so an optimiser
        keeps them. ``to(memory_format=channels_last)`` lays those of four axes out anew. Raises
        RuntimeError for another device, TypeError for a dtype that is not a floating one.
        """
        dtype = kwargs.get("dtype")
        check_device(kwargs.get("device"))
        for value in args:
            if isinstance(value, Tensor):
                dtype = value.dtype
            elif isinstance(value, bool) or value is None:
                continue
            elif type(value).__name__ == "device" or (
                isinstance(value, str) and value not in dtypes.NAMES
            ):
                check_device(value)
            else:
                dtype = value
        memory_format = kwargs.get("memory_format")
        if memory_format is not None:
            self._apply(lambda t: t.to(memory_format=memory_format) if t.ndim in (4, 5) else t)
        if dtype is None:
            return self
        target = dtypes.as_dtype(dtype)
        if not dtypes.differentiable(target):
            raise TypeError(
                f"to: a module can be converted to floating dtypes; got {target}. Its integer "
                "buffers stay as they are."
            )
        return self._apply(lambda t: t.to(target) if dtypes.differentiable(t.dtype) else t)

    def _apply(self: Self, fn: Callable[[Any], Any]) -> Self:
        """Replace the values of all parameters, gradients and buffers by ``fn`` of them."""
        with no_grad():
            for module in self.modules():
                for p in module._parameters.values():
                    if p is not None:
                        gradient = p.grad
                        p.grad = None
                        p.data = fn(p.data)
                        p.grad = None if gradient is None else fn(gradient)
                for name, buffer in module._buffers.items():
                    if buffer is not None:
                        module._buffers[name] = fn(buffer)
        return self

    def to_empty(self: Self, *, device: Any, recurse: bool = True) -> Self:
        """New memory, with whatever is in it, for all parameters and buffers."""
        check_device(device)
        modules: Iterator[Any] = self.modules() if recurse else iter([self])
        for module in modules:
            for p in module._parameters.values():
                if p is not None:
                    p.data = empty_like(p.data)
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    module._buffers[name] = empty_like(buffer)
        return self

    def float(self: Self) -> Self:
        """Convert to float32; see :meth:`to`."""
        return self.to(dtypes.float32)

    def share_memory(self: Self) -> Self:
        """Move all to memory that forked processes share; see ``Tensor.share_memory_``."""
        return self._apply(lambda t: t.share_memory_())

    def double(self: Self) -> Self:
        """Convert to float64; see :meth:`to`."""
        return self.to(dtypes.float64)

    def half(self: Self) -> Self:
        """Convert to float16; see :meth:`to`."""
        return self.to(dtypes.float16)

    def bfloat16(self: Self) -> Self:
        """Convert to bfloat16, which needs the package ``ml_dtypes``; see :meth:`to`."""
        return self.to(dtypes.of_name("bfloat16"))

    def type(self: Self, dst_type: Any) -> Self:
        """Convert to ``dst_type``; see :meth:`to`."""
        return self.to(dst_type)

    def cpu(self: Self) -> Self:
        """The module itself: it lives on the CPU."""
        return self

    def cuda(self: Self, device: Any = None) -> Self:
        """Raises RuntimeError: there is no GPU."""
        return self.to("cuda")

    def compile(self, *args: Any, **options: Any) -> None:
        """Make the forward a program where no graph is recorded; see ``autograd.compile``.

        >>> import autograd, nn
        >>> net = nn.Linear(2, 1)
        >>> net.compile()
        >>> with autograd.no_grad():
        ...     [net(autograd.ones(4, 2)).shape for _ in range(3)][-1]
        autograd.Size([4, 1])
        """
        from autograd.compiler import compile  # on first use

        compile(self, *args, **options)

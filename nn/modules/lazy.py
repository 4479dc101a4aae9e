"""Modules that learn the sizes of their parameters from their first input."""

from __future__ import annotations

from typing import Any

from nn.parameter import is_lazy


class LazyModuleMixin:
    """Mixin before a Module whose parameters wait for the first input.

    A subclass registers an :class:`~nn.UninitializedParameter` for each of them and defines
    ``initialize_parameters(input)``, which materializes and fills them. It runs before the first
    ``forward``; then the module is of the class ``cls_to_become``, if that is given. A state that
    has values is loaded into one that has none yet.

    >>> import autograd, nn
    >>> layer = nn.LazyLinear(2)
    >>> layer
    LazyLinear(in_features=0, out_features=2, bias=True)
    >>> _ = layer(autograd.ones(4, 3))
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    """

    cls_to_become: type[Any] | None = None

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._initialize_hook = self.register_forward_pre_hook(
            self._infer_parameters, with_kwargs=True
        )

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Materialize the parameters by what ``forward`` is called with."""
        raise NotImplementedError(
            f"{type(self).__name__}: a lazy module needs initialize_parameters(self, input); it "
            "defines none. Materialize each parameter in it, and fill it."
        )

    def has_uninitialized_params(self: Any) -> bool:
        """Whether any parameter or buffer is not there yet."""
        return any(map(is_lazy, [*self._parameters.values(), *self._buffers.values()]))

    def _infer_parameters(self: Any, module: Any, args: Any, kwargs: Any = None) -> None:
        module.initialize_parameters(*args, **(kwargs or {}))
        if module.has_uninitialized_params():
            raise RuntimeError(
                f"{type(module).__name__}: initialize_parameters must materialize all parameters "
                "and buffers; some are uninitialized still. Call materialize(shape) on each."
            )
        module._initialize_hook.remove()
        del module._initialize_hook
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become

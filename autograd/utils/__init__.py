"""What ``torch.utils`` holds of use here: ``data``, ``checkpoint``, ``tensorboard``."""

import typing as _typing

__all__ = ["checkpoint", "data", "tensorboard"]

if _typing.TYPE_CHECKING:
    import autograd.utils.checkpoint as checkpoint
    import autograd.utils.data as data
    import autograd.utils.tensorboard as tensorboard
else:

    def __getattr__(name):
        """The modules, when first asked for: PyTorch's users write ``torch.utils.data``."""
        import importlib

        if name in __all__:
            return importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return sorted({*globals(), *__all__})

"""``torch.torch_version``: which PyTorch this library does as."""

from autograd.script.version import FOLLOWED as __version__, TorchVersion as TorchVersion

__all__ = ["TorchVersion", "__version__"]

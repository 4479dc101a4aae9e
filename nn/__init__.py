"""Layers, losses and what holds them, in the names of ``torch.nn``."""

import typing as _typing
from importlib import import_module as _import_module

import autograd as _autograd

if not hasattr(_autograd, "Tensor"):
    raise ImportError(
        "nn: gradloom's autograd is needed; another package of that name (HIPS's) was installed "
        "over it. Run: pip uninstall -y autograd gradloom && pip install gradloom"
    )

from autograd.arrays.process import without_collection as _without_collection

with _without_collection():
    from nn import (
        functional as functional,
        init as init,
        modules as modules,
        parallel as parallel,
        utils as utils,
    )
    from nn.modules import *
    from nn.parallel import DataParallel as DataParallel
    from nn.parameter import *

    # isort: split
    # After the stars, which bring the files nn.modules.attention and utils under their names
    import nn.attention as attention  # noqa: F401

    globals()["utils"] = _import_module("nn.utils")

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)

"""Saving and loading: PyTorch's files without PyTorch, read so that they cannot run code."""

from autograd.serialization import safetensors as safetensors
from autograd.serialization.allowed import (
    add_safe_globals as add_safe_globals,
    clear_safe_globals as clear_safe_globals,
    get_safe_globals as get_safe_globals,
    safe_globals as safe_globals,
)
from autograd.serialization.archive import load as load, save as save

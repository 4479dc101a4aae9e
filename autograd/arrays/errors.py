"""Errors that are of Python's kind and a RuntimeError, as PyTorch's are, at once."""

from __future__ import annotations

__all__ = ["DtypeError", "OptionError", "PlaceError"]


class OptionError(ValueError, RuntimeError):
    """A value that an argument cannot have: a ValueError, for which PyTorch has a RuntimeError.

    >>> issubclass(OptionError, ValueError) and issubclass(OptionError, RuntimeError)
    True
    """

    __module__ = "autograd"  # its name, at the end of a traceback, says where it is found


class DtypeError(TypeError, RuntimeError):
    """A dtype, or a kind of argument, that does not go: a TypeError, PyTorch's RuntimeError.

    >>> issubclass(DtypeError, TypeError) and issubclass(DtypeError, RuntimeError)
    True
    """

    __module__ = "autograd"


class PlaceError(IndexError, RuntimeError):
    """A place that is not there: an IndexError, and where PyTorch says so a RuntimeError.

    >>> issubclass(PlaceError, IndexError) and issubclass(PlaceError, RuntimeError)
    True
    """

    __module__ = "autograd"

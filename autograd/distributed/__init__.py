"""``torch.distributed``: there is one process."""

import typing as _typing

from autograd.distributed.group import *

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

"""``torch.distributed``: several processes that train one model, over MPI."""

import typing as _typing

from autograd.distributed.collectives import *
from autograd.distributed.gradients import *
from autograd.distributed.group import *
from autograd.distributed.objects import *
from autograd.distributed.point_to_point import *
from autograd.distributed.reductions import *
from autograd.distributed.work import *

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

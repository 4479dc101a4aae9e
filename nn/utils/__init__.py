"""Parameters taken together: their gradients clipped, one vector of all of them."""

from typing import TYPE_CHECKING as _TYPE_CHECKING

from nn.utils.clip_grad import *
from nn.utils.convert_parameters import *

if not _TYPE_CHECKING:

    def __getattr__(name):
        from autograd.script.missing import missing

        raise missing(__name__, name)

"""Parameters taken together: their gradients clipped, one vector of all of them."""

import typing as _typing

from nn.utils import rnn as rnn
from nn.utils.clip_grad import *
from nn.utils.convert_parameters import *

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.missing import missing

        raise missing(__name__, name)

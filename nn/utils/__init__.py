"""Parameters taken together, replaced, or computed from others."""

import typing as _typing

from nn.utils import (
    parametrizations as parametrizations,
    parametrize as parametrize,
    rnn as rnn,
    stateless as stateless,
)
from nn.utils.clip_grad import *
from nn.utils.convert_parameters import *
from nn.utils.fusion import *
from nn.utils.init import *
from nn.utils.spectral_norm import *
from nn.utils.weight_norm import *

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)

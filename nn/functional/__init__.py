"""What layers compute, as functions, in the names of ``torch.nn.functional``."""

import typing as _typing

from nn.functional.activation import *
from nn.functional.attention import *
from nn.functional.batchnorm import *
from nn.functional.channelshuffle import *
from nn.functional.conv import *
from nn.functional.distance import *
from nn.functional.dropout import *
from nn.functional.fold import *
from nn.functional.instancenorm import *
from nn.functional.linear import *
from nn.functional.loss import *
from nn.functional.normalization import *
from nn.functional.onehot import *
from nn.functional.padding import *
from nn.functional.pixelshuffle import *
from nn.functional.pooling import *
from nn.functional.rnn import *
from nn.functional.softmax import *
from nn.functional.sparse import *
from nn.functional.upsampling import *
from nn.functional.vision import *

if not _typing.TYPE_CHECKING:  # a checker reports what is missing by itself

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)

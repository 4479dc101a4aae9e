"""Layers, losses and what holds them: a file for each kind, as in ``torch.nn.modules``."""

from nn.modules.activation import *
from nn.modules.adaptive import *
from nn.modules.attention import *
from nn.modules.batchnorm import *
from nn.modules.channelshuffle import *
from nn.modules.container import *
from nn.modules.conv import *
from nn.modules.distance import *
from nn.modules.dropout import *
from nn.modules.flatten import *
from nn.modules.fold import *
from nn.modules.instancenorm import *
from nn.modules.linear import *
from nn.modules.loss import *
from nn.modules.module import *
from nn.modules.normalization import *
from nn.modules.padding import *
from nn.modules.pixelshuffle import *
from nn.modules.pooling import *
from nn.modules.rnn import *
from nn.modules.softmax import *
from nn.modules.sparse import *
from nn.modules.transformer import *
from nn.modules.upsampling import *

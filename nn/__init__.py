"""Layers, losses and what holds them, in the names of ``torch.nn``."""

import autograd as _autograd

if not hasattr(_autograd, "Tensor"):
    raise ImportError(
        "nn: gradloom's autograd is needed; another package of that name (HIPS's) was installed "
        "over it. Run: pip uninstall -y autograd gradloom && pip install gradloom"
    )

from nn import functional as functional, init as init, utils as utils
from nn.activation import (
    ELU as ELU,
    GELU as GELU,
    LeakyReLU as LeakyReLU,
    LogSoftmax as LogSoftmax,
    ReLU as ReLU,
    Sigmoid as Sigmoid,
    SiLU as SiLU,
    Softmax as Softmax,
    Softplus as Softplus,
    Tanh as Tanh,
)
from nn.container import (
    ModuleDict as ModuleDict,
    ModuleList as ModuleList,
    ParameterDict as ParameterDict,
    ParameterList as ParameterList,
    Sequential as Sequential,
)
from nn.dropout import Dropout as Dropout
from nn.flatten import Flatten as Flatten, Unflatten as Unflatten
from nn.linear import Identity as Identity, Linear as Linear
from nn.loss import (
    BCELoss as BCELoss,
    BCEWithLogitsLoss as BCEWithLogitsLoss,
    CrossEntropyLoss as CrossEntropyLoss,
    L1Loss as L1Loss,
    MSELoss as MSELoss,
    NLLLoss as NLLLoss,
)
from nn.module import Module as Module
from nn.parameter import Buffer as Buffer, Parameter as Parameter

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
from nn.distance import (
    CosineEmbeddingLoss as CosineEmbeddingLoss,
    CosineSimilarity as CosineSimilarity,
    HingeEmbeddingLoss as HingeEmbeddingLoss,
    HuberLoss as HuberLoss,
    MarginRankingLoss as MarginRankingLoss,
    PairwiseDistance as PairwiseDistance,
    SmoothL1Loss as SmoothL1Loss,
    SoftMarginLoss as SoftMarginLoss,
    TripletMarginLoss as TripletMarginLoss,
)
from nn.dropout import Dropout as Dropout
from nn.flatten import Flatten as Flatten, Unflatten as Unflatten
from nn.hard import (
    Hardshrink as Hardshrink,
    Hardsigmoid as Hardsigmoid,
    Hardswish as Hardswish,
    Hardtanh as Hardtanh,
    PReLU as PReLU,
    ReLU6 as ReLU6,
    Softshrink as Softshrink,
    Threshold as Threshold,
)
from nn.likelihood import (
    GaussianNLLLoss as GaussianNLLLoss,
    KLDivLoss as KLDivLoss,
    PoissonNLLLoss as PoissonNLLLoss,
)
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
from nn.padding import (
    CircularPad1d as CircularPad1d,
    CircularPad2d as CircularPad2d,
    CircularPad3d as CircularPad3d,
    ConstantPad1d as ConstantPad1d,
    ConstantPad2d as ConstantPad2d,
    ConstantPad3d as ConstantPad3d,
    PixelShuffle as PixelShuffle,
    PixelUnshuffle as PixelUnshuffle,
    ReflectionPad1d as ReflectionPad1d,
    ReflectionPad2d as ReflectionPad2d,
    ReflectionPad3d as ReflectionPad3d,
    ReplicationPad1d as ReplicationPad1d,
    ReplicationPad2d as ReplicationPad2d,
    ReplicationPad3d as ReplicationPad3d,
    ZeroPad1d as ZeroPad1d,
    ZeroPad2d as ZeroPad2d,
    ZeroPad3d as ZeroPad3d,
)
from nn.parameter import Buffer as Buffer, Parameter as Parameter
from nn.smooth import (
    CELU as CELU,
    GLU as GLU,
    SELU as SELU,
    LogSigmoid as LogSigmoid,
    Mish as Mish,
    Softmin as Softmin,
    Softsign as Softsign,
    Tanhshrink as Tanhshrink,
)

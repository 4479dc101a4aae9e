"""What layers compute, as functions, in the names of ``torch.nn.functional``."""

from nn.functional.activation import (
    elu as elu,
    elu_ as elu_,
    gelu as gelu,
    leaky_relu as leaky_relu,
    leaky_relu_ as leaky_relu_,
    log_softmax as log_softmax,
    relu as relu,
    relu_ as relu_,
    sigmoid as sigmoid,
    silu as silu,
    softmax as softmax,
    softplus as softplus,
    tanh as tanh,
)
from nn.functional.distance import (
    cosine_embedding_loss as cosine_embedding_loss,
    cosine_similarity as cosine_similarity,
    hinge_embedding_loss as hinge_embedding_loss,
    huber_loss as huber_loss,
    margin_ranking_loss as margin_ranking_loss,
    pairwise_distance as pairwise_distance,
    smooth_l1_loss as smooth_l1_loss,
    soft_margin_loss as soft_margin_loss,
    triplet_margin_loss as triplet_margin_loss,
)
from nn.functional.dropout import dropout as dropout
from nn.functional.encoding import normalize as normalize, one_hot as one_hot
from nn.functional.hard import (
    hardshrink as hardshrink,
    hardsigmoid as hardsigmoid,
    hardswish as hardswish,
    hardtanh as hardtanh,
    hardtanh_ as hardtanh_,
    prelu as prelu,
    relu6 as relu6,
    softshrink as softshrink,
    threshold as threshold,
    threshold_ as threshold_,
)
from nn.functional.likelihood import (
    gaussian_nll_loss as gaussian_nll_loss,
    kl_div as kl_div,
    poisson_nll_loss as poisson_nll_loss,
)
from nn.functional.linear import linear as linear
from nn.functional.loss import (
    binary_cross_entropy as binary_cross_entropy,
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    cross_entropy as cross_entropy,
    l1_loss as l1_loss,
    mse_loss as mse_loss,
    nll_loss as nll_loss,
    reduction_of as reduction_of,
)
from nn.functional.padding import (
    pad as pad,
    pixel_shuffle as pixel_shuffle,
    pixel_unshuffle as pixel_unshuffle,
)
from nn.functional.smooth import (
    celu as celu,
    celu_ as celu_,
    glu as glu,
    logsigmoid as logsigmoid,
    mish as mish,
    selu as selu,
    selu_ as selu_,
    softmin as softmin,
    softsign as softsign,
    tanhshrink as tanhshrink,
)

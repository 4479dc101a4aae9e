"""What layers compute, as functions, in the names of ``torch.nn.functional``."""

from nn.functional.activation import (
    elu as elu,
    gelu as gelu,
    leaky_relu as leaky_relu,
    log_softmax as log_softmax,
    relu as relu,
    sigmoid as sigmoid,
    silu as silu,
    softmax as softmax,
    softplus as softplus,
    tanh as tanh,
)
from nn.functional.dropout import dropout as dropout
from nn.functional.encoding import normalize as normalize, one_hot as one_hot
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

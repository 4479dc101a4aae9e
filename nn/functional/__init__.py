"""What layers compute, as functions, in the names of ``torch.nn.functional``."""

from nn.functional.activation import elu as elu
from nn.functional.activation import gelu as gelu
from nn.functional.activation import leaky_relu as leaky_relu
from nn.functional.activation import log_softmax as log_softmax
from nn.functional.activation import relu as relu
from nn.functional.activation import sigmoid as sigmoid
from nn.functional.activation import silu as silu
from nn.functional.activation import softmax as softmax
from nn.functional.activation import softplus as softplus
from nn.functional.activation import tanh as tanh
from nn.functional.dropout import dropout as dropout
from nn.functional.encoding import normalize as normalize
from nn.functional.encoding import one_hot as one_hot
from nn.functional.linear import linear as linear
from nn.functional.loss import binary_cross_entropy as binary_cross_entropy
from nn.functional.loss import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from nn.functional.loss import cross_entropy as cross_entropy
from nn.functional.loss import l1_loss as l1_loss
from nn.functional.loss import mse_loss as mse_loss
from nn.functional.loss import nll_loss as nll_loss
from nn.functional.loss import reduction_of as reduction_of

"""Parameters taken together: their gradients clipped, one vector of all of them."""

from nn.utils.clip_grad import *
from nn.utils.convert_parameters import *

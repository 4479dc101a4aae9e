"""Distributions of random values, in the names of ``torch.distributions``."""

from autograd.distributions import constraints as constraints
from autograd.distributions.bernoulli import *
from autograd.distributions.categorical import *
from autograd.distributions.distribution import *
from autograd.distributions.exponential import *
from autograd.distributions.independent import *
from autograd.distributions.laplace import *
from autograd.distributions.normal import *
from autograd.distributions.one_hot_categorical import *
from autograd.distributions.uniform import *

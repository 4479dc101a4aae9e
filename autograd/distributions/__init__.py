"""Distributions of random values, in the names of ``torch.distributions``."""

from autograd.distributions import (
    constraints as constraints,
    kl_between as kl_between,  # its pairs are registered
    transforms as transforms,
)
from autograd.distributions.bernoulli import *
from autograd.distributions.beta import *
from autograd.distributions.binomial import *
from autograd.distributions.categorical import *
from autograd.distributions.cauchy import *
from autograd.distributions.chi2 import *
from autograd.distributions.composed import *
from autograd.distributions.constraint_registry import *
from autograd.distributions.dirichlet import *
from autograd.distributions.distribution import *
from autograd.distributions.exponential import *
from autograd.distributions.gamma import *
from autograd.distributions.geometric import *
from autograd.distributions.gumbel import *
from autograd.distributions.half_cauchy import *
from autograd.distributions.half_normal import *
from autograd.distributions.independent import *
from autograd.distributions.kl import *
from autograd.distributions.laplace import *
from autograd.distributions.log_normal import *
from autograd.distributions.mixture_same_family import *
from autograd.distributions.multinomial import *
from autograd.distributions.multivariate_normal import *
from autograd.distributions.normal import *
from autograd.distributions.one_hot_categorical import *
from autograd.distributions.pareto import *
from autograd.distributions.poisson import *
from autograd.distributions.relaxed_bernoulli import *
from autograd.distributions.relaxed_categorical import *
from autograd.distributions.studentT import *
from autograd.distributions.transform import *
from autograd.distributions.transformed_distribution import *
from autograd.distributions.transforms import *
from autograd.distributions.uniform import *
from autograd.distributions.weibull import *

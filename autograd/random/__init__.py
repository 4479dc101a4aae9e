"""Streams of random numbers: PyTorch's for the same seed.

What ``torch.random`` holds is here, too.
"""

from autograd.random.fork import fork_rng as fork_rng
from autograd.random.generator import (
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)

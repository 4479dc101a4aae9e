"""What the tests of the graph share: leaves of float64, comparison, the collector switched off."""

import contextlib
import gc

import numpy as np

import autograd


def leaf(data, dtype=autograd.float64):
    return autograd.tensor(data, dtype=dtype, requires_grad=True)


def equal(tensor, expected):
    np.testing.assert_allclose(tensor.detach().numpy(), expected, 1e-12, 1e-12)


@contextlib.contextmanager
def no_collector():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

"""Parameters, gradients and steps, for the tests of optimisers."""

import numpy as np

import autograd
from autograd.tensors.buckets import SIZE

# 0-d, empty, one longer than a block, and small ones that share a block
SHAPES = [(3,), (2, 4), (), (0, 3), (SIZE + 7,), (1,)]
STEPS = 20


def parameters(dtype="float64", shapes=SHAPES, seed=0):
    rng = np.random.default_rng(seed)
    return [
        autograd.tensor(rng.standard_normal(shape), dtype=dtype, requires_grad=True)
        for shape in shapes
    ]


def gradients(steps=STEPS, shapes=SHAPES, seed=1):
    rng = np.random.default_rng(seed)
    return [[np.asarray(rng.standard_normal(shape)) for shape in shapes] for _ in range(steps)]


def run(optimizer, params, steps):
    for grads in steps:
        for p, g in zip(params, grads, strict=True):
            p.grad = None if g is None else autograd.tensor(g, dtype=p.dtype)
        optimizer.step()


def values(params):
    return [np.array(p.detach().numpy()) for p in params]


def close(params, expected, **tolerance):
    for p, e in zip(params, expected, strict=True):
        np.testing.assert_allclose(np.asarray(p), np.asarray(e), **tolerance)

"""Backpropagation on one page: run it, and a network of eight neurons learns XOR.

A tensor remembers the op it came from and the op's inputs: what was computed is a graph. An op is
a row of the table below: its value, then one formula per input. The formula turns g, the
derivative of the loss by the op's result, into the derivative by that input. The sweep visits the
tensors from the youngest to the oldest: when a tensor's turn comes, all that were made from it
have had theirs, so its own g is complete. `python docs/minimal.py` prints

    loss 0.362 before, 0.000 after 1000 steps
    0 xor 0 = 0
    0 xor 1 = 1
    1 xor 0 = 1
    1 xor 1 = 0
"""

import heapq
import itertools

import numpy as np

ages = itertools.count()


class Tensor:
    """An array, and where it came from. One that no op made gets its derivative in `grad`."""

    def __init__(self, data, formulas=(), inputs=(), options=None):
        self.data = np.asarray(data, dtype=float)
        self.formulas, self.inputs, self.options = formulas, inputs, options
        self.age, self.grad = next(ages), None

    def backward(self):
        """Adds the derivatives of the sum of this tensor to `grad` of those it came from."""
        gradients = {self: np.ones_like(self.data)}
        waiting = [(-self.age, self)]  # a heap: the youngest comes out first
        while waiting:
            tensor = heapq.heappop(waiting)[1]
            g = gradients.pop(tensor)
            if not tensor.inputs:
                tensor.grad = g if tensor.grad is None else tensor.grad + g
            arrays = [x.data for x in tensor.inputs]
            for x, formula in zip(tensor.inputs, tensor.formulas):
                part = unbroadcast(formula(g, tensor.data, *arrays, **tensor.options), x.data.shape)
                if x in gradients:  # used more than once: the parts add up
                    gradients[x] = gradients[x] + part
                else:
                    gradients[x] = part
                    heapq.heappush(waiting, (-x.age, x))


def unbroadcast(g, shape):
    """Sums g over the axes along which NumPy repeated an input of this shape."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def op(value, *formulas):
    """A function of tensors (or numbers) from one of arrays and its formulas."""

    def apply(*inputs, **options):
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        return Tensor(value(*[x.data for x in inputs], **options), formulas, inputs, options)

    return apply


add = op(np.add, lambda g, out, x, y: g, lambda g, out, x, y: g)
mul = op(np.multiply, lambda g, out, x, y: g * y, lambda g, out, x, y: g * x)
matmul = op(np.matmul, lambda g, out, x, y: g @ y.T, lambda g, out, x, y: x.T @ g)
div = op(np.divide, lambda g, out, x, y: g / y, lambda g, out, x, y: -g * out / y)
pow = op(lambda x, n: x**n, lambda g, out, x, n: g * n * x ** (n - 1))
exp = op(np.exp, lambda g, out, x: g * out)
log = op(np.log, lambda g, out, x: g / x)
tanh = op(np.tanh, lambda g, out, x: g * (1 - out**2))
relu = op(lambda x: np.maximum(x, 0), lambda g, out, x: g * (x > 0))
sum = op(np.sum, lambda g, out, x: np.broadcast_to(g, x.shape))
reshape = op(lambda x, shape: x.reshape(shape), lambda g, out, x, shape: g.reshape(x.shape))
transpose = op(np.transpose, lambda g, out, x: np.transpose(g))

Tensor.__add__, Tensor.__mul__, Tensor.__matmul__ = add, mul, matmul

if __name__ == "__main__":
    random = np.random.default_rng(0)
    x, y = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), Tensor([[0], [1], [1], [0]])
    w1, b1 = Tensor(random.normal(size=(2, 8))), Tensor(np.zeros(8))
    w2, b2 = Tensor(random.normal(size=(8, 1)) / 3), Tensor(0)
    losses = []
    for _ in range(1000):
        answer = tanh(x @ w1 + b1) @ w2 + b2
        loss = sum(pow(answer + y * -1, n=2)) * 0.25
        loss.backward()
        losses.append(loss.data)
        for parameter in (w1, b1, w2, b2):
            parameter.data = parameter.data - 0.2 * parameter.grad
            parameter.grad = None
    print(f"loss {losses[0]:.3f} before, {losses[-1]:.3f} after {len(losses)} steps")
    for (first, second), found in zip(x.data, answer.data[:, 0]):
        print(f"{first:.0f} xor {second:.0f} = {round(found)}")

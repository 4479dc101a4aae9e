"""Random tensors: PyTorch's functions over the streams of :mod:`autograd.random`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.arguments import check_numeric, check_tensors, integer_of, number_of, size_of
from autograd.arrays.devices import check_device
from autograd.engine.graph import unwrap, wrap
from autograd.engine.places import ShapeError
from autograd.random import continuous, discrete, generator
from autograd.tensors.creation import expect_tensor
from autograd.tensors.from_data import finished

if TYPE_CHECKING:
    from autograd.tensors.annotations import DType
    from autograd.tensors.tensor import Tensor

__all__ = [
    "bernoulli", "binomial", "get_rng_state", "manual_seed", "multinomial", "normal", "poisson",
    "rand", "rand_like", "randint", "randint_like", "randn", "randn_like", "randperm",
    "set_rng_state",
]  # fmt: skip


def _made(array: np.ndarray, dtype: DType, device: Any, requires_grad: bool) -> Tensor:
    check_device(device)
    if dtype is not None:
        array = array.astype(dtypes.as_dtype(dtype), copy=False)
    return finished(array, requires_grad)


def _drawn_in(dtype: DType) -> Any:
    """The dtype to draw in: float16 is drawn in float32 and rounded."""
    wanted = dtypes.get_default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    if not dtypes.differentiable(wanted):
        raise TypeError(f"random: numbers need a floating or complex dtype; got {wanted}. Convert.")
    return generator.drawn_in(wanted)


def _seed(value: Any) -> int:
    """An integer, as a float or a 0-d tensor too: fractions are cut off, as in PyTorch."""
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, (int, float)) and math.isfinite(number):
        return int(number)
    raise TypeError(f"manual_seed: expected an integer; got {value!r:.60}. Pass int(...) of it.")


def rand(
    *shape: Any,
    size: Any = None,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Reals uniform in [0, 1); of a complex dtype, numbers of which both parts are.

    >>> _ = manual_seed(0); rand(2)
    tensor([0.4963, 0.7682])
    """
    shape = size_of("rand", shape if size is None else (size,))
    array = continuous.uniform(shape, _drawn_in(dtype), generator=generator)
    return _made(array, dtype, device, requires_grad)


def randn(
    *shape: Any,
    size: Any = None,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Gaussian reals of mean 0 and variance 1; of a complex dtype, a half in each part.

    >>> _ = manual_seed(0); randn(2)
    tensor([ 1.5410, -0.2934])
    """
    shape = size_of("randn", shape if size is None else (size,))
    array = continuous.normal(shape, _drawn_in(dtype), generator=generator)
    return _made(array, dtype, device, requires_grad)


def rand_like(
    input: Tensor,
    *,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Reals uniform in [0, 1), in the shape and dtype of ``input``.

    >>> rand_like(randn(2, 3)).shape
    autograd.Size([2, 3])
    """
    expect_tensor("rand_like", input)
    return rand(
        *input.shape,
        generator=generator,
        dtype=dtype or input.dtype,
        device=device,
        requires_grad=requires_grad,
    )


def randn_like(
    input: Tensor,
    *,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Gaussian reals in the shape and dtype of ``input``.

    >>> randn_like(rand(2, 3)).shape
    autograd.Size([2, 3])
    """
    expect_tensor("randn_like", input)
    return randn(
        *input.shape,
        generator=generator,
        dtype=dtype or input.dtype,
        device=device,
        requires_grad=requires_grad,
    )


def randint(
    low: int | None = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Integers from low to high - 1: ``randint(high, size)`` or ``randint(low, high, size)``.

    Raises ValueError for an empty range, TypeError without a size.

    >>> _ = manual_seed(0); randint(10, (3,))
    tensor([4, 9, 3])
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    if size is None or isinstance(size, int):
        raise TypeError("randint: a size is a tuple of integers. Call randint(low, high, (n,)).")
    wanted = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    low = 0 if low is None else low
    low, high = integer_of("randint", "low", low), integer_of("randint", "high", high)
    array = discrete.integers(low, high, size_of("randint", (size,)), wanted, generator)
    return _made(array, dtype, device, requires_grad)


def randint_like(
    input: Tensor,
    low: int = 0,
    high: int | None = None,
    *,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Integers from low to high - 1 in the shape and dtype of ``input``; low may be left out.

    >>> _ = manual_seed(0); randint_like(rand(3), 10)
    tensor([0., 3., 9.])
    """
    expect_tensor("randint_like", input)
    return randint(
        low,
        high,
        tuple(input.shape),
        generator=generator,
        dtype=dtype or input.dtype,
        device=device,
        requires_grad=requires_grad,
    )


def randperm(
    n: int,
    *,
    generator: Any = None,
    dtype: DType = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers 0 to n - 1 in random order.

    >>> _ = manual_seed(0); randperm(4)
    tensor([0, 1, 3, 2])
    """
    (count,) = size_of("randperm", (integer_of("randperm", "n", n),))
    array = discrete.permutation(count, generator)
    return _made(array, dtype, device, requires_grad)


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Any = None,
    dtype: DType = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Gaussian reals; mean and std are numbers (then with a size) or tensors.

    Of a complex dtype, both parts have the mean, as PyTorch has it, and half the variance each.

    Raises ValueError where ``mean`` and ``std`` do not broadcast.

    >>> _ = manual_seed(0); normal(0.0, 1.0, (2,))
    tensor([ 1.5410, -0.2934])
    """
    if size is not None:
        shape = size_of("normal", (size,))
        numbers = number_of("normal", "mean", mean), number_of("normal", "std", std)
        array = continuous.normal(shape, _drawn_in(dtype), *numbers, generator)
    else:
        mean, std = unwrap(mean), unwrap(std)
        try:
            np.broadcast_shapes(np.shape(mean), np.shape(std))
        except ValueError:
            raise ShapeError(
                f"normal: mean and std must broadcast; got shapes {np.shape(mean)} and "
                f"{np.shape(std)}. Reshape one of them."
            ) from None
        check_numeric("normal", mean=mean, std=std)
        array = continuous.normal_like(mean, std, generator)
    return _made(array, dtype, device, requires_grad)


def bernoulli(input: Tensor, p: float | None = None, *, generator: Any = None) -> Tensor:
    """Ones with the probabilities in ``input`` (or with ``p`` each), else zeros.

    >>> _ = manual_seed(0); bernoulli(rand(3))
    tensor([1., 1., 0.])
    """
    data = unwrap(input)
    if p is not None:
        return wrap(discrete.bernoulli(p, data.shape, data.dtype, generator), None)
    return wrap(discrete.bernoulli_like(data, None, generator), None)


def binomial(count: Tensor, prob: Tensor, generator: Any = None) -> Tensor:
    """Successes among ``count`` trials of probability ``prob`` each, which broadcast.

    Floats, as both arguments are. Raises ValueError for negative counts and for probabilities
    outside [0, 1].

    >>> import autograd
    >>> _ = manual_seed(0)
    >>> binomial(autograd.tensor([10.0, 100.0]), autograd.tensor(0.5))
    tensor([ 7., 51.])
    """
    check_tensors("binomial", count=count, prob=prob)
    try:
        counts, probs = np.broadcast_arrays(unwrap(count), unwrap(prob))
    except ValueError:
        raise ShapeError(
            f"binomial: count and prob must broadcast; got shapes {tuple(count.shape)} and "
            f"{tuple(prob.shape)}."
        ) from None
    from autograd.random import gamma  # loaded by whoever needs it

    return wrap(gamma.binomial(counts, probs, generator), None)


def poisson(input: Tensor, generator: Any = None) -> Tensor:
    """Counts with the rates in ``input``, in its dtype.

    Raises ValueError for a negative rate.

    >>> import autograd
    >>> _ = manual_seed(0); poisson(autograd.tensor([4.0, 40.0]))
    tensor([ 7., 41.])
    """
    check_tensors("poisson", input=input)
    from autograd.random import gamma

    return wrap(gamma.poisson(unwrap(input), generator), None)


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Any = None
) -> Tensor:
    """Indices drawn with the weights in ``input``, (k) or (rows, k) -> (…, num_samples), int64.

    >>> _ = manual_seed(0); multinomial(rand(3), 2)
    tensor([1, 0])
    """
    num_samples = integer_of("multinomial", "num_samples", num_samples)
    drawn = discrete.multinomial(unwrap(input), num_samples, replacement, generator)
    return wrap(drawn, None)


def manual_seed(seed: int) -> generator.Generator:
    """Seed the default generator; returns it.

    >>> manual_seed(0).initial_seed()
    0
    """
    return generator.manual_seed(_seed(seed))


def get_rng_state() -> Tensor:
    """The state of the default generator, uint8.

    >>> state = get_rng_state(); a = rand(1); set_rng_state(state); bool(a == rand(1))
    True
    """
    return wrap(generator.get_rng_state(), None)


def set_rng_state(new_state: Tensor) -> None:
    """Put the default generator back into a state that :func:`get_rng_state` returned.

    >>> import autograd
    >>> state = autograd.get_rng_state()
    >>> first = autograd.rand(3)
    >>> autograd.set_rng_state(state)
    >>> autograd.equal(first, autograd.rand(3))
    True
    """
    generator.set_rng_state(unwrap(new_state))

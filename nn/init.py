"""How parameters start: functions that fill a tensor in place, outside the graph, and return it.

For a weight of shape (out, in, …) the *fan in* is in · …, what one output sums over, and the *fan
out* is out · …. With the same seed, the numbers are PyTorch's.
"""

from __future__ import annotations

import functools
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays.arguments import check_tensors, count_of, number_of
from autograd.engine import versions
from autograd.engine.graph import TensorBase
from autograd.random import continuous, discrete, generator

if TYPE_CHECKING:
    from autograd import Tensor

__all__ = [
    "calculate_gain", "constant", "constant_", "dirac", "dirac_", "eye", "eye_", "kaiming_normal",
    "kaiming_normal_", "kaiming_uniform", "kaiming_uniform_", "normal", "normal_", "ones_",
    "orthogonal", "orthogonal_", "sparse", "sparse_", "trunc_normal_", "uniform", "uniform_",
    "xavier_normal", "xavier_normal_", "xavier_uniform", "xavier_uniform_", "zeros_",
]  # fmt: skip

_GAINS = {"sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4, "linear": 1.0}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that keeps the size of activations through ``nonlinearity``.

    ``param`` is the negative slope of "leaky_relu". Raises ValueError for an unknown name.

    >>> calculate_gain("relu")
    1.4142135623730951
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else number_of("calculate_gain", "param", param)
        return math.sqrt(2 / (1 + slope**2))
    if isinstance(nonlinearity, str) and nonlinearity.startswith("conv"):
        return 1.0
    if not isinstance(nonlinearity, str) or nonlinearity not in _GAINS:
        raise ValueError(
            f"calculate_gain: expected one of {', '.join([*_GAINS, 'leaky_relu'])}; got "
            f"{nonlinearity!r}. Pass 'linear' for a gain of 1."
        )
    return _GAINS[nonlinearity]


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """The fan in and the fan out. Raises ValueError for fewer than two dimensions."""
    check_tensors("init", tensor=tensor)
    if tensor.ndim < 2:
        raise ValueError(
            f"init: fan in and fan out need a weight of two dimensions or more; got shape "
            f"{tuple(tensor.shape)}. Biases are filled by zeros_ or uniform_."
        )
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    """The fan in or the fan out. Raises ValueError for another word than these."""
    mode = mode.lower() if isinstance(mode, str) else mode
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"init: mode must be 'fan_in' or 'fan_out'; got {mode!r}.")
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def _filled(tensor: Any, values: Any) -> Any:
    """``tensor`` with ``values`` written into its memory."""
    if not isinstance(tensor, TensorBase):
        raise TypeError(
            f"init: expected a tensor to fill; got {type(tensor).__name__}. Pass module.weight."
        )
    array = tensor._array()  # type: ignore[attr-defined]
    array[...] = values
    versions.note_change(array)
    return tensor


def uniform_(
    tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: generator.Generator | None = None
) -> Tensor:
    """Reals uniform in [a, b).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> uniform_(autograd.empty(2))
    tensor([0.4963, 0.7682])
    """
    check_tensors("uniform_", tensor=tensor)
    return _filled(tensor, continuous.uniform(tuple(tensor.shape), tensor.dtype, a, b, generator))


def normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: generator.Generator | None = None,
) -> Tensor:
    """Gaussian reals.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> normal_(autograd.empty(2))
    tensor([ 1.5410, -0.2934])
    """
    check_tensors("normal_", tensor=tensor)
    return _filled(
        tensor, continuous.normal(tuple(tensor.shape), tensor.dtype, mean, std, generator)
    )


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: generator.Generator | None = None,
) -> Tensor:
    """Gaussian reals within [a, b].

    Shapes: any. A number outside is drawn anew.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> trunc_normal_(autograd.empty(3), std=0.02)
    tensor([ 0.0308, -0.0059, -0.0436])
    """
    check_tensors("trunc_normal_", tensor=tensor)
    shape = tuple(tensor.shape)
    return _filled(tensor, continuous.trunc_normal(shape, tensor.dtype, mean, std, a, b, generator))


def constant_(tensor: Tensor, val: float) -> Tensor:
    """The number ``val``.

    >>> import autograd
    >>> constant_(autograd.empty(2), 0.5)
    tensor([0.5000, 0.5000])
    """
    return _filled(tensor, number_of("constant_", "val", val))


def ones_(tensor: Tensor) -> Tensor:
    """Ones.

    >>> import autograd
    >>> ones_(autograd.empty(2))
    tensor([1., 1.])
    """
    return _filled(tensor, 1)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros.

    >>> import autograd
    >>> zeros_(autograd.empty(2))
    tensor([0., 0.])
    """
    return _filled(tensor, 0)


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix. Raises ValueError for other than two dimensions.

    >>> import autograd
    >>> eye_(autograd.empty(2, 3))
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    check_tensors("eye_", tensor=tensor)
    if tensor.ndim != 2:
        raise ValueError(f"eye_: expected a matrix; got shape {tuple(tensor.shape)}.")
    return _filled(tensor, np.eye(*tensor.shape))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Ones that make a convolution the identity, of as many channels as there are, else zeros.

    Shapes: (out, in, …), a kernel of one to three axes; in each of ``groups`` blocks of ``out``,
    channel i passes to output i. Raises ValueError for other axes, and where ``out`` is not
    divisible.

    >>> import autograd
    >>> dirac_(autograd.empty(2, 2, 3))[0]
    tensor([[0., 1., 0.],
            [0., 0., 0.]])
    """
    check_tensors("dirac_", tensor=tensor)
    groups = count_of("dirac_", "groups", groups, 1)
    shape = tuple(tensor.shape)
    if not 3 <= len(shape) <= 5 or shape[0] % groups:
        raise ValueError(
            f"dirac_: expected the weight of a convolution, (out, in, …) with 3 to 5 axes and out "
            f"divisible by groups; got shape {shape} and {groups} groups."
        )
    block = shape[0] // groups
    channel = np.arange(min(block, shape[1]))
    values: Any = np.zeros(shape, tensor.dtype)
    middle = [n // 2 for n in shape[2:]]
    for start in range(0, shape[0], max(block, 1)):
        values[(start + channel, channel, *middle)] = 1
    return _filled(tensor, values)


def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: generator.Generator | None = None
) -> Tensor:
    r"""Uniform in :math:`\pm g\sqrt{6 / (\text{fan in} + \text{fan out})}`.

    Glorot & Bengio 2010 (PMLR 9:249).

    Shapes: (out, in, …).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> xavier_uniform_(autograd.empty(1, 3))
    tensor([[-0.0092,  0.6570, -1.0080]])
    """
    gain = number_of("xavier_uniform_", "gain", gain)
    bound = math.sqrt(3.0) * gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(
    tensor: Tensor, gain: float = 1.0, generator: generator.Generator | None = None
) -> Tensor:
    r"""Gaussian of deviation :math:`g\sqrt{2 / (\text{fan in} + \text{fan out})}`.

    Glorot & Bengio 2010 (PMLR 9:249).

    Shapes: (out, in, …).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> xavier_normal_(autograd.empty(1, 3))
    tensor([[ 1.0896, -0.2075, -1.5406]])
    """
    gain = number_of("xavier_normal_", "gain", gain)
    std = gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: generator.Generator | None = None,
) -> Tensor:
    r"""Uniform in :math:`\pm g\sqrt{3 / \text{fan}}`, g the gain of ``nonlinearity``.

    He, Zhang, Ren & Sun 2015, arXiv:1502.01852. A tensor without elements stays as it is.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> kaiming_uniform_(autograd.empty(1, 3), nonlinearity="relu")
    tensor([[-0.0106,  0.7587, -1.1639]])
    """
    check_tensors("kaiming_uniform_", tensor=tensor)
    if 0 in tensor.shape:
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: generator.Generator | None = None,
) -> Tensor:
    r"""Gaussian of deviation :math:`g / \sqrt{\text{fan}}`; see :func:`kaiming_uniform_`.

    Shapes: (out, in, …).

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> kaiming_normal_(autograd.empty(1, 3), nonlinearity="relu")
    tensor([[ 1.2582, -0.2396, -1.7790]])
    """
    check_tensors("kaiming_normal_", tensor=tensor)
    if 0 in tensor.shape:
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_calculate_correct_fan(tensor, mode))
    return normal_(tensor, 0.0, std, generator)


def orthogonal_(
    tensor: Tensor, gain: float = 1, generator: generator.Generator | None = None
) -> Tensor:
    """Orthonormal rows (or columns, where there are fewer), times ``gain``, of (out, in · …).

    Saxe, McClelland & Ganguli 2014, arXiv:1312.6120. Raises ValueError for fewer than two
    dimensions.

    >>> import autograd
    >>> _ = autograd.manual_seed(0)
    >>> q = orthogonal_(autograd.empty(2, 3))
    >>> autograd.allclose(q @ q.T, autograd.eye(2), atol=1e-6)
    True
    """
    check_tensors("orthogonal_", tensor=tensor)
    if tensor.ndim < 2:
        raise ValueError(
            f"orthogonal_: expected two dimensions or more; got shape {tuple(tensor.shape)}."
        )
    if 0 in tensor.shape:
        return tensor
    gain = number_of("orthogonal_", "gain", gain)
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    flat = continuous.normal((rows, columns), tensor.dtype, generator=generator)
    q, r = np.linalg.qr(flat.T if rows < columns else flat)
    q = q * np.sign(np.diagonal(r))  # one sign for each axis: q is then uniformly distributed
    q = q.T if rows < columns else q
    return _filled(tensor, gain * q.reshape(tuple(tensor.shape)))


def sparse_(
    tensor: Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: generator.Generator | None = None,
) -> Tensor:
    """Gaussian reals, of which ``sparsity`` of each column are zeros, at random places.

    Martens 2010 (ICML). Raises ValueError for other than two dimensions, or a share outside [0, 1].

    >>> import autograd
    >>> int((sparse_(autograd.empty(4, 2), 0.5) == 0).sum())
    4
    """
    check_tensors("sparse_", tensor=tensor)
    share = number_of("sparse_", "sparsity", sparsity)
    if tensor.ndim != 2 or not 0 <= share <= 1:
        raise ValueError(
            f"sparse_: expected a matrix and a share in [0, 1]; got shape {tuple(tensor.shape)} "
            f"and {share}."
        )
    rows, columns = tensor.shape
    values = continuous.normal((rows, columns), tensor.dtype, 0.0, std, generator)
    for column in range(columns):
        values[discrete.permutation(rows)[: math.ceil(share * rows)], column] = 0
    return _filled(tensor, values)


# -- as they were called once ---------------------------------------------------------------------


def _once(function: Any) -> Any:
    """``function`` under its name without the underscore, which says that it has a new one."""
    name = function.__name__

    @functools.wraps(function)
    def form(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"nn.init.{name[:-1]} is called nn.init.{name} now.", FutureWarning, stacklevel=2
        )
        return function(*args, **kwargs)

    form.__name__ = form.__qualname__ = name[:-1]
    form.__doc__ = f":func:`{name}`, by its old name."
    return form


constant, dirac, eye, kaiming_normal = map(_once, (constant_, dirac_, eye_, kaiming_normal_))
kaiming_uniform, normal, orthogonal = map(_once, (kaiming_uniform_, normal_, orthogonal_))
sparse, uniform = map(_once, (sparse_, uniform_))
xavier_normal, xavier_uniform = map(_once, (xavier_normal_, xavier_uniform_))


if not TYPE_CHECKING:

    def __getattr__(name):
        from autograd.script.absent import absent

        return absent(__name__, name)

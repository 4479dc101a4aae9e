"""The stream behind the random numbers: PyTorch's CPU generator, word for word.

The Mersenne Twister MT19937 (Matsumoto & Nishimura 1998, doi:10.1145/272991.272995), seeded the
classical way, and three readings of its 32-bit words r. What a distribution does with them is told
in :mod:`autograd.random`.

==============  =========================================================  =========
reading         value                                                      words
==============  =========================================================  =========
word            r                                                          1
24-bit uniform  2⁻²⁴ · (r mod 2²⁴), float32                                1
53-bit uniform  2⁻⁵³ · (w mod 2⁵³) with w = 2³²·r₁ + r₂, float64           2
==============  =========================================================  =========

``numpy.random`` is imported by the first draw and not before: it costs more than this package does.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd.arrays import dtypes
from autograd.arrays.dialect import made
from autograd.arrays.errors import DtypeError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

__all__ = ["default_generator", "Generator", "initial_seed", "seed"]

_WORDS = 624  # the words of MT19937's state

_DEFAULT_SEED = 67280421310721  # of a new Generator, as in PyTorch

# PyTorch's layout, 5056 bytes. `left` counts down to the next twist, `next` is the place read next,
# each word of the key fills 8 bytes, and `normal_y` is the spare normal value.
_STATE = np.dtype(
    [
        ("seed", "<u8"),
        ("left", "<i4"),
        ("seeded", "<i4"),
        ("next", "<u8"),
        ("key", "<u8", _WORDS),
        ("normal_x", "<f8"),
        ("normal_y", "<f8"),
        ("normal_rho", "<f8"),
        ("normal_valid", "<i8"),
        ("float_normal", "<f4"),
        ("float_valid", "<i4"),
    ]
)


class Generator:
    """A stream of random numbers, with its seed and its state.

    A new generator is seeded with 67280421310721, as PyTorch's is. Beside the Mersenne Twister it
    holds at most one spare normal value, the second of the last pair that ``normal`` made.

    Raises ValueError for a device other than the CPU.

    >>> g = Generator().manual_seed(0)
    >>> g.initial_seed(), g.device
    (0, 'cpu')
    """

    def __init__(self, device: object = "cpu"):
        if str(device) not in ("cpu", "cpu:0"):
            raise ValueError(f"Generator: device must be 'cpu'; got {str(device)!r}. Leave it out.")
        self.device = "cpu"
        self._seed = _DEFAULT_SEED
        self._bits: Any = None
        self._twister: Any = None  # NumPy's functions over _bits
        self._spare_normal: float | None = None

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream anew from ``seed`` and return the generator.

        Seeds from -2⁶³ to 2⁶⁴-1 are accepted; a negative one stands for 2⁶⁴ + seed. The Mersenne
        Twister uses the low 32 bits. Raises ValueError outside the range, TypeError for a
        non-integer.
        """
        try:
            seed = operator.index(seed)
        except TypeError:
            raise TypeError(
                f"manual_seed: expected an integer; got {seed!r:.60}. Pass int(...) of it."
            ) from None
        if not -(2**63) <= seed < 2**64:
            raise ValueError(f"manual_seed: a seed has 64 bits; got {seed}. Take it modulo 2**64.")
        self._seed = seed % 2**64
        self._spare_normal = None
        if self._twister is not None:
            self._twister.seed(self._seed % 2**32)
        return self

    def initial_seed(self) -> int:
        """Return the seed that the stream started from, between 0 and 2⁶⁴-1."""
        return self._seed

    def seed(self) -> int:
        """Start the stream from a seed of the operating system's choice, and return that seed."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def get_state(self) -> np.ndarray:
        """Return the state as a uint8 array of 5056 bytes, in PyTorch's layout."""
        twister = self._words().get_state(legacy=False)["state"]
        state = np.zeros((), _STATE)
        state["seed"] = self._seed
        state["seeded"] = 1
        state["key"] = twister["key"]
        state["next"] = twister["pos"]
        state["left"] = _WORDS + 1 - twister["pos"]
        if self._spare_normal is not None:
            state["normal_y"] = self._spare_normal
            state["normal_valid"] = 1
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    def set_state(self, state: np.ndarray) -> None:
        """Continue from a state that :meth:`get_state`, here or in PyTorch, returned.

        Raises TypeError where it is not a uint8 array, ValueError where its bytes are no state.
        """
        if getattr(state, "dtype", None) != np.uint8:
            kind = getattr(state, "dtype", type(state).__name__)
            raise TypeError(
                f"set_state: a state is a uint8 array; got {kind}. Pass what get_state() returned."
            )
        state = np.asarray(state)
        if state.size != _STATE.itemsize:
            raise ValueError(
                f"set_state: a state has {_STATE.itemsize} bytes; got {state.size}. "
                "Pass what get_state() returned."
            )
        fields = np.frombuffer(state.tobytes(), _STATE)[0]
        left, following = int(fields["left"]), int(fields["next"])
        if not (fields["seeded"] and 1 <= left <= _WORDS and following <= _WORDS):
            raise ValueError(
                f"set_state: no Mersenne Twister has left={left}, next={following}. "
                "Pass what get_state() returned."
            )
        # One word "left" means that none is: PyTorch counts down before it reads.
        position = _WORDS if left == 1 else following
        self._words().set_state(("MT19937", fields["key"].astype(np.uint32), position))
        self._seed = int(fields["seed"])
        self._spare_normal = float(fields["normal_y"]) if fields["normal_valid"] else None

    def _words(self) -> Any:
        """The Mersenne Twister, made at first use."""
        if self._twister is None:
            self._bits = np.random.MT19937(0)
            self._twister = np.random.RandomState(self._bits)
            self._twister.seed(self._seed % 2**32)
        return self._twister

    def _draw32(self, n: int) -> np.ndarray:
        """The next n words, uint32."""
        twister = self._words()
        if n < 1000:  # the same words with 4 µs less to pay per call, and 2 ns more per word
            return self._bits.random_raw(n).astype(np.uint32)
        return twister.randint(0, 2**32, n, dtype=np.uint32)

    def _draw64(self, n: int) -> np.ndarray:
        """The next n pairs of words as uint64, the earlier word high."""
        words = self._draw32(2 * n)
        pairs = words[::2].astype(np.uint64)
        pairs <<= np.uint64(32)
        pairs |= words[1::2]
        return pairs

    def _uniform24(self, n: int) -> np.ndarray:
        """n values in [0, 1) on a grid of 2⁻²⁴, float32; one word each."""
        words = self._draw32(n)
        words &= np.uint32(2**24 - 1)
        u = words.astype(np.float32)
        u *= np.float32(2.0**-24)
        return u

    def _uniform53(self, n: int) -> np.ndarray:
        """n values in [0, 1) on a grid of 2⁻⁵³, float64; two words each."""
        words = self._draw64(n)
        words &= np.uint64(2**53 - 1)
        u = words.astype(np.float64)
        u *= 2.0**-53
        return u

    def _uniform(self, n: int, dtype: np.dtype) -> np.ndarray:
        """n values in [0, 1), as fine as the dtype holds."""
        return self._uniform24(n) if dtype == np.float32 else self._uniform53(n)

    def _normal_pairs(self, n: int) -> np.ndarray:
        r"""n standard normal values in float64, made two at a time (Box & Muller 1958).

        From the 53-bit uniforms :math:`u_1, u_2` come :math:`\rho\cos\theta` and then
        :math:`\rho\sin\theta`, where :math:`\rho = \sqrt{-2\ln(1-u_2)}` and
        :math:`\theta = 2\pi u_1`. A sine left over is kept: the first value of the next call.
        """
        if n == 0:
            return np.empty(0)
        kept = [] if self._spare_normal is None else [self._spare_normal]
        u = self._uniform53(2 * ((n - len(kept) + 1) // 2))
        radius, angle = np.sqrt(-2.0 * np.log1p(-u[1::2])), 2.0 * math.pi * u[::2]
        pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        values = np.concatenate([kept, pairs.reshape(-1)])
        self._spare_normal = float(values[n]) if len(values) > n else None
        return values[:n]


default_generator = Generator()

default_generator.seed()


def manual_seed(seed: int) -> Generator:
    """Start the default stream anew from ``seed``; see :meth:`Generator.manual_seed`.

    >>> manual_seed(-1) is default_generator, initial_seed() == 2**64 - 1
    (True, True)
    """
    return default_generator.manual_seed(int(seed))


def initial_seed() -> int:
    """Return the seed that the default stream started from.

    >>> _ = manual_seed(7)
    >>> initial_seed()
    7
    """
    return default_generator.initial_seed()


def seed() -> int:
    """Start the default stream from a seed of the operating system's choice, and return it.

    >>> made = seed()
    >>> made == initial_seed(), 0 <= made < 2**64
    (True, True)
    >>> _ = manual_seed(0)
    """
    return default_generator.seed()


def get_rng_state() -> np.ndarray:
    """Return the state of the default stream; see :meth:`Generator.get_state`.

    >>> get_rng_state().shape
    (5056,)
    """
    return default_generator.get_state()


def set_rng_state(state: np.ndarray) -> None:
    """Continue the default stream from a state; see :meth:`Generator.set_state`.

    >>> state = get_rng_state()
    >>> set_rng_state(state)
    >>> bool((get_rng_state() == state).all())
    True
    """
    default_generator.set_state(state)


Shape = int | tuple[int, ...]

Source = Generator | None


def stream_of(generator: Source) -> Generator:
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise TypeError(
            f"generator must be a Generator or None; got {type(generator).__name__}. "
            "Make one by Generator().manual_seed(0)."
        )
    return generator


F = TypeVar("F", bound=Callable[..., Any])

# ``draws_inside(draw, place of the shape among the arguments, args, options)``: what a draw does
# inside vmap, once there is such
draws_inside: Callable[..., Any] | None = None


def draw(function: F) -> F:
    """Decorator of what draws an array: inside vmap, one for each sample where that is asked for.

    The array has the shape that is given as ``shape`` (or the length ``n``), or that of arrays
    among the arguments.
    """
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    place = next((i for i, name in enumerate(names) if name in ("shape", "n")), None)

    @wraps(function)
    def once(*args: Any, **options: Any) -> Any:
        return made(function, *args, **options)

    @wraps(function)
    def drawn(*args: Any, **options: Any) -> Any:
        if draws_inside is None:
            return made(function, *args, **options)
        return draws_inside(once, place, args, options)

    return drawn  # type: ignore[return-value]


def count_of(shape: Shape) -> tuple[tuple[int, ...], int]:
    """The shape as a tuple, and its number of elements."""
    extents = tuple(shape) if isinstance(shape, (tuple, list)) else (operator.index(shape),)
    if any(extent < 0 for extent in extents):
        raise ValueError(f"Sizes must not be negative; got shape {extents}.")
    return extents, math.prod(extents)


def drawn_in(dtype: Any) -> Any:
    """The dtype in which numbers of ``dtype`` are drawn: those of 16 bits in float32, and rounded.

    >>> drawn_in(np.dtype("float16")), drawn_in(np.dtype("float64"))
    (dtype('float32'), dtype('float64'))
    """
    return np.dtype(np.float32) if dtypes.narrow(dtype) else dtype


def real_dtype(dtype: DTypeLike) -> np.dtype:
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise DtypeError(
            f"Random reals are float32 or float64; got {dtype}. Draw float32 and convert."
        )
    return dtype

"""The same seed gives PyTorch's numbers, and leaves the stream where PyTorch leaves it.

The literal arrays were printed by PyTorch 2.13.0 (CPU, x86-64). ``test_random_torch.py`` compares
with an installed PyTorch over a grid of seeds, sizes and dtypes.
"""

import math
import subprocess
import sys
import zlib

import numpy as np
import pytest

from autograd.random import continuous, discrete, generator as R

F4, F8 = np.float32, np.float64
WEIGHTS = np.array([0.1, 0.2, 0.3, 0.4], F4)


def seeded(seed=0):
    return R.Generator().manual_seed(seed)


# --- Literals -----------------------------------------------------------------------------------

EXACT = {
    "rand": (
        lambda g: continuous.uniform(4, generator=g),
        [0.4962566, 0.7682218, 0.08847743, 0.13203049],
    ),
    "rand float64": (
        lambda g: continuous.uniform(3, F8, generator=g),
        [0.9700530018065531, 0.707819864399788, 0.45938294312745087],
    ),
    "uniform_(-0.3, 0.3)": (
        lambda g: continuous.uniform(6, F4, -0.3, 0.3, g),
        [-0.0022460462, 0.16093308, -0.24691355, -0.22078171, -0.115546316, 0.08044721],
    ),
    "randint(-5, 7)": (
        lambda g: discrete.integers(-5, 7, 8, generator=g),
        [3, -2, 0, -5, 2, -2, 2, 2],
    ),
    "randint(2**28 - 1)": (
        lambda g: discrete.integers(0, 2**28 - 1, 3, generator=g),
        [209652404, 130329144, 118924928],
    ),
    "randint(2**28)": (
        lambda g: discrete.integers(0, 2**28, 3, generator=g),
        [130329135, 136432832, 195187451],
    ),
    "randint(-2**40, 2**62)": (
        lambda g: discrete.integers(-(2**40), 2**62, 3, generator=g),
        [900446888359406127, 3969539848106265792, 1895646298663703291],
    ),
    "random_ int64": (
        lambda g: discrete.random_integers(3, generator=g),
        [900450186894289455, 3969543146641149120, 1895649597198586619],
    ),
    "random_ int32": (
        lambda g: discrete.random_integers(3, np.int32, g),
        [209652396, 398764591, 924231285],
    ),
    "random_ uint8": (lambda g: discrete.random_integers(3, np.uint8, g), [172, 47, 117]),
    "random_ float32": (lambda g: discrete.random_integers(3, F4, g), [8325664, 12888472, 1484222]),
    "random_ float64": (
        lambda g: discrete.random_integers(3, F8, g),
        [8737460674930124, 6375474555111176, 4137753702977065],
    ),
    "randperm(10)": (lambda g: discrete.permutation(10, g), [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]),
    "randperm(1000)": (
        lambda g: discrete.permutation(1000, g)[:8],
        [44, 37, 675, 775, 947, 209, 719, 500],
    ),
    "randperm(60000)": (lambda g: discrete.permutation(60000, g)[-4:], [6465, 31951, 27130, 1544]),
    "bernoulli_(0.3)": (
        lambda g: discrete.bernoulli(0.3, 10, generator=g),
        [0, 0, 0, 0, 0, 0, 1, 0, 0, 1],
    ),
    "bernoulli(float32 p)": (
        lambda g: discrete.bernoulli_like(np.full(10, 0.3, F4), generator=g),
        [0, 0, 1, 1, 0, 0, 0, 0, 0, 0],
    ),
    "bernoulli(float64 p)": (
        lambda g: discrete.bernoulli_like(np.full(10, 0.3), generator=g),
        [0, 0, 0, 0, 0, 0, 1, 0, 0, 1],
    ),
    "dropout(p=0.3)": (
        lambda g: discrete.dropout_mask(10, 0.7, generator=g),
        [0, 0, 1.4285715, 0, 1.4285715, 0, 1.4285715, 1.4285715, 1.4285715, 1.4285715],
    ),
    "geometric_(0.2)": (lambda g: discrete.geometric(0.2, 6, generator=g), [1, 2, 4, 1, 2, 2]),
    "multinomial, 3 of 4": (lambda g: discrete.multinomial(WEIGHTS, 3, generator=g), [2, 1, 3]),
    "multinomial, 1 with replacement": (lambda g: discrete.multinomial(WEIGHTS, 1, True, g), [2]),
    "multinomial, 8 with replacement": (
        lambda g: discrete.multinomial(WEIGHTS, 8, True, g),
        [3, 3, 2, 3, 3, 3, 1, 2],
    ),
    "multinomial, rows": (
        lambda g: discrete.multinomial(np.stack([WEIGHTS, WEIGHTS[::-1]]), 3, generator=g),
        [[2, 1, 3], [2, 0, 3]],
    ),
    "multinomial, rows with replacement": (
        lambda g: discrete.multinomial(np.stack([WEIGHTS, WEIGHTS[::-1]]), 4, True, g),
        [[3, 3, 2, 3], [1, 2, 0, 0]],
    ),
}

CLOSE = {
    "randn(5)": (
        lambda g: continuous.normal(5, generator=g),
        [1.5409961, -0.2934289, -2.1787894, 0.56843126, -1.0845224],
    ),
    "randn(16)": (
        lambda g: continuous.normal(16, generator=g)[[0, 1, 8, 15]],
        [-1.1258398, -1.1523602, 0.32227492, -0.24727815],
    ),
    "randn(18)": (
        lambda g: continuous.normal(18, generator=g),
        [-1.1258398, -1.1523602, 0.5666506, 0.79350835, 0.59883946, -1.5550951]
        + [-0.3413604, 1.8530061, 0.4680964, -0.15771244, -0.17339675, 0.18347794]
        + [1.3893661, 1.5863342, 0.94629836, -0.84367675, 0.9318266, 1.2590092],
    ),
    "randn(3) float64": (
        lambda g: continuous.normal(3, F8, generator=g),
        [1.5409961082440433, -0.2934289057609464, -2.1787893820745574],
    ),
    "randn(17) float64": (
        lambda g: continuous.normal(17, F8, generator=g),
        [-2.310411800234176, -0.6332746088675096, -1.2609246557194385, -0.726951062065411]
        + [-0.019964750907762653, 0.2102998901016947, 0.17718935139366584, -0.830510051008449]
        + [0.23871805816817063, -0.2426793824588577, -0.7730112772958181, -1.5951814880783068]
        + [-0.6870036940435463, 1.4880743158106724, -0.4484158047114511, -0.8910030351707375]
        + [0.6748575435940039],
    ),
    "normal_(2.5, 0.3)": (
        lambda g: continuous.normal(3, F4, 2.5, 0.3, g),
        [2.9622989, 2.4119713, 1.8463632],
    ),
    "normal(means, deviations)": (
        lambda g: continuous.normal_like(np.array([0, 10, 20], F4), np.array([1, 2, 3], F4), g),
        [1.5409961, 9.413142, 13.463632],
    ),
    "exponential_(2)": (
        lambda g: continuous.exponential(3, F4, 2.0, g),
        [1.7541631, 0.61519235, 0.30752206],
    ),
    "log_normal_": (
        lambda g: continuous.log_normal(3, generator=g),
        [59.263416, 1.51156, 0.03481946],
    ),
    "cauchy_(1, 2)": (
        lambda g: continuous.cauchy(3, F4, 1.0, 2.0, g),
        [22.19546, 2.5295346, 0.7434013],
    ),
    "trunc_normal_(-1, 1)": (
        lambda g: continuous.trunc_normal(6, F4, 0.0, 1.0, -1.0, 1.0, g),
        [0.40334684, -0.2934289, -0.7192576, 0.56843126, -0.59663534, 0.18203649],
    ),
    "trunc_normal_(1, 3)": (
        lambda g: continuous.trunc_normal(4, F4, 0.0, 1.0, 1.0, 3.0, g),
        [1.911256, 1.4873165, 1.1769549, 1.063439],
    ),
}


@pytest.mark.parametrize("case", EXACT)
def test_literal_values_exactly(case):
    draw, expected = EXACT[case]
    values = draw(seeded())
    np.testing.assert_array_equal(values, np.array(expected, values.dtype))


@pytest.mark.parametrize("case", CLOSE)
def test_literal_values_to_the_last_bits(case):
    draw, expected = CLOSE[case]
    values = draw(seeded())
    rtol = 1e-6 if values.dtype == F4 else 1e-14
    np.testing.assert_allclose(values, np.array(expected, values.dtype), rtol=rtol, atol=rtol)


@pytest.mark.parametrize(
    "seed, expected",
    [
        (1, [0.7576316, 0.27931088]),
        (2**32 + 1, [0.7576316, 0.27931088]),  # the low 32 bits are the same
        (2**31, [0.91273654, 0.8284304]),
        (-3, [0.62486476, 0.50756115]),
        (2**64 - 3, [0.62486476, 0.50756115]),
        (np.int32(1), [0.7576316, 0.27931088]),
    ],
)
def test_seeds(seed, expected):
    g = seeded(seed)
    np.testing.assert_array_equal(continuous.uniform(2, generator=g), np.array(expected, F4))
    assert g.initial_seed() == int(seed) % 2**64


def test_spare_sine_crosses_other_draws_and_dtypes():
    g = seeded()
    continuous.normal(3, generator=g)
    continuous.uniform(1, generator=g)
    np.testing.assert_allclose(
        continuous.normal(2, generator=g), [0.56843126, 0.64724797], rtol=1e-6
    )
    np.testing.assert_allclose(
        continuous.normal(17, generator=g)[:2], [0.5238833, -0.14347385], rtol=1e-6
    )
    np.testing.assert_array_equal(
        continuous.uniform(2, generator=g), np.array([0.81546897, 0.7931606], F4)
    )
    assert (
        continuous.normal(1, F8, generator=seeded())[0] != continuous.normal(1, F8, generator=g)[0]
    )


def test_seeding_drops_the_spare_sine():
    g = seeded()
    continuous.normal(3, generator=g)
    np.testing.assert_allclose(
        continuous.normal(1, generator=g.manual_seed(0)), [1.5409961], rtol=1e-6
    )


# --- Generator ----------------------------------------------------------------------------------


def test_default_stream():
    state = R.get_rng_state()
    try:
        assert R.manual_seed(0) is R.default_generator
        assert R.initial_seed() == 0
        first = continuous.normal(3)
        np.testing.assert_array_equal(first, continuous.normal(3, generator=seeded()))
        R.manual_seed(1.7)  # torch.manual_seed converts, Generator.manual_seed does not
        assert R.initial_seed() == 1
        assert R.seed() == R.initial_seed()
        assert R.seed() != R.seed()
    finally:
        R.set_rng_state(state)
    np.testing.assert_array_equal(R.get_rng_state(), state)


def test_new_generator():
    g = R.Generator()
    assert (g.device, g.initial_seed()) == ("cpu", 67280421310721)
    np.testing.assert_array_equal(
        continuous.uniform(3, generator=g), continuous.uniform(3, generator=seeded(67280421310721))
    )


@pytest.mark.parametrize("before", [0, 1, 3, 311, 312, 623, 624, 625, 1500])
def test_state_round_trip(before):
    g = seeded(5)
    discrete.integers(0, 7, before, generator=g)
    continuous.normal(3, generator=g)
    state = g.get_state()
    state.setflags(write=False)
    assert (state.dtype, state.shape) == (np.uint8, (5056,))
    expected = continuous.normal(4, generator=g), continuous.uniform(700, generator=g)
    other = R.Generator()
    other.set_state(state)
    assert other.initial_seed() == 5
    np.testing.assert_array_equal(continuous.normal(4, generator=other), expected[0])
    np.testing.assert_array_equal(continuous.uniform(700, generator=other), expected[1])


def test_a_fresh_state_of_torch():
    """PyTorch writes 0 for the place read next where NumPy has 624; both mean: first twist."""
    g, other = seeded(5), R.Generator()
    state = g.get_state()
    state[16:24] = 0
    other.set_state(state)
    np.testing.assert_array_equal(
        continuous.uniform(4, generator=other), continuous.uniform(4, generator=g)
    )


def test_state_is_a_copy():
    g = seeded()
    state = g.get_state()
    state[:] = 0
    np.testing.assert_array_equal(
        continuous.uniform(2, generator=g), continuous.uniform(2, generator=seeded())
    )


def test_numpys_own_stream_is_left_alone():
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    continuous.normal(40, generator=seeded())
    assert np.random.rand() == expected


def test_numpy_random_is_imported_by_the_first_draw_only():
    script = (
        "import sys, numpy\n"
        "before = 'numpy.random' in sys.modules\n"
        "from autograd import random\nimport autograd.random.continuous\n"
        "random.manual_seed(0)\n"
        "assert ('numpy.random' in sys.modules) == before\n"
        "assert 0.496 < random.continuous.uniform(1)[0] < 0.497\n"
        "assert 'numpy.random' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


# --- Shapes, dtypes, edges ----------------------------------------------------------------------

REAL = [
    lambda s, d, g: continuous.uniform(s, d, generator=g),
    lambda s, d, g: continuous.normal(s, d, generator=g),
    lambda s, d, g: continuous.exponential(s, d, generator=g),
    lambda s, d, g: continuous.log_normal(s, d, generator=g),
    lambda s, d, g: continuous.cauchy(s, d, generator=g),
    lambda s, d, g: continuous.trunc_normal(s, d, generator=g),
    lambda s, d, g: discrete.bernoulli(0.5, s, d, g),
    lambda s, d, g: discrete.dropout_mask(s, 0.5, d, g),
    lambda s, d, g: discrete.geometric(0.5, s, d, g),
    lambda s, d, g: discrete.random_integers(s, d, g),
    lambda s, d, g: discrete.integers(0, 9, s, d, g),
    lambda s, d, g: discrete.bernoulli_like(np.full(s, 0.5, d), generator=g),
    lambda s, d, g: continuous.normal_like(np.zeros(s, d), np.ones(s, d), g),
]


@pytest.mark.parametrize("dtype", [F4, F8])
@pytest.mark.parametrize("draw", REAL)
def test_shapes_and_dtypes(draw, dtype):
    for shape in [(), (0,), (3, 0), (1,), (2, 3), (4, 5, 6)]:
        values = draw(shape, dtype, seeded())
        assert (values.shape, values.dtype) == (shape, dtype)
        assert isinstance(values, np.ndarray) and values.flags.writeable
        flat = draw((math.prod(shape),), dtype, seeded())
        np.testing.assert_array_equal(values.reshape(-1), flat)


@pytest.mark.parametrize("draw", REAL)
def test_empty_draws_take_nothing(draw):
    g = seeded()
    draw((0,), F4, g)
    np.testing.assert_array_equal(g.get_state(), seeded().get_state())


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int16, np.int32, np.int64])
def test_integer_dtypes(dtype):
    every = discrete.random_integers(5000, dtype, seeded())
    assert every.dtype == dtype and every.min() >= 0
    most = 1 if dtype is bool else np.iinfo(dtype).max
    assert every.max() > 0.99 * most
    assert discrete.integers(0, 2, (2, 3), dtype, seeded()).dtype == dtype


def test_integers_over_all_of_int64():
    values = discrete.integers(-(2**63), 2**63, 1000, generator=seeded())
    assert values.min() < -(2**62) and values.max() > 2**62


def test_uniform_stays_below_high():
    values = continuous.uniform(300_000, F4, 1000.0, 1001.0, seeded())
    assert values.min() == 1000.0 and values.max() < 1001.0
    np.testing.assert_array_equal(continuous.uniform(3, F4, 2.0, 2.0), np.full(3, 2.0, F4))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 257])
def test_permutation_is_the_swapping_loop(n):
    words = seeded(9)._draw32(max(n - 1, 0)).tolist()
    places = list(range(n))
    for i, r in enumerate(words):
        j = i + r % (n - i)
        places[i], places[j] = places[j], places[i]
    order = discrete.permutation(n, seeded(9))
    assert order.dtype == np.int64
    np.testing.assert_array_equal(order, np.array(places, np.int64))


def test_certain_outcomes():
    g = seeded()
    np.testing.assert_array_equal(discrete.bernoulli(0.0, 50, generator=g), np.zeros(50, F4))
    np.testing.assert_array_equal(discrete.bernoulli(1.0, 50, generator=g), np.ones(50, F4))
    sure = np.array([0.0, 1.0] * 20, F4)
    np.testing.assert_array_equal(discrete.bernoulli_like(sure, generator=g), sure)
    weights = np.array([0.0, 0.0, 5.0, 0.0])
    np.testing.assert_array_equal(discrete.multinomial(weights, 50, True, g), np.full(50, 2))
    assert discrete.multinomial(weights, 2, generator=g)[0] == 2


@pytest.mark.parametrize("keep", [0.0, 1.0])
def test_dropout_that_is_certain_draws_nothing(keep):
    g = seeded()
    np.testing.assert_array_equal(discrete.dropout_mask((2, 3), keep, F8, g), np.full((2, 3), keep))
    np.testing.assert_array_equal(g.get_state(), seeded().get_state())


def test_read_only_strided_arguments():
    p = np.linspace(0, 1, 40, dtype=F4).reshape(4, 10)[::2, ::3]
    p.setflags(write=False)
    np.testing.assert_array_equal(
        discrete.bernoulli_like(p, generator=seeded()),
        discrete.bernoulli_like(p.copy(), generator=seeded()),
    )
    np.testing.assert_array_equal(
        discrete.multinomial(p + F4(0.1), 2, generator=seeded()),
        discrete.multinomial(np.array(p + F4(0.1), order="F"), 2, generator=seeded()),
    )
    assert continuous.normal_like(p[:, :1], p[0], seeded()).shape == (2, 4)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: seeded(2**64), ValueError, "64 bits"),
        (lambda: seeded(-(2**63) - 1), ValueError, "64 bits"),
        (lambda: seeded(1.5), TypeError, "integer"),
        (lambda: R.Generator("cuda"), ValueError, "'cuda'"),
        (lambda: seeded().set_state(np.zeros(5056)), TypeError, "float64"),
        (lambda: seeded().set_state([0] * 5056), TypeError, "list"),
        (lambda: seeded().set_state(np.zeros(5, np.uint8)), ValueError, "5056 bytes; got 5"),
        (lambda: seeded().set_state(np.zeros(5056, np.uint8)), ValueError, "left=0"),
        (lambda: continuous.uniform(3, generator=0), TypeError, "got int"),
        (lambda: continuous.uniform(3, np.int64), TypeError, "int64"),
        (lambda: continuous.normal(3, np.float16), TypeError, "float16"),
        (lambda: continuous.uniform((2, -1)), ValueError, r"\(2, -1\)"),
        (lambda: continuous.uniform(2.5), TypeError, "integer"),
        (lambda: continuous.uniform(3, F4, 2.0, 1.0), ValueError, "low=2.0, high=1.0"),
        (lambda: continuous.uniform(3, F4, math.nan, 1.0), ValueError, "nan"),
        (lambda: continuous.normal(3, F4, 0.0, -1.0), ValueError, "got -1.0"),
        (lambda: continuous.normal_like(np.zeros(2), np.array([1.0, -2.0])), ValueError, "-2.0"),
        (lambda: discrete.integers(5, 5, 0), ValueError, "low=5, high=5"),
        (lambda: discrete.integers(0, 257, 3, np.uint8), ValueError, "0 to 255"),
        (lambda: discrete.integers(-1, 3, 3, np.uint8), ValueError, "0 to 255"),
        (lambda: discrete.integers(0, 3, 3, bool), ValueError, "0 to 1"),
        (lambda: discrete.permutation(-1), ValueError, "-1"),
        (lambda: discrete.permutation(2.0), TypeError, "integer"),
        (lambda: discrete.bernoulli(1.5, 3), ValueError, "1.5"),
        (lambda: discrete.bernoulli(math.nan, 3), ValueError, "nan"),
        (lambda: discrete.bernoulli_like(np.array([0.5, 1.5])), ValueError, "0, 1"),
        (lambda: discrete.bernoulli_like(np.array([1, 0])), TypeError, "int64"),
        (lambda: discrete.dropout_mask(3, -0.5), ValueError, "-0.5"),
        (lambda: continuous.exponential(3, F4, 0.0), ValueError, "0.0"),
        (lambda: discrete.multinomial(WEIGHTS, 5), ValueError, "replacement=True"),
        (lambda: discrete.multinomial(WEIGHTS, 0), ValueError, "got 0"),
        (lambda: discrete.multinomial(-WEIGHTS, 1), ValueError, "not negative"),
        (lambda: discrete.multinomial(WEIGHTS * F4(np.inf), 1, True), ValueError, "finite"),
        (lambda: discrete.multinomial(np.eye(3, 2), 1), ValueError, "all zero"),
        (lambda: discrete.multinomial(np.ones((1, 1, 1)), 1), ValueError, "1-d or 2-d"),
        (lambda: discrete.multinomial(np.array([1, 2]), 1), TypeError, "int64"),
        (lambda: continuous.log_normal(3, F4, 0.0, 0.0), ValueError, "0.0"),
        (lambda: discrete.geometric(1.0, 3), ValueError, "1.0"),
        (lambda: continuous.cauchy(3, F4, 0.0, 0.0), ValueError, "0.0"),
        (lambda: continuous.trunc_normal(3, F4, 0.0, 1.0, 2.0, 2.0), ValueError, "a=2.0, b=2.0"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_long_gaussians_are_those_of_pytorch():
    """By a checksum of PyTorch's; threads share them, and the last 16 are drawn anew."""
    found = continuous.normal(300_005, generator=seeded())
    assert zlib.crc32(found.tobytes()) == 0x72CFB2D7
    np.testing.assert_array_equal(
        continuous.normal(1000, generator=seeded())[:984],
        continuous.normal(2000, generator=seeded())[:984],
    )

"""Cases of kernels: a name, what it is called with, its options. Data only."""

import numpy as np

from autograd.kernels import parts, pooling
from autograd.kernels.columns import Geometry
from autograd.kernels.pooling import Stretches, Windows
from autograd.kernels.sparse import Pattern

random = np.random.default_rng(0)
x, d = random.normal(size=(3, 5)), random.normal(size=(3, 5))
square = np.random.default_rng(1).normal(size=(2, 3, 3)) + 2 * np.eye(3)
singular = np.stack([np.eye(3), np.ones((3, 3))])
paired = square * (1 - np.eye(3))
wide = np.concatenate([random.normal(size=40_000), [np.nan, np.inf, -np.inf, 0.0, -0.0]])
small = np.linspace(-7, 7, 40_001)
many = random.uniform(0.1, 0.9, parts.PAYS + 5)  # so many that threads share them
SHARED = ["cos", "exp", "expm1", "log", "log1p", "sigmoid", "sin", "tanh"]
index = np.array([0, 2, 0, 1, 2])
logits, classes = random.normal(size=(4, 3)), np.array([2, 0, 1, 1])
exp = np.exp(logits)
uneven = np.array([[0, 1, 2], [900, 0, 899], [-900, -901, -902], [-np.inf, 0, 9], [9, np.nan, 1]])
uneven = np.concatenate([uneven, np.full((1, 3), -np.inf), [[np.inf, 0, 1]], [[60, 90, -300]]])
table = random.uniform(1, 2, size=(5000, 50))
steps, state = random.normal(size=(6, 2)), random.normal(size=(3, 2))
of_input, of_state, bias = (random.normal(size=(8, n)) for n in (2, 2, 1))
gates, bias = random.uniform(size=(6, 8)), bias[:, 0]
kept = random.uniform(size=(6, 6, 2))
packed, in_order = ({"sizes": (3, 2, 1), "backwards": one} for one in (True, False))

long_steps = random.normal(size=(4096, 64)) / 8  # so many that threads share what is collected
long_kept = random.uniform(size=(6, 4096, 64))
long_given = (
    *(long_steps[:, :3], long_steps[:64], long_steps),
    *(long_steps[:256, :3], long_steps[:256] / 8),
)

queries, keys = random.normal(size=(2, 3, 4)), random.normal(size=(2, 5, 4))
scores, hidden = (
    random.uniform(size=(2, 3, 5)),
    np.where(random.uniform(size=(3, 5)) < 0.4, -np.inf, 0),
)
crowd = np.swapaxes(random.normal(size=(5, 160, 3, 2)), 1, 2)  # so many scores that threads share

cube, rows, one = random.normal(size=(4, 2, 3)), random.normal(size=(2, 3)), np.ones((3, 1))
tall, long = random.normal(size=(25_000, 3, 2)), random.normal(size=(3, 3, 20_000))
flat, layer = np.arange(1.0, 7)[None], np.full((3, 25_000, 1, 1), 0.5)
LAYER = {"axes": (2,), "eps": 0.1, "centred": True}
layer[1] = 0
runs, of_runs = random.normal(size=(30, 4, 120)), random.normal(size=(4, 6))
far = runs + 1e3  # means so far from 0 are subtracted first
of_channels, statistics = random.normal(size=(4, 1)), np.full((3, 1, 4, 1), 0.5)
statistics[:2] = [[[[1e3]] * 4], [[[0.1]] * 4]]
moments, CHANNELS = np.full((3, 1, 3, 1), 0.5), {"axes": (0, 2), "eps": 0.1, "centred": True}
cut, ALONG_ROWS = np.full((3, 4, 2, 1), 0.5), {"axes": (2,), "eps": 0.1, "centred": False}
cut[:2] = 0
moments[1] = 0  # nothing is left of the mean


def pair(array):
    return array[::-1], array


def whole(*shape):
    """Whole numbers, whose sums are the same in any order."""
    return random.integers(-4, 5, shape).astype(float)


def convolutions():
    """(N, C, O, sizes, kernel, stride, before, dilation, groups): all ways to cut into blocks."""
    for n, c, o, size, kernel, stride, before, dilation, groups in (
        (3, 4, 6, (5, 6), (3, 2), (1, 1), (1, 0), (1, 2), 2),
        (3, 2, 3, (5, 6), (3, 3), (2, 1), (1, 1), (1, 1), 1),
        (2, 2, 2, (20, 20), (1, 1), (1, 1), (0, 0), (1, 1), 1),
        (2, 2, 3, (9, 8), (2, 2), (2, 2), (0, 0), (1, 1), 1),
        (300, 2, 1, (4,), (2,), (1,), (0,), (1,), 1),
        (2, 2, 2, (9, 3, 4), (2, 2, 1), (1, 1, 1), (0, 1, 0), (1, 1, 1), 1),
        (1, 300, 1, (60, 30), (2, 2), (1, 1), (1, 0), (1, 1), 1),
        (2, 100, 1, (9, 500), (2, 2), (2, 1), (1, 0), (1, 1), 1),
        (3, 4, 4, (5, 6), (3, 2), (1, 1), (1, 0), (1, 2), 4),
        (2, 3, 3, (5, 6), (2, 3), (2, 1), (0, 1), (1, 1), 3),
        (2, 2, 4, (5, 6), (2, 3), (1, 1), (0, 1), (2, 1), 2),
        (3, 33, 2, (7, 5), (3, 3), (1, 1), (1, 1), (1, 1), 1),  # channels that come last
        (2, 40, 34, (20, 9), (3, 2), (3, 2), (2, 0), (2, 3), 1),
        (2, 3, 40, (8, 17), (1, 1), (1, 1), (0, 0), (1, 1), 1),  # columns that need no copy
        (1, 34, 35, (300,), (3,), (1,), (4,), (4,), 1),
        (3, 2, 9, (9, 8), (3, 2), (2, 1), (1, 0), (1, 2), 1),  # few channels
        (2, 2, 9, (5, 6), (2, 2), (3, 3), (0, 0), (1, 1), 1),
        (70, 2, 16, (20, 19), (3, 3), (1, 1), (1, 1), (1, 1), 2),
    ):
        geometry = Geometry(stride, before, dilation, groups)
        reach = [m + 2 * p for m, p in zip(size, before, strict=True)]
        spans = geometry.reach((1,) * len(size), kernel)
        places = tuple([(m - k) // s + 1 for m, k, s in zip(reach, spans, stride, strict=True)])
        a, w, g = whole(n, c, *size), whole(o, c // groups, *kernel), whole(n, o, *places)
        yield "convolution.convolved", (a, w, whole(o)), {"size": places, "geometry": geometry}
        yield "convolution.transposed", (g, w, whole(c)), {"size": size, "geometry": geometry}
        yield "convolution.slopes", (g, a), {"size": kernel, "geometry": geometry}
        if c < 100:
            options = {"kernel": kernel, "geometry": geometry}
            yield "columns.columns", (a,), {"size": places, **options}
            yield "columns.uncolumned", (whole(n, c, *kernel, *places),), {"size": size, **options}


def pools():
    """Windows that lie apart, that overlap and reach out, of more than 255 elements; with ties."""
    for shape, windows in (
        ((6, 7), Windows((3, 3), (2, 2), (2, 2), (0, 0), (1, 1))),
        ((5, 6), Windows((3, 4), (3, 2), (2, 1), (1, 0), (1, 2))),
        ((40,), Windows((2,), (16,), (16,), (0,), (1,))),
        ((17, 17), Windows((2, 2), (16, 16), (1, 1), (0, 0), (1, 1))),
        ((4, 3, 4), Windows((2, 3, 2), (2, 1, 3), (2, 1, 1), (0, 0, 0), (1, 1, 1))),
    ):
        a = whole(2, 3, *shape)
        best = pooling.greatest.plain(a, windows=windows)
        g, taps = whole(*best.shape), pooling.leading.plain(a, best, windows=windows)
        yield "greatest", (a,), {"windows": windows}
        yield "leading", (a, best), {"windows": windows}
        yield "chosen", (a, taps), {"windows": windows}
        yield "returned", (g, taps), {"shape": shape, "windows": windows}
        yield "summed", (a,), {"windows": windows}
        yield "spread", (g,), {"shape": shape, "windows": windows}
    holed = np.where(whole(2, 6, 6) > 1, np.nan, whole(2, 6, 6))
    windows = Windows((3, 2), (2, 3), (2, 3), (0, 0), (1, 1))
    best = pooling.greatest.plain(holed, windows=windows)
    yield "greatest", (holed,), {"windows": windows}
    yield "leading", (holed, best), {"windows": windows}
    yield "greatest", (a.astype(np.int64),), {"windows": Windows(*[(2, 2)] * 3, (1, 1), (1, 1))}
    yield "summed", (whole(2, 5, 3),), {"windows": Stretches((3, 4), (5, 3))}
    yield "spread", (whole(2, 3, 4),), {"shape": (5, 3), "windows": Stretches((3, 4), (5, 3))}


# (kernel, arguments, options), at least one for each
CASES = [
    ("activation.gelu", (small,), {}),
    ("activation.gelu_alone", (small,), {}),
    ("activation.gelu_alone", (small.astype(np.float32),), {}),
    ("activation.gelu_alone", (np.stack([many, many]).T.astype(np.float32),), {}),
    ("activation.gelu", (small.astype(np.float32),), {}),
    ("activation.gelu", (np.abs(wide[:-5]).reshape(200, 200).T.astype(np.float32),), {}),
    ("activation.logistic_loss", (small, -np.tanh(small)), {}),
    ("activation.logistic_loss", (x.T, -x.T), {}),
    ("activation.logistic_gradient", (d, x * 99, -np.abs(d)), {}),
    ("activation.logistic_gradient", (np.broadcast_to(0.5, table.shape), -table, -table), {}),
    ("activation.logistic_gradient", (d[0], x[:, :1], -np.abs(d)), {}),
    ("attention.attended", (queries, keys, keys, hidden, scores), {"scale": 0.5}),
    ("attention.attended", (queries[0], keys[0], keys[0], None, None), {"scale": 0.5}),
    ("attention.attended", (queries * 900, keys, keys, hidden, None), {"scale": 0.5}),
    ("attention.attended", (queries, keys, keys * 1e307, None, None), {"scale": 9.0}),
    ("attention.attended", (crowd, crowd[:, :, ::-1], -crowd, None, None), {"scale": 0.5}),
    (
        "attention.attended_gradient",
        (queries, queries, keys, keys, scores, scores[..., :1], scores, queries),
        {"scale": 2.0},
    ),
    ("layout.rows_taken", (whole(40, 300), np.arange(40) % 7), {"axis": 0}),
    ("layout.rows_taken", (whole(40, 30, 10), np.array([[29, 0], [0, 3]])), {"axis": 1}),
    ("layout.rows_taken", (whole(40, 300), -np.arange(40)), {"axis": 0}),
    ("layout.rows_taken", (table, np.arange(8000).reshape(2, -1) * 7 % 5000), {"axis": 0}),
    ("rows.rows_added", (random.normal(size=(5, 2)), index), {"n": 4}),
    ("rows.rows_added", (random.normal(size=(300, 2)), np.arange(300) % 2), {"n": 3}),
    ("rows.rows_added", (whole(8000, 50), np.arange(8000) * 7 % 5500), {"n": 6000}),
    ("rows.rows_added", (x[:0], index[:0]), {"n": 3}),
    ("rows.shorten_rows", (np.ones((4, 3)), index), {"limit": 1.0, "p": 2.0}),
    *[(f"pooling.{name}", args, options) for name, args, options in pools()],
    *convolutions(),
    ("erf.erf", (small,), {}),
    ("erf.erf", (wide.astype(np.float32),), {}),
    ("erf.erfc", (small,), {}),
    ("erf.erfc", (wide,), {}),
    ("erf.erfinv", (np.tanh(small),), {}),
    ("erf.erfinv", (np.array([-1.0, 1.0, 2.0, 0.0]),), {}),
    ("gamma.lgamma", (small,), {}),
    ("gamma.digamma", (small,), {}),
    ("gamma.zeta", (3.0, small), {}),
    *[(f"modified_bessel.{one}", (small * 9,), {}) for one in ("i0", "i1", "i0e", "i1e")],
    *[(f"modified_bessel.{one}", (small * 9,), {}) for one in ("k0", "k1", "k0e", "k1e")],
    *[(f"bessel.{one}", (small * 9,), {}) for one in ("j0", "j1", "y0", "y1")],
    ("bessel.confluent_limit", (small * 9,), {"b": 3}),
    ("bessel.confluent_limit", (-np.abs(small) * 9,), {"b": 2.5}),
    ("bessel.inverse_powers", (np.abs(small) + 1,), {"coefficients": (1.0, 2.0), "power": 0.5}),
    *[(f"airy.{one}", (small * 4,), {}) for one in ("airy_ai", "airy_ai_slope")],
    *[(f"normal.{one}", (small * 3,), {}) for one in ("erfcx", "ndtr", "log_ndtr")],
    ("normal.hazard", (small * 3,), {}),
    ("normal.excess", (small * 3,), {"n": 2}),
    ("normal.ndtri", (np.abs(np.tanh(small)),), {}),
    ("orthogonal.polynomials", (small, small * 3), {"family": "legendre_p", "order": 1}),
    ("incomplete_gamma.incomplete_gamma", (np.exp(small), np.exp(-small)), {"upper": True}),
    ("implicit.gamma_slope", (np.abs(small) + 0.1, small * 0 + 1.5), {}),
    ("implicit.gamma_cdf", (np.abs(small) + 0.1, small * 0 + 0.5), {}),
    ("implicit.beta_slope", (np.tanh(np.abs(small) + 0.1), small * 0 + 0.5, small * 0 + 2), {}),
    ("layout.in_rows", (x.T,), {}),
    ("layout.dense_copy", (x.T,), {}),
    ("layout.gapless", (x[:, ::2],), {}),
    ("layout.unexpanded", (np.broadcast_to(x[0], x.shape),), {}),
    ("layout.picked", (x, (slice(None), index[0])), {}),
    ("masked.filled", (x, x > 0, np.float64(7)), {}),
    ("masked.filled", (x, d[0] > 0, 7), {}),
    ("masked.filled", (x[0], x > 0, 7), {}),
    ("masked.filled", (wide, wide > 0, np.float64(7)), {}),
    ("masked.kept", (x, x > 0), {}),
    ("masked.chosen", (many > 0.5, many, many[::-1]), {}),
    ("masked.chosen", (many > 0.5, many, np.float64(0)), {}),
    ("masked.chosen", (x > 0, x, d[0]), {}),
    ("masked.chosen", (wide[:3000].reshape(3, -1) > 0, wide[:1000], wide[3000:3003, None]), {}),
    *[(f"pointwise.{name}", (many,), {}) for name in SHARED],
    *[(f"pointwise.{name}", (np.stack([many, many]).T,), {}) for name in ("exp", "sigmoid")],
    ("pointwise.sigmoid", (wide,), {}),
    ("pointwise.logaddexp", (many, many[::-1]), {}),
    ("pointwise.logaddexp", (wide, np.float64(0)), {}),
    ("pointwise.logaddexp", (wide, wide), {}),
    ("pointwise.tanh_slope", (many, many[::-1]), {}),
    ("pointwise.tanh_slope", (x, d[0]), {}),
    ("pointwise.sigmoid_slope", (many, many[::-1]), {}),
    ("pointwise.sigmoid_slope", (x, d[0]), {}),
    ("pointwise.quotient", (np.where(x > 0, x, 0), np.where(x > 0, d, 0)), {}),
    ("pointwise.quotient", (x[0], d), {}),
    ("pointwise.quotient", (np.round(many), np.round(many)), {}),
    ("pointwise.quotient", (many, many[::-1]), {}),
    ("pointwise.quotient_slope", (np.round(many), many, np.round(many)), {}),
    ("pointwise.quotient_slope", (many, np.float64(3), many[::-1]), {}),
    ("pointwise.quotient_slope", (x[0], d, d), {}),
    ("products.stacked_product", (np.ones((2, 3, 4)), random.normal(size=(2, 4, 5))), {}),
    ("recurrence.recurrence", (x, d), {}),
    ("recurrence.recurrence", (x[:, :0], d[:, :0]), {}),
    ("recurrence.reverse_recurrence", (x, d), {}),
    ("recurrence.reverse_recurrence", (x[:, :0], d[:, :0]), {}),
    ("recurrence.later", (x,), {"first": 2.0}),
    ("recurrence.later", (x[:, :0],), {}),
    ("recurrence.earlier", (x,), {}),
    ("recurrence.earlier", (x[:, :0],), {}),
    ("recurrence.running", (x,), {"ufunc": np.logaddexp, "axis": 0}),
    ("recurrence.running", (x,), {"ufunc": np.minimum, "axis": 1}),
    ("recurrence.running", (classes,), {"ufunc": np.add, "axis": 0, "dtype": np.float64}),
    ("recurrent.states_before", (steps, state), packed),
    (
        "recurrent.plain_cells",
        (steps, state, of_input[:2], of_state[:2], bias[:2]),
        {"relu": False, **packed},
    ),
    (
        "recurrent.plain_cells_gradient",
        (steps, state, steps, of_state[:2]),
        {"relu": True, **packed},
    ),
    ("lstm.lstm_cells", (steps, state, state, of_input, of_state, bias, of_state[:2]), packed),
    ("lstm.lstm_cells", (steps, state, state, of_input, of_state, None, None), in_order),
    (
        "lstm.lstm_cells_gradient",
        (steps, state, state, kept, steps, state, steps, of_input, of_state, of_state[:2]),
        {"of_x": True, "of_weights": True, **packed},
    ),
    (
        "lstm.lstm_cells_gradient",
        (steps, state, state, kept, steps, state, steps, of_input, of_state, None),
        {"of_x": True, "of_weights": True, **in_order},
    ),
    (
        "lstm.lstm_cells_gradient",
        (long_steps, long_steps[:64], long_steps[:64], long_kept, *long_given, None),
        {"of_x": True, "of_weights": True, "sizes": (64,) * 64, "backwards": False},
    ),
    ("recurrent.gru_cells", (steps, state, of_input[:6], of_state[:6], bias[:6], bias[:6]), packed),
    (
        "recurrent.gru_cells_gradient",
        (steps, state, gates[:, :6], steps, steps, of_state[:6]),
        packed,
    ),
    ("resampling.resampled", (x, index[None], None), {"axis": 1}),
    ("resampling.resampled", (x, index[None] % 3, np.ones((1, 5))), {"axis": 0}),
    ("scatter.placed", (x,), {"index": (slice(1, 4), slice(5)), "shape": (4, 6), "fill": 3}),
    ("scatter.scattered", (x[0], index), {"shape": (4,)}),
    ("scatter.scattered", (x[0, :3], index[1:4]), {"shape": (4,), "distinct": True}),
    ("scatter.scattered", (x[0], index), {"shape": (4,), "distinct": True}),  # the last stays
    ("scatter.scattered", (x, (slice(None), index)), {"shape": (3, 4)}),
    ("scatter.scattered", (x[0], (-index,)), {"shape": (4,)}),
    ("scatter.add_at", (np.ones((3, 4)), (slice(None), index), x), {}),
    ("scatter.add_at", (np.ones((4, 3)).T, (slice(None), index), x), {}),
    ("scatter.reduce_at", (np.ones((3, 4)), (slice(None), index), x), {"ufunc": np.maximum}),
    ("scatter.sum_of_runs", (x, np.array([2, 0, 3])), {"n": 3, "axis": 1}),
    ("scatter.sum_of_runs", (x[:0], np.array([0, 0])), {"n": 2, "axis": 0}),
    ("sparse.rows_combined", (x[0], d[:3].T), {"pattern": Pattern(index % 3, index, (3, 5))}),
    ("sparse.pairs_multiplied", (x, d), {"pattern": Pattern(index, index[::-1], (3, 3))}),
    ("search.searchsorted_rows", (np.sort(x), d), {"side": "left"}),
    ("search.searchsorted_rows", (np.sort(x), x), {"side": "right"}),
    ("softmax.exp_over", (x,), {}),
    ("softmax.softmax", (cube,), {}),
    ("softmax.softmax", (uneven,), {}),
    ("softmax.softmax", (np.tile(uneven, (8000, 1)),), {}),
    ("softmax.softmax", (uneven.astype(np.float32),), {}),
    ("softmax.softmax_gradient", (x, d), {}),
    ("softmax.softmax_gradient", (d[0], x[0]), {}),
    ("softmax.log_softmax", (cube,), {}),
    ("softmax.log_softmax", (uneven,), {}),
    ("softmax.log_softmax_gradient", (x, np.exp(d), np.exp(d).sum(1, keepdims=True)), {}),
    ("softmax.log_softmax_gradient", (table, table, table[:, :1]), {}),
    ("softmax.softmax_gradient", (table, table - 1), {}),
    ("softmax.log_softmax", (table,), {}),
    ("softmax.class_exponentials", (table, np.arange(5000) % 50), {}),
    ("softmax.class_bounds", (classes,), {}),
    ("softmax.class_exponentials", (logits, classes), {}),
    ("softmax.class_gradient", (exp, exp.sum(1), np.arange(4.0), classes), {}),
    ("softmax.class_gradient", (exp, exp.sum(1), np.float64(0.3), classes), {}),
    ("softmax.class_gradient", (table, table.sum(1), np.float64(0.3), np.arange(5000) % 50), {}),
    (
        "standardize.standardized",
        (cube, None, rows),
        {"view": cube.shape, "axes": (2,), "eps": 0.1, "centred": True},
    ),
    (
        "standardize.standardized",
        (cube, rows, None),
        {"view": cube.shape, "axes": (2,), "eps": 0.1, "centred": False},
    ),
    (
        "standardize.standardized",
        (cube, rows, rows),
        {"view": cube.shape, "axes": (2,), "eps": 0.1, "centred": True},
    ),
    (
        "standardize.standardized",
        (tall, one, one),
        {"view": tall.shape, "axes": (0, 2), "eps": 0.1, "centred": True},
    ),
    (
        "standardize.standardized",
        (long, one, None),
        {"view": long.shape, "axes": (0, 2), "eps": 0.1, "centred": True},
    ),
    (
        "standardize.standardized",
        (long, one, one),
        {"view": long.shape, "axes": (2,), "eps": 0.1, "centred": True},
    ),
    (
        "standardize.standardized_gradients",
        (*pair(tall), one, *moments),
        {"view": tall.shape, **CHANNELS},
    ),
    (
        "standardize.standardized_gradients",
        (*pair(long), None, *moments),
        {"view": long.shape, **CHANNELS},
    ),
    (
        "standardize.standardized_gradients",
        (cube, cube[::-1], rows, *cut),
        {"view": cube.shape, **ALONG_ROWS},
    ),
    (
        "standardize.standardized_gradients",
        (cube, cube[::-1], None, *cut),
        {"view": cube.shape, **ALONG_ROWS},
    ),
    ("standardize.standardized", (runs, of_runs, of_runs), {"view": runs.shape, **LAYER}),
    ("standardize.standardized", (runs, of_runs, None), {"view": runs.shape, **ALONG_ROWS}),
    ("standardize.standardized", (far, None, of_runs), {"view": far.shape, **LAYER}),
    ("standardize.standardized", (runs, of_channels, None), {"view": runs.shape, **CHANNELS}),
    ("standardize.standardized", (far, None, of_channels), {"view": far.shape, **CHANNELS}),
    (
        "standardize.standardized_gradients",
        (*pair(runs), of_runs, *np.full((3, 30, 4, 1), 0.5)),
        {"view": runs.shape, **LAYER},
    ),
    (
        "standardize.standardized_gradients",
        (runs, far, None, *np.tile(statistics, (1, 30, 1, 1))),
        {"view": runs.shape, **LAYER},
    ),
    (
        "standardize.standardized_gradients",
        (runs, far, of_channels, *statistics),
        {"view": runs.shape, **CHANNELS},
    ),
    # one row of weights for all rows, in several blocks
    ("standardize.standardized", (tall, flat, flat), {"view": (25_000, 1, 6), **LAYER}),
    (
        "standardize.standardized_gradients",
        (*pair(tall), flat, *layer),
        {"view": (25_000, 1, 6), **LAYER},
    ),
    ("standardize.scaled", (long, *[np.arange(1.0, 4.0)] * 4), {"eps": 0.1}),
    ("standardize.scaled", (tall, *[np.arange(1.0, 4.0)] * 2, None, None), {"eps": 0.1}),
    ("standardize.scaled", (long, np.full(3, 1e3), *[np.arange(1.0, 4.0)] * 3), {"eps": 0.1}),
    ("standardize.moved_at", (np.ones(3), x[:, 0], 0.3), {}),
    ("clipping.norm_of_all", (x, square), {"p": 3}),
    ("clipping.norm_of_all", (x * 1e200, square), {"p": 2}),
    ("clipping.scale_down", (x.copy(), np.float64(4)), {"limit": 1.0}),
    ("clipping.scale_down", (x.copy(), np.float64(0.5)), {"limit": 1.0}),
    ("sums.sum_over", (x,), {"axis": 0}),
    ("sums.sum_over", (np.ones((3000, 2)),), {"axis": 0, "keepdims": True}),
    ("sums.count_over", (x > 0,), {"axis": 1, "dtype": np.dtype(float)}),
    ("sums.squares_over", (many[: 2**18].reshape(2, -1),), {"axis": 1, "keepdims": True}),
    ("sums.squares_over", (many[: 2**18].reshape(64, 64, -1).T,), {}),
    ("sums.squares_over", (many[: 2**18].reshape(2, -1).T,), {"axis": 0}),
    ("sums.squares_over", (x,), {"axis": 0}),
    ("sums.product_over", (2 * many[:7300].reshape(-1, 73),), {"axis": 1}),
    ("sums.product_over", (many[: 2**18].reshape(2, -1),), {"keepdims": True}),
    ("sums.product_over", (x,), {"axis": 0}),
    ("sums.dot_product", (x[0], d[0]), {}),
    ("sums.sum_of_products", (x, d), {"equation": "ij,ij->i"}),
    ("recurrence.running_sum", (x,), {"axis": 1}),
    ("recurrence.running_product", (x,), {"axis": 1}),
    ("recurrence.running_logarithm", (x,), {"axis": 0}),
    ("complexes.joined", (x, d), {}),
    ("complexes.pairs", (x + 1j * d,), {}),
    ("complexes.of_pairs", (np.stack([x, d], -1),), {}),
    ("cofactors.cofactors", (square,), {}),
    ("cofactors.cofactors", (singular,), {}),
    ("cofactors.second_cofactors", (square, square[::-1].copy()), {}),
    ("exponential.matrix_exponential", (square,), {}),
    ("incomplete_gamma.gamma_density", (np.abs(x) + 0.5, np.abs(d)), {}),
    ("least_squares.least_squares", (square, square[..., :2].copy()), {"rcond": 1e-15}),
    ("ldl.ldl_factored", (square,), {"hermitian": False}),
    ("ldl.ldl_factored", (paired,), {"hermitian": False}),
    ("ldl.ldl_factored", (paired + 1j * square,), {"hermitian": True}),
    ("ldl.orders_of", (np.array([[-3, -3, 3], [3, -3, -3]], np.int32),), {}),
    ("lu.lu_factored", (square,), {}),
    ("lu.no_pivot", (singular,), {}),
    ("lu.not_positive", (singular - 2 * np.eye(3),), {}),
    ("lu.order_of", (np.array([[3, 3, 3], [1, 3, 3]], np.int32),), {"rows": 3}),
    ("triangular.triangular_solved", (square, square), {"upper": True, "unit": False}),
    ("triangular.triangular_solved", (square, square), {"upper": False, "unit": True}),
    ("windows.diagonal", (x,), {"offset": 1, "axis1": 0, "axis2": 1}),
    ("windows.on_diagonal", (x,), {"shape": (3, 6, 6), "offset": -1, "axis1": -2, "axis2": -1}),
    ("windows.windows", (x,), {"axis": 1, "size": 3, "step": 2}),
    ("windows.folded", (x[..., None] * d[0, :2],), {"n": 6, "axis": 1, "size": 2, "step": 1}),
]

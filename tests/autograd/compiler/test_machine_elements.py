"""NumPy's functions of single elements as machine code: every dtype, and the values at the ends."""

import itertools

import numpy as np
import pytest

from autograd.compiler.planning.interpret import poisoned
from autograd.compiler.planning.plan import Access, Buffer, Instruction, Loop, Store

pytest.importorskip("llvmlite")

from autograd.compiler.machine import polynomials  # noqa: E402
from autograd.compiler.machine.arithmetic import ASKED, FUNCTIONS, LIBRARY, known  # noqa: E402
from autograd.compiler.machine.segments import compiled, supported  # noqa: E402

DTYPES = [np.dtype(one) for one in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "?")]
FEW = {"f4", "i4", "b1"}  # of which the quick ring tests all functions
RINGS = [
    pytest.param(one, marks=() if one.str[1:] in FEW else pytest.mark.slow, id=str(one))
    for one in DTYPES
]
POLYNOMIALS = ["exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "tanh"]
POLYNOMIALS += ["sin", "cos", "tan"]
ARITY = {"clip": 3, "erf": 1}
NAMES = [name for name in FUNCTIONS if name != "erf"]


def arity(name):
    return ARITY.get(name) or getattr(np, name).nin


def loop_of(name, dtypes, out, n, literal=None):
    """A loop that computes ``name`` of ``n`` elements; its buffers."""
    given = [Buffer("given", n, one) for one in dtypes]
    result = Buffer("result", n, out)
    body = [Instruction("load", (Access(one, 0, (1,)),), one.dtype) for one in given]
    if literal is not None:
        body.append(Instruction("literal", (literal,), given[0].dtype))
    args = tuple(range(len(body)))
    body.append(Instruction(name, args, result.dtype))
    loop = Loop((n,), tuple(body), (Store(len(body) - 1, Access(result, 0, (1,))),))
    assert supported(loop), name
    return loop, [*given, result]


def run_all(tasks):
    """For each (name, arrays, dtype of the result[, literal]) what it gives: compiled together."""
    made = [
        loop_of(name, [one.dtype for one in arrays], out, len(arrays[0]), *more)
        for name, arrays, out, *more in tasks
    ]
    slots = {one: i for i, one in enumerate([one for _, buffers in made for one in buffers])}
    [call] = compiled([[loop for loop, _ in made]], slots)
    results = [poisoned(np.empty(len(arrays[0]), out)) for _, arrays, out, *_ in tasks]
    memory = [one for task, got in zip(tasks, results) for one in (*task[1], got)]
    table = np.array([one.ctypes.data for one in memory], np.uintp)
    call(table.ctypes.data, 0)
    return results


def run(name, arrays, out, **more):
    return run_all([(name, arrays, out, *more.values())])[0]


def ends(dtype):
    """Values at which functions are special."""
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind == "f":
        info = np.finfo(dtype)
        some = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 7.3, 88.0, 700.0, 1e30, info.max, info.tiny]
        some += [info.smallest_subnormal, info.tiny / 3, info.eps, np.inf]
        return np.array([*some, *[-one for one in some], np.nan], dtype)
    info = np.iinfo(dtype)
    some = {0, 1, 2, 3, 7, 8, 33, 100, info.max - 1, info.max, info.min, info.min + 1}
    some |= {-1, -2, -7, -8, -100} if dtype.kind == "i" else set()
    return np.array(sorted(some), dtype)


def units(got, want, exact):
    """The distance from ``exact`` in units in the last place; 0 where both are NaN or infinite."""
    with np.errstate(all="ignore"):
        size = np.spacing(np.abs(want)).astype(np.longdouble)
        far = np.abs(got.astype(np.longdouble) - exact) / size
    far[(got == want) | (np.isnan(got) & np.isnan(want))] = 0
    return np.where(np.isnan(far), np.inf, far)


@pytest.mark.parametrize("dtype", RINGS)
def test_functions_at_the_ends_of_a_dtype(dtype):
    tasks, wanted = [], []
    for name in NAMES:
        count = arity(name)
        if not known(name, [dtype] * count) or (name == "power" and dtype.kind != "f"):
            continue
        arrays = [
            np.array(one, dtype) for one in zip(*itertools.product(ends(dtype), repeat=count))
        ]
        if name == "clip":
            keep = ~(arrays[1] > arrays[2])
            arrays = [one[keep] for one in arrays]
        with np.errstate(all="ignore"):
            wanted.append(getattr(np, name)(*arrays))
        tasks.append((name, arrays, wanted[-1].dtype if name in ASKED else dtype))
    assert len(tasks) >= 15
    for (name, arrays, out), got, want in zip(tasks, run_all(tasks), wanted):
        if (
            dtype.kind != "f"
            or np.dtype(out).kind == "b"
            or name in ("remainder", "floor_divide", "fmod")
        ):
            np.testing.assert_array_equal(got, want, err_msg=name)
            continue
        with np.errstate(all="ignore"):
            far = units(got, want, want.astype(np.longdouble))
        assert far.max() <= 4, (name, [one[far.argmax()] for one in arrays])
        zero = want == 0
        if name not in ("maximum", "minimum", "fmax", "fmin", "clip"):  # of 0 and -0 either
            np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(want[zero]), name)


@pytest.mark.parametrize("dtype", RINGS[:6])
def test_powers_with_a_literal_exponent(dtype):
    exponents = [0, 1, 2, 3, 4] if dtype.kind == "i" else [0, 1, 2, 3, -1, 0.5, 1.7]
    x = ends(dtype)
    x = x[x != -np.inf] if dtype.kind == "f" else x  # of whose root NumPy's versions differ
    for exponent, got in zip(exponents, run_all([("power", [x], dtype, one) for one in exponents])):
        with np.errstate(all="ignore"):
            want = np.power(x, dtype.type(exponent))
            assert units(got, want, want.astype(np.longdouble)).max() <= (dtype.kind == "f")


@pytest.mark.parametrize("old", RINGS)
def test_astype(old):
    tasks = []
    for new in DTYPES:
        x = ends(old)
        if old.kind == "f" and new.kind in "iu":
            info = np.iinfo(new)
            x = x[(x > max(info.min, -(2.0**31))) & (x < min(info.max, 2.0**31))]
        tasks.append(("astype", [x], new))
    for (_, [x], new), got in zip(tasks, run_all(tasks)):
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(got, x.astype(new))


def arguments(name, dtype, n):
    """Bits drawn evenly, so every exponent; and the interval in which a function has its turns."""
    rng, whole = np.random.default_rng(0), np.dtype(f"i{dtype.itemsize}")
    info = np.iinfo(whole)
    bits = rng.integers(info.min, info.max, n, whole).view(dtype)
    least, most = {
        "exp": (-746, 710),
        "exp2": (-1076, 1025),
        "expm1": (-40, 710),
        "sin": (-99, 99),
        "cos": (-9999, 9999),
        "tan": (-9, 9),
    }.get(name, (-2, 2))
    if dtype == np.float32 and name in ("exp", "expm1", "exp2"):
        least, most = max(least, -152), 130
    return [bits, rng.uniform(least, most, n).astype(dtype), rng.uniform(-1, 4, n).astype(dtype)]


def worst(names, dtype, n):
    """The greatest errors in units: name, where."""
    tasks = [(name, [x], dtype) for name in names for x in arguments(name, dtype, n)]
    found = []
    for (name, [x], _), got in zip(tasks, run_all(tasks)):
        with np.errstate(all="ignore"):
            exact = getattr(np, name)(x.astype(np.longdouble))
            far = units(got, exact.astype(dtype), exact)
        if far.max() > BOUNDS.get(name, 1.2):
            found.append((name, x[far.argmax()], far.max()))
    return found


BOUNDS = {"tanh": 1.6, "tan": 2.5}
LONG = np.finfo(np.longdouble).eps < np.finfo(float).eps  # else there is nothing to compare with


@pytest.mark.parametrize("dtype", RINGS[:2])
def test_polynomials_are_right_to_a_unit_or_two(dtype):
    n = 10_000 if LONG or dtype == np.float32 else 0
    assert worst(POLYNOMIALS, dtype, n) == []


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="longdouble is float64 here")
@pytest.mark.parametrize("dtype", DTYPES[:2], ids=str)
def test_polynomials_at_a_million_of_arguments(dtype):
    assert worst(POLYNOMIALS, dtype, 500_000) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [16, 32])
def test_polynomials_without_wide_registers(size, monkeypatch):
    monkeypatch.setattr(polynomials, "register_bytes", lambda: size)
    for dtype in DTYPES[: 1 + LONG]:
        assert worst(POLYNOMIALS, dtype, 100_000) == []


def test_rows_divided_by_one_number_each():
    """Times its reciprocal, brought nearer to 1 where that would be too small or too large."""
    some = ends(np.dtype("f4"))
    more = 2.0 ** np.arange(-148, 128, 7) * 1.37
    divisors = np.concatenate([some, more, -more]).astype("f4")
    rng = np.random.default_rng(0)
    x = np.concatenate([some, rng.standard_normal(40), more, -more[::-1]]).astype("f4")
    given, by = Buffer("given", len(x), "f4"), Buffer("given", len(divisors), "f4")
    out = Buffer("result", len(x) * len(divisors), "f4")
    body = (
        Instruction("load", (Access(given, 0, (0, 1)),), given.dtype),
        Instruction("load", (Access(by, 0, (1, 0)),), given.dtype),
        Instruction("divide", (0, 1), given.dtype),
        Instruction("reduce", ("maximum", 2), given.dtype),  # so that the rows stay rows
    )
    space = len(divisors), len(x)
    row = Buffer("result", len(divisors), "f4")
    stores = Store(2, Access(out, 0, (len(x), 1))), Store(3, Access(row, 0, (1, 0)))
    arrays = {given: x, by: divisors, out: poisoned(np.empty(out.size, "f4"))}
    arrays[row] = np.empty(row.size, "f4")
    [call] = compiled([[Loop(space, body, stores)]], {one: i for i, one in enumerate(arrays)})
    table = np.array([one.ctypes.data for one in arrays.values()], np.uintp)
    call(table.ctypes.data, 0)
    with np.errstate(all="ignore"):
        want = x / divisors[:, None]
        exact = x.astype(np.longdouble) / divisors[:, None].astype(np.longdouble)
        far = units(arrays[out].reshape(space), want, exact)
    assert far.max() <= 1.6


def test_powers_of_float32_are_rounded_once():
    rng, n = np.random.default_rng(0), 100_000
    x = np.exp(rng.uniform(-60, 60, n)).astype("f4") * rng.choice([-1, 1], n).astype("f4")
    y = np.where(rng.random(n) < 0.5, rng.integers(-9, 9, n), rng.uniform(-9, 9, n)).astype("f4")
    with np.errstate(all="ignore"):
        exact = np.power(x.astype(np.float64), y.astype(np.float64))
        far = units(run("power", [x, y], np.float32), exact.astype("f4"), exact)
    assert far.max() <= 0.51


@pytest.mark.parametrize("dtype", RINGS[:2])
def test_erf(dtype):
    special = pytest.importorskip("scipy.special")
    for x in [ends(dtype), *arguments("erf", dtype, 10_000)]:
        with np.errstate(all="ignore"):
            want = special.erf(x.astype(np.float64))
            far = units(run("erf", [x], dtype), want.astype(dtype), want.astype(np.longdouble))
        assert far.max() <= 3


def test_what_is_no_function_of_ours():
    assert not known("add", [np.dtype("f2")] * 2)
    assert not known("add", [np.dtype("f4"), np.dtype("f8")])
    assert not known("sin", [np.dtype("i8")])
    assert not known("matmul", [np.dtype("f4")] * 2)
    assert not known("power", [np.dtype("i8")] * 2)
    assert not known("power", [np.dtype("i8")] * 2, -1)
    assert set(LIBRARY) <= set(FUNCTIONS)

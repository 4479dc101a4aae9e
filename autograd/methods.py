"""The functions of the op families as methods of Tensor, by the same names.

A function whose first parameter is a tensor is a method as it stands: one definition for both.
Methods whose signature differs from the function's are in :mod:`autograd.tensor`.
"""

from __future__ import annotations

from autograd import facts, sampling
from autograd.graph import TensorBase
from autograd.ops import (
    arithmetic,
    arrangements,
    calculus,
    comparison,
    complexes,
    errorfunction,
    exponential,
    extremes,
    floats,
    gathering,
    indexing,
    integers,
    joining,
    linalg,
    parts,
    powers,
    rearranging,
    reduction,
    rounding,
    samples,
    scan,
    selection,
    shape as shapes,
    sorting,
    special,
    statistics,
    trigonometric,
)


class Methods(TensorBase):
    """Mixin of Tensor."""

    __slots__ = ()

    add = arithmetic.add
    sub = arithmetic.sub
    subtract = arithmetic.subtract
    mul = arithmetic.mul
    multiply = arithmetic.multiply
    floor_divide = arithmetic.floor_divide
    remainder = arithmetic.remainder
    fmod = arithmetic.fmod
    neg = arithmetic.neg
    negative = arithmetic.negative
    positive = arithmetic.positive
    abs = arithmetic.abs
    absolute = arithmetic.absolute
    addcmul = arithmetic.addcmul
    addcdiv = arithmetic.addcdiv
    div = arithmetic.div
    divide = arithmetic.divide
    true_divide = arithmetic.true_divide

    pow = powers.pow
    float_power = powers.float_power
    square = powers.square
    sqrt = powers.sqrt
    rsqrt = powers.rsqrt
    reciprocal = powers.reciprocal

    sign = rounding.sign
    sgn = rounding.sgn
    floor = rounding.floor
    ceil = rounding.ceil
    trunc = rounding.trunc
    fix = rounding.fix
    frac = rounding.frac
    round = rounding.round

    exp = exponential.exp
    exp2 = exponential.exp2
    expm1 = exponential.expm1
    log = exponential.log
    log2 = exponential.log2
    log10 = exponential.log10
    log1p = exponential.log1p
    logaddexp = exponential.logaddexp
    logaddexp2 = exponential.logaddexp2
    xlogy = exponential.xlogy

    sin = trigonometric.sin
    cos = trigonometric.cos
    tan = trigonometric.tan
    asin = trigonometric.asin
    acos = trigonometric.acos
    atan = trigonometric.atan
    atan2 = trigonometric.atan2
    sinh = trigonometric.sinh
    cosh = trigonometric.cosh
    tanh = trigonometric.tanh
    asinh = trigonometric.asinh
    acosh = trigonometric.acosh
    atanh = trigonometric.atanh
    arcsin = trigonometric.arcsin
    arccos = trigonometric.arccos
    arctan = trigonometric.arctan
    arctan2 = trigonometric.arctan2
    arcsinh = trigonometric.arcsinh
    arccosh = trigonometric.arccosh
    arctanh = trigonometric.arctanh
    hypot = trigonometric.hypot
    deg2rad = trigonometric.deg2rad
    rad2deg = trigonometric.rad2deg
    sinc = trigonometric.sinc

    sigmoid = special.sigmoid
    relu = special.relu
    softmax = special.softmax
    log_softmax = special.log_softmax
    logit = special.logit

    erf = errorfunction.erf
    erfc = errorfunction.erfc
    erfinv = errorfunction.erfinv
    conj = complexes.conj
    resolve_conj = complexes.resolve_conj
    conj_physical = complexes.conj_physical
    angle = complexes.angle
    isreal = complexes.isreal
    is_complex = complexes.is_complex

    eq = comparison.eq
    ne = comparison.ne
    lt = comparison.lt
    le = comparison.le
    gt = comparison.gt
    ge = comparison.ge
    not_equal = comparison.not_equal
    less = comparison.less
    less_equal = comparison.less_equal
    greater = comparison.greater
    greater_equal = comparison.greater_equal
    equal = comparison.equal
    isclose = comparison.isclose
    allclose = comparison.allclose
    isnan = comparison.isnan
    isinf = comparison.isinf
    isfinite = comparison.isfinite
    copysign = floats.copysign
    ldexp = floats.ldexp
    frexp = floats.frexp
    heaviside = floats.heaviside
    nextafter = floats.nextafter
    signbit = floats.signbit
    isposinf = floats.isposinf
    isneginf = floats.isneginf
    logical_and = comparison.logical_and
    logical_or = comparison.logical_or
    logical_xor = comparison.logical_xor
    logical_not = comparison.logical_not
    bitwise_and = comparison.bitwise_and
    bitwise_or = comparison.bitwise_or
    bitwise_xor = comparison.bitwise_xor
    bitwise_not = comparison.bitwise_not
    bitwise_left_shift = integers.bitwise_left_shift
    bitwise_right_shift = integers.bitwise_right_shift
    gcd = integers.gcd
    lcm = integers.lcm

    maximum = selection.maximum
    minimum = selection.minimum
    fmax = selection.fmax
    fmin = selection.fmin
    clamp = selection.clamp
    clip = selection.clip
    clamp_min = selection.clamp_min
    clamp_max = selection.clamp_max
    lerp = selection.lerp
    nan_to_num = selection.nan_to_num

    sum = reduction.sum
    nansum = reduction.nansum
    mean = reduction.mean
    logsumexp = reduction.logsumexp
    all = reduction.all
    any = reduction.any
    count_nonzero = reduction.count_nonzero

    max = extremes.max
    min = extremes.min
    amax = extremes.amax
    amin = extremes.amin
    aminmax = extremes.aminmax
    argmax = extremes.argmax
    argmin = extremes.argmin
    median = extremes.median
    cummax = extremes.cummax
    cummin = extremes.cummin

    prod = scan.prod
    cumsum = scan.cumsum
    cumprod = scan.cumprod
    logcumsumexp = scan.logcumsumexp
    diff = calculus.diff

    var = statistics.var
    std = statistics.std
    norm = statistics.norm
    dist = statistics.dist
    renorm = statistics.renorm
    nanmean = samples.nanmean
    nanmedian = samples.nanmedian
    mode = samples.mode
    cov = samples.cov
    corrcoef = samples.corrcoef

    reshape = shapes.reshape
    view = shapes.view
    reshape_as = shapes.reshape_as
    view_as = shapes.view_as
    ravel = shapes.ravel
    flatten = shapes.flatten
    unflatten = shapes.unflatten
    squeeze = shapes.squeeze
    unsqueeze = shapes.unsqueeze
    expand = shapes.expand
    expand_as = shapes.expand_as
    broadcast_to = shapes.broadcast_to
    clone = shapes.clone
    contiguous = shapes.contiguous
    transpose = shapes.transpose
    swapaxes = shapes.swapaxes
    swapdims = shapes.swapdims
    permute = shapes.permute
    movedim = shapes.movedim
    moveaxis = shapes.moveaxis
    t = shapes.t
    flip = rearranging.flip
    fliplr = rearranging.fliplr
    flipud = rearranging.flipud
    roll = rearranging.roll
    rot90 = arrangements.rot90
    diagflat = arrangements.diagflat
    sum_to_size = arrangements.sum_to_size
    tril = rearranging.tril
    triu = rearranging.triu
    diagonal = rearranging.diagonal
    diag_embed = rearranging.diag_embed
    diag = rearranging.diag
    unfold = rearranging.unfold

    chunk = joining.chunk
    tensor_split = joining.tensor_split
    unbind = joining.unbind
    narrow = joining.narrow
    select = parts.select
    select_scatter = parts.select_scatter
    slice_scatter = parts.slice_scatter
    diagonal_scatter = parts.diagonal_scatter
    narrow_copy = parts.narrow_copy
    split_with_sizes = parts.split_with_sizes
    hsplit = parts.hsplit
    vsplit = parts.vsplit
    dsplit = parts.dsplit
    as_strided = parts.as_strided
    repeat = rearranging.repeat
    tile = rearranging.tile
    repeat_interleave = rearranging.repeat_interleave

    gather = gathering.gather
    scatter = gathering.scatter
    scatter_add = gathering.scatter_add
    scatter_reduce = gathering.scatter_reduce
    index_select = gathering.index_select
    index_add = gathering.index_add
    index_copy = gathering.index_copy
    index_fill = gathering.index_fill
    take = gathering.take
    take_along_dim = gathering.take_along_dim
    masked_fill = gathering.masked_fill
    masked_select = gathering.masked_select
    masked_scatter = gathering.masked_scatter

    sort = sorting.sort
    argsort = sorting.argsort
    msort = sorting.msort
    topk = sorting.topk
    kthvalue = sorting.kthvalue
    isin = sorting.isin
    argwhere = sorting.argwhere
    nonzero = sorting.nonzero
    unique = sorting.unique
    unique_consecutive = sorting.unique_consecutive
    bincount = sorting.bincount
    histc = sorting.histc

    index_put = indexing.index_put
    put = indexing.put

    matmul = linalg.matmul
    mm = linalg.mm
    bmm = linalg.bmm
    mv = linalg.mv
    dot = linalg.dot
    vdot = linalg.vdot
    inner = linalg.inner
    outer = linalg.outer
    ger = linalg.ger
    kron = linalg.kron
    trace = linalg.trace
    addmm = linalg.addmm
    addmv = linalg.addmv
    addr = linalg.addr
    baddbmm = linalg.baddbmm
    addbmm = linalg.addbmm
    matrix_power = linalg.matrix_power
    cross = linalg.cross

    is_nonzero = facts.is_nonzero
    bernoulli = sampling.bernoulli
    multinomial = sampling.multinomial

    adjoint = shapes.adjoint

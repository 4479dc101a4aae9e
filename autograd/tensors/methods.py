"""The functions of the op families as methods of Tensor, by the same names.

A function whose first parameter is a tensor is a method as it stands: one definition for both.
Methods whose signature differs from the function's are in :mod:`autograd.tensor`.
"""

from __future__ import annotations

from autograd.engine.graph import TensorBase
from autograd.ops.indexing import (
    gather as _gather,
    getitem,
    masked,
    scatter as _scatter,
    search,
    slicing,
    sort as _sort,
)
from autograd.ops.linalg import matmul as _matmul, products
from autograd.ops.pointwise import (
    arithmetic,
    comparison,
    complex as complexes,
    erf as _erf,
    exponential,
    floating,
    logical,
    minmax,
    powers,
    relu as _relu,
    rounding,
    sigmoid as _sigmoid,
    trigonometric,
)
from autograd.ops.reductions import (
    cumulative,
    differences,
    extrema,
    norm as _norm,
    softmax as _softmax,
    statistics,
    sums,
    variance,
)
from autograd.ops.shape import (
    diagonal as _diagonal,
    expand as _expand,
    flip as _flip,
    join,
    permute as _permute,
    repeat as _repeat,
    reshape as _reshape,
    triangular,
    unfold as _unfold,
)
from autograd.tensors import conversion, sampling


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

    sigmoid = _sigmoid.sigmoid
    relu = _relu.relu
    softmax = _softmax.softmax
    log_softmax = _softmax.log_softmax
    logit = _sigmoid.logit

    erf = _erf.erf
    erfc = _erf.erfc
    erfinv = _erf.erfinv
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
    copysign = floating.copysign
    ldexp = floating.ldexp
    frexp = floating.frexp
    heaviside = floating.heaviside
    nextafter = floating.nextafter
    signbit = floating.signbit
    isposinf = floating.isposinf
    isneginf = floating.isneginf
    logical_and = logical.logical_and
    logical_or = logical.logical_or
    logical_xor = logical.logical_xor
    logical_not = logical.logical_not
    bitwise_and = logical.bitwise_and
    bitwise_or = logical.bitwise_or
    bitwise_xor = logical.bitwise_xor
    bitwise_not = logical.bitwise_not
    bitwise_left_shift = logical.bitwise_left_shift
    bitwise_right_shift = logical.bitwise_right_shift
    gcd = arithmetic.gcd
    lcm = arithmetic.lcm

    maximum = minmax.maximum
    minimum = minmax.minimum
    fmax = minmax.fmax
    fmin = minmax.fmin
    clamp = minmax.clamp
    clip = minmax.clip
    clamp_min = minmax.clamp_min
    clamp_max = minmax.clamp_max
    lerp = arithmetic.lerp
    nan_to_num = floating.nan_to_num

    sum = sums.sum
    nansum = sums.nansum
    mean = sums.mean
    logsumexp = _softmax.logsumexp
    all = sums.all
    any = sums.any
    count_nonzero = sums.count_nonzero

    max = extrema.max
    min = extrema.min
    amax = extrema.amax
    amin = extrema.amin
    aminmax = extrema.aminmax
    argmax = extrema.argmax
    argmin = extrema.argmin
    median = statistics.median
    cummax = cumulative.cummax
    cummin = cumulative.cummin

    prod = sums.prod
    cumsum = cumulative.cumsum
    cumprod = cumulative.cumprod
    logcumsumexp = cumulative.logcumsumexp
    diff = differences.diff

    var = variance.var
    std = variance.std
    norm = _norm.norm
    dist = _norm.dist
    renorm = _norm.renorm
    nanmean = statistics.nanmean
    nanmedian = statistics.nanmedian
    mode = statistics.mode
    cov = statistics.cov
    corrcoef = statistics.corrcoef

    reshape = _reshape.reshape
    view = _reshape.view
    reshape_as = _reshape.reshape_as
    view_as = _reshape.view_as
    ravel = _reshape.ravel
    flatten = _reshape.flatten
    unflatten = _reshape.unflatten
    squeeze = _reshape.squeeze
    unsqueeze = _reshape.unsqueeze
    expand = _expand.expand
    expand_as = _expand.expand_as
    broadcast_to = _expand.broadcast_to
    clone = _reshape.clone
    contiguous = _reshape.contiguous
    transpose = _permute.transpose
    swapaxes = _permute.swapaxes
    swapdims = _permute.swapdims
    permute = _permute.permute
    movedim = _permute.movedim
    moveaxis = _permute.moveaxis
    t = _permute.t
    flip = _flip.flip
    fliplr = _flip.fliplr
    flipud = _flip.flipud
    roll = _flip.roll
    rot90 = _flip.rot90
    diagflat = _diagonal.diagflat
    sum_to_size = _expand.sum_to_size
    tril = triangular.tril
    triu = triangular.triu
    diagonal = _diagonal.diagonal
    diag_embed = _diagonal.diag_embed
    diag = _diagonal.diag
    unfold = _unfold.unfold

    chunk = join.chunk
    tensor_split = join.tensor_split
    unbind = join.unbind
    narrow = join.narrow
    select = slicing.select
    select_scatter = slicing.select_scatter
    slice_scatter = slicing.slice_scatter
    diagonal_scatter = slicing.diagonal_scatter
    narrow_copy = join.narrow_copy
    split_with_sizes = join.split_with_sizes
    hsplit = join.hsplit
    vsplit = join.vsplit
    dsplit = join.dsplit
    as_strided = _unfold.as_strided
    repeat = _repeat.repeat
    tile = _repeat.tile
    repeat_interleave = _repeat.repeat_interleave

    gather = _gather.gather
    scatter = _scatter.scatter
    scatter_add = _scatter.scatter_add
    scatter_reduce = _scatter.scatter_reduce
    index_select = _gather.index_select
    index_add = _scatter.index_add
    index_copy = _scatter.index_copy
    index_fill = _scatter.index_fill
    take = _gather.take
    take_along_dim = _gather.take_along_dim
    masked_fill = masked.masked_fill
    masked_select = masked.masked_select
    masked_scatter = masked.masked_scatter

    sort = _sort.sort
    argsort = _sort.argsort
    msort = _sort.msort
    topk = _sort.topk
    kthvalue = _sort.kthvalue
    isin = search.isin
    argwhere = search.argwhere
    nonzero = search.nonzero
    unique = search.unique
    unique_consecutive = search.unique_consecutive
    bincount = search.bincount
    histc = search.histc

    index_put = getitem.index_put
    put = getitem.put

    matmul = _matmul.matmul
    mm = _matmul.mm
    bmm = _matmul.bmm
    mv = _matmul.mv
    dot = _matmul.dot
    vdot = _matmul.vdot
    inner = _matmul.inner
    outer = _matmul.outer
    ger = _matmul.ger
    kron = products.kron
    trace = products.trace
    addmm = products.addmm
    addmv = products.addmv
    addr = products.addr
    baddbmm = products.baddbmm
    addbmm = products.addbmm
    matrix_power = products.matrix_power
    cross = products.cross

    is_nonzero = conversion.is_nonzero
    bernoulli = sampling.bernoulli
    multinomial = sampling.multinomial

    adjoint = _permute.adjoint

"""Reverse-mode automatic differentiation over NumPy, with PyTorch's names.

What ``torch`` and ``torch.autograd`` hold: tensors, operations, gradients, gradient checks,
pictures of graphs. Layers are in ``nn``, optimisers in ``optim``; for scripts that say ``torch.nn``
and ``torch.autograd`` throughout, ``import autograd as torch`` reaches them, too.

    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    (x ** 2).sum().backward()
    x.grad                                  # tensor([2., 4.])
"""

import gc as _gc
import os as _os

if _os.path.exists(_os.path.join(_os.path.dirname(__file__), "differential_operators.py")):
    raise ImportError(
        "autograd: gradloom needs its folder to itself; files of HIPS's autograd were found in it, "
        "because both install a package named autograd. Run: "
        "pip uninstall -y autograd gradloom && pip install gradloom"
    )

from math import e as e
from math import inf as inf
from math import nan as nan
from math import pi as pi
from typing import TYPE_CHECKING as _TYPE_CHECKING

from autograd import cuda as cuda

# Nearly all of the import happens here, and what it makes stays: looking for garbage on the way
# would be a tenth of its time.
_collecting = _gc.isenabled()
_gc.disable()
try:
    # Before creation: it binds the name `tensor` to a module, creation binds it to the function.
    from autograd.tensors.tensor import Size as Size, Tensor as Tensor
finally:
    if _collecting:
        _gc.enable()

from autograd.engine.grad_mode import (
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled,
    is_inference_mode_enabled as is_inference_mode_enabled,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from autograd.arrays.dtypes import (
    as_dtype as as_dtype,
    bool as bool,
    cdouble as cdouble,
    cfloat as cfloat,
    complex128 as complex128,
    complex64 as complex64,
    double as double,
    float as float,
    float16 as float16,
    float32 as float32,
    float64 as float64,
    get_default_dtype as get_default_dtype,
    half as half,
    int as int,
    int16 as int16,
    int32 as int32,
    int64 as int64,
    int8 as int8,
    long as long,
    result_type as result_type,
    set_default_dtype as set_default_dtype,
    short as short,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
    uint8 as uint8,
)
from autograd.arrays.devices import (
    device as device,
    get_default_device as get_default_device,
    layout as layout,
    set_default_device as set_default_device,
    contiguous_format as contiguous_format,
    memory_format as memory_format,
    preserve_format as preserve_format,
    strided as strided,
)
from autograd.engine.graph import Node as Node
from autograd.engine.backward import backward as backward, grad as grad
from autograd.diagnosis.mistakes import GradcheckError as GradcheckError
from autograd.diagnosis.gradcheck import gradcheck as gradcheck, gradgradcheck as gradgradcheck
from autograd.engine.function import Function as Function
from autograd.engine.elementwise import Elementwise as Elementwise
from autograd.engine.dispatch import implements as implements
from autograd.tensors.creation import (
    arange as arange,
    empty as empty,
    empty_like as empty_like,
    eye as eye,
    full as full,
    full_like as full_like,
    linspace as linspace,
    logspace as logspace,
    ones as ones,
    ones_like as ones_like,
    zeros as zeros,
    zeros_like as zeros_like,
)
from autograd.tensors.from_data import (
    as_tensor as as_tensor,
    asarray as asarray,
    from_numpy as from_numpy,
    tensor as tensor,
)
from autograd.tensors.conversion import (
    is_floating_point as is_floating_point,
    is_tensor as is_tensor,
)
from autograd.arrays.dtypes import (
    can_cast as can_cast,
    finfo as finfo,
    iinfo as iinfo,
    promote_types as promote_types,
)
from autograd.tensors.conversion import detach as detach, is_nonzero as is_nonzero, numel as numel
from autograd.tensors.creation import tril_indices as tril_indices, triu_indices as triu_indices
from autograd.tensors.legacy import (
    BoolTensor as BoolTensor,
    ByteTensor as ByteTensor,
    CharTensor as CharTensor,
    DoubleTensor as DoubleTensor,
    FloatTensor as FloatTensor,
    HalfTensor as HalfTensor,
    IntTensor as IntTensor,
    LongTensor as LongTensor,
    ShortTensor as ShortTensor,
    Variable as Variable,
    scalar_tensor as scalar_tensor,
    set_default_tensor_type as set_default_tensor_type,
)
from autograd.random.generator import (
    Generator as Generator,
    default_generator as default_generator,
    initial_seed as initial_seed,
    seed as seed,
)
from autograd.tensors.sampling import (
    bernoulli as bernoulli,
    get_rng_state as get_rng_state,
    manual_seed as manual_seed,
    multinomial as multinomial,
    normal as normal,
    rand as rand,
    rand_like as rand_like,
    randint as randint,
    randint_like as randint_like,
    randn as randn,
    randn_like as randn_like,
    randperm as randperm,
    set_rng_state as set_rng_state,
)
from autograd.arrays.threads import (
    get_num_threads as get_num_threads,
    set_num_threads as set_num_threads,
)
from autograd.tensors.printing import set_printoptions as set_printoptions
from autograd.drawing.dot import draw as draw
from autograd.ops.pointwise.arithmetic import (
    abs as abs,
    absolute as absolute,
    add as add,
    addcdiv as addcdiv,
    addcmul as addcmul,
    div as div,
    divide as divide,
    floor_divide as floor_divide,
    fmod as fmod,
    mul as mul,
    multiply as multiply,
    neg as neg,
    negative as negative,
    positive as positive,
    remainder as remainder,
    rsub as rsub,
    sub as sub,
    subtract as subtract,
    true_divide as true_divide,
)
from autograd.ops.pointwise.powers import (
    float_power as float_power,
    pow as pow,
    reciprocal as reciprocal,
    rsqrt as rsqrt,
    sqrt as sqrt,
    square as square,
)
from autograd.ops.pointwise.rounding import (
    ceil as ceil,
    fix as fix,
    floor as floor,
    frac as frac,
    round as round,
    sgn as sgn,
    sign as sign,
    trunc as trunc,
)
from autograd.ops.pointwise.exponential import (
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    log as log,
    log10 as log10,
    log1p as log1p,
    log2 as log2,
    logaddexp as logaddexp,
    logaddexp2 as logaddexp2,
    xlogy as xlogy,
)
from autograd.ops.pointwise.trigonometric import (
    acos as acos,
    acosh as acosh,
    arccos as arccos,
    arccosh as arccosh,
    arcsin as arcsin,
    arcsinh as arcsinh,
    arctan as arctan,
    arctan2 as arctan2,
    arctanh as arctanh,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    cos as cos,
    cosh as cosh,
    deg2rad as deg2rad,
    hypot as hypot,
    rad2deg as rad2deg,
    sin as sin,
    sinc as sinc,
    sinh as sinh,
    tan as tan,
    tanh as tanh,
)
from autograd.ops.reductions.softmax import log_softmax as log_softmax, softmax as softmax
from autograd.ops.pointwise.sigmoid import logit as logit, sigmoid as sigmoid
from autograd.ops.pointwise.relu import relu as relu
from autograd.ops.pointwise.erf import erf as erf, erfc as erfc, erfinv as erfinv
from autograd.ops.pointwise.comparison import (
    allclose as allclose,
    eq as eq,
    equal as equal,
    ge as ge,
    greater as greater,
    greater_equal as greater_equal,
    gt as gt,
    isclose as isclose,
    isfinite as isfinite,
    isinf as isinf,
    isnan as isnan,
    le as le,
    less as less,
    less_equal as less_equal,
    lt as lt,
    ne as ne,
    not_equal as not_equal,
)
from autograd.ops.pointwise.logical import (
    bitwise_and as bitwise_and,
    bitwise_not as bitwise_not,
    bitwise_or as bitwise_or,
    bitwise_xor as bitwise_xor,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
)
from autograd.ops.pointwise.floating import (
    copysign as copysign,
    frexp as frexp,
    heaviside as heaviside,
    isneginf as isneginf,
    isposinf as isposinf,
    ldexp as ldexp,
    nextafter as nextafter,
    signbit as signbit,
)
from autograd.ops.pointwise.logical import (
    bitwise_left_shift as bitwise_left_shift,
    bitwise_right_shift as bitwise_right_shift,
)
from autograd.ops.pointwise.arithmetic import gcd as gcd, lcm as lcm
from autograd.ops.pointwise.complex import (
    angle as angle,
    conj as conj,
    conj_physical as conj_physical,
    imag as imag,
    is_complex as is_complex,
    isreal as isreal,
    real as real,
    resolve_conj as resolve_conj,
)
from autograd.ops.pointwise.minmax import (
    clamp as clamp,
    clamp_max as clamp_max,
    clamp_min as clamp_min,
    clip as clip,
    fmax as fmax,
    fmin as fmin,
    maximum as maximum,
    minimum as minimum,
)
from autograd.ops.pointwise.arithmetic import lerp as lerp
from autograd.ops.pointwise.floating import nan_to_num as nan_to_num
from autograd.ops.pointwise.where import where as where
from autograd.ops.reductions.sums import (
    all as all,
    any as any,
    count_nonzero as count_nonzero,
    mean as mean,
    nansum as nansum,
    sum as sum,
)
from autograd.ops.reductions.softmax import logsumexp as logsumexp
from autograd.ops.reductions.extrema import (
    amax as amax,
    amin as amin,
    aminmax as aminmax,
    argmax as argmax,
    argmin as argmin,
    max as max,
    min as min,
)
from autograd.ops.reductions.cumulative import cummax as cummax, cummin as cummin
from autograd.ops.reductions.statistics import median as median
from autograd.ops.reductions.cumulative import (
    cumprod as cumprod,
    cumsum as cumsum,
    logcumsumexp as logcumsumexp,
)
from autograd.ops.reductions.sums import prod as prod
from autograd.ops.reductions.differences import (
    cumulative_trapezoid as cumulative_trapezoid,
    diff as diff,
    trapezoid as trapezoid,
    trapz as trapz,
)
from autograd.ops.reductions.norm import dist as dist, norm as norm, renorm as renorm
from autograd.ops.reductions.variance import (
    std as std,
    std_mean as std_mean,
    var as var,
    var_mean as var_mean,
)
from autograd.ops.reductions.statistics import (
    corrcoef as corrcoef,
    cov as cov,
    mode as mode,
    nanmean as nanmean,
    nanmedian as nanmedian,
)
from autograd.ops.shape.diagonal import diag as diag, diag_embed as diag_embed, diagonal as diagonal
from autograd.ops.shape.flip import flip as flip, fliplr as fliplr, flipud as flipud, roll as roll
from autograd.ops.shape.repeat import repeat_interleave as repeat_interleave, tile as tile
from autograd.ops.shape.triangular import tril as tril, triu as triu
from autograd.ops.shape.expand import (
    broadcast_shapes as broadcast_shapes,
    broadcast_tensors as broadcast_tensors,
    broadcast_to as broadcast_to,
    meshgrid as meshgrid,
)
from autograd.ops.shape.reshape import (
    clone as clone,
    flatten as flatten,
    ravel as ravel,
    reshape as reshape,
    squeeze as squeeze,
    unflatten as unflatten,
    unsqueeze as unsqueeze,
)
from autograd.ops.shape.permute import (
    moveaxis as moveaxis,
    movedim as movedim,
    permute as permute,
    swapaxes as swapaxes,
    swapdims as swapdims,
    t as t,
    transpose as transpose,
)
from autograd.ops.shape.reshape import (
    atleast_1d as atleast_1d,
    atleast_2d as atleast_2d,
    atleast_3d as atleast_3d,
)
from autograd.ops.indexing.search import cartesian_prod as cartesian_prod
from autograd.ops.shape.join import (
    cat as cat,
    chunk as chunk,
    column_stack as column_stack,
    concat as concat,
    concatenate as concatenate,
    dstack as dstack,
    hstack as hstack,
    narrow as narrow,
    row_stack as row_stack,
    split as split,
    stack as stack,
    tensor_split as tensor_split,
    unbind as unbind,
    vstack as vstack,
)
from autograd.ops.shape.unfold import as_strided as as_strided
from autograd.ops.indexing.slicing import (
    diagonal_scatter as diagonal_scatter,
    select as select,
    select_scatter as select_scatter,
    slice_scatter as slice_scatter,
)
from autograd.ops.shape.join import (
    dsplit as dsplit,
    hsplit as hsplit,
    narrow_copy as narrow_copy,
    split_with_sizes as split_with_sizes,
    vsplit as vsplit,
)
from autograd.ops.shape.diagonal import block_diag as block_diag, diagflat as diagflat
from autograd.ops.indexing.search import (
    combinations as combinations,
    unravel_index as unravel_index,
)
from autograd.ops.shape.flip import rot90 as rot90
from autograd.ops.linalg.products import vander as vander
from autograd.ops.indexing.gather import (
    gather as gather,
    index_select as index_select,
    take as take,
    take_along_dim as take_along_dim,
)
from autograd.ops.indexing.scatter import (
    index_add as index_add,
    index_copy as index_copy,
    index_fill as index_fill,
    scatter as scatter,
    scatter_add as scatter_add,
    scatter_reduce as scatter_reduce,
)
from autograd.ops.indexing.masked import (
    masked_fill as masked_fill,
    masked_scatter as masked_scatter,
    masked_select as masked_select,
)
from autograd.ops.indexing.sort import (
    argsort as argsort,
    kthvalue as kthvalue,
    msort as msort,
    sort as sort,
    topk as topk,
)
from autograd.ops.indexing.search import (
    argwhere as argwhere,
    bincount as bincount,
    bucketize as bucketize,
    histc as histc,
    isin as isin,
    nonzero as nonzero,
    searchsorted as searchsorted,
    unique as unique,
    unique_consecutive as unique_consecutive,
)
from autograd.ops.indexing.getitem import index_put as index_put, put as put
from autograd.ops.linalg.products import (
    addbmm as addbmm,
    addmm as addmm,
    addmv as addmv,
    addr as addr,
    baddbmm as baddbmm,
    cdist as cdist,
    chain_matmul as chain_matmul,
    cross as cross,
    kron as kron,
    matrix_power as matrix_power,
    multi_dot as multi_dot,
    trace as trace,
    vecdot as vecdot,
)
from autograd.ops.linalg.matmul import (
    bmm as bmm,
    dot as dot,
    ger as ger,
    inner as inner,
    matmul as matmul,
    mm as mm,
    mv as mv,
    outer as outer,
    vdot as vdot,
)
from autograd.ops.linalg.einsum import tensordot as tensordot
from autograd.ops.linalg.einsum import einsum as einsum

# in place: those of the methods that PyTorch has as functions too
abs_ = Tensor.abs_
acos_ = Tensor.acos_
acosh_ = Tensor.acosh_
addmv_ = Tensor.addmv_
arccos_ = Tensor.arccos_
arccosh_ = Tensor.arccosh_
arcsin_ = Tensor.arcsin_
arcsinh_ = Tensor.arcsinh_
arctan_ = Tensor.arctan_
arctanh_ = Tensor.arctanh_
asin_ = Tensor.asin_
asinh_ = Tensor.asinh_
atan_ = Tensor.atan_
atanh_ = Tensor.atanh_
ceil_ = Tensor.ceil_
clamp_ = Tensor.clamp_
clamp_max_ = Tensor.clamp_max_
clamp_min_ = Tensor.clamp_min_
clip_ = Tensor.clip_
conj_physical_ = Tensor.conj_physical_
cos_ = Tensor.cos_
cosh_ = Tensor.cosh_
deg2rad_ = Tensor.deg2rad_
detach_ = Tensor.detach_
erf_ = Tensor.erf_
erfc_ = Tensor.erfc_
exp2_ = Tensor.exp2_
exp_ = Tensor.exp_
expm1_ = Tensor.expm1_
fill_ = Tensor.fill_
fix_ = Tensor.fix_
floor_ = Tensor.floor_
frac_ = Tensor.frac_
gcd_ = Tensor.gcd_
index_put_ = Tensor.index_put_
lcm_ = Tensor.lcm_
ldexp_ = Tensor.ldexp_
log10_ = Tensor.log10_
log1p_ = Tensor.log1p_
log2_ = Tensor.log2_
log_ = Tensor.log_
logit_ = Tensor.logit_
nan_to_num_ = Tensor.nan_to_num_
neg_ = Tensor.neg_
negative_ = Tensor.negative_
rad2deg_ = Tensor.rad2deg_
reciprocal_ = Tensor.reciprocal_
relu_ = Tensor.relu_
round_ = Tensor.round_
rsqrt_ = Tensor.rsqrt_
sigmoid_ = Tensor.sigmoid_
sin_ = Tensor.sin_
sinc_ = Tensor.sinc_
sinh_ = Tensor.sinh_
sqrt_ = Tensor.sqrt_
square_ = Tensor.square_
tan_ = Tensor.tan_
tanh_ = Tensor.tanh_
trunc_ = Tensor.trunc_
xlogy_ = Tensor.xlogy_
zero_ = Tensor.zero_

newaxis = None
__version__ = "0.1.0"

if _TYPE_CHECKING:
    import nn as nn
    import optim as optim
else:

    def __getattr__(name):
        """``autograd.nn`` and ``autograd.optim``, which are imported when first asked for."""
        import importlib
        import sys

        if name == "autograd":
            return sys.modules[__name__]
        if name in ("nn", "optim"):
            return importlib.import_module(name)
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
        )

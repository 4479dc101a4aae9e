"""Why an op of PyTorch's is not there, or differs: what the page says beside the figures."""

from __future__ import annotations

import fnmatch

BACKWARD = "a step of PyTorch's backward pass, which `backward()` takes"
UNWRITTEN = "not written yet"
# Patterns of names, the first that fits.
ABSENT = {
    "jiterator*": "compiles a kernel for CUDA",
    "torch.ops.aten._flash_attention_forward": "a kernel of CUDA's",
    "torch.ops.aten._efficient_attention_forward": "a kernel of CUDA's",
    "torch._scaled_mm*": "float8, which NumPy does not have",
    "torch.ops.*": "a step inside PyTorch; `softmax` is the function",
    "native_*_backward": BACKWARD,
    "max_pool2d_with_indices_backward": BACKWARD,
    "_softmax_backward_data": BACKWARD,
    "native_*": "a step inside PyTorch; `nn.functional` has the function",
    "_native_*": "a step inside PyTorch; `nn.functional` has the function",
    "_batch_norm_*": "a step inside PyTorch; `nn.functional.batch_norm` is the function",
    "_upsample_*": "a step inside PyTorch; `nn.functional.interpolate` is the function",
    "_*": "a step inside PyTorch",
    "slice": "a step inside PyTorch; `x[start:end:step]` is it",
    "grid_sampler_*": "a step inside PyTorch; `nn.functional.grid_sample` is the function",
    "resize_as_": "a method here: `x.resize_as_(y)`",
    "hash_tensor": "a checksum of PyTorch's own",
    "chalf": "complex32, which NumPy does not have",
}
TRIGAMMA = "PyTorch's trigamma has nine digits (3e-10 off at 0.5), ours fifteen"
TRIANGLE = "PyTorch's gradient is not 0 in the triangle that is not read"
IGAMMAC = "PyTorch's is 1.3e-9 off at (27.1, 31.9), beside mpmath"
BESSEL = "PyTorch's is up to 3e-7 off, ours 2e-16, beside mpmath"
DRAWN = "refused: its random numbers are NumPy's, which other libraries' arrays do not take"
REFLECTIONS = (
    "2^50 times a reflection, whose products overflow; of PyTorch's, the first column does not"
)
HISTOGRAM = "PyTorch rounds x - min: -4e-30 counts as 0, and to the right of an edge there"
# By pattern of the name and column: why what is found is right all the same. Of all columns where
# that is "", but for errors.
DIFFERS: dict[tuple[str, str], str] = {
    ("as_strided_scatter", ""): "PyTorch's gradient of the input is that of replaced elements, too",
    ("block_diag", "empty"): "PyTorch's gradient of a block after an empty one is another row's",
    (
        "nn.functional.binary_cross_entropy",
        "second",
    ): "PyTorch's second derivative adds 1e-12 to y (1 - y)",
    ("nn.functional.ctc_loss", ""): "PyTorch's gradient holds below a log_softmax only",
    ("nn.functional.linear_cross_entropy", "second"): (
        "PyTorch's chunks have a first derivative only; the second is taken for 0"
    ),
    ("nn.functional.hardsigmoid", ""): "PyTorch's slope is 1/6 in float32",
    ("nn.functional.scaled_dot_product_attention", "empty"): (
        "PyTorch does not broadcast where there is nothing to attend to"
    ),
    ("cholesky_inverse", ""): TRIANGLE,
    ("cholesky_solve", ""): TRIANGLE,
    ("igammac", ""): IGAMMAC,
    ("special.gammaincc", ""): IGAMMAC,
    ("nn.functional.multi*_margin_loss", "empty"): "PyTorch reads memory that nothing wrote to",
    ("special.airy_ai", ""): "PyTorch's is up to 3e-9 off, ours 1e-16, beside mpmath",
    ("special.bessel_[jy][01]", ""): BESSEL,
    ("histc", "wide"): HISTOGRAM,
    ("histogram", "wide"): HISTOGRAM,
    ("complex", "refused"): "accepted: `out=` is cast, as elsewhere",
    ("linalg.householder_product", "wide"): REFLECTIONS,
    ("orgqr", "wide"): REFLECTIONS,
    ("nn.functional.normalize", "float32"): (
        "over one element: the gradient of x/|x| is 0, as the difference of terms like 1/|x|"
    ),
    ("nn.functional.rms_norm", "complex"): (
        "refused: PyTorch divides by the root of the mean of z², which is no size"
    ),
    ("nn.functional.*dropout*", "foreign"): DRAWN,
    ("nn.functional.multi_head_attention_forward", "foreign"): DRAWN,
    ("nn.functional.scaled_dot_product_attention", "foreign"): DRAWN,
    ("logsumexp", "complex"): (
        "PyTorch's gradient loses the digits of great numbers: 0.036 off in complex64"
    ),
    ("native_layer_norm", ""): "mean and rstd have gradients here, and none in PyTorch",
    ("native_batch_norm", ""): "mean and rstd have gradients here, and none in PyTorch",
    ("cov", ""): "PyTorch keeps sums of float32 weights in float32",
    ("digamma", ""): TRIGAMMA,
    ("lgamma", ""): TRIGAMMA,
    ("polygamma*", ""): TRIGAMMA,
    ("special.polygamma*", ""): TRIGAMMA,
    ("mvlgamma*", ""): TRIGAMMA,
}
ERRORS = ("TypeError", "ValueError", "RuntimeError", "AttributeError", "ShapeError", "IndexError")
# By what an error says.
SAYS = {
    "a number where PyTorch takes": "accepted: a number counts as a 0-d tensor, in every op",
    "Expected out tensor to have dtype": "accepted: out of another dtype that holds the result",
    "expects Long tensor out": "accepted: out of another dtype that holds the result",
    "refer to a single memory location": "accepted: the arrays are copies here, and do not overlap",
    "unsupported operation": "accepted: the arrays are copies here, and do not overlap",
    "start must be an 0-dim integral": "accepted: True counts as 1, as in Python",
    "gradient for complex numbers": "refused: no complex gradient until it has been shown right",
    "expected at least 2 axes; got shape ()": "refused, as PyTorch warns that it will be there",
    "inside vmap a result has one shape": "refused: its shape depends on the numbers",
    "a Python number is one value": "refused: needs the numbers themselves, inside vmap",
    "must be monotonically increasing": "refused: edges that do not ascend, which bound no cells",
    "must have channels, (N, C, *)": "refused: an input that has no channels",
    "sparse_dim must be one of 1 to 0": "refused: it has no axis to be sparse along",
    "svd_lowrank: q must be between": "refused: more singular values than there are",
    "there must be channels": "refused: an input that has no channels",
    "must have 3 or 4 axes, with channels": "refused: an input that has no channels",
    "must have 4 or 5 axes, with channels": "refused: an input that has no channels",
    "there must be elements to pool": "refused: the mean of nothing",
    "Cannot create": "refused: edges that float32 does not tell apart",
    "must have a batch and channels (N, C, *)": "refused: an input that has no channels",
    "for; got complex128 and complex128": "refused: takes no complex numbers",
    "must hold real numbers; got autograd.complex128": "refused: takes no complex numbers",
    "mixed with a NumPy array": "refused: makes an array that is NumPy's",
    "refuses conversion to a NumPy array": "refused: computes with NumPy's arrays only",
    "'ForeignArray' object has no attribute": "refused: computes with NumPy's arrays only",
}
# Why ops take more than twice PyTorch's time at 100,000 elements: patterns of names by the reason.
SLOW = {
    "a view, or no work at all, in a few microseconds; its gradient has memory of its own": """
        H T adjoint as_strided atleast_* broadcast_tensors broadcast_to chunk conj diagonal dsplit
        equal expand expand_as flatten hsplit is_complex linalg.diagonal mH mT meshgrid
        moveaxis movedim narrow new_* nn.functional.channel_shuffle permute positive ravel real
        reshape reshape_as resolve_* select split split_with_sizes squeeze swapaxes swapdims t
        tensor_split transpose unbind unflatten unfold unsafe_* unsqueeze view view_as
        view_as_complex view_as_real vsplit
    """,
    "a copy or a sum with a few microseconds of a call around it": """
        addmv as_strided_copy as_strided_scatter block_diag column_stack concatenate conj_physical
        diag diagonal_copy diagonal_scatter fill full_like linalg.matrix_norm linalg.norm
        linalg.vecdot mean narrow_copy nn.functional.embedding ones_like repeat row_stack
        select_copy slice_copy squeeze_copy alias_copy sum sum_to_size trace unsqueeze_copy
        zero_ zeros_like
    """,
    "NumPy copies element by element what lies across rows": """
        expand_copy flip permute_copy split_copy split_with_sizes_copy t_copy
        transpose_copy unbind_copy unfold_copy view_copy
    """,
    "in float64 whatever comes, by an approximation for each interval": """
        digamma erfc erfinv igamma igammac lgamma mvlgamma* polygamma special.bessel_*
        special.digamma special.erfc special.erfcx special.erfinv special.gammainc*
        special.gammaln special.i0e special.i1 special.i1e special.log_ndtr special.modified_*
        special.multigammaln* special.ndtr special.ndtri special.polygamma special.psi
        special.scaled_* special.spherical_* special.zeta
    """,
    "a recurrence in float64 over the whole array, up to the largest degree": """
        special.*chebyshev_* special.hermite_* special.laguerre_* special.legendre_*
    """,
    "one function of NumPy's, which takes that long": """
        __r* arctan2 atan2 bitwise_* cat cdouble ceil cfloat complex copysign cummax cummin cumprod
        cumsum exp floor floor_divide fmod frac half hypot log logaddexp2 logcumsumexp logical_*
        long masked.cumprod masked.cumsum masked.prod nextafter nn.functional.relu prod relu
        remainder sgn sign subtract
    """,
    "NumPy's sorts and searches": """
        argsort argwhere histc histogram kthvalue masked.median median msort nanmedian nanquantile
        nonzero nonzero_static quantile searchsorted sort topk unique unique_consecutive
    """,
    "NumPy gathers and scatters element by element, by one index for all axes": """
        gather grid_sampler* index_* masked_scatter nn.functional.embedding_bag
        nn.functional.grid_sample nn.functional.max_unpool* nn.functional.nll_loss
        nn.functional.pad put repeat_interleave scatter scatter_* sparse.* take take_along_dim
    """,
    "LAPACK through NumPy: copies and checks around it, and no solver for triangles": """
        cholesky* det inverse linalg.cholesky* linalg.cond linalg.det linalg.eig*
        linalg.householder* linalg.inv* linalg.ldl* linalg.lu* linalg.pinv linalg.slogdet
        linalg.solve* linalg.svd* linalg.tensorinv linalg.tensorsolve logdet lu lu_* orgqr ormqr
        pinverse qr slogdet triangular_solve
    """,
    "all differences of rows are formed, so that nothing cancels": """
        cdist nn.functional.pdist
    """,
    "NumPy's products go matrix by matrix, and know no thin ones": """
        addmm addr baddbmm bmm inner linalg.multi_dot matmul outer
    """,
    "NumPy's Fourier transform, where PyTorch has MKL's": """
        fft.* istft stft
    """,
    "PyTorch's own stream of random numbers, made by NumPy": """
        bernoulli cauchy multinomial nn.functional.*dropout* normal rand_like randint_like
        randn_like uniform
    """,
    "windows are looked at tap by tap, each tap a pass over memory": """
        nn.functional.*pool* nn.functional.fold nn.functional.interpolate nn.functional.unfold
        nn.functional.upsample_*
    """,
    "windows are copied side by side, for one product": """
        nn.functional.conv*
    """,
    "a composition of ops, each of them a pass over memory": """
        combinations cov cross cumulative_trapezoid diff dist gradient lerp linalg.cross
        linalg.matrix_power linalg.vander matrix_power
        nn.functional.ctc_loss nn.functional.gaussian_nll_loss nn.functional.multi_margin_loss
        nn.functional.multilabel_* nn.functional.pairwise_distance nn.functional.prelu
        nn.functional.triplet_* renorm trapezoid trapz vander
    """,
    "several functions of NumPy's, each a pass over memory, where PyTorch makes one": """
        addcdiv addcmul angle clamp* clip erf log_softmax logit masked.logaddexp logsumexp
        nan_to_num nansum native_*_norm nn.functional.*_loss nn.functional.*_norm
        nn.functional.*elu nn.functional.*glu nn.functional.cross_entropy nn.functional.hard*
        nn.functional.log* nn.functional.relu6 nn.functional.sigmoid nn.functional.silu
        nn.functional.soft* nn.functional.tanh* nn.functional.threshold sigmoid softmax
        special.entr special.erf special.expit special.logit special.log_softmax special.softmax
        special.xlog1py std std_mean var var_mean where
    """,
}


def slow(name: str) -> str:
    """Why an op takes long; "" where nothing is known."""
    for reason, patterns in SLOW.items():
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns.split()):
            return reason
    return ""


def absent(name: str) -> str:
    for pattern, reason in ABSENT.items():
        if fnmatch.fnmatch(name, pattern):
            return reason
    return UNWRITTEN


def differs(name: str, column: str, said: str) -> str:
    """Why a case ends as ``said``; "" where nothing is known."""
    for (pattern, where), reason in DIFFERS.items():
        if fnmatch.fnmatch(name, pattern):
            if where == column or not where and not said.startswith(ERRORS):
                return reason
    return next((reason for words, reason in SAYS.items() if words in said), "")

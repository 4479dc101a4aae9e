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
    "hash_tensor": "a checksum of PyTorch's own",
    "chalf": "complex32, which NumPy does not have",
}
TRIGAMMA = "PyTorch's trigamma has nine digits (3e-10 off at 0.5), ours fifteen"
TRIANGLE = "PyTorch's gradient is not 0 in the triangle that is not read"
IGAMMAC = "PyTorch's is 1.3e-9 off at (27.1, 31.9), beside mpmath"
BESSEL = "PyTorch's is up to 3e-7 off, ours 2e-16, beside mpmath"
DRAWN = "refused: its random numbers are NumPy's, which other libraries' arrays do not take"
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
    ("linalg.householder_product", "wide"): (
        "2^50 times a reflection, whose products overflow; of PyTorch's, the first column does not"
    ),
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
    "gradient for complex numbers": "refused: no complex gradient until it has been shown right",
    "expected at least 2 axes; got shape ()": "refused, as PyTorch warns that it will be there",
    "inside vmap a result has one shape": "refused: its shape depends on the numbers",
    "a Python number is one value": "refused: needs the numbers themselves, inside vmap",
    "must be monotonically increasing": "refused: edges that do not ascend, which bound no cells",
    "must have channels, (N, C, *)": "refused: an input that has no channels",
    "sparse_dim must be one of 1 to 0": "refused: it has no axis to be sparse along",
    "svd_lowrank: q must be between": "refused: more singular values than there are",
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
# Ops more than twice as slow as PyTorch's at 100,000 elements.
SLOW: dict[str, str] = {}


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

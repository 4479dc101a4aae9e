"""Reverse-mode automatic differentiation over NumPy, with PyTorch's names.

What ``torch`` and ``torch.autograd`` hold: tensors, operations, gradients, gradient checks,
pictures of graphs. Layers are in ``nn``, optimisers in ``optim``; for scripts that say ``torch.nn``
and ``torch.autograd`` throughout, ``import autograd as torch`` reaches them, too.

    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    (x ** 2).sum().backward()
    x.grad                                  # tensor([2., 4.])
"""

import os as _os
import typing as _typing

if _os.path.exists(_os.path.join(_os.path.dirname(__file__), "numpy", "numpy_jvps.py")):
    raise ImportError(
        "autograd: gradloom needs its folder to itself; files of HIPS's autograd were found in it, "
        "because both install a package named autograd. Run: "
        "pip uninstall -y autograd gradloom && pip install gradloom"
    )

from math import e as e
from math import inf as inf
from math import nan as nan
from math import pi as pi

from autograd.arrays.process import keep_large_blocks as _keep_large_blocks
from autograd.arrays.process import load_numpy as _load_numpy
from autograd.arrays.process import quiet as _quiet
from autograd.arrays.process import without_collection as _without_collection

with _without_collection():
    _load_numpy()
    _keep_large_blocks()
    from autograd.engine.lines import begin as _note_first_lines  # loads NumPy, as all below

    _note_first_lines()
    _quiet()
    from autograd.tensors.tensor import *  # nearly all of the import happens here

from autograd.arrays.devices import *
from autograd.arrays.dtypes import *
from autograd.arrays.errors import *
from autograd.arrays.named_dtypes import *
from autograd.arrays.threads import *

from autograd.engine.backward import *
from autograd.engine.dispatch import *
from autograd.engine.elementwise import *
from autograd.engine.function import *
from autograd.engine.grad_mode import *
from autograd.engine.graph import *
from autograd.engine.places import *

from autograd.random.generator import *

from autograd.ops.pointwise.arithmetic import *
from autograd.ops.pointwise.comparison import *
from autograd.ops.pointwise.complex import *
from autograd.ops.pointwise.erf import *
from autograd.ops.pointwise.exponential import *
from autograd.ops.pointwise.floating import *
from autograd.ops.pointwise.gamma import *
from autograd.ops.pointwise.logical import *
from autograd.ops.pointwise.minmax import *
from autograd.ops.pointwise.powers import *
from autograd.ops.pointwise.relu import *
from autograd.ops.pointwise.rounding import *
from autograd.ops.pointwise.sigmoid import *
from autograd.ops.pointwise.trigonometric import *
from autograd.ops.pointwise.where import *

from autograd.ops.reductions.cumulative import *
from autograd.ops.reductions.differences import *
from autograd.ops.reductions.extrema import *
from autograd.ops.reductions.norm import *
from autograd.ops.reductions.quantile import *
from autograd.ops.reductions.softmax import *
from autograd.ops.reductions.statistics import *
from autograd.ops.reductions.sums import *
from autograd.ops.reductions.variance import *

from autograd.ops.shape.diagonal import *
from autograd.ops.shape.expand import *
from autograd.ops.shape.flip import *
from autograd.ops.shape.join import *
from autograd.ops.shape.narrow import *
from autograd.ops.shape.permute import *
from autograd.ops.shape.repeat import *
from autograd.ops.shape.reshape import *
from autograd.ops.shape.triangular import *
from autograd.ops.shape.unfold import *

from autograd.ops.indexing.gather import *
from autograd.ops.indexing.getitem import *
from autograd.ops.indexing.masked import *
from autograd.ops.indexing.scatter import *
from autograd.ops.indexing.search import *
from autograd.ops.indexing.slicing import *
from autograd.ops.indexing.sort import *

from autograd.ops.linalg.einsum import *
from autograd.ops.linalg.matmul import *
from autograd.ops.linalg.products import *

from autograd.tensors.conversion import *
from autograd.tensors.creation import *
from autograd.tensors.facts import *
from autograd.tensors.from_data import *
from autograd.tensors.methods.complex import *
from autograd.tensors.methods.linalg import *
from autograd.tensors.methods.pointwise import *
from autograd.tensors.methods.special import *
from autograd.tensors.sampling import *
from autograd.tensors.sequences import *
from autograd.tensors.sharing import *
from autograd.tensors.storage import *

from autograd.tensors.out import with_out as _with_out

_with_out(globals())

newaxis = None
__version__ = "0.1.0"

# What is imported when it is first asked for: name -> module. The imports below are its twin for
# checkers and editors.
_LAZY = {
    "GradcheckError": "autograd.diagnosis.gradcheck.mistakes",
    "draw": "autograd.drawing.draw",
    "compare": "autograd.diagnosis.compare.compare",
    "record_run": "autograd.diagnosis.compare.recording",
    "explain": "autograd.diagnosis.explain.explain",
    "gradcheck": "autograd.diagnosis.gradcheck.gradcheck",
    "gradcheck_module": "autograd.diagnosis.gradcheck.gradcheck",
    "gradgradcheck": "autograd.diagnosis.gradcheck.gradcheck",
    "load": "autograd.serialization.archive",
    "profile": "autograd.diagnosis.profile.profile",
    "save": "autograd.serialization.archive",
    "set_printoptions": "autograd.tensors.printing",
    "shadow": "autograd.diagnosis.shadow",
    "strict": "autograd.diagnosis.lint.switch",
    "watch": "autograd.drawing.watching.watching",
    "summary": "autograd.drawing.summary.summary",
    "vmap": "autograd.func",
    "BoolTensor": "autograd.tensors.legacy",
    "ByteTensor": "autograd.tensors.legacy",
    "CharTensor": "autograd.tensors.legacy",
    "DoubleTensor": "autograd.tensors.legacy",
    "FloatTensor": "autograd.tensors.legacy",
    "HalfTensor": "autograd.tensors.legacy",
    "IntTensor": "autograd.tensors.legacy",
    "LongTensor": "autograd.tensors.legacy",
    "segment_reduce": "autograd.ops.indexing.segments",
    "scalar_tensor": "autograd.tensors.legacy",
    "set_default_tensor_type": "autograd.tensors.legacy",
    "ShortTensor": "autograd.tensors.legacy",
    "Variable": "autograd.tensors.legacy",
    "GradScaler": "autograd.amp",
    "autocast": "autograd.amp",
    "compile": "autograd.compiler",
    "sparse_coo_tensor": "autograd.tensors.sparse.creation",
    "sparse_csr_tensor": "autograd.tensors.sparse.creation",
    "spmm": "autograd.tensors.sparse.arithmetic",
    "cholesky": "autograd.ops.linalg.cholesky",
    "cholesky_inverse": "autograd.ops.linalg.cholesky",
    "cholesky_solve": "autograd.ops.linalg.cholesky",
    "det": "autograd.ops.linalg.determinant",
    "logdet": "autograd.ops.linalg.determinant",
    "slogdet": "autograd.ops.linalg.determinant",
    "inverse": "autograd.ops.linalg.inverse",
    "lu_unpack": "autograd.ops.linalg.lu",
    "lu": "autograd.ops.linalg.old_forms",
    "lu_solve": "autograd.ops.linalg.old_forms",
    "solve_triangular": "autograd.ops.linalg.triangular",
    "triangular_solve": "autograd.ops.linalg.triangular",
    "geqrf": "autograd.ops.linalg.householder",
    "orgqr": "autograd.ops.linalg.householder",
    "ormqr": "autograd.ops.linalg.householder",
    "matrix_exp": "autograd.ops.linalg.exponential",
    "pca_lowrank": "autograd.ops.linalg.lowrank",
    "svd_lowrank": "autograd.ops.linalg.lowrank",
    "pinverse": "autograd.ops.linalg.old_forms",
    "qr": "autograd.ops.linalg.old_forms",
    "svd": "autograd.ops.linalg.old_forms",
    "istft": "autograd.ops.spectral.stft",
    "stft": "autograd.ops.spectral.stft",
    "Event": "autograd.cuda",
    "OutOfMemoryError": "autograd.cuda",
    "Stream": "autograd.cuda",
}
for _module, _names in {
    "autograd.arrays.switches": """
        are_deterministic_algorithms_enabled get_deterministic_debug_mode
        get_float32_matmul_precision get_num_interop_threads
        is_deterministic_algorithms_warn_only_enabled is_warn_always_enabled
        set_deterministic_debug_mode set_float32_matmul_precision set_flush_denormal
        set_num_interop_threads set_warn_always use_deterministic_algorithms
    """,
    "autograd.diagnosis.anomaly.anomaly": """
        detect_anomaly is_anomaly_check_nan_enabled is_anomaly_enabled set_anomaly_enabled
        set_detect_anomaly trace_nonfinite
    """,
    "autograd.script.functional": """
        adaptive_avg_pool1d alpha_dropout alpha_dropout_ avg_pool1d batch_norm bilinear
        binary_cross_entropy_with_logits celu celu_ channel_shuffle conv1d conv2d conv3d
        conv_transpose1d conv_transpose2d conv_transpose3d cosine_embedding_loss
        cosine_similarity ctc_loss dropout dropout_ embedding feature_alpha_dropout
        feature_dropout group_norm hardshrink hinge_embedding_loss instance_norm kl_div
        layer_norm margin_ranking_loss max_pool1d max_pool2d max_pool3d pairwise_distance pdist
        pixel_shuffle pixel_unshuffle poisson_nll_loss prelu rms_norm rrelu rrelu_ selu selu_
        threshold threshold_ triplet_margin_loss
    """,
    "autograd.special": "i0 igamma igammac",
    "autograd.ops.indexing.counts": "bincount histc histogram histogramdd",
    "autograd.tensors.windows": """
        bartlett_window blackman_window hamming_window hann_window kaiser_window
    """,
    "autograd.script.native": """
        constant_pad_nd grid_sampler grid_sampler_2d grid_sampler_3d native_batch_norm
        native_dropout native_group_norm native_layer_norm
    """,
    "autograd.tensors.copies": """
        alias_copy as_strided_copy detach_copy diagonal_copy expand_copy permute_copy select_copy
        slice_copy split_copy split_with_sizes_copy squeeze_copy t_copy transpose_copy unbind_copy
        unfold_copy unsqueeze_copy view_copy
    """,
    "autograd.amp": """
        clear_autocast_cache get_autocast_dtype is_autocast_cache_enabled is_autocast_enabled
    """,
    "autograd.differential_operators": """
        checkpoint deriv egrad elementwise_grad grad_and_aux grad_named hessian
        hessian_tensor_product hessian_vector_product holomorphic_grad jacobian make_ggnvp
        make_hvp make_jvp make_jvp_reversemode make_vjp multigrad_dict tensor_jacobian_product
        value_and_grad vector_jacobian_product
    """,
    "autograd.extend": "primitive",
}.items():
    _LAZY.update(dict.fromkeys(_names.split(), _module))

_HIPS = "builtins core differential_operators extend misc test_util tracer util wrap_util".split()

if _typing.TYPE_CHECKING:
    import nn as nn
    import optim as optim
    from autograd import (
        accelerator as accelerator,
        amp as amp,
        backends as backends,
        compiler as compiler,
        cpu as cpu,
        cuda as cuda,
        distributed as distributed,
        distributions as distributions,
        func as func,
        fft as fft,
        function as function,
        futures as futures,
        hub as hub,
        jit as jit,
        linalg as linalg,
        masked as masked,
        mps as mps,
        multiprocessing as multiprocessing,
        profiler as profiler,
        random as random,
        serialization as serialization,
        signal as signal,
        sparse as sparse,
        special as special,
        testing as testing,
        torch_version as torch_version,
        types as types,
        utils as utils,
        version as version,
        xpu as xpu,
    )
    from autograd.amp import GradScaler as GradScaler, autocast as autocast
    from autograd.arrays.switches import *
    from autograd.compiler import compile as compile
    from autograd.cuda import (
        Event as Event,
        OutOfMemoryError as OutOfMemoryError,
        Stream as Stream,
    )
    from autograd.diagnosis.anomaly.anomaly import *
    from autograd.diagnosis.compare.compare import *
    from autograd.diagnosis.compare.recording import *
    from autograd.diagnosis.explain.explain import *
    from autograd.diagnosis.gradcheck.gradcheck import *
    from autograd.diagnosis.gradcheck.mistakes import *
    from autograd.diagnosis.lint.switch import *
    from autograd.diagnosis.profile.profile import *
    from autograd.diagnosis.shadow import *
    from autograd.differential_operators import (
        checkpoint as checkpoint,
        deriv as deriv,
        egrad as egrad,
        elementwise_grad as elementwise_grad,
        grad_and_aux as grad_and_aux,
        grad_named as grad_named,
        hessian as hessian,
        hessian_tensor_product as hessian_tensor_product,
        hessian_vector_product as hessian_vector_product,
        holomorphic_grad as holomorphic_grad,
        jacobian as jacobian,
        make_ggnvp as make_ggnvp,
        make_hvp as make_hvp,
        make_jvp as make_jvp,
        make_jvp_reversemode as make_jvp_reversemode,
        make_vjp as make_vjp,
        multigrad_dict as multigrad_dict,
        tensor_jacobian_product as tensor_jacobian_product,
        value_and_grad as value_and_grad,
        vector_jacobian_product as vector_jacobian_product,
    )
    from autograd.extend import primitive as primitive
    from autograd.drawing.draw import *
    from autograd.drawing.watching.watching import *
    from autograd.drawing.summary.summary import *
    from autograd.ops.pointwise.bessel import *
    from autograd.ops.pointwise.zeta import *
    from autograd.ops.indexing.counts import *
    from autograd.ops.indexing.segments import *
    from autograd.ops.linalg.cholesky import *
    from autograd.ops.linalg.determinant import *
    from autograd.ops.linalg.inverse import *
    from autograd.ops.linalg.lu import *
    from autograd.ops.linalg.triangular import *
    from autograd.ops.linalg.exponential import *
    from autograd.ops.linalg.householder import *
    from autograd.ops.linalg.lowrank import *
    from autograd.ops.linalg.old_forms import *
    from autograd.ops.spectral.stft import *
    from autograd.serialization import load as load, save as save
    from autograd.tensors.copies import *
    from autograd.tensors.legacy import *
    from autograd.tensors.printing import *
    from autograd.tensors.sparse.arithmetic import *
    from autograd.tensors.sparse.creation import *
    from autograd.tensors.windows import *
else:

    def __getattr__(name):
        """The names of ``_LAZY`` and the modules, when first asked for."""
        import importlib.util

        if name in ("isinstance", "type", "tuple", "list", "dict"):  # never put beside Python's
            return getattr(importlib.import_module("autograd.builtins"), name)
        if name in _LAZY:
            found = {name: getattr(importlib.import_module(_LAZY[name]), name)}
            globals().update(_with_out(found))
            return found[name]
        if not name.startswith("__") and importlib.util.find_spec(f"autograd.{name}"):
            return importlib.import_module(f"autograd.{name}")
        from autograd.script.absent import absent

        return absent(__name__, name)

    def __dir__():
        files = {name.removesuffix(".py") for name in _os.listdir(_os.path.dirname(__file__))}
        modules = {name for name in files if name[0].isalpha() and name.isidentifier()}
        modules -= set(_HIPS)  # Python suggests nothing among more than 750 names
        own = {name for name in globals() if name[0] != "_" or name[:2] == "__"}
        return sorted({*own, *_LAZY, *modules, "nn", "optim"})

    from autograd.engine import watches as _watches
    from autograd.script import finder as _finder

    _finder.install()

    _watches.at_first_pass("autograd.diagnosis.lint.switch")

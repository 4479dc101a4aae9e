"""PyTorch's names that are not here yet, and what to write instead."""

from __future__ import annotations

import sys
from typing import Any


def missing(module: str, name: str) -> AttributeError:
    """The error for ``module.name``: for a name of PyTorch's, with what to write instead.

    For any other name it is Python's own, which suggests a similar one; for one of PyTorch's no
    similar name would be right.

    >>> print(missing("nn", "Embedding"))
    nn.Embedding is not in gradloom yet; write weight[index], weight being a Parameter (n, size).
    >>> print(missing("nn", "Linaer"))
    module 'nn' has no attribute 'Linaer'
    """
    if name not in _NAMES[module].split():
        text = f"module {module!r} has no attribute {name!r}"
        return AttributeError(text, name=name, obj=sys.modules[module])
    if module == "autograd" and name in _FUNCTIONAL.split():
        instead = f"write nn.functional.{name}"
    else:
        found = (text for names, text in _INSTEAD.items() if name in names.split())
        instead = next(found, f"dir({module}) lists what is")
    return AttributeError(f"{module}.{name} is not in gradloom yet; {instead}.", name=name, obj=_no)


class _WithoutNames:
    """What Python finds no similar name in."""

    def __dir__(self) -> list[Any]:
        return []


_no = _WithoutNames()

_FUNCTIONAL = """
binary_cross_entropy_with_logits celu celu_ cosine_embedding_loss cosine_similarity dropout
hardshrink hinge_embedding_loss kl_div margin_ranking_loss pairwise_distance pixel_shuffle
pixel_unshuffle poisson_nll_loss prelu selu selu_ threshold threshold_ triplet_margin_loss
"""

_INSTEAD = {
    "save load": "write pickle.dump(model.state_dict(), file) and pickle.load(file)",
    "compile jit compiler": "leave it out, as the results are the same",
    "amp autocast GradScaler clear_autocast_cache": "leave it out, and compute in float32",
    "bfloat16 BFloat16Tensor": "take float32",
    "set_float32_matmul_precision backends use_deterministic_algorithms set_flush_denormal": (
        "leave it out, as nothing here depends on it"
    ),
    "DataParallel SyncBatchNorm": "leave it out, as there is one device",
    "vmap": "write autograd.stack([f(x) for x in xs])",
    "func": "autograd.grad gives gradients of any order",
    "utils": "a batch is x[i : i + size], a permutation autograd.randperm(n)",
    "linalg cholesky cholesky_inverse det eig inverse logdet lstsq lu lu_solve matrix_exp "
    "matrix_rank pinverse qr slogdet solve svd triangular_solve": (
        "numpy.linalg computes it of x.numpy(), without a gradient"
    ),
    "fft stft istft": "numpy.fft computes it of x.numpy(), without a gradient",
    "frombuffer from_file": "write autograd.from_numpy(numpy.frombuffer(...))",
    "Embedding embedding": "write weight[index], weight being a Parameter (n, size)",
    "Bilinear bilinear": "write autograd.einsum('ni,oij,nj->no', x1, weight, x2) + bias",
    "LayerNorm layer_norm": (
        "write (x - x.mean(-1, keepdim=True)) / (x.var(-1, False, keepdim=True) + eps).sqrt()"
    ),
    "RMSNorm rms_norm": "write x / (x.square().mean(-1, keepdim=True) + eps).sqrt()",
    "scaled_dot_product_attention MultiheadAttention": (
        "write softmax(q @ k.mT / d ** 0.5, dim=-1) @ v"
    ),
    "Conv1d conv1d": "write autograd.einsum('nclk,ock->nol', x.unfold(2, k, 1), weight)",
    "Conv2d conv2d": (
        "write autograd.einsum('ncyxij,ocij->noyx', x.unfold(2, k, 1).unfold(3, k, 1), weight)"
    ),
    "MaxPool1d max_pool1d": "write x.unfold(-1, k, k).amax(-1)",
    "AvgPool1d avg_pool1d": "write x.unfold(-1, k, k).mean(-1)",
    "MaxPool2d max_pool2d": "write x.unfold(2, k, k).unfold(3, k, k).amax((-2, -1))",
    "AvgPool2d avg_pool2d": "write x.unfold(2, k, k).unfold(3, k, k).mean((-2, -1))",
    "ReduceLROnPlateau": "set group['lr'] for each group of optimizer.param_groups",
    "get_total_norm": "clip_grad_norm_(parameters, math.inf) returns it",
}

_NAMES = {
    "nn": """
        AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss
        AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout AvgPool1d AvgPool2d
        AvgPool3d BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CTCLoss ChannelShuffle Conv1d
        Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d CrossMapLRN2d DataParallel
        Dropout1d Dropout2d Dropout3d Embedding EmbeddingBag FeatureAlphaDropout Fold
        FractionalMaxPool2d FractionalMaxPool3d GRU GRUCell GroupNorm InstanceNorm1d
        InstanceNorm2d InstanceNorm3d LPPool1d LPPool2d LPPool3d LSTM LSTMCell LayerNorm
        LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d
        LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d
        LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LinearCrossEntropyLoss
        LocalResponseNorm MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d
        MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss MultiheadAttention RMSNorm
        RNN RNNBase RNNCell RNNCellBase RReLU Softmax2d SyncBatchNorm Transformer
        TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer
        TripletMarginWithDistanceLoss Unfold UninitializedBuffer UninitializedParameter Upsample
        UpsamplingBilinear2d UpsamplingNearest2d
    """,
    "nn.functional": """
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d
        adaptive_max_pool2d adaptive_max_pool3d affine_grid alpha_dropout avg_pool1d avg_pool2d
        avg_pool3d batch_norm bilinear channel_shuffle conv1d conv2d conv3d conv_transpose1d
        conv_transpose2d conv_transpose3d ctc_loss dropout1d dropout2d dropout3d embedding
        embedding_bag feature_alpha_dropout fold fractional_max_pool2d fractional_max_pool3d
        grid_sample group_norm gumbel_softmax instance_norm interpolate layer_norm
        linear_cross_entropy local_response_norm lp_pool1d lp_pool2d lp_pool3d max_pool1d
        max_pool2d max_pool3d max_unpool1d max_unpool2d max_unpool3d
        multi_head_attention_forward multi_margin_loss multilabel_margin_loss
        multilabel_soft_margin_loss pdist rms_norm rrelu rrelu_ scaled_dot_product_attention
        triplet_margin_with_distance_loss unfold upsample upsample_bilinear upsample_nearest
    """,
    "nn.init": """
        dirac_ sparse_
    """,
    "nn.utils": """
        clip_grad_norm clip_grads_with_norm_ convert_conv2d_weight_memory_format
        convert_conv3d_weight_memory_format fuse_conv_bn_eval fuse_conv_bn_weights
        fuse_linear_bn_eval fuse_linear_bn_weights get_total_norm parametrizations parametrize
        remove_spectral_norm remove_weight_norm rnn skip_init spectral_norm stateless
        weight_norm
    """,
    "optim": """
        ASGD Adadelta Adafactor Adamax LBFGS Muon NAdam RAdam Rprop SparseAdam swa_utils
    """,
    "optim.lr_scheduler": """
        ChainedScheduler ConstantLR CosineAnnealingWarmRestarts CyclicLR LinearLR
        MultiplicativeLR OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR
    """,
    "autograd": """
        BFloat16Tensor Event FloatStorage Future GradScaler OutOfMemoryError Storage Stream
        TypedStorage UntypedStorage adaptive_avg_pool1d adaptive_max_pool1d adjoint
        alpha_dropout alpha_dropout_ amp are_deterministic_algorithms_enabled as_strided_
        as_strided_scatter autocast avg_pool1d backends bartlett_window batch_norm bfloat16
        bilinear binary_cross_entropy_with_logits binomial bit blackman_window celu celu_ chalf
        channel_shuffle cholesky cholesky_inverse cholesky_solve clear_autocast_cache compile
        compiler complex complex32 conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d cosine_embedding_loss cosine_similarity cpu ctc_loss dequantize det
        digamma distributed distributions dropout dropout_ eig embedding embedding_bag
        empty_permuted empty_strided fft fill frobenius_norm from_dlpack from_file frombuffer
        func geqrf get_deterministic_debug_mode get_device get_device_module
        get_float32_matmul_precision get_num_interop_threads gradient group_norm hamming_window
        hann_window hardshrink hinge_embedding_loss histogram histogramdd hub i0 i0_ igamma
        igammac index_reduce instance_norm inverse is_anomaly_check_nan_enabled
        is_anomaly_enabled is_conj is_deterministic_algorithms_warn_only_enabled is_distributed
        is_inference is_signed is_warn_always_enabled istft jit kaiser_window kl_div layer_norm
        lgamma linalg load lobpcg logdet lstsq lu lu_solve lu_unpack margin_ranking_loss
        matrix_exp matrix_rank max_pool1d max_pool2d max_pool3d multiprocessing mvlgamma
        nanquantile nuclear_norm orgqr ormqr pairwise_distance pca_lowrank pdist pinverse
        pixel_shuffle pixel_unshuffle poisson poisson_nll_loss polar polygamma prelu profiler qr
        quantile quantization quantize_per_channel quantize_per_tensor
        quantize_per_tensor_dynamic quasirandom range resize_as_ return_types rms_norm rrelu
        rrelu_ save selu selu_ set_anomaly_enabled set_deterministic_debug_mode
        set_float32_matmul_precision set_flush_denormal set_num_interop_threads set_warn_always
        slogdet solve sparse sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor
        sparse_coo_tensor sparse_csc_tensor sparse_csr_tensor special stft storage svd
        svd_lowrank symeig threshold threshold_ to_dlpack triangular_solve triplet_margin_loss
        use_deterministic_algorithms utils view_as_complex view_as_real vmap windows
    """,
}

"""Why an op of PyTorch's is not there, or differs: what the page says beside the figures."""

from __future__ import annotations

import fnmatch

BACKWARD = "a step of PyTorch's backward pass, which `backward()` takes"
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
    "grid_sampler_*": "a step inside PyTorch; `nn.functional.grid_sample` is the function",
    "hash_tensor": "a checksum of PyTorch's own",
    "chalf": "complex32, which NumPy does not have",
}
# By name and column ("" for all of them): why what is found is right all the same.
DIFFERS: dict[tuple[str, str], str] = {}
# Ops more than twice as slow as PyTorch's at 100,000 elements.
SLOW: dict[str, str] = {}


def absent(name: str) -> str:
    for pattern, reason in ABSENT.items():
        if fnmatch.fnmatch(name, pattern):
            return reason
    return "not written yet"

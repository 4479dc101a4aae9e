"""``torch.backends``: switches that scripts set, and which libraries there are.

A switch keeps what is written into it, and changes nothing: what PyTorch switches is not here.
"""

from __future__ import annotations

import sys as _sys
import typing as _typing
from collections.abc import Callable
from types import ModuleType
from typing import Any

__path__: list[str] = []  # backends.cudnn is a module, too


class Backend(ModuleType):
    """One library that PyTorch may use: switches, and functions that answer a constant.

    >>> cudnn.benchmark = True
    >>> cudnn.benchmark, cudnn.is_available()
    (True, False)
    """

    def __init__(self, name: str, switches: dict[str, Any], **answers: Any) -> None:
        super().__init__(f"{__name__}.{name}")
        self.__dict__.update(switches)
        for question, answer in answers.items():
            self.__dict__[question] = _saying(answer)
        _sys.modules[self.__name__] = self

    def flags(self, *switches: Any, **named: Any) -> Switched:
        """A block of code with some switches set: nothing depends on them."""
        return Switched(self, named)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class Switched:
    """Switches that are set in a block of code, and set back after it."""

    def __init__(self, backend: Any, switches: dict[str, Any]) -> None:
        self._backend, self._switches = backend, switches

    def __enter__(self) -> None:
        self._before = {name: vars(self._backend).get(name) for name in self._switches}
        vars(self._backend).update(self._switches)

    def __exit__(self, *error: Any) -> None:
        vars(self._backend).update(self._before)


def _saying(answer: Any) -> Callable[..., Any]:
    return lambda *args, **keywords: answer


class _Matmul:
    """How a GPU multiplies matrices: there is none."""

    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = True
    allow_bf16_reduced_precision_reduction = True
    fp32_precision = "none"


cudnn: Any = Backend(
    "cudnn",
    {
        "enabled": True,
        "benchmark": False,
        "benchmark_limit": 10,
        "deterministic": False,
        "allow_tf32": True,
        "fp32_precision": "none",
    },
    is_available=False,
    version=None,
    is_acceptable=False,
    set_flags=None,
)
cuda: Any = Backend(
    "cuda",
    {"matmul": _Matmul()},
    is_built=False,
    flash_sdp_enabled=True,
    mem_efficient_sdp_enabled=True,
    math_sdp_enabled=True,
    cudnn_sdp_enabled=True,
    enable_flash_sdp=None,
    enable_mem_efficient_sdp=None,
    enable_math_sdp=None,
    enable_cudnn_sdp=None,
    is_flash_attention_available=False,
)
cuda.sdp_kernel = lambda *args, **keywords: Switched(cuda, {})
mps: Any = Backend("mps", {}, is_available=False, is_built=False, is_macos_or_newer=False)
mkl: Any = Backend("mkl", {}, is_available=False)
mkldnn: Any = Backend(
    "mkldnn", {"enabled": False, "deterministic": False, "allow_tf32": True}, is_available=False
)
openmp: Any = Backend("openmp", {}, is_available=False)
opt_einsum: Any = Backend("opt_einsum", {"enabled": False, "strategy": None}, is_available=False)
cpu: Any = Backend("cpu", {}, get_cpu_capability="DEFAULT")


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

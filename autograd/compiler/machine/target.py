"""LLVM, by llvmlite: what it is told about this processor, and text that becomes machine code."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def llvm() -> Any:
    """LLVM, ready for this processor. Raises ModuleNotFoundError where llvmlite is missing."""
    try:
        import llvmlite.binding as llvm
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "compile: machine code needs llvmlite, which is not installed; without it a step is "
            "replayed. Install it with pip install 'gradloom[compile]'."
        ) from None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@cache
def register_bytes() -> int:
    """The bytes of the processor's widest vector register: 64, 32 or 16.

    >>> import pytest
    >>> _ = pytest.importorskip("llvmlite")
    >>> register_bytes() in (16, 32, 64)
    True
    """
    features = llvm().get_host_cpu_features()
    wide = all([features.get("avx512" + part, False) for part in ("f", "bw", "dq", "vl")])
    return 64 if wide else 32 if features.get("avx2", False) else 16


def target() -> Any:
    """The processor that this process runs on, as a target of LLVM's; what uses it owns it."""
    # opt=1: the passes have done what there is to do, and it takes three quarters of the time
    # prefer-256-bit is a habit of Intel's targets from when wide registers slowed the clock
    features = llvm().get_host_cpu_features().flatten() + ",-prefer-256-bit"
    return (
        llvm()
        .Target.from_default_triple()
        .create_target_machine(cpu=llvm().get_host_cpu_name(), features=features, opt=1, jit=True)
    )


@cache
def has_function(name: str) -> bool:
    """Whether the mathematical library has a function; if so, machine code can call it by name.

    >>> import pytest
    >>> _ = pytest.importorskip("llvmlite")
    >>> has_function("atan2"), has_function("no_such_function")
    (True, False)
    """
    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
    function = getattr(library, name, None)
    if function is None:
        return False
    llvm().add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
    return True


class Machine:
    """Machine code of a text in LLVM's language; it lives as long as this, or a function of it.

    >>> import pytest
    >>> _, np = pytest.importorskip("llvmlite"), pytest.importorskip("numpy")
    >>> store = "define void @f(ptr %a, ptr %b) { store i64 7, ptr %a ret void }"
    >>> seven, box = Machine(store).function("f"), np.zeros(1, np.int64)
    >>> seven(box.ctypes.data, 0)
    >>> box
    array([7])
    """

    def __init__(self, text: str) -> None:
        module = llvm().parse_assembly(text)
        module.verify()
        machine = target()
        optimised(module, machine)
        self._engine = llvm().create_mcjit_compiler(module, machine)
        self._engine.finalize_object()

    def function(self, name: str, *more: Any) -> Callable[..., None]:
        """The function ``name`` of two addresses, and of ``more`` arguments, by their C types.

        A call lets go of the interpreter's lock.
        """
        kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, *more)
        call = kind(self._engine.get_function_address(name))
        call.machine = self  # type: ignore[attr-defined]
        return call


def optimised(module: Any, machine: Any) -> None:
    """Let LLVM better ``module``: variables into registers, equal values once, fewer branches.

    No pass that makes vectors: the text has them. These few take a tenth of -O3's time.
    """
    builder = llvm().create_pass_builder(machine, llvm().create_pipeline_tuning_options(2))
    passes = llvm().create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.add_loop_rotate_pass()
    passes.add_instruction_combine_pass()
    passes.add_new_gvn_pass()
    passes.add_aggressive_dce_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, builder)

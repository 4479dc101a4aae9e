"""PyTorch's public names, asked of an installed PyTorch.

``python -m tests.torch_names > autograd/script/pytorch.txt`` writes the list that
``autograd.script.missing`` reads, anew.
"""

import importlib
import pkgutil
import sys
import textwrap
import types
import warnings

MODULES = """
torch accelerator amp autograd autograd.forward_ad autograd.function autograd.functional
autograd.graph autograd.profiler backends backends.cpu backends.cuda backends.mkl backends.mps
compiler cpu cuda cuda.amp distributed distributions distributions.constraints
distributions.transforms fft func futures hub jit linalg mps multiprocessing nested nn
nn.attention nn.functional nn.init nn.modules nn.parallel nn.parameter nn.utils
nn.utils.parametrizations nn.utils.parametrize nn.utils.rnn nn.utils.stateless optim
optim.lr_scheduler optim.swa_utils profiler random serialization signal signal.windows sparse
special testing torch_version types utils utils.checkpoint utils.data utils.data.distributed
utils.dlpack version xpu
""".split()

NOT_NAMES = {"F", "Tensor", "bin", "dist", "fwAD", "include", "lib", "m", "share", "test"}
INTERNAL = ("cudnn_", "fbgemm_", "miopen_", "mkldnn_", "native_", "quantized_", "sym_")


def public(module):
    """The names of a module of PyTorch's; those of modules inside it end in a dot."""
    listed = getattr(module, "__all__", None)
    all_of_them = listed is None or module.__name__ in ("torch", "torch.cuda")
    inside = {one.name for one in pkgutil.iter_modules(getattr(module, "__path__", []))}
    if module.__name__ != "torch":
        inside = {name for name in inside if not name.startswith("_")}
    names = {*(listed or ())} - inside
    for name, one in vars(module).items():
        if isinstance(one, types.ModuleType):
            if one.__name__ == f"{module.__name__}.{name}" and not name.startswith("_"):
                inside.add(name)
        elif all_of_them and not name.startswith("_"):
            home = getattr(one, "__module__", None)
            if callable(one) if home is None else str(home).startswith("torch"):
                names.add(name)
    names.update(
        name for name in listed or () if not isinstance(getattr(module, name, 0), type(sys))
    )
    if module.__name__ == "torch":
        names.update(n for n, one in vars(module).items() if isinstance(one, module.dtype))
        names = {n for n in names if not n.startswith(INTERNAL)} | {"Tensor"}
    found = (names - NOT_NAMES) | {f"{name}." for name in inside - NOT_NAMES - names}
    return sorted(found | ({"Tensor"} & names))


def listing():
    lines = ["# PyTorch's public names, a module each; those of modules end in a dot."]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in MODULES:
            full = name if name == "torch" else f"torch.{name}"
            lines += ["", f"[{full}]"]
            words = " ".join(public(importlib.import_module(full)))
            lines += textwrap.wrap(words, 100, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(listing(), end="")

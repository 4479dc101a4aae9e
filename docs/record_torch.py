"""Records what a PyTorch program computes, for autograd.compare: copy this file beside it.

    from record_torch import record

    def step():
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()

    record(step, "torch.npz")

Then, where gradloom runs the same step:

    autograd.compare(step, "torch.npz")

Each call of a PyTorch function that returns a floating-point tensor becomes an entry, with its
value, its gradient, the module and the line; so does each tensor that comes from outside.
"""

import json
import sys
import weakref

import numpy as np
import torch
from torch.nn.modules import module as modules
from torch.overrides import TorchFunctionMode


def record(run, file):
    """Call run(), and write what it computed to file."""
    recorder = _Recorder()
    hooks = [
        modules.register_module_forward_pre_hook(recorder.entered),
        modules.register_module_forward_hook(recorder.left, always_call=True),
    ]
    try:
        with recorder:
            run()
    finally:
        for hook in hooks + recorder.hooks:
            hook.remove()
    with open(file, "wb") as target:
        np.savez(target, facts=np.array(json.dumps(recorder.entries)), **recorder.arrays)


class _Recorder(TorchFunctionMode):
    def __init__(self):
        super().__init__()
        self.entries, self.arrays, self.hooks = [], {}, []
        self.time = 0
        self.known = {}  # entries by the id of a tensor
        self.running, self.paths = [], {}

    def entered(self, module, args):
        if not self.running:
            self.paths = {id(one): path for path, one in module.named_modules()}
        self.running.append(module)

    def left(self, module, args, result):
        self.running.pop()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(function, "__name__", "")
        if name in ("__get__", "__set__", "backward", "detach", "requires_grad_", "item"):
            return function(*args, **kwargs)
        given = [one for arg in (*args, *kwargs.values()) for one in _listed(arg)]
        result = function(*args, **kwargs)
        made = [one for one in _listed(result) if _is_new(one, given)]
        if made and any(isinstance(one, torch.Tensor) for one in given):
            inputs = [self.input(name, i, one) for i, one in enumerate(given)]
            for one in made:
                key = one.grad_fn.name() if one.grad_fn is not None else name
                key = key.rstrip("0123456789").removesuffix("Backward")
                self.enter(key, name, one, [i for i in inputs if i is not None])
        return result

    def input(self, name, i, tensor):
        """The entry of an argument: of a result, or made now."""
        if not isinstance(tensor, torch.Tensor):
            return None
        reference, index = self.known.get(id(tensor), (lambda: None, None))
        if reference() is tensor:
            return index
        return self.enter(f"input {i}", f"input {i} of {name}", tensor, [])

    def enter(self, key, said, tensor, inputs):
        module = self.running[-1] if self.running else None
        path = self.paths.get(id(module)) or (type(module).__name__ if module else "")
        index = len(self.entries)
        self.time += 1
        self.entries.append(
            {"key": key, "said": said, "place": _line(), "module": path, "inputs": inputs,
             "leaf": tensor.requires_grad and tensor.is_leaf, "born": self.time, "swept": -1}
        )  # fmt: skip
        self.arrays[f"value{index}"] = _array(tensor)
        self.known[id(tensor)] = (weakref.ref(tensor), index)
        if tensor.requires_grad:
            self.hooks.append(tensor.register_hook(lambda g: self.gradient(index, g)))
        return index

    def gradient(self, index, g):
        if self.entries[index]["swept"] < 0:
            self.time += 1
            self.entries[index]["swept"] = self.time
            self.arrays[f"grad{index}"] = _array(g)


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _is_new(one, given):
    """Whether a result is a tensor of reals that was made by the call, not changed by it."""
    made = isinstance(one, torch.Tensor) and not any(one is arg for arg in given)
    return made and one.is_floating_point()


def _array(tensor):
    with torch._C.DisableTorchFunction():
        tensor = tensor.detach()
        tensor = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
        return tensor.cpu().numpy().copy()


def _line():
    """The line of the program that runs now: the first outside PyTorch and this file."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if not name.startswith("torch.") and frame.f_code.co_filename != __file__:
            return f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return ""

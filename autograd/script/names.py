"""Where PyTorch's modules are: one table.

A module of PyTorch's is first spelled with ``autograd`` for ``torch``, which is what a textual
replacement gives, and is then looked up in :data:`ALIASES`. What is not there, as most, is in the
file of its name: ``torch.utils.data`` is ``autograd.utils.data``.
"""

from __future__ import annotations

# Packages that a script imports, and whose place this library takes while it runs scripts.
TAKEN = {
    "torch": "autograd",
    "torchvision": "autograd.vision",
    "safetensors.torch": "autograd.serialization.safetensors",
}

ALIASES = {
    "autograd.autograd": "autograd",
    "autograd._dynamo": "autograd.compiler",
    "autograd._inductor": "autograd.compiler",
    "autograd._tensor": "autograd.tensors.tensor",
    "autograd.nn": "nn",
    "autograd.optim": "optim",
    "autograd.grad_mode": "autograd.engine.grad_mode",
    "autograd.variable": "autograd.tensors.legacy",
    "autograd.amp.autocast_mode": "autograd.amp",
    "autograd.amp.grad_scaler": "autograd.amp",
    "autograd.cuda.amp": "autograd.amp",
    "autograd.distributed.distributed_c10d": "autograd.distributed",
    "autograd.distributed.elastic.multiprocessing": "autograd.distributed.elastic",
    "autograd.distributed.elastic.multiprocessing.errors": "autograd.distributed.elastic",
    "autograd.distributed.optim": "optim.zero",
    "autograd.cuda.memory": "autograd.cuda",
    "autograd.cuda.random": "autograd.cuda",
    "autograd.cuda.streams": "autograd.cuda",
    "autograd.profiler.profiler": "autograd.profiler",
    "autograd.vision.transforms.transforms": "autograd.vision.transforms",
}


def replaced(name: str, table: dict[str, str]) -> str | None:
    """``name`` with its longest beginning that is in ``table`` replaced; None where none is.

    >>> replaced("torch.utils.data", TAKEN), replaced("torchaudio", TAKEN)
    ('autograd.utils.data', None)
    """
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        found = table.get(".".join(parts[:length]))
        if found is not None:
            return ".".join([found, *parts[length:]])
    return None


def real_name(name: str) -> str:
    """The name under which a module is loaded, of any of its spellings.

    >>> real_name("torch.nn.functional"), real_name("autograd.nn.functional")
    ('nn.functional', 'nn.functional')
    >>> real_name("torch.autograd.function"), real_name("torch.cuda.amp.autocast_mode")
    ('autograd.function', 'autograd.amp')
    """
    found: str | None = replaced(name, TAKEN)
    name = name if found is None else found
    while (found := replaced(name, ALIASES)) is not None:
        name = found
    return name

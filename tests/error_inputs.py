"""What PyTorch's databases say must be refused, as arguments of ours."""

from numpy.lib.stride_tricks import as_strided

import autograd
from autograd import tensor


def ours(torch, value, memory):
    """``value`` with tensors that are ours: one for each, over one memory where PyTorch's are.

    What was made already is in ``memory``. Raises where NumPy cannot hold a tensor.
    """
    if isinstance(value, torch.Tensor):
        if value in memory:
            return memory[value]
        if value.is_conj() or value.layout is not torch.strided or value.device.type != "cpu":
            made = tensor(value.detach().resolve_conj().numpy().copy())
        else:
            storage = value.untyped_storage()
            whole = torch.empty(0, dtype=value.dtype).set_(storage).numpy()
            whole = memory.setdefault((storage.data_ptr(), value.dtype), whole.copy())
            first, steps = value.storage_offset(), [n * whole.itemsize for n in value.stride()]
            seen = as_strided(whole[first:], tuple(value.shape), steps)
            if 0 in steps:
                seen.flags.writeable = False  # as expand makes it
            made = autograd.from_numpy(seen)
        memory[value] = made.requires_grad_() if value.requires_grad else made
        return memory[value]
    if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
        return getattr(autograd, str(value).removeprefix("torch."))
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, (list, tuple)):
        return type(value)(ours(torch, one, memory) for one in value)
    if isinstance(value, dict):
        return {key: ours(torch, one, memory) for key, one in value.items()}
    return value

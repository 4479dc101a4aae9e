"""``torch.distributed.algorithms.ddp_comm_hooks``: see ``default_hooks``."""

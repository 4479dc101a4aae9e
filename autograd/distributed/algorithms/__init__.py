"""``torch.distributed.algorithms``: processes that run out of data, hooks that send gradients."""

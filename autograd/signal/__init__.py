"""``torch.signal``: window functions."""

from autograd.signal import windows as windows

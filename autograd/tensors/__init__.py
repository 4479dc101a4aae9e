"""The Tensor: its methods, how it is made, converted, changed and printed."""

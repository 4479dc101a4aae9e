"""The array API standard's functions of Tensors, by kind; ``namespace`` is all of them."""

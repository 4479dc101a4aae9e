"""Whether the gradients that a graph gives are those of the function, and which op is wrong."""

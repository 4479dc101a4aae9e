"""The heart: the graph, the sweep, what an op is. Knows no op and no Tensor."""

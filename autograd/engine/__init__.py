"""The heart: the graph, the sweep, what an op is."""

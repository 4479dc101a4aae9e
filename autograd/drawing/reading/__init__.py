"""From a graph or a watched run to a scene."""

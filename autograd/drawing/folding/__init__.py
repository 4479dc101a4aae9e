"""From a scene to a smaller one."""

"""From a scene to what is seen: DOT, pixels, a page."""

"""Arrays in, arrays out: what is long or tuned. No op, no graph."""

"""Where NaN and Inf come from."""

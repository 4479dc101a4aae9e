"""What tells right from wrong: gradient checks, NaN and Inf, and which mistake it is."""

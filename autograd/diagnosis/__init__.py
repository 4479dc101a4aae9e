"""What tells right from wrong: gradient checks, and which mistake it is."""

"""What goes wrong in training without any error, and is said as a warning, once."""

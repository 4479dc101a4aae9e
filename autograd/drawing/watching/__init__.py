"""What is noted of a run: values, the calls that made them, gradients."""

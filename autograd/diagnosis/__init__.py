"""What tells right from wrong, and says which mistake it is: a folder for each question."""

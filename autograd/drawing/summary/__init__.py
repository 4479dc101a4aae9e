"""The table of a model's layers."""

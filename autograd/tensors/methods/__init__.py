"""The functions of the op families as methods of Tensor, by the same names.

A function whose first parameter is a tensor is a method as it stands: one definition for both. Its
in-place form is made from it here, and is a method and a function, too.
"""

"""Ops on the stored elements of a sparse matrix: its product with a dense one."""

from __future__ import annotations

from autograd.engine.function import Function
from autograd.kernels.sparse import pairs_multiplied, rows_combined


class Stored(Function):
    """The values that a sparse tensor stores, from those that it was given."""

    takes_complex = True

    def forward(self, values):
        return values

    def grad_values(self, g):
        return g


class SparseProduct(Function):
    """A y, of which A has ``values`` where ``pattern`` says, and nothing elsewhere."""

    takes_complex = True

    def forward(self, values, y, *, pattern):
        self.pattern = pattern
        return rows_combined(values, y, pattern=pattern)

    def grad_values(self, g, y):
        return PairProducts.apply(g, y, pattern=self.pattern)

    def grad_y(self, g, values):
        return SparseProduct.apply(values, g, pattern=self.pattern.transposed)


class PairProducts(Function):
    """x yᵀ where ``pattern`` says: what a sparse matrix gets as its gradient."""

    takes_complex = True

    def forward(self, x, y, *, pattern):
        self.pattern = pattern
        return pairs_multiplied(x, y, pattern=pattern)

    def grad_x(self, g, y):
        return SparseProduct.apply(g, y, pattern=self.pattern)

    def grad_y(self, g, x):
        return SparseProduct.apply(g, x, pattern=self.pattern.transposed)

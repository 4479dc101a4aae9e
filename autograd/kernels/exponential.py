"""The exponential of matrices, by scaling and squaring.

exp(A) = exp(A / 2ˢ)^(2ˢ), where A / 2ˢ is so small that a Padé approximant is exact to a rounding:
Higham 2005, doi:10.1137/04061101X, whose table 2.3 says how small for which degree.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel

# degree: the coefficients b of p(A) = Σ bᵢ Aⁱ; exp(A) ≈ p(A) / p(-A)
_PADE = {
    m: [
        math.factorial(2 * m - i) * math.factorial(m)
        / (math.factorial(2 * m) * math.factorial(m - i) * math.factorial(i))
        for i in range(m + 1)
    ]
    for m in (3, 5, 7, 9, 13)
}  # fmt: skip
# the 1-norm up to which a degree does, in float32 and in float64
_REACH = {
    True: [(3, 4.258730016922831e-1), (5, 1.880152677804762), (7, 3.925724783138660)],
    False: [
        (3, 1.495585217958292e-2), (5, 2.539398330063230e-1), (7, 9.504178996162932e-1),
        (9, 2.097847961257068), (13, 5.371920351148152),
    ],
}  # fmt: skip


@kernel
def matrix_exponential(a: Any) -> Any:
    """exp(A) of square matrices (*, n, n) of floating-point or complex numbers.

    >>> matrix_exponential(np.array([[0.0, 1.0], [0.0, 0.0]]))
    array([[1., 1.],
           [0., 1.]])
    """
    if not a.size:
        return a.copy()
    one = np.eye(a.shape[-1], dtype=a.dtype, like=a)
    norms = np.maximum.reduce(np.add.reduce(np.absolute(a), axis=-2), axis=-1)
    largest = float(np.maximum.reduce(norms, axis=None))
    short = norms.dtype == np.float32
    degree, reach = next((pair for pair in _REACH[short] if pair[1] >= largest), _REACH[short][-1])
    times: Any = 0
    if largest > reach and math.isfinite(largest):
        times = np.maximum(np.ceil(np.log2(np.maximum(norms, reach) / reach)), 0)
        times = np.expand_dims(times, (-2, -1))
        a = a * np.exp2(-times)
    even, odd = _halves(a, one, degree)
    out = np.linalg.solve(even - odd, even + odd)
    for i in range(int(np.maximum.reduce(times, axis=None))):
        out = np.where(times > i, np.matmul(out, out), out)
    return out


def _halves(a: Any, one: Any, degree: int) -> tuple[Any, Any]:
    """The even and the odd terms of the numerator."""
    b = _PADE[degree]
    square = np.matmul(a, a)
    if degree == 13:
        fourth = np.matmul(square, square)
        sixth = np.matmul(fourth, square)
        high = np.matmul(sixth, b[12] * sixth + b[10] * fourth + b[8] * square)
        even = high + b[6] * sixth + b[4] * fourth + b[2] * square + b[0] * one
        high = np.matmul(sixth, b[13] * sixth + b[11] * fourth + b[9] * square)
        return even, np.matmul(a, high + b[7] * sixth + b[5] * fourth + b[3] * square + b[1] * one)
    power, even, odd = one, b[0] * one, b[1] * one
    for i in range(2, degree, 2):
        power = np.matmul(power, square)
        even, odd = even + b[i] * power, odd + b[i + 1] * power
    return even, np.matmul(a, odd)

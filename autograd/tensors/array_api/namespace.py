"""The array API standard's namespace of Tensors: what ``x.__array_namespace__()`` gives.

The standard's names and signatures over the package's own functions, for libraries that take any
array library by it (array-api-compat, SciPy, scikit-learn, einops). Dtypes mix as the standard
says: a 0-d tensor counts like any other. The default dtype is PyTorch's, float32 until it is set
otherwise; what is float64 stays float64. Loaded on first use.

Source: Python array API standard, version 2024.12, https://data-apis.org/array-api/2024.12/
"""

from autograd.tensors.array_api import (
    creation,
    datatypes,
    elementwise,
    fourier,
    manipulation,
    products,
    reductions,
    sets,
)

__array_api_version__ = "2024.12"

fft, linalg = fourier, products

for _rows in (creation, datatypes, elementwise, manipulation, products, reductions, sets):
    globals().update({_name: getattr(_rows, _name) for _name in _rows.STANDARD})

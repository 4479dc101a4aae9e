"""Modified Bessel functions of the orders 0 and 1, which NumPy has not or has to six digits.

For small arguments the ascending series (Abramowitz & Stegun 1964, 9.6.12 and 9.6.13), for large
ones √x e^∓x times the function, smooth in 1/x (9.7.1, 9.7.2). Coefficients of I: interpolation at
Chebyshev's points in 50 digits; of K far out: rational interpolation there, all of whose
coefficients are positive, so that nothing cancels. Errors are in units of the last place of
float64, the largest met on some hundred points of the whole range.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.erf import polynomial
from autograd.kernels.piecewise import piecewise, ratio

# I0 in x²/4 up to x = 8, then √x e^-x I0 in 1/x; I1 = x/2 times such a series
_I0_NEAR = (
    3.6454386812677436e-27, 4.940670282542572e-25, 1.35095827969477e-22, 2.5698743857514957e-20,
    4.3600362269175774e-18, 6.275862820937522e-16, 7.594079950279469e-14, 7.594056846699174e-12,
    6.151187413177668e-10, 3.936759885673581e-08, 1.9290123457790406e-06, 6.944444444424399e-05,
    0.0017361111111113758, 0.027777777777777565, 0.2500000000000001, 1.0, 1.0,
)  # fmt: skip

_I1_NEAR = (
    5.833651333188183e-26, 7.413211040554544e-24, 1.891028804078631e-21, 3.3410044697092935e-19,
    5.231992159979275e-17, 6.90345927367201e-15, 7.594078567160322e-13, 6.834651294492253e-11,
    4.920949921538654e-09, 2.7557319204030443e-07, 1.157407407453132e-05, 0.00034722222222153507,
    0.0069444444444450686, 0.08333333333333304, 0.5000000000000001, 1.0,
)  # fmt: skip

_I0_FAR = (
    -1.2093181691590978e+17, 2.0204830518507568e+17, -1.548784634102492e+17,
    7.246346805818851e+16, -2.3203941977877076e+16, 5402033069395480.0, -947878743859439.1,
    128248143871861.56, -13577745316330.93, 1135132691850.8232, -75306240934.98036,
    3969487018.9447618, -165892707.2735778, 5465865.636983742, -140614.84002023208,
    2787.69701198794, -40.93433429152468, 0.6847429900548179, 0.08707432635816206,
    0.04476039010747748, 0.029219348139974597, 0.02805062918561794, 0.04986778505011676,
    0.3989422804014327,
)  # fmt: skip

_I1_FAR = (
    1.110272877721234e+17, -1.8897770611563117e+17, 1.4696851631706554e+17,
    -6.955975734769755e+16, 2.2483504385417084e+16, -5274738641429947.0, 931471918856741.0,
    -126702351037817.0, 13474281227951.742, -1130740169707.5762, 75254413296.68152,
    -3977489880.329618, 166608954.50481442, -5500175.994178124, 141730.2915028612,
    -2814.055141054201, 41.26651035408403, -0.7315202126508605, -0.10716491797798852,
    -0.057544114865562004, -0.0409071094955174, -0.04675104858073615, -0.14960335515047407,
    0.39894228040143265,
)  # fmt: skip

# up to x = 1, in x²/4: K0 + log(x/2) I0, and (K1 - log(x/2) I1 - 1/x) / x; then √x e^x K in 1/x
_K0_NEAR = (
    8.067791597617467e-08, 3.6120836670898044e-06, 0.00011848050810395896, 0.0026147876053822837,
    0.034892157457293446, 0.23069608377459008, 0.42278433509846747, -0.5772156649015329,
)  # fmt: skip

_K1_NEAR = (
    -5.188787424246281e-09, -2.6785570764508103e-07, -1.035562573954348e-05,
    -0.00027883987222752005, -0.004795547459881284, -0.04539379174021239, -0.1681960837746168,
    0.03860783245076643,
)  # fmt: skip

_K0_P = (
    0.0172876366910552, 2.1555177590582724, 43.03053535319795, 298.1723134493389,
    934.2938959718954, 1502.2578154006815, 1320.3622256218323, 648.3034694739872,
    174.5133859201036, 23.707593726128042, 1.2533141373155001,
)  # fmt: skip

_K0_Q = (
    0.05025538112107506, 3.209004056701524, 49.3950503651767, 297.6620669688002,
    857.8325178704259, 1308.5040559129923, 1111.5387119304485, 533.6996736909081,
    141.55133915506875, 19.04092300786442, 1.0,
)  # fmt: skip

_K1_P = (
    0.1227425964197387, 5.962082049743456, 76.65166681845041, 409.70914179949284,
    1095.6449356389646, 1603.9577270188895, 1339.3086877121361, 642.275689590785,
    171.8429751987581, 23.452595442359602, 1.2533141373155003,
)  # fmt: skip

_K1_Q = (
    0.006869176493012648, 1.0569533904186255, 23.255519159960315, 173.450947605892,
    578.5597276208705, 983.0104625026115, 907.5432685506258, 465.62642822083484,
    130.35149536318426, 18.3374638142144, 1.0,
)  # fmt: skip


def _quarter(x: Any) -> Any:
    half = x * 0.5
    return half * half


def _i0_near(x: Any) -> Any:
    return polynomial(_I0_NEAR, _quarter(x))


def _i1_near(x: Any) -> Any:
    return polynomial(_I1_NEAR, _quarter(x)) * (x * 0.5)


def _i0e_far(x: Any) -> Any:
    return polynomial(_I0_FAR, 1 / x) / np.sqrt(x)


def _i1e_far(x: Any) -> Any:
    return polynomial(_I1_FAR, 1 / x) / np.sqrt(x)


def _grown(scaled: Any, x: Any) -> Any:
    """e^x times ``scaled``, where that fits though e^x does not."""
    half = np.exp(x * 0.5)
    return scaled * half * half


def _logarithm(x: Any) -> Any:
    """log(x/2), finite at 0, where it is multiplied by 0."""
    return np.log(np.maximum(np.absolute(x), 1e-300) * 0.5)


def _k0_near(x: Any) -> Any:
    return polynomial(_K0_NEAR, _quarter(x)) - np.log(np.absolute(x) * 0.5) * _i0_near(x)


def _k1_near(x: Any) -> Any:
    regular = x * polynomial(_K1_NEAR, _quarter(x)) + _logarithm(x) * _i1_near(x)
    return 1 / np.absolute(x) + regular


def _k0e_far(x: Any) -> Any:
    return ratio(_K0_P, _K0_Q, 1 / x) / np.sqrt(x)


def _k1e_far(x: Any) -> Any:
    return ratio(_K1_P, _K1_Q, 1 / x) / np.sqrt(x)


_I0 = [(0, 8, _i0_near), (8, math.inf, lambda x: _grown(_i0e_far(x), x))]
_I1 = [(0, 8, _i1_near), (8, math.inf, lambda x: _grown(_i1e_far(x), x))]
_I0E = [(0, 8, lambda x: np.exp(-x) * _i0_near(x)), (8, math.inf, _i0e_far)]
_I1E = [(0, 8, lambda x: np.exp(-x) * _i1_near(x)), (8, math.inf, _i1e_far)]
_K0 = [(0, 1, _k0_near), (1, math.inf, lambda x: np.exp(-x) * _k0e_far(x))]
_K1 = [(0, 1, _k1_near), (1, math.inf, lambda x: np.exp(-x) * _k1e_far(x))]
_K0E = [(0, 1, lambda x: np.exp(x) * _k0_near(x)), (1, math.inf, _k0e_far)]
_K1E = [(0, 1, lambda x: np.exp(x) * _k1_near(x)), (1, math.inf, _k1e_far)]


@kernel
def i0(x: Any) -> Any:
    """I0(x), to 3 units; NaN at ±∞, as in PyTorch.

    >>> i0(np.array([0.0, 1.0]))
    array([1.        , 1.26606588])
    """
    return piecewise(_I0, x, 1)


@kernel
def i1(x: Any) -> Any:
    """I1(x), to 4 units; NaN at ±∞, as in PyTorch.

    >>> i1(np.array([0.0, 1.0]))
    array([0.        , 0.5651591])
    """
    return piecewise(_I1, x, -1)


@kernel
def i0e(x: Any) -> Any:
    """e^-|x| I0(x), to 3 units.

    >>> i0e(np.array([0.0, 1.0]))
    array([1.        , 0.46575961])
    """
    return piecewise(_I0E, x, 1)


@kernel
def i1e(x: Any) -> Any:
    """e^-|x| I1(x), to 3 units.

    >>> i1e(np.array([0.0, 1.0]))
    array([0.        , 0.20791042])
    """
    return piecewise(_I1E, x, -1)


@kernel
def k0(x: Any) -> Any:
    """K0(x), to 7 units; ∞ at 0, NaN below.

    >>> k0(np.array([0.0, 1.0]))
    array([       inf, 0.42102444])
    """
    return piecewise(_K0, x)


@kernel
def k1(x: Any) -> Any:
    """K1(x), to 5 units; ∞ at 0, NaN below.

    >>> k1(np.array([0.0, 1.0]))
    array([       inf, 0.60190723])
    """
    return piecewise(_K1, x)


@kernel
def k0e(x: Any) -> Any:
    """e^x K0(x), to 5 units; ∞ at 0, NaN below.

    >>> k0e(np.array([0.0, 1.0]))
    array([       inf, 1.14446308])
    """
    return piecewise(_K0E, x)


@kernel
def k1e(x: Any) -> Any:
    """e^x K1(x), to 5 units; ∞ at 0, NaN below.

    >>> k1e(np.array([0.0, 1.0]))
    array([       inf, 1.63615349])
    """
    return piecewise(_K1E, x)

"""Airy's function and its derivative.

From 2 on and below -4 the asymptotic forms in ζ = ⅔ |x|^1.5 (Abramowitz & Stegun 1964, 10.4.59,
10.4.60, 10.4.61, 10.4.62), whose slow functions are rational in 1/ζ and 1/ζ²; polynomials between.
Coefficients: interpolation at Chebyshev's points in 50 digits. ζ is kept in two parts, as e^-ζ, cos
ζ and sin ζ would lose what it is rounded by. Errors are in units of the last place of float64: of
the value, or of the envelope below -1 (of Ai' below -½), as near a zero the value has fewer digits;
the largest on some hundred points from -1000 to 100.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arrays.dialect import kernel
from autograd.kernels.erf import polynomial
from autograd.kernels.piecewise import piecewise, ratio

# beyond 2, in 1/ζ: 2 √π x^(1/4) e^ζ Ai, and -2 √π x^(-1/4) e^ζ Ai'
_DECAY_P = (
    0.21694097213695948, 10.297177013752293, 91.31372955355513, 287.3699916214562,
    403.91310059502786, 279.6745503732734, 97.5679590259094, 16.183458088341872, 1.0,
)  # fmt: skip

_DECAY_Q = (
    0.3727268061951063, 13.133047789655484, 103.91592027446512, 308.8918313665867,
    420.667736667363, 285.9603705965208, 98.65949932525581, 16.252902532786308, 1.0,
)  # fmt: skip

_SLOPE_DECAY_P = (
    0.4071012483505668, 13.297833394593969, 101.76084236540291, 299.01862980833687,
    407.22295915636903, 278.4215106881063, 96.86296055877666, 16.104435215195643, 1.0,
)  # fmt: skip

_SLOPE_DECAY_Q = (
    0.21053043614868244, 9.63478882810344, 85.19745774246134, 270.30174035155164,
    384.55871630348133, 269.8113287632214, 95.35058877087765, 16.007212992973432, 1.0,
)  # fmt: skip

# below -4, in (16/3ζ)²: the slow factors of cosine and sine, those of the sine times ζ
_WAVE_P_P = (
    0.0003161829784889684, 0.037077184475031603, 0.6456107917680203, 3.3229847690200103,
    6.273142986301815, 4.485002598107986, 1.0,
)  # fmt: skip

_WAVE_P_Q = (
    0.00034236371399002757, 0.03774927769821704, 0.6495639134904969, 3.3308747588380014,
    6.278928493429461, 4.486308072283328, 1.0,
)  # fmt: skip

_WAVE_Q_P = (
    3.6811880564172384e-05, 0.004833190744240453, 0.08776355884347137, 0.5012298607607094,
    1.1495208608424583, 1.1486676353313068, 0.4861438295585484, 0.06944444444444445,
)  # fmt: skip

_WAVE_Q_Q = (
    0.0011233149947517966, 0.08663139218492132, 1.380892514126266, 7.511122307324338,
    16.85984759986663, 16.67376454638224, 7.019705131826521, 1.0,
)  # fmt: skip

_SLOPE_P_P = (
    0.0003223472843417216, 0.03590307580651767, 0.6279245138714692, 3.259724870070171,
    6.201205395285267, 4.461790778383071, 1.0,
)  # fmt: skip

_SLOPE_P_Q = (
    0.0002924570462843946, 0.035128938394621716, 0.6233344420058128, 3.2504999857437076,
    6.194401425095473, 4.460247945266757, 1.0,
)  # fmt: skip

_SLOPE_Q_P = (
    -5.3460946386147e-05, -0.0066359423412845125, -0.12024360503518734, -0.6895655111677463,
    -1.5893689475271175, -1.5956776259120102, -0.6781457539484056, -0.09722222222222222,
)  # fmt: skip

_SLOPE_Q_Q = (
    0.0010081277052643217, 0.08152725093574603, 1.3286225227379695, 7.324036558396661,
    16.59081553888481, 16.518445643340367, 6.990568332103142, 1.0,
)  # fmt: skip

# from -4 to -1 in (x + 5/2) / (3/2), from -1 to 2 in (x - 1/2) / (3/2)
_LEFT = (
    -1.4258759820573152e-10, 9.463783930684305e-10, 3.2661351672014004e-10,
    -2.4672787613200433e-08, 8.44843512439514e-08, 1.8930021574275329e-07,
    -2.2018788727908167e-06, 3.97666754147268e-06, 2.1904173024463042e-05,
    -0.00012006165873425202, 4.732008961087215e-05, 0.0012600654513607518, -0.0034494013358712084,
    -0.0038982597852484846, 0.034571698554817475, -0.034364538225946345, -0.14043710552048086,
    0.33957226683800384, 0.1383061912274251, -1.0178195081371542, 0.3159142528864672,
    1.0182791013971915, -0.11232506769296609,
)  # fmt: skip

_RIGHT = (
    -3.2769948765523003e-12, 7.26328670099209e-13, 1.05659242683306e-10, -4.820340754947578e-10,
    -2.1150811730029256e-10, 1.1963287571435108e-08, -5.192107305668151e-08,
    -1.86547020413807e-09, 9.637557967368483e-07, -4.013420141117462e-06, 1.2224299633780415e-06,
    5.1563948407847076e-05, -0.00020269748062069326, 0.00011537642061086856,
    0.0016421440366489813, -0.005952647495367713, 0.0044455794585722555, 0.02576556715894126,
    -0.08266591343865082, 0.0670715663335262, 0.13032765364546883, -0.33736579899702585,
    0.23169360648083348,
)  # fmt: skip

_SLOPE_LEFT = (
    -2.059471771300841e-10, -2.0355074733248126e-09, 1.4329219949378604e-08,
    4.0758969232848925e-09, -3.1496141817527247e-07, 1.0144086203526777e-06,
    2.148508159843269e-06, -2.3487419676212372e-05, 3.9764227553963405e-05,
    0.00020443946733781317, -0.0010405331404430567, 0.00037856047862389356, 0.00924047957783488,
    -0.02299600883752854, -0.023389558631562255, 0.1843823922806495, -0.16036784506371593,
    -0.561748422080825, 1.1319075561272314, 0.3688165099397533, -2.035639016274321,
    0.4212190038486235, 0.6788527342647943,
)  # fmt: skip

_SLOPE_RIGHT = (
    9.054645082185137e-12, -4.808610070321725e-11, -3.740146603948487e-11, 1.4089089237512767e-09,
    -5.998083442897896e-09, -2.53835530346623e-09, 1.354465155565255e-07, -5.538244669795796e-07,
    -1.8546118233091484e-08, 8.995053871391278e-06, -3.478302950914333e-05, 9.779439815184949e-06,
    0.0003781356394573682, -0.0013513165375029054, 0.0006922585200845783, 0.008758101528800112,
    -0.027779021644630954, 0.017782317834288488, 0.08588522386311258, -0.22044243583640213,
    0.134143132667053, 0.1737702048606251, -0.2249105326646839,
)  # fmt: skip


def _zeta(x: Any) -> Any:
    """⅔ x^1.5 as a number of few digits, and what is left."""
    root = np.sqrt(x)
    high, root_high = (one.astype(np.float32).astype(np.float64) for one in (x, root))
    root_low = (x - root_high * root_high) / (root + root_high)
    product = high * root_high
    rest = high * root_low + (x - high) * root
    short = np.rint(product * (2**20 / 1.5)) / 2**20
    return short, (2 * product - 3 * short) / 3 + rest / 1.5


def _fallen(x: Any) -> Any:
    """1/ζ and e^-ζ / (2 √π)."""
    short, rest = _zeta(np.minimum(x, 1e4))
    return 1 / (short + rest), np.exp(-short) * np.exp(-rest) * (0.5 / math.sqrt(math.pi))


def _turned(x: Any) -> Any:
    """ζ, (16/3ζ)² and cos and sin of ζ - π/4 divided by √π, for -x."""
    short, rest = _zeta(-x)
    c, s, dc, ds = np.cos(short), np.sin(short), np.cos(rest), np.sin(rest)
    c, s = c * dc - s * ds, s * dc + c * ds
    zeta = short + rest
    scale = 1 / math.sqrt(2 * math.pi)
    return zeta, (16 / 3 / zeta) ** 2, (c + s) * scale, (s - c) * scale


def _fourth_root(x: Any) -> Any:
    return np.sqrt(np.sqrt(x))


def _ai_far(x: Any) -> Any:
    u, fallen = _fallen(x)
    return fallen * ratio(_DECAY_P, _DECAY_Q, u) / _fourth_root(x)


def _slope_far(x: Any) -> Any:
    u, fallen = _fallen(x)
    return -fallen * ratio(_SLOPE_DECAY_P, _SLOPE_DECAY_Q, u) * _fourth_root(x)


def _ai_wave(x: Any) -> Any:
    zeta, s, cosine, sine = _turned(x)
    q = ratio(_WAVE_Q_P, _WAVE_Q_Q, s) / zeta
    return (ratio(_WAVE_P_P, _WAVE_P_Q, s) * cosine + q * sine) / _fourth_root(-x)


def _slope_wave(x: Any) -> Any:
    zeta, s, cosine, sine = _turned(x)
    q = ratio(_SLOPE_Q_P, _SLOPE_Q_Q, s) / zeta
    return (ratio(_SLOPE_P_P, _SLOPE_P_Q, s) * sine - q * cosine) * _fourth_root(-x)


_MOST = 1.7e308  # ∞ is in no piece

_AI = [
    (-math.inf, -4, _ai_wave),
    (-4, -1, lambda x: polynomial(_LEFT, (x + 2.5) / 1.5)),
    (-1, 2, lambda x: polynomial(_RIGHT, (x - 0.5) / 1.5)),
    (2, _MOST, _ai_far),
]
_SLOPE = [
    (-math.inf, -4, _slope_wave),
    (-4, -1, lambda x: polynomial(_SLOPE_LEFT, (x + 2.5) / 1.5)),
    (-1, 2, lambda x: polynomial(_SLOPE_RIGHT, (x - 0.5) / 1.5)),
    (2, _MOST, _slope_far),
]


@kernel
def airy_ai(x: Any) -> Any:
    """Ai(x), to 6 units, below -1 of |x|^(-1/4) / √π; NaN at ±∞, as in PyTorch.

    >>> airy_ai(np.array([0.0, 1.0]))
    array([0.35502805, 0.13529242])
    """
    return piecewise(_AI, x)


@kernel
def airy_ai_slope(x: Any) -> Any:
    """Ai'(x), to 6 units, below -½ of |x|^(1/4) / √π; NaN at ±∞.

    >>> airy_ai_slope(np.array([0.0, 1.0]))
    array([-0.2588194 , -0.15914744])
    """
    return piecewise(_SLOPE, x)

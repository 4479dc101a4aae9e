"""Rows of activations: functions and layers. Data only."""

import numpy as np

import nn
from tests.functional_references import gated, leaky
from tests.op_references import gauss, logistic, soft_ramp
from tests.rows.layer import IMAGE, Layer, X
from tests.rows.row import UNARY, Row, call, x

# fmt: off

ODD = [*UNARY, call(x(5), inplace=False)]
FUNCTIONS = [
    Row("nn.functional.relu", UNARY, reference=lambda a: np.maximum(a, 0)),
    Row("nn.functional.leaky_relu", UNARY + [call(x(4), 0.3)],
        reference=lambda a, s=0.01: np.where(a > 0, a, s * a)),
    Row("nn.functional.rrelu", [call(x(3, 4)), call(x(4), 0.2, 0.4), call(x(0))],
        reference=lambda a, low=1 / 8, up=1 / 3: np.where(a > 0, a, a * (low + up) / 2)),
    Row("nn.functional.prelu", [
        call(x(3, 4), x(4)), call(x(2, 3, 2, 2), x(3)), call(x(3), x(1)), call(x(2, 3), x()),
        call(x(), x(1)), call(x(0, 2), x(2)),
    ], reference=leaky),
    Row("nn.functional.threshold", [call(x(3, 4), 0.3, -2.0), call(x(), 0, 1), call(x(0), 0, 1)],
        reference=lambda a, limit, value: np.where(a > limit, a, value)),
    Row("nn.functional.hardtanh", [*UNARY, call(x(4), -0.5, 1.5)],
        reference=lambda a, low=-1.0, high=1.0: np.clip(a, low, high)),
    Row("nn.functional.relu6", ODD, domain=(-5.0, 9.0),
        reference=lambda a, inplace=False: np.clip(a, 0, 6)),
    Row("nn.functional.hardsigmoid", ODD, domain=(-5.0, 5.0),
        torch=None,  # whose 1/6 is a float32, as is its 1/alpha below
        reference=lambda a, inplace=False: np.clip(a / 6 + 0.5, 0, 1)),
    Row("nn.functional.hardswish", ODD, domain=(-5.0, 5.0),
        reference=lambda a, inplace=False: a * np.clip(a / 6 + 0.5, 0, 1)),
    Row("nn.functional.softshrink", [*UNARY, call(x(4), 0.2), call(x(4), 0.0)],
        reference=lambda a, k=0.5: np.sign(a) * np.maximum(np.abs(a) - k, 0)),
    Row("nn.functional.hardshrink", [*UNARY, call(x(4), 0.2)],
        reference=lambda a, k=0.5: np.where(np.abs(a) > k, a, 0)),
    Row("nn.functional.tanhshrink", UNARY, reference=lambda a: a - np.tanh(a)),
    Row("nn.functional.elu", UNARY + [call(x(4), 0.3)],
        reference=lambda a, k=1.0: np.where(a > 0, a, k * np.expm1(a))),
    Row("nn.functional.selu", ODD, reference=lambda a, inplace=False: 1.0507009873554805
        * np.where(a > 0, a, 1.6732632423543772 * np.expm1(a))),
    Row("nn.functional.celu", UNARY, reference=lambda a: np.where(a > 0, a, np.expm1(a))),
    Row("nn.functional.celu", [call(x(4), 0.3)], torch=None,
        reference=lambda a, k=1.0: np.where(a > 0, a, k * np.expm1(a / k))),
    Row("nn.functional.gelu", UNARY + [call(x(3, 4), approximate="tanh")], reference=gauss),
    Row("nn.functional.silu", UNARY, reference=lambda a: a * logistic(a)),
    Row("nn.functional.mish", ODD,
        reference=lambda a, inplace=False: a * np.tanh(np.log1p(np.exp(a)))),
    Row("nn.functional.glu", [call(x(4)), call(x(2, 3), 0), call(x(2, 4, 2), dim=1)],
        reference=lambda a, dim=-1: gated(*np.split(a, 2, dim))),
    Row("nn.functional.sigmoid", UNARY, reference=logistic),
    Row("nn.functional.logsigmoid", UNARY, reference=lambda a: np.log(logistic(a))),
    Row("nn.functional.tanh", UNARY, reference=np.tanh),
    Row("nn.functional.softplus", UNARY + [call(x(4), 2.0, 1.0)], reference=soft_ramp),
    Row("nn.functional.softsign", UNARY, reference=lambda a: a / (1 + np.abs(a))),
]

# fmt: on

LAYERS = [
    Layer(nn.ReLU, X, (3, 4), "ReLU()"),
    Layer(lambda: nn.LeakyReLU(0.2), X, (3, 4), "LeakyReLU(negative_slope=0.2)"),
    Layer(lambda: nn.RReLU(0.1, 0.3).eval(), X, (3, 4), "RReLU(lower=0.1, upper=0.3)"),
    Layer(nn.PReLU, X, (3, 4), "PReLU(num_parameters=1)", ("weight",)),
    Layer(lambda: nn.PReLU(3, 0.1), IMAGE, (2, 3, 4), "PReLU(num_parameters=3)", ("weight",)),
    Layer(lambda: nn.Threshold(0.1, 20), X, (3, 4), "Threshold(threshold=0.1, value=20)"),
    Layer(nn.Hardtanh, X, (3, 4), "Hardtanh(min_val=-1.0, max_val=1.0)"),
    Layer(nn.ReLU6, X, (3, 4), "ReLU6()"),
    Layer(nn.Hardsigmoid, X, (3, 4), "Hardsigmoid()"),
    Layer(nn.Hardswish, X, (3, 4), "Hardswish()"),
    Layer(nn.Softshrink, X, (3, 4), "Softshrink(0.5)"),
    Layer(lambda: nn.Hardshrink(0.2), X, (3, 4), "Hardshrink(0.2)"),
    Layer(nn.Tanhshrink, X, (3, 4), "Tanhshrink()"),
    Layer(nn.ELU, X, (3, 4), "ELU(alpha=1.0)"),
    Layer(nn.SELU, X, (3, 4), "SELU()"),
    Layer(lambda: nn.CELU(2.0), X, (3, 4), "CELU(alpha=2.0)"),
    Layer(nn.GELU, X, (3, 4), "GELU(approximate='none')"),
    Layer(lambda: nn.GELU("tanh"), X, (3, 4), "GELU(approximate='tanh')"),
    Layer(nn.SiLU, X, (3, 4), "SiLU()"),
    Layer(nn.Mish, X, (3, 4), "Mish()"),
    Layer(nn.GLU, X, (3, 2), "GLU(dim=-1)"),
    Layer(nn.Sigmoid, X, (3, 4), "Sigmoid()"),
    Layer(nn.LogSigmoid, X, (3, 4), "LogSigmoid()"),
    Layer(nn.Tanh, X, (3, 4), "Tanh()"),
    Layer(nn.Softplus, X, (3, 4), "Softplus(beta=1.0, threshold=20.0)"),
    Layer(nn.Softsign, X, (3, 4), "Softsign()"),
]

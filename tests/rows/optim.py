"""Rules: their papers, line by line in plain NumPy, and the options that each is tested with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import optim

# -- the papers ------------------------------------------------------------------------------------


def sgd(
    grads, p, lr, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0, maximize=False
):
    b = None
    for gradient in grads:
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        if momentum:
            b = g if b is None else momentum * b + (1 - dampening) * g
            g = g + momentum * b if nesterov else b
        p = p - lr * g
    return p


def classical(grads, p, lr, momentum, nesterov=False):
    v = np.zeros_like(p)
    for g in grads:
        v = momentum * v - lr * g
        p = p + (momentum * v - lr * g if nesterov else v)
    return p


def adam(
    grads,
    p,
    lr,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0.0,
    amsgrad=False,
    maximize=False,
    decoupled_weight_decay=False,
):
    m = v = largest = np.zeros_like(p)
    for t, gradient in enumerate(grads, 1):
        g = -gradient if maximize else gradient
        if decoupled_weight_decay:
            p = p - lr * weight_decay * p
        else:
            g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        largest = np.maximum(largest, v)
        m_hat = m / (1 - betas[0] ** t)
        v_hat = (largest if amsgrad else v) / (1 - betas[1] ** t)
        p = p - lr * m_hat / (np.sqrt(v_hat) + eps)
    return p


def adamw(grads, p, weight_decay=1e-2, **options):
    return adam(grads, p, weight_decay=weight_decay, decoupled_weight_decay=True, **options)


def rmsprop(
    grads,
    p,
    lr,
    alpha=0.99,
    eps=1e-8,
    weight_decay=0.0,
    momentum=0.0,
    centered=False,
    maximize=False,
):
    v = mean = b = np.zeros_like(p)
    for gradient in grads:
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        b = momentum * b + g / (np.sqrt(v - mean**2 if centered else v) + eps)
        p = p - lr * b
    return p


def adagrad(
    grads,
    p,
    lr,
    lr_decay=0.0,
    weight_decay=0.0,
    initial_accumulator_value=0.0,
    eps=1e-10,
    maximize=False,
):
    s = np.full_like(p, initial_accumulator_value)
    for t, gradient in enumerate(grads):
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        s = s + g**2
        p = p - lr / (1 + t * lr_decay) * g / (np.sqrt(s) + eps)
    return p


# -- the rows --------------------------------------------------------------------------------------


@dataclass
class Row:
    """One rule with one set of options, and what the paper says."""

    rule: type
    options: dict[str, Any]
    paper: Callable[..., Any]
    keys: tuple[str, ...] = ()  # of the state of a parameter, in order
    theirs: bool = True  # PyTorch has it too

    def __str__(self) -> str:
        given = [f"{name}={value}" for name, value in self.options.items() if name != "lr"]
        return "-".join([self.rule.__name__, *given]).replace(" ", "")

    def expected(self, grads, p):
        return self.paper(grads, p, **self.options)


def both(grads, p, momentum_form, **options):
    return classical(grads, p, **options)


RATE = {"lr": 0.1}
MOMENTUM = {"lr": 0.1, "momentum": 0.9}
BUFFER, MOMENTS = ("momentum_buffer",), ("step", "exp_avg", "exp_avg_sq")
LARGEST, SQUARE = (*MOMENTS, "max_exp_avg_sq"), ("step", "square_avg")
CLASSICAL = {**MOMENTUM, "momentum_form": "classical"}
ROWS = [
    Row(optim.SGD, RATE, sgd),
    Row(optim.SGD, {**RATE, "weight_decay": 0.1, "maximize": True}, sgd),
    Row(optim.SGD, MOMENTUM, sgd, BUFFER),
    Row(optim.SGD, {**MOMENTUM, "weight_decay": 0.1}, sgd, BUFFER),
    Row(optim.SGD, {**MOMENTUM, "nesterov": True}, sgd, BUFFER),
    Row(optim.SGD, {**MOMENTUM, "dampening": 0.3}, sgd, (*BUFFER, "first")),
    Row(optim.SGD, CLASSICAL, both, ("velocity",), theirs=False),
    Row(optim.SGD, {**CLASSICAL, "nesterov": True}, both, ("velocity",), theirs=False),
    Row(optim.Adam, RATE, adam, MOMENTS),
    Row(optim.Adam, {**RATE, "betas": (0.5, 0.9), "eps": 0.1}, adam, MOMENTS),
    Row(optim.Adam, {**RATE, "betas": (0.0, 0.0)}, adam, MOMENTS),
    Row(optim.Adam, {**RATE, "weight_decay": 0.1, "maximize": True}, adam, MOMENTS),
    Row(optim.Adam, {**RATE, "amsgrad": True}, adam, LARGEST),
    Row(
        optim.Adam,
        {**RATE, "weight_decay": 0.1, "decoupled_weight_decay": True},
        adam,
        MOMENTS,
    ),
    Row(optim.AdamW, RATE, adamw, MOMENTS),
    Row(optim.AdamW, {**RATE, "weight_decay": 0.1, "amsgrad": True}, adamw, LARGEST),
    Row(optim.RMSprop, RATE, rmsprop, SQUARE),
    Row(optim.RMSprop, {**RATE, "alpha": 0.0, "eps": 0.1}, rmsprop, SQUARE),
    Row(optim.RMSprop, {**RATE, "weight_decay": 0.1, "maximize": True}, rmsprop, SQUARE),
    Row(
        optim.RMSprop,
        {**MOMENTUM, "centered": True},
        rmsprop,
        (*SQUARE, *BUFFER, "grad_avg"),
    ),
    Row(optim.Adagrad, {**RATE, "lr_decay": 0.1}, adagrad, ("step", "sum")),
    Row(optim.Adagrad, {**RATE, "initial_accumulator_value": 0.5}, adagrad, ("step", "sum")),
    Row(
        optim.Adagrad,
        {**RATE, "weight_decay": 0.1, "eps": 0.1, "maximize": True},
        adagrad,
        ("step", "sum"),
    ),
]

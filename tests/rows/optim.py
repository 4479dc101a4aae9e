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


def adamax(grads, p, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, maximize=False):
    m = u = np.zeros_like(p)
    for t, gradient in enumerate(grads, 1):
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        u = np.maximum(betas[1] * u, np.abs(g) + eps)
        p = p - lr / (1 - betas[0] ** t) * m / u
    return p


def nadam(
    grads,
    p,
    lr,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0.0,
    momentum_decay=4e-3,
    decoupled_weight_decay=False,
    maximize=False,
):
    m = v = np.zeros_like(p)
    mu = [betas[0] * (1 - 0.96 ** (t * momentum_decay) / 2) for t in range(len(grads) + 2)]
    for t, gradient in enumerate(grads, 1):
        g = -gradient if maximize else gradient
        if decoupled_weight_decay:
            p = p - lr * weight_decay * p
        else:
            g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        ahead = mu[t + 1] * m / (1 - np.prod(mu[1 : t + 2]))
        m_hat = ahead + (1 - mu[t]) * g / (1 - np.prod(mu[1 : t + 1]))
        p = p - lr * m_hat / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
    return p


def radam(
    grads,
    p,
    lr,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0.0,
    decoupled_weight_decay=False,
    maximize=False,
):
    m = v = np.zeros_like(p)
    most = 2 / (1 - betas[1]) - 1
    for t, gradient in enumerate(grads, 1):
        g = -gradient if maximize else gradient
        if decoupled_weight_decay:
            p = p - lr * weight_decay * p
        else:
            g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        m_hat = m / (1 - betas[0] ** t)
        rho = most - 2 * t * betas[1] ** t / (1 - betas[1] ** t)
        if rho <= 5:
            p = p - lr * m_hat
        else:
            r = ((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)) ** 0.5
            p = p - lr * r * m_hat * (1 - betas[1] ** t) ** 0.5 / (np.sqrt(v) + eps)
    return p


def adadelta(grads, p, lr, rho=0.9, eps=1e-6, weight_decay=0.0, maximize=False):
    v = u = np.zeros_like(p)
    for gradient in grads:
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        v = rho * v + (1 - rho) * g**2
        delta = np.sqrt((u + eps) / (v + eps)) * g
        u = rho * u + (1 - rho) * delta**2
        p = p - lr * delta
    return p


def rprop(grads, p, lr, etas=(0.5, 1.2), step_sizes=(1e-6, 50), maximize=False):
    previous, size = np.zeros_like(p), np.full_like(p, lr)
    for gradient in grads:
        g = -gradient if maximize else gradient
        stays, turns = previous * g > 0, previous * g < 0
        size = np.where(stays, etas[1] * size, np.where(turns, etas[0] * size, size))
        size = np.clip(size, *step_sizes)
        previous = np.where(turns, 0, g)
        p = p - size * np.sign(previous)
    return p


def asgd(grads, p, lr, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0.0, maximize=False):
    for t, gradient in enumerate(grads):  # the mean is looked at in tests/optim/test_rules.py
        g = (-1 if maximize else 1) * gradient + weight_decay * p
        eta = lr * (1 + lambd * lr * t) ** -alpha
        p = p - eta * (lambd * p + g)
    return p


def adafactor(
    grads, p, lr, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, maximize=False
):
    def size(x):
        return np.sqrt(np.sum(x**2) / max(x.size, 1))

    least = eps[0] or np.finfo(p.dtype).eps
    mean = np.zeros_like(p)  # the rows' and the columns' are those of the mean of the squares
    for t, gradient in enumerate(grads, 1):
        beta = 1 - t**beta2_decay
        mean = beta * mean + (1 - beta) * gradient**2
        v = mean
        if p.ndim > 1 and p.size:
            rows, columns = mean.mean(-1, keepdims=True), mean.mean(-2, keepdims=True)
            v = rows * columns / np.maximum(rows.mean(-2, keepdims=True), least)
        u = (-1 if maximize else 1) * gradient / np.sqrt(np.maximum(v, least**2))
        rate = max(eps[1], size(p)) * min(lr, t**-0.5)
        p = p - lr * weight_decay * p - rate * u / max(1, size(u) / d)
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
DECAY = {**RATE, "weight_decay": 0.1}
DECOUPLED = {**DECAY, "decoupled_weight_decay": True}
LARGEST_OF, PRODUCT = ("step", "exp_avg", "exp_inf"), ("step", "mu_product", *MOMENTS[1:])
DELTAS, SIGNS = ("step", "square_avg", "acc_delta"), ("step", "prev", "step_size")
MEAN, FACTORS = ("step", "eta", "mu", "ax"), ("step", "variance")
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
    Row(optim.Adamax, RATE, adamax, LARGEST_OF),
    Row(optim.Adamax, {**DECAY, "betas": (0.5, 0.9), "maximize": True}, adamax, LARGEST_OF),
    Row(optim.NAdam, RATE, nadam, PRODUCT),
    Row(optim.NAdam, {**DECAY, "momentum_decay": 0.1}, nadam, PRODUCT),
    Row(optim.NAdam, {**DECOUPLED, "maximize": True}, nadam, PRODUCT),
    Row(optim.RAdam, RATE, radam, MOMENTS),
    Row(optim.RAdam, {**DECAY, "betas": (0.8, 0.9), "eps": 0.1}, radam, MOMENTS),
    Row(optim.RAdam, {**DECOUPLED, "maximize": True}, radam, MOMENTS),
    Row(optim.Adadelta, {"lr": 1.0}, adadelta, DELTAS),
    Row(optim.Adadelta, {**DECAY, "rho": 0.5, "eps": 0.01, "maximize": True}, adadelta, DELTAS),
    Row(optim.Rprop, RATE, rprop, SIGNS),
    Row(
        optim.Rprop,
        {**RATE, "etas": (0.3, 1.5), "step_sizes": (0.01, 0.2), "maximize": True},
        rprop,
        SIGNS,
    ),
    Row(optim.ASGD, RATE, asgd, MEAN),
    Row(
        optim.ASGD,
        {**DECAY, "lambd": 0.1, "alpha": 0.5, "t0": 5, "maximize": True},
        asgd,
        MEAN,
    ),
    Row(optim.Adafactor, RATE, adafactor, FACTORS),
    Row(
        optim.Adafactor,
        {**DECAY, "eps": (0.01, 0.1), "d": 1.5, "beta2_decay": -0.5, "maximize": True},
        adafactor,
        FACTORS,
    ),
]

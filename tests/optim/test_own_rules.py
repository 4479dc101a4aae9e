"""Optimisers as users write them, with a step of their own: they run, with PyTorch's numbers."""

import copy
from collections import defaultdict

import numpy as np
import pytest

import autograd
import optim

STEPS = 12


def of(torch, Optimizer, SGD):
    """The classes, written in the names of either library."""

    class PlainSGD(Optimizer):
        def __init__(self, params, lr=0.05, momentum=0.9, weight_decay=0.01):
            super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

        def __setstate__(self, state):
            super().__setstate__(state)
            for group in self.param_groups:
                group.setdefault("nesterov", False)

        @torch.no_grad()
        def step(self, closure=None):
            loss = None
            if closure is not None:
                with torch.enable_grad():
                    loss = closure()
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    d_p = p.grad.data
                    if group["weight_decay"] != 0:
                        d_p = d_p.add(p.data, alpha=group["weight_decay"])
                    state = self.state[p]
                    if "momentum_buffer" not in state:
                        buf = state["momentum_buffer"] = torch.clone(d_p).detach()
                    else:
                        buf = state["momentum_buffer"]
                        buf.mul_(group["momentum"]).add_(d_p)
                    p.data.add_(buf, alpha=-group["lr"])
            return loss

    class Lion(Optimizer):
        def __init__(self, params, lr=1e-2, betas=(0.9, 0.99), weight_decay=0.1):
            if not 0.0 <= lr:
                raise ValueError(f"Invalid learning rate: {lr}")
            super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    p.data.mul_(1 - group["lr"] * group["weight_decay"])
                    state = self.state[p]
                    if len(state) == 0:
                        state["exp_avg"] = torch.zeros_like(p)
                    beta1, beta2 = group["betas"]
                    update = state["exp_avg"].clone().mul_(beta1).add(p.grad, alpha=1 - beta1)
                    p.add_(update.sign_(), alpha=-group["lr"])
                    state["exp_avg"].mul_(beta2).add_(p.grad, alpha=1 - beta2)

    class LARS(Optimizer):
        def __init__(self, params, lr=0.1, momentum=0.9, trust=0.02):
            super().__init__(params, dict(lr=lr, momentum=momentum, trust=trust))

        @torch.no_grad()
        def step(self):
            for g in self.param_groups:
                for p in g["params"]:
                    dp = p.grad
                    if p.ndim > 1:
                        param_norm, update_norm = torch.norm(p), torch.norm(dp)
                        one = torch.ones_like(param_norm)
                        q = torch.where(
                            param_norm > 0.0,
                            torch.where(
                                update_norm > 0, g["trust"] * param_norm / update_norm, one
                            ),
                            one,
                        )
                        dp = dp.mul(q)
                    param_state = self.state[p]
                    if "mu" not in param_state:
                        param_state["mu"] = torch.zeros_like(p)
                    mu = param_state["mu"]
                    mu.mul_(g["momentum"]).add_(dp)
                    p.add_(mu, alpha=-g["lr"])

    class SAM(Optimizer):
        def __init__(self, params, base_optimizer=SGD, rho=0.05, **kwargs):
            kwargs = kwargs or dict(lr=0.05, momentum=0.9)
            super().__init__(params, dict(rho=rho, **kwargs))
            self.base_optimizer = base_optimizer(self.param_groups, **kwargs)
            self.param_groups = self.base_optimizer.param_groups
            self.defaults.update(self.base_optimizer.defaults)

        @torch.no_grad()
        def first_step(self, zero_grad=False):
            grads = [p.grad.norm(p=2) for group in self.param_groups for p in group["params"]]
            norm = torch.norm(torch.stack(grads), p=2)
            for group in self.param_groups:
                scale = group["rho"] / (norm + 1e-12)
                for p in group["params"]:
                    self.state[p]["old_p"] = p.data.clone()
                    p.add_(p.grad * scale.to(p))
            if zero_grad:
                self.zero_grad()

        @torch.no_grad()
        def second_step(self):
            for group in self.param_groups:
                for p in group["params"]:
                    p.data = self.state[p]["old_p"]
            self.base_optimizer.step()

        @torch.no_grad()
        def step(self, closure=None):
            closure = torch.enable_grad()(closure)
            closure()
            self.first_step(zero_grad=True)
            closure()
            self.second_step()

    class Lookahead(Optimizer):
        def __init__(self, params, k=3, alpha=0.5):  # without the base's constructor
            self.optimizer = SGD(params, lr=0.05, momentum=0.9)
            self.k, self.alpha = k, alpha
            self.param_groups = self.optimizer.param_groups
            self.defaults = self.optimizer.defaults
            self.state = defaultdict(dict)
            for group in self.param_groups:
                group["counter"] = 0

        def zero_grad(self):
            self.optimizer.zero_grad()

        def update_slow(self, group):
            for fast in group["params"]:
                param_state = self.state[fast]
                if "slow_param" not in param_state:
                    param_state["slow_param"] = torch.zeros_like(fast.data)
                    param_state["slow_param"].copy_(fast.data)
                slow = param_state["slow_param"]
                slow += (fast.data - slow) * self.alpha
                fast.data.copy_(slow)

        def step(self, closure=None):
            loss = self.optimizer.step(closure)
            for group in self.param_groups:
                if group["counter"] == 0:
                    self.update_slow(group)
                group["counter"] = (group["counter"] + 1) % self.k
            return loss

    class OldAdam(Optimizer):
        """With the calls of ten years ago: numbers before tensors."""

        def __init__(self, params, lr=0.05, betas=(0.9, 0.999), eps=1e-8):
            super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    grad = p.grad.data
                    state = self.state[p]
                    if len(state) == 0:
                        state["step"] = 0
                        state["exp_avg"] = torch.zeros_like(p.data)
                        state["exp_avg_sq"] = torch.zeros_like(p.data)
                    exp_avg, exp_avg_sq = state["exp_avg"], state["exp_avg_sq"]
                    beta1, beta2 = group["betas"]
                    state["step"] += 1
                    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
                    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                    denom = exp_avg_sq.sqrt().add_(group["eps"])
                    rate = group["lr"] * (1 - beta2 ** state["step"]) ** 0.5
                    rate /= 1 - beta1 ** state["step"]
                    p.data.addcdiv_(exp_avg, denom, value=-rate)

    class Gradual(Optimizer):
        """A state that belongs to no parameter, and entries of shapes of their own."""

        def __init__(self, params, lr=0.05):
            super().__init__(params, dict(lr=lr))
            self.state["total"] = {"steps": 0}

        @torch.no_grad()
        def step(self, closure=None):
            self.state["total"]["steps"] += 1
            for group in self.param_groups:
                for p in group["params"]:
                    rows = self.state[p].setdefault("rows", torch.zeros(p.shape[0]))
                    rows += p.grad.reshape(p.shape[0], -1).square().sum(1)
                    rate = group["lr"] / (1e-8 + rows).sqrt()
                    p -= rate.reshape(-1, *[1] * (p.ndim - 1)) * p.grad

    return [PlainSGD, Lion, LARS, SAM, Lookahead, OldAdam, Gradual]


OURS = of(autograd, optim.Optimizer, optim.SGD)
NAMES = [one.__name__ for one in OURS]
START = [np.linspace(-1, 1, 6, dtype="f4").reshape(2, 3), np.array([0.5, -0.25], "f4")]


def losses(torch, cls, steps=STEPS, start=START, saved=None):
    """The losses of a small fit, its parameters and the optimiser at the end."""
    w, b = (torch.tensor(array, requires_grad=True) for array in start)
    x = torch.tensor(np.sin(np.arange(12, dtype="f4")).reshape(4, 3))
    optimizer = cls([w, b])
    if saved is not None:
        optimizer.load_state_dict(saved)

    def closure():
        optimizer.zero_grad()
        loss = ((x @ w.t() + b - 1) ** 2).mean()
        loss.backward()
        return loss

    found = []
    for _ in range(steps):
        found.append(closure().item())
        optimizer.step(closure) if "SAM" in cls.__name__ else optimizer.step()
    return found, [p.detach().numpy().copy() for p in (w, b)], optimizer


@pytest.mark.parametrize("cls", OURS, ids=NAMES)
def test_it_learns(cls):
    found, _, optimizer = losses(autograd, cls)
    assert found[-1] < found[0]
    assert cls.__name__ in repr(optimizer)


@pytest.mark.parametrize("cls", [c for c in OURS if c.__name__ not in ("SAM", "Lookahead")])
def test_it_goes_on_from_what_was_saved(cls):
    expected, _, _ = losses(autograd, cls)
    _, params, optimizer = losses(autograd, cls, 5)
    saved = copy.deepcopy(optimizer.state_dict())
    found, _, again = losses(autograd, cls, STEPS - 5, params, saved)
    assert found == expected[5:]
    if cls.__name__ == "Gradual":
        assert again.state["total"]["steps"] == STEPS


@pytest.mark.parametrize("cls", OURS, ids=NAMES)
def test_a_schedule_steps_it(cls):
    _, _, optimizer = losses(autograd, cls, 1)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
    before = scheduler.get_last_lr()
    with pytest.warns(UserWarning, match="must be called before"):
        scheduler.step()
    assert scheduler.get_last_lr() == [lr / 2 for lr in before]


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_losses_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    theirs = of(torch, torch.optim.Optimizer, torch.optim.SGD)[NAMES.index(name)]
    found, params, optimizer = losses(autograd, OURS[NAMES.index(name)])
    expected, known, oracle = losses(torch, theirs)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    for one, another in zip(params, known, strict=True):
        np.testing.assert_allclose(one, another, rtol=1e-5, atol=1e-6)
    ours, others = ({str(k): v for k, v in one.state.items()} for one in (optimizer, oracle))
    assert [set(entry) for entry in ours.values()] == [set(entry) for entry in others.values()]

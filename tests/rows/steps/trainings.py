"""Steps of training as they are written: to be captured."""

import contextlib
import math
from dataclasses import dataclass, field

import autograd
import nn
import optim
from nn import functional as F
from tests.rows.steps import rows

STEPS, row = rows()
TAPES = {}  # how many more recordings a step needs than one


def train(model, x, rule):
    rule.zero_grad()
    loss = model(x).square().mean()
    loss.backward()
    rule.step()
    return loss


def trained(kind=optim.SGD, model=None, **options):
    model = model or nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    return model, kind(model.parameters(), **{"lr": 0.1, **options})


@row
def a_function_over_globals():
    scope = {"__name__": "net", "F": F, "autograd": autograd}
    scope["model"], scope["optimizer"] = trained(optim.AdamW)
    scope["criterion"] = nn.MSELoss()
    text = """
def step(x):
    optimizer.zero_grad(set_to_none=True)
    out = model(x)
    loss = criterion(out, autograd.zeros_like(out)) + 0.1 * F.softplus(out).mean()
    loss.backward()
    optimizer.step()
    return loss.detach()
"""
    exec(text, scope)
    return scope["step"], None, lambda: [*scope["model"].parameters()]


@row
def a_closure_over_a_model():
    model, rule = trained()
    return lambda x: train(model, x, rule), None, lambda: [*model.parameters()]


class Trainer:
    def __init__(self, **options):
        self.model, self.rule = trained(optim.Adam)
        self.losses, self.epoch, self.config = [], 0, {"clip": 1.0, "scale": 2.0, **options}
        self.verbose, self.start = False, None

    def step(self, x):
        self.rule.zero_grad()
        loss = self.loss(x) * self.config["scale"]
        loss.backward()
        if self.config.get("clip"):
            nn.utils.clip_grad_norm_(self.model.parameters(), self.config["clip"])
        self.rule.step()
        if self.verbose:
            print(f"{self.epoch}: {loss.item()}")
        return {"loss": loss.detach(), "n": len(x)}

    def loss(self, x):
        return self.model(x).square().mean()


@row
def a_method_of_a_trainer():
    trainer = Trainer()

    def between(i):  # what the loop around it keeps
        trainer.epoch += 1
        trainer.losses.append(float(i))

    step = trainer.step
    return step, between, lambda: [*trainer.model.parameters()]


class Quiet(Trainer):
    def step(self, x):
        self.rule.zero_grad()
        loss = self.loss(x) / math.sqrt(self.config["scale"])
        loss.backward()
        self.rule.step()
        return loss.detach()


@row
def a_method_whose_object_the_loop_changes():
    trainer = Quiet()

    def between(i):
        trainer.epoch += 1
        trainer.losses.append(float(i))
        trainer.start = i

    return trainer.step, between, lambda: [*trainer.model.parameters()]


@row
def a_method_by_name():
    trainer = Quiet()
    return lambda x: trainer.step(x)


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        d, self.heads = config.width, config.heads
        self.ln_1, self.ln_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
        self.drop, self.width = nn.Dropout(config.dropout), d

    def attend(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).split(self.width, dim=2)
        parts = [t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v)]
        q, k, v = parts
        scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        out = F.softmax(scores, dim=-1) @ v
        return self.proj(out.transpose(1, 2).contiguous().view(B, T, C))

    def forward(self, x):
        assert x.size(-1) == self.width, f"width {x.size(-1)}"
        x = x + self.drop(self.attend(self.ln_1(x)))
        return x + self.mlp(self.ln_2(x))


@dataclass
class Config:
    width: int = 4
    heads: int = 2
    layers: int = 2
    dropout: float = 0.1
    betas: tuple = (0.9, 0.95)
    names: list = field(default_factory=lambda: ["a", "b"])


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed = nn.Linear(1, config.width)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.ln = nn.LayerNorm(config.width)

    def forward(self, x):
        h = self.embed(x[None, :, None])
        outs = []
        for i, block in enumerate(self.blocks):
            h = block(h) * (i + 1)
            outs.append(h.mean(1))
        return autograd.stack(outs).mean(0) + self.ln(h).sum()


@row
def a_transformer():
    config = Config()
    model, rule = trained(optim.AdamW, Transformer(config), betas=config.betas)

    def step(x):
        rule.zero_grad(set_to_none=True)
        with contextlib.nullcontext():
            loss = model(x).square().mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rule.step()
        return loss

    return step, None, lambda: [*model.parameters()]


@row
def accumulated_gradients():
    model, rule = trained()

    def step(x):
        rule.zero_grad()
        parts = autograd.stack([x, x * 2, x * 3]).chunk(3)
        for part in parts:
            (model(part).square().mean() / len(parts)).backward()
        rule.step()

    return step, None, lambda: [*model.parameters()]


@row
def options_of_a_call():
    model, rule = trained()

    def step(*args, **options):
        (x,) = args
        return train(model, x * options.get("scale", 2), rule)

    return step


@row
def a_moving_average():
    model, rule = trained()
    averages = {name: p.detach().clone() for name, p in model.named_parameters()}

    def step(x):
        loss = train(model, x, rule)
        with autograd.no_grad():
            for name, p in model.named_parameters():
                averages[name].lerp_(p, 0.1)
        return loss

    return step, None, lambda: [*averages.values()]


@row
def two_networks():
    one, first = trained(optim.Adam, nn.Linear(3, 3))
    two, second = trained(optim.Adam, nn.Linear(3, 1))

    def step(x):
        fake = one(x)
        second.zero_grad()
        bad = F.softplus(two(fake.detach())).mean() + F.softplus(-two(x)).mean()
        bad.backward()
        second.step()
        first.zero_grad()
        good = F.softplus(-two(fake)).mean()
        good.backward()
        first.step()
        return {"d": bad.detach(), "g": good.detach()}

    return step, None, lambda: [*one.parameters(), *two.parameters()]


@row
def a_gradient_penalty():
    model, rule = trained()

    def step(x):
        x = x.clone().requires_grad_()
        (g,) = autograd.grad(model(x).sum(), x, create_graph=True)
        loss = (g.norm() - 1) ** 2
        rule.zero_grad()
        loss.backward()
        rule.step()
        return loss

    return step, None, lambda: [p for p in model.parameters()]


@row
def statistics_of_a_batch():
    layers = [nn.Linear(1, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(0.3), nn.Linear(4, 1)]
    model, rule = trained(model=nn.Sequential(*layers))
    return lambda x: train(model, x[:, None], rule), None, lambda: [*model.buffers()]


@row
def a_recurrence():
    model, rule = trained(model=nn.LSTM(1, 3))

    def step(x):
        out, (h, c) = model(x[:, None, None])
        loss = (out.sum() + h.sum() * c.sum()) ** 2
        rule.zero_grad()
        loss.backward()
        rule.step()
        return loss

    return step, None, lambda: [*model.parameters()]


@row
def cells_in_a_loop():
    cell, rule = trained(model=nn.GRUCell(1, 3))

    def step(x):
        h = autograd.zeros(1, 3)
        seen = []
        for t in range(x.size(0)):
            h = cell(x[t].view(1, 1), h)
            seen.append(h)
        loss = autograd.cat(seen, dim=0).square().mean()
        rule.zero_grad()
        loss.backward()
        rule.step()
        return loss

    return step, None, lambda: [*cell.parameters()]


@row
def a_normalised_weight():
    model = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)))
    model, rule = trained(model=model)
    return lambda x: train(model, x, rule), None, lambda: [*model.parameters()]


@row
def in_a_module_of_several_losses():
    model, rule = trained()
    losses = {"mse": nn.MSELoss(), "l1": nn.L1Loss(), "huber": nn.HuberLoss()}
    weights = {"mse": 1.0, "l1": 0.5, "huber": 0.1}

    def step(x):
        out = model(x)
        parts = {name: loss(out, out.detach() * 0.5) for name, loss in losses.items()}
        total = sum(weights[name] * part for name, part in parts.items())
        rule.zero_grad()
        total.backward()
        rule.step()
        return {**{k: v.detach() for k, v in parts.items()}, "total": total.detach()}

    return step, None, lambda: [*model.parameters()]


@row
def a_schedule_around_it():
    model, rule = trained(optim.Adam)
    schedule = optim.lr_scheduler.CosineAnnealingLR(rule, 10)

    def between(i):
        if i > 1:
            schedule.step()

    return lambda x: train(model, x, rule), between, lambda: [*model.parameters()]


class Straight(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.scale = 2.0
        return x.sign()

    @staticmethod
    def backward(ctx, g):
        return g * ctx.scale


@row
def an_op_of_the_users():
    w = autograd.ones(3, requires_grad=True)

    def step(x):
        w.grad = None
        Straight.apply(w * x).sum().backward()
        return x + 1

    return step, None, lambda: [w.grad]


@row
def a_hook_that_clips():
    w, bound = autograd.ones(3, requires_grad=True), 0.5
    w.register_hook(lambda g: g.clamp(-bound, bound))

    def step(x):
        w.grad = None
        (w * x).sum().backward()

    return step, None, lambda: [w.grad]


@row
def a_hook_of_a_rule():
    model, rule = trained()
    rule.register_step_pre_hook(lambda rule, args, options: None)
    return lambda x: train(model, x, rule), None, lambda: [*model.parameters()]


@row
def layers_by_made_up_names():
    model = nn.Module()
    for i in range(3):
        setattr(model, f"layer{i}", nn.Linear(3, 3))

    def step(x):
        for i in range(3):
            x = getattr(model, f"layer{i}")(x).relu()
        return x.detach()

    return step


@row
def a_model_of_a_distribution():
    model, rule = trained(model=nn.Linear(3, 4))

    def step(x):
        mean, spread = model(x).chunk(2)
        z = mean + autograd.randn_like(mean) * (0.5 * spread).exp()
        loss = z.square().sum() - 0.5 * (1 + spread - mean**2 - spread.exp()).sum()
        rule.zero_grad()
        loss.backward()
        rule.step()
        return loss

    return step, None, lambda: [*model.parameters()]


@row
def an_evaluation_inside():
    model, rule = trained(model=nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5)))

    def step(x):
        model.train()
        loss = train(model, x, rule)
        model.eval()
        with autograd.no_grad():
            scores = model(x)
        model.train()
        return loss, scores

    return step, None, lambda: [*model.parameters()]


@row
def a_hook_of_a_module():
    model, rule = trained()
    model[0].register_forward_hook(lambda module, args, out: out * 2)
    return lambda x: train(model, x, rule), None, lambda: [*model.parameters()]


class Sgd(optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})

    @autograd.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.add_(p.grad, alpha=-group["lr"])


@row
def a_rule_of_the_users():
    model, rule = trained(Sgd)
    return lambda x: train(model, x, rule), None, lambda: [*model.parameters()]


@row
def a_rule_by_hand():
    weights = [autograd.randn(3, 3, requires_grad=True), autograd.zeros(3, requires_grad=True)]
    velocity = [autograd.zeros_like(w) for w in weights]

    def step(x):
        loss = (x @ weights[0] + weights[1]).square().mean()
        grads = autograd.grad(loss, weights)
        with autograd.no_grad():
            for w, v, g in zip(weights, velocity, grads):
                v.mul_(0.9).add_(g)
                w -= 0.1 * v
        return loss

    return step, None, lambda: [*weights, *velocity]


@row
def an_evaluation():
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    model.eval()

    @autograd.no_grad()
    def step(x):
        scores = model(x)
        return scores.softmax(-1), scores.argmax()

    return step


@row
def a_model_that_is_set_to_train():
    model, rule = trained()

    def step(x):
        model.train()
        return train(model, x, rule)

    return step


@row
def a_context_that_is_reused():
    model, rule = trained()
    context = contextlib.nullcontext()

    def step(x):
        with context:
            loss = model(x).square().mean()
        rule.zero_grad()
        loss.backward()
        rule.step()

    return step, None, lambda: [*model.parameters()]


@row
def a_step_of_two_sizes():
    model, rule = trained(model=nn.Linear(1, 1))
    TAPES["a_step_of_two_sizes"] = 1
    given = lambda i, x: x[: 3 - (i % 4 == 0)].clone()  # noqa: E731
    return lambda x: train(model, x[:, None], rule), None, lambda: [*model.parameters()], given

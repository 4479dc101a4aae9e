"""Steps that change modules, rules and schedules, or catch what is raised."""

import contextlib
import io
import types
import warnings
from types import SimpleNamespace

import autograd
import nn
import optim
from tests.rows.steps import rows

STEPS, row = rows()


def trained(kind=optim.SGD, **options):
    model = nn.Linear(3, 1)
    return model, kind(model.parameters(), **{"lr": 0.1, **options})


@row
def a_schedule_inside():
    model, rule = trained()
    schedule = optim.lr_scheduler.StepLR(rule, 2, 0.5)

    def step(x):
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()
        schedule.step()

    return step, None, lambda: [*model.parameters(), rule.param_groups[0]["lr"]]


@row
def a_rate_that_the_step_changes():
    model, rule = trained()

    def step(x):
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()
        for group in rule.param_groups:
            group["lr"] *= 0.5

    return step, None, lambda: [*model.parameters(), rule.param_groups[0]["lr"]]


@row
def a_rate_that_the_step_sets():
    model, rule = trained()
    state = {"n": 0}

    def step(x):
        rule.param_groups[0]["lr"] = 0.1 / (1 + state["n"])
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()

    def between(i):
        state["n"] = i // 2
        rule.param_groups[0]["lr"] = 5.0

    return step, between, lambda: [*model.parameters(), rule.param_groups[0]["lr"]]


@row
def a_rate_that_the_step_reads():
    model, rule = trained()

    def between(i):
        rule.param_groups[0]["lr"] = 0.1 / i

    def step(x):
        model.zero_grad()
        model(x).sum().backward()
        with autograd.no_grad():
            for p in model.parameters():
                p -= rule.param_groups[0]["lr"] * p.grad

    return step, between, lambda: [*model.parameters()]


class Momentum(optim.Optimizer):
    """A rule of the user's, with a counter of its own."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    def step(self):
        with autograd.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    state = self.state[p]
                    state["n"] = state.get("n", 0) + 1
                    p -= group["lr"] / state["n"] * p.grad


@row
def a_rule_of_the_users():
    model, rule = trained(Momentum)

    def step(x):
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()

    return step, None, lambda: [*model.parameters()]


@row
def a_mode_that_changes():
    model = nn.Sequential(nn.Dropout(0.5))
    return lambda x: model(x), lambda i: model.train(i % 2 == 0)


@row
def a_dropout_that_changes():
    model = nn.Sequential(nn.Dropout(0.5))
    return lambda x: model(x), lambda i: setattr(model[0], "p", i / 10)


@row
def a_layer_that_is_another():
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh())

    def between(i):
        if i > 3:
            model[1] = nn.ReLU()

    return lambda x: model(x).detach(), between


@row
def a_mode_that_is_left():
    autograd.set_grad_enabled(True)
    w = autograd.ones(3, requires_grad=True)

    def step(x):
        y = w * x
        autograd.set_grad_enabled(False)
        return y.detach()

    return step, None, lambda: [autograd.is_grad_enabled(), autograd.set_grad_enabled(True)][:1]


@row
def a_hook_that_counts():
    model, seen = nn.Sequential(nn.Tanh()), []
    model[0].register_forward_hook(lambda module, args, out: seen.append(1))
    return lambda x: model(x), None, lambda: [len(seen)]


@row
def a_hook_that_comes():
    model = nn.Sequential(nn.Tanh())

    def between(i):
        if i == 4:
            model[0].register_forward_hook(lambda module, args, out: out * 2)

    return lambda x: model(x), between


@row
def a_hook_on_a_tensor_that_counts():
    w, seen = autograd.ones(3, requires_grad=True), []
    w.register_hook(lambda g: seen.append(1))

    def step(x):
        w.grad = None
        (w * x).sum().backward()

    return step, None, lambda: [w.grad, len(seen)]


SCALES = [1.0]


class Scaled(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        SCALES.append(1)
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return g * SCALES[0]


class Steady(Scaled):
    @staticmethod
    def forward(ctx, x):
        return x * 2


@row
def a_function_that_counts():
    SCALES[:] = [1.0]
    return lambda x: Scaled.apply(x), None, lambda: [len(SCALES)]


@row
def a_gradient_that_is_scaled():
    SCALES[:] = [1.0]
    w = autograd.ones(3, requires_grad=True)

    def between(i):
        SCALES[0] = i

    def step(x):
        w.grad = None
        Steady.apply(w * x).sum().backward()

    return step, between, lambda: [w.grad]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls, self.rate, self.log = 0, 1.0, []

    def forward(self, x):
        self.calls += 1
        return x * self.calls


class Rated(Net):
    def forward(self, x):
        return x * self.rate * (1 + len(self.log))


@row
def a_module_that_counts():
    return Net()


@row
def a_rate_in_a_module():
    net = Rated()
    return net, lambda i: setattr(net, "rate", i)


@row
def a_list_in_a_module():
    net = Rated()
    return net, lambda i: net.log.append(i)


@row
def a_lazy_layer():
    model = nn.LazyLinear(2)
    return lambda x: model(x).detach()


@row
def an_averaged_model():
    model, rule = trained()
    average = optim.swa_utils.AveragedModel(model)

    def step(x):
        rule.zero_grad()
        loss = model(x).sum()
        loss.backward()
        rule.step()
        average.update_parameters(model)
        return loss

    return step, None, lambda: [*average.parameters()]


@row
def a_method_of_a_module():
    model = nn.Sequential(nn.Tanh())

    def between(i):
        if i == 5:
            model[0].forward = types.MethodType(lambda self, x: x * 2, model[0])

    return lambda x: model(x), between


@row
def an_option_of_the_users_in_a_group():
    model = nn.Linear(3, 1)
    rule = optim.SGD([{"params": [*model.parameters()], "scale": 1.0}], lr=0.1)

    def between(i):
        rule.param_groups[0]["scale"] = i

    def step(x):
        rule.zero_grad()
        (model(x) * rule.param_groups[0]["scale"]).sum().backward()
        rule.step()

    return step, between, lambda: [*model.parameters()]


@row
def a_rule_that_is_another():
    model, rule = trained()
    holder = SimpleNamespace(rule=rule)

    def between(i):
        if i == 5:
            holder.rule = optim.Adam(model.parameters(), lr=0.1)

    def step(x):
        holder.rule.zero_grad()
        model(x).sum().backward()
        holder.rule.step()

    return step, between, lambda: [*model.parameters()]


@row
def a_parameter_that_is_frozen():
    model, rule = trained()
    holder = SimpleNamespace(frozen=False)

    def between(i):
        holder.frozen = i > 4

    def step(x):
        model.bias.requires_grad_(not holder.frozen)
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()

    return step, between, lambda: [*model.parameters()]


@row
def a_buffer_that_is_another():
    model = nn.Module()
    model.register_buffer("mean", autograd.ones(3))

    def step(x):
        model.mean = model.mean + x
        return model.mean * 2

    return step


@row
def weights_that_are_loaded():
    model = nn.Linear(3, 1)
    state = {name: value.clone() for name, value in model.state_dict().items()}

    def step(x):
        model.load_state_dict(state)
        return model(x).detach()

    return step, lambda i: state["bias"].fill_(i)


@row
def batches_inside():
    data = autograd.utils.data.TensorDataset(autograd.arange(12.0).view(4, 3))
    loader = autograd.utils.data.DataLoader(data, shuffle=True)

    def step(x):
        for (batch,) in loader:
            x = x * batch[0] + 1
        return x

    return step


@row
def a_file_that_is_saved():
    memory = io.BytesIO()

    def step(x):
        memory.seek(0)
        autograd.save({"x": x}, memory)
        return x * 2

    return step, None, lambda: [memory.getvalue()]


@row
def a_hook_of_a_rule_that_counts():
    (model, rule), seen = trained(), []
    rule.register_step_post_hook(lambda rule, args, options: seen.append(1))

    def step(x):
        rule.zero_grad()
        model(x).sum().backward()
        rule.step()

    return step, None, lambda: [len(seen)]


@row
def a_hook_that_scales_by_a_list():
    w, by = autograd.ones(3, requires_grad=True), [1.0]

    def between(i):
        by[0] = i

    def step(x):
        w.grad = None
        h = w * x
        h.register_hook(lambda g: g * by[0])
        h.sum().backward()

    return step, between, lambda: [w.grad]


@row
def a_scaler_of_gradients():
    model, rule = trained()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scaler = autograd.amp.GradScaler("cpu", init_scale=4.0, growth_interval=2)

    def step(x):
        rule.zero_grad()
        scaler.scale(model(x).sum()).backward()
        scaler.step(rule)
        scaler.update()

    return step, None, lambda: [*model.parameters(), scaler.get_scale()]


def matrix(i, x):
    return autograd.eye(3) * (1.0 if i < 4 else -1.0)


@row
def an_exception_that_is_caught():
    def step(x):
        try:
            return autograd.linalg.cholesky(x)
        except Exception:
            return x * 7

    return step, None, None, matrix


@row
def an_exception_that_is_suppressed():
    def step(x):
        with contextlib.suppress(Exception):
            return autograd.linalg.cholesky(x)
        return x * 7

    return step, None, None, matrix


@row
def an_exception_that_this_library_catches():
    return lambda x: autograd.linalg.cholesky_ex(x)[0].clamp(-2, 2), None, None, matrix


@row
def an_index_out_of_range():
    w = autograd.arange(3.0)

    def step(i):
        try:
            return w[i]
        except IndexError:
            return w

    return step, None, None, lambda i, x: autograd.tensor([1, 0, 1 if i < 4 else 5])


@row
def an_exception_in_finally():
    def step(x):
        while True:
            try:
                autograd.linalg.cholesky(x)
                break
            finally:
                break  # noqa: B012
        return x * 2

    return step, None, None, matrix


@row
def an_exception_in_a_context_of_the_users():
    class Quiet:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return True

    def step(x):
        y = x
        with Quiet():
            y = autograd.linalg.cholesky(x)
        return y * 2

    return step, None, None, matrix

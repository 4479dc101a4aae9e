"""Values that a step reads for its result alone: it is a program, and the values are today's."""

import math
import sys

import numpy as np
import pytest

import autograd
from autograd.compiler.tapes import flow, reads
from autograd.distributions import Normal

W = autograd.arange(3.0, requires_grad=True)


class Metrics:
    def __init__(self):
        self.last = None

    def step(self, x):
        return {"loss": trained(x).item()}

    def __call__(self, x):
        return trained(x).item()


def trained(x):
    """A loss, after a step of descent."""
    W.grad = None
    loss = ((W * x) ** 2).mean()
    loss.backward()
    W.data.sub_(W.grad * 0.1)
    return loss


def local(x):
    loss = trained(x)
    total, count = loss.item(), (x > 0).sum().item()
    for _ in range(3):
        if x is None:
            raise ValueError
        W.data.mul_(0.9)
    return total, count


def under_mode(x):
    loss = trained(x)
    with autograd.no_grad():
        return float((x > 0).sum()), float(loss)


def before_a_change(x):
    first, rows = W[0].item(), W.tolist()
    W.data.add_(1.0)
    return [first, rows, W[0].item()]


def in_a_loop(x):
    loss = None
    for i in range(3):
        loss = (x * i).sum().item()
    return loss


@autograd.no_grad()
def decorated(x):
    return (W * x).sum().item(), bool((x > 0).all()), int((x > 0).sum()), complex(x.sum())


def beside_an_equal_number(x):
    return (x > 0).sum().item(), 2, True, (x > 0).any().item()


def dropped(x):
    loss = trained(x)
    loss.item()
    return loss.detach(), loss.item()


STEPS = [local, under_mode, before_a_change, in_a_loop, decorated, beside_an_equal_number, dropped]
STEPS += [Metrics().step, Metrics()]


def batches(n=6):
    random = np.random.default_rng(0)
    return [autograd.tensor(random.normal(size=3).astype(np.float32)) for _ in range(n)]


def run(step):
    """What six calls give, as a text: of each number its type and all digits."""
    with autograd.no_grad():
        W.copy_(autograd.arange(3.0))
    return [repr(step(x)) for x in batches()]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: getattr(step, "__name__", "an object"))
def test_what_is_only_returned_is_read_by_the_replay(step):
    compiled = autograd.compile(step)
    assert run(compiled) == run(step)
    assert compiled.counts["replayed"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS[:2], ids=lambda step: step.__name__)
def test_machine_code_gives_what_is_read(step):
    pytest.importorskip("llvmlite")
    compiled = autograd.compile(step, backend="llvm")
    found, wanted = run(compiled), run(step)
    values = [np.array(eval(one)) for one in (*found, *wanted)]  # noqa: S307
    np.testing.assert_allclose(values[:6], values[6:], rtol=1e-5)
    assert compiled.counts["replayed"] == 4


def reckoned(x):
    return trained(x).item() * 2


def compared(x):
    loss = trained(x).item()
    return loss if loss > 1 else 0.0


def kept(x):
    LOG.append(trained(x).item())
    return len(LOG)


def through_a_function(x):
    return max([x.sum(), x.mean()], key=autograd.Tensor.item).item(), max((x > 0).sum().item(), 0)


def on_two_ways(x):
    count = (x > 0).sum().item()
    return (count, 2) if x.shape[0] == 3 else (2, count)


def whole(x):
    return int(trained(x))


def caught(x):
    count = (x > 0).sum().item()
    try:
        count, {}["no"]
    except KeyError:
        return 2, count
    return count, 2


def by_another(x):
    return reckoned_by(lambda: x.sum().item())


def reckoned_by(read):
    return read()


def with_itself(x):
    numbers = [x.sum().item()]
    numbers.append(3)
    return numbers


def formatted(x):
    return f"{x.sum().item():.3f}"


def recursive(x, deep=True):
    if deep:
        return max(recursive(x, deep=False), 0)
    return (x > 0).sum().item()


LOG = []
NOT = [reckoned, compared, kept, through_a_function, on_two_ways, whole, caught, by_another]
NOT += [with_itself, formatted, recursive]


@pytest.mark.filterwarnings("ignore:compile")
@pytest.mark.parametrize("step", NOT, ids=lambda step: step.__name__)
def test_what_is_used_in_python_makes_a_step_eager(step):
    compiled = autograd.compile(step)
    found = run(compiled)
    LOG.clear()
    assert found == run(step)
    LOG.clear()
    assert compiled.counts["replayed"] == 0
    assert any(
        "read into Python" in one.reason for some in compiled.refused.values() for one in some
    )


def test_a_step_of_another_name_float_is_not_taken_for_pythons():
    scope = {"__name__": "net", "float": math.sqrt}
    exec("def step(x): return float((x > 0.5).sum())", scope)  # noqa: S102
    compiled = autograd.compile(scope["step"])
    with pytest.warns(UserWarning, match="read into Python"):
        found = run(compiled)
    assert found == run(scope["step"])


def test_the_check_compares_what_was_read():
    compiled = autograd.compile(local, check=1)
    assert run(compiled) == run(local)
    assert compiled.counts["checked"] == 4


def test_what_is_not_a_number_is_read_and_compared():
    def step(x):
        return (x * float("nan")).sum().item(), x.sum().item()

    compiled = autograd.compile(step, check=2)
    assert run(compiled) == run(step)
    assert compiled.counts["replayed"] and compiled.counts["checked"]


def test_unknown_instructions_end_the_search():
    def steps(x):
        yield x.item()

    def step(x):
        return [n.item() for n in x]

    calls = [
        at for at in range(0, len(steps.__code__.co_code), 2) if flow.called(steps.__code__, at)
    ]
    assert calls and flow.returned(steps.__code__, calls[-1]) is None
    inner = [one for one in step.__code__.co_consts if hasattr(one, "co_code")] or [step.__code__]
    calls = [at for at in range(0, len(inner[0].co_code), 2) if flow.called(inner[0], at)]
    assert calls and flow.returned(inner[0], calls[-1]) is None


def test_nothing_is_kept_alive():
    def step(x):
        return x.sum().item()

    x = batches(1)[0]
    before = sys.getrefcount(x)
    reads_of = autograd.compile(step)
    for _ in range(2):
        reads_of(x)
    assert sys.getrefcount(x) == before
    assert reads._NOWHERE is reads._at((1,), ((0, 2),))


def test_what_a_distribution_is_given_is_looked_at():
    def step(x):
        return Normal(x, x + 4.0).log_prob(x * 2).sum().item()

    compiled = autograd.compile(step)
    assert run(compiled) == run(step)
    assert compiled.counts["replayed"] == 4
    for _ in range(2):
        with pytest.raises(ValueError, match="Expected parameter scale"):
            compiled(autograd.full((3,), -5.0))

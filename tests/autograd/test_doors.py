"""What scripts ask of their surroundings: the answers are true, and the script goes on."""

import json
import re
import warnings

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import accelerator, amp, backends, cuda, hub, jit, mps, profiler, testing, xpu
from autograd.arrays import notices


def test_there_is_no_gpu():
    for device in (cuda, mps, xpu, accelerator):
        assert device.is_available() is False and device.device_count() == 0
        device.synchronize()
        device.empty_cache()
    assert cuda.max_memory_allocated() == cuda.memory_reserved() == xpu.memory_allocated() == 0
    assert accelerator.current_accelerator() is None and autograd.distributed.is_available()
    with pytest.raises(AssertionError, match=r"^cuda\.get_device_name: a GPU is needed; .* none"):
        cuda.get_device_name(0)
    for make in (cuda.Stream, cuda.Event, autograd.Stream):
        with pytest.raises(AssertionError, match="a GPU is needed"):
            make()
    with pytest.raises(RuntimeError, match="an accelerator is needed; there is none here"):
        accelerator.current_device_index()
    assert issubclass(autograd.OutOfMemoryError, RuntimeError)
    with cuda.device(0):
        assert autograd.cpu.current_device() == "cpu"


def test_switches_keep_what_is_written_into_them():
    import autograd.backends.cudnn as cudnn

    assert cudnn is backends.cudnn and cudnn.is_available() is False and cudnn.version() is None
    cudnn.benchmark = backends.cuda.matmul.allow_tf32 = True
    assert backends.cudnn.benchmark and backends.cuda.matmul.allow_tf32
    with cudnn.flags(enabled=False, benchmark=False):
        assert not cudnn.enabled and not cudnn.benchmark
    assert cudnn.enabled and cudnn.benchmark
    assert not hasattr(cudnn, "nothing") and not backends.mps.is_available()
    with pytest.warns(UserWarning, match="expected one of highest, high, medium; got 'low'"):
        autograd.set_float32_matmul_precision("low")
    with pytest.raises(RuntimeError, match="expected one of default, warn, error"):
        autograd.set_deterministic_debug_mode("low")
    autograd.use_deterministic_algorithms(True, warn_only=True)
    assert autograd.is_deterministic_algorithms_warn_only_enabled()
    autograd.use_deterministic_algorithms(False)
    assert not autograd.are_deterministic_algorithms_enabled()


def test_mixed_precision_changes_nothing_and_says_so_once(monkeypatch):
    monkeypatch.setattr(notices, "_said", set())
    net = nn.Linear(2, 1)
    rule = optim.SGD(net.parameters(), lr=0.1)
    with pytest.warns(UserWarning, match="float32 stays float32") as told:
        scaler = amp.GradScaler("cuda")
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with autograd.autocast("cuda", dtype=autograd.float16), cuda.amp.autocast():
            loss = net(autograd.ones(1, 2)).sum()

        @autograd.autocast(device_type="cpu")
        def forward(x):
            return net(x)

    assert loss.dtype == forward(autograd.ones(1, 2)).dtype == autograd.float32
    before = net.weight.clone()
    scaler.scale(loss).backward()
    scaler.unscale_(rule)
    scaler.step(rule)
    scaler.update()
    assert autograd.allclose(net.weight, before - 0.1) and scaler.state_dict() == {}
    with pytest.raises(RuntimeError, match="expected a device type, one of cpu, cuda"):
        amp.autocast("gpu")


def test_compiled_modules_are_themselves_and_scripts_what_they_were():
    net = nn.Linear(2, 1)
    compiled = autograd.compile(net, mode="reduce-overhead")
    assert list(compiled.state_dict()) == ["weight", "bias"] and compiled._orig_mod is net
    assert list(net.named_modules()) == [("", net)] and compiled is net

    @autograd.compile(fullgraph=True)
    def twice(x):
        return x * 2

    @jit.script
    def thrice(x):
        return x * 3

    assert twice(1) == 2 and thrice(1) == 3 and jit.trace(net, autograd.ones(1, 2)) is net
    with pytest.raises(TypeError, match=r"^compile: expected a function or a module; got int\.$"):
        autograd.compile(1)
    import autograd._dynamo as dynamo

    dynamo.config.suppress_errors = True
    dynamo.reset()
    assert not jit.is_scripting() and not autograd.compiler.is_compiling()


def test_a_profile_holds_what_is_named(tmp_path):
    ready = []
    plan = profiler.schedule(wait=1, warmup=1, active=2, repeat=1)
    with profiler.profile(schedule=plan, on_trace_ready=ready.append) as one:
        for _ in range(6):
            with profiler.record_function("step"):
                pass
            one.step()
    assert ready == [one] and [(e.key, e.count) for e in one.key_averages()] == [("step", 2)]
    assert "step" in one.key_averages().table(sort_by="cpu_time_total", row_limit=5)
    one.export_chrome_trace(tmp_path / "trace.json")
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert [e["name"] for e in events if e["ph"] == "X"] == ["step", "step"]


def test_what_would_fetch_code_or_files_says_why_it_does_not(tmp_path):
    with pytest.raises(RuntimeError, match="'pytorch/vision' would be fetched and run"):
        hub.load("pytorch/vision", "resnet18")
    with pytest.raises(RuntimeError, match="weights must be in a file"):
        hub.load_state_dict_from_url("https://example.org/a.pt")


def test_draws_in_a_fork_leave_the_stream_alone():
    autograd.manual_seed(0)
    first = autograd.rand(1)
    autograd.manual_seed(0)
    with autograd.random.fork_rng():
        autograd.manual_seed(1)
        autograd.rand(3)
    assert (autograd.rand(1) == first).all()


NORMS = """
norm(x); norm(x, 1); norm(x, INF); norm(x, -INF); norm(x, "fro"); norm(x, -1, (0, 1), True);
norm(x, 3, 1); norm(x, 1, (1, 0)); norm(x, dim=(0, 1)); norm(x[0], 1); vector_norm(x, 3, (0, 1),
True); vector_norm(x); matrix_norm(x, 1); matrix_norm(x, -INF, (-1, -2), keepdim=True);
matrix_norm(x, 2); norm(x, -2, (0, 1), True); matrix_norm(x, "nuc");
vander(x[0], N=2); cross(x, x + 1); diagonal(x); matrix_power(x[:, :2], 2); multi_dot([x, x.mT]);
vecdot(x, x)
"""
NORMS = [row.strip() for row in NORMS.replace("\n", " ").split(";")]


@pytest.mark.torch
@pytest.mark.parametrize("expression", NORMS)
def test_linalg_is_pytorchs(expression):
    torch = pytest.importorskip("torch")
    found = []
    for library in (autograd, torch):
        x = library.tensor([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0]], dtype=library.float64)
        x.requires_grad_()
        y = eval(expression, {**vars(library.linalg), "x": x, "INF": float("inf")})
        y.pow(2).sum().backward()
        found.append((y.detach().numpy(), x.grad.numpy()))
    for ours, theirs in zip(*found):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_linalg_and_special_have_what_is_here():
    x = autograd.tensor([[3.0, 4.0], [0.0, 1.0]])
    assert autograd.linalg.norm(x[0]).item() == 5 and autograd.special.expit is autograd.sigmoid
    with pytest.raises(ValueError, match="1, -1, 2, -2, inf or -inf; got 3"):
        autograd.linalg.matrix_norm(x, 3)
    assert not hasattr(cuda, "relu") and cuda.FloatTensor is autograd.FloatTensor


# -- versions --------------------------------------------------------------------------------------


def test_a_version_compares_as_versions_do():
    from autograd.torch_version import TorchVersion, __version__

    assert TorchVersion("2.13.0+gradloom") > "2.9.1" and TorchVersion("1.10") >= (1, 9)
    assert TorchVersion("2.0.0") == "2.0" and TorchVersion("2.0") != "2.1"
    assert __version__.startswith("2.") and int(__version__.split(".")[0]) == 2
    assert autograd.version.cuda is None and autograd.version.__version__ == __version__


# -- assert_close ----------------------------------------------------------------------------------

CLOSE = {
    "(t([1.0]), t([1.000001]))": None,
    "(t([1.0]), t([1.1]))": "Tensor-likes are not close!",
    "(t([1, 2]), t([1, 3]))": "Tensor-likes are not equal!",
    "(t([1.0, 2.0]), t([1.0]))": "The values for attribute 'shape' do not match: ",
    "(t([1.0]), t([1.0]).double())": "The values for attribute 'dtype' do not match: ",
    "(t([1.0]), t([1.0]).double(), 'check_dtype', False)": None,
    "([t([1.0])], [t([2.0])])": "Mismatched elements: 1 / 1 (100.0%)\n"
    "Greatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)\n"
    "Greatest relative difference: 0.5 at index (0,) (up to 1.3e-06 allowed)\n\n"
    "The failure occurred for item [0]",
    "({'a': [1.0, 2.0]}, {'a': [1.0, 3.0]})": "The failure occurred for item ['a'][1]",
    "({'a': 1}, {'b': 1})": "Missing keys in the actual mapping: ['b']",
    "([1], [1, 2])": "The length of the sequences mismatch: 1 != 2",
    "(1.0, 2.0)": "Scalars are not close!\n\nExpected 2.0 but got 1.0.\nAbsolute difference: 1.0 ",
    "(1, 2)": "Scalars are not equal!",
    "(1, 1.0)": "The (d)types do not match: <class 'int'> != <class 'float'>.",
    "(True, False)": "Booleans mismatch: True is not False",
    "(None, None)": None,
    "(t([nan]), t([nan]))": "Tensor-likes are not close!",
    "(t([nan]), t([nan]), 'equal_nan', True)": None,
    "(t([1.0]), t([1.5]), 'rtol', 0.5, 'atol', 0.0)": None,
    "(t([1.0]), t([2.0]), 'rtol', 0.5)": ValueError,
    "(t([1.0]), 1.0)": TypeError,
    "(t([1.0]), [1.0])": TypeError,
    "('a', 'a')": TypeError,
    "(t([[1.0, 2.0]]).t(), t([[1.0], [2.0]]), 'check_stride', True)": "attribute 'stride()' do not",
    "(n([1.0]), n([2.0]))": "Tensor-likes are not close!",
    "(t(1.0), t(2.0), 'msg', 'mine')": "mine",
}


def compared(library, expression):
    names = {"t": library.tensor, "n": np.array, "nan": float("nan")}
    actual, expected, *options = eval(expression, names)
    try:
        library.testing.assert_close(actual, expected, **dict(zip(options[::2], options[1::2])))
    except AssertionError as error:
        return str(error)
    except (TypeError, ValueError) as error:
        return type(error)
    return None


@pytest.mark.parametrize("expression", CLOSE)
def test_assert_close(expression):
    said, wanted = compared(autograd, expression), CLOSE[expression]
    assert said is wanted or (isinstance(wanted, str) and wanted in said)
    assert testing.assert_close is autograd.testing.assert_close


@pytest.mark.torch
@pytest.mark.parametrize("expression", CLOSE)
def test_assert_close_says_what_pytorchs_says(expression):
    torch = pytest.importorskip("torch")
    theirs = compared(torch, expression)
    ours = compared(autograd, expression)
    if isinstance(ours, str):  # but for the last digits
        number = r"\d+\.\d+|torch\.|autograd\."
        theirs, ours = re.sub(number, "", theirs), re.sub(number, "", ours)
    assert ours == theirs

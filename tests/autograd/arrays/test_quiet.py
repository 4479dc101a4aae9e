"""NumPy's RuntimeWarnings: none from within this library, and all of the user's own."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAD = "import warnings\nimport numpy as np\nimport autograd, nn\nfrom nn import functional as F\n"


def told(tmp_path, text, *how):
    """What a script writes to stderr."""
    path = tmp_path / "script.py"
    path.write_text(HEAD + textwrap.dedent(text))
    found = subprocess.run(
        [sys.executable, *how, str(path)],
        capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return found.stdout + found.stderr


OURS = """
autograd.strict(False)  # which would tell that the loss is nan
x = autograd.zeros(2, requires_grad=True)
y = autograd.tensor([3e38, 3e38])
(x.log() + 1 / x + (x * np.inf) + x.sqrt()).sum().backward()   # generated code
x.detach().log_()
y.sum(), y.mean(), y * y, y.double().float() + y, y.var(), y.norm()
autograd.tensor(0.0).log(), autograd.tensor(1.0) / 0
autograd.full((2, 600_000), 3e38).mul(2).sum(1).exp()            # threads of ours
F.softmax(x.log(), 0), np.exp(y), np.add.reduce(y)
nn.Linear(2, 1)(y)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("-W", "always"), ("-W", "error")])
def test_our_operations_are_quiet(tmp_path, how):
    assert told(tmp_path, OURS, *how) == ""


def test_the_users_own_arithmetic_warns(tmp_path):
    text = """
    np.log(np.zeros(2))
    np.sum(np.full(3, 3e38, np.float32))
    class Own(autograd.Function):
        def forward(self, x):
            return 1 / x
        def grad_x(self, g, x):
            return np.exp(x + 1e3)
    x = autograd.zeros(2, requires_grad=True)
    Own.apply(x).sum().backward()
    with np.errstate(divide="raise"):
        try:
            x.log()
        except FloatingPointError as error:
            print("raised", error)
    """
    found = told(tmp_path, text)
    assert "raised divide by zero encountered in log" in found
    for words in (
        "divide by zero encountered in log",
        "overflow encountered in reduce",
        "divide by zero encountered in divide",
        "overflow encountered in exp",
    ):
        assert f"RuntimeWarning: {words}" in found


def test_filters_that_come_later_are_the_users(tmp_path):
    text = """
    with warnings.catch_warnings():
        autograd.zeros(1).log()
        warnings.simplefilter("ignore")
        np.log(np.zeros(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            autograd.zeros(1).log()
        except RuntimeWarning as error:
            print("caught", error)
    autograd.zeros(1).log()
    """
    assert told(tmp_path, text) == "caught divide by zero encountered in log\n"


@pytest.mark.slow
def test_under_pytest_which_imports_test_files_with_filters_of_its_own(tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text(HEAD + "def test():\n    autograd.zeros(1).log()\n    np.log(np.zeros(1))\n")
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)],
        capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
    ).stdout  # fmt: skip
    assert "1 passed, 1 warning" in found
    assert "test_it.py:7: RuntimeWarning: divide by zero" in found

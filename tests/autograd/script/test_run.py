"""``python -m autograd``: a script's torch is this library, and all else is as Python has it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.script.run import main

ROOT = str(Path(autograd.__file__).parents[1])


def run(folder, *arguments, stdin="", runner=True):
    """What a command prints and complains of, run in ``folder``."""
    command = [sys.executable, *(["-m", "autograd"] if runner else []), *arguments]
    path = os.pathsep.join([ROOT, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, timeout=300,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def written(folder, files):
    for name, text in files.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


MAIN = """
import sys, torch, torch.nn as nn, torch.nn.functional as F
from torch.optim.lr_scheduler import StepLR
from torch.nn.modules.activation import ReLU, Softmax
from importlib import metadata, util
import torch.autograd, torch.cuda.amp, torch.backends.cudnn as cudnn

if __name__ == "__main__":
    print(sys.argv, __file__, __spec__, sys.path[0] == __import__("os").getcwd())
    print(torch.__version__ >= "2.9", metadata.version("torch") == torch.__version__)
    print(torch.nn is nn, torch.autograd is torch, util.find_spec("torch").name)
    print(nn.__spec__.name, nn.functional is F, StepLR is torch.optim.lr_scheduler.StepLR)
    print(sys.modules["__main__"].nn is nn, Softmax is nn.Softmax, torch.zeros(2).shape)
    from torch.nn import Nothing
"""


def test_a_script_has_what_python_gives_it(tmp_path):
    ran = run(written(tmp_path, {"main": MAIN}), "main.py", "-x", "y")
    assert ran.stdout.splitlines() == [
        f"['main.py', '-x', 'y'] {tmp_path / 'main.py'} None True",
        "True True",
        "True True autograd",
        "nn True True",
        "True True torch.Size([2])",
    ], ran.stderr
    lines = ran.stderr.splitlines()
    assert lines[:2] == ["Traceback (most recent call last):", lines[1]]
    assert lines[1].startswith(f'  File "{tmp_path / "main.py"}", line ')
    assert lines[-1].startswith("ImportError: cannot import name 'Nothing' from 'nn'")
    assert ran.returncode == 1


ENDS = {
    "import sys; sys.exit('bye')": (1, "bye"),
    "import sys; sys.exit(7)": (7, ""),
    "def f(:": (1, "SyntaxError: invalid syntax"),
    "1 / 0": (1, "ZeroDivisionError: division by zero"),
    "import os, signal; os.kill(os.getpid(), signal.SIGINT)": (-signal.SIGINT, "KeyboardInterrupt"),
}


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("code", ENDS)
def test_it_ends_as_python_does(tmp_path, code):
    ran = run(written(tmp_path, {"main": code}), "main.py")
    plain = run(tmp_path, "main.py", runner=False)
    assert (ran.returncode, ran.stderr.strip().split("\n")[-1]) == ENDS[code]
    assert (ran.returncode, ran.stdout) == (plain.returncode, plain.stdout)
    assert ran.stderr.replace(str(tmp_path) + os.sep, "") == plain.stderr.replace(
        str(tmp_path) + os.sep, ""
    )


def test_modules_programs_in_strings_and_standard_input(tmp_path):
    program = "import torch, sys; print(sys.argv, __name__, torch.ones(1).item())"
    assert run(tmp_path, "-c", program, "a").stdout == "['-c', 'a'] __main__ 1.0\n"
    assert run(tmp_path, "-", "a", stdin=program).stdout == "['-', 'a'] __main__ 1.0\n"
    package = "import torch, sys\nfrom . import other\nprint(sys.argv[1:], __spec__.name, other.X)"
    folder = "import torch; print('folder', torch.ones(1))"
    files = {"__init__": "", "main": package, "other": "X = 3", "__main__": folder}
    written(tmp_path / "kind", files)
    assert run(tmp_path, "-m", "kind.main", "a").stdout == "['a'] kind.main 3\n"
    assert run(tmp_path, "kind").stdout == "folder tensor([1.])\n"


def test_a_command_that_cannot_be_run(tmp_path, monkeypatch, capsys):
    ran = run(tmp_path, "gone.py")
    assert ran.returncode == 2 and "can't open file" in ran.stderr
    for arguments, text in [
        (["-m"], "Argument expected for the -m option"),
        (["--gone"], "unknown option --gone"),
        ([], "usage: python -m autograd"),
    ]:
        monkeypatch.setattr(sys, "argv", ["autograd", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 2 and text in capsys.readouterr().err


OWN = {
    "nn": "import torch.nn as theirs\nclass Net(theirs.Linear): pass\n",
    "optim/__init__": "from optim.adam import Own\n",
    "optim/adam": "import torch\nclass Own(torch.optim.Optimizer): pass\n",
    "utils/__init__": "X = 1\n",
    "main": """
import pickle, torch, nn, torch.nn, optim, optim.adam, utils
from nn import Net
from torch.nn import functional as F
from torch.optim.adam import Adam
import torch.optim as theirs

net = Net(2, 1)
assert isinstance(net, torch.nn.Linear) and nn.Net is Net and not hasattr(nn, "Linear")
assert F is torch.nn.functional and F.relu(net(torch.ones(1, 2))).shape == (1, 1)
assert optim.adam.Own is optim.Own and Adam is theirs.Adam and not hasattr(optim, "Adam")
assert issubclass(optim.Own, theirs.Optimizer) and utils.X == 1
theirs.SGD(net.parameters(), lr=0.1).step()
assert (pickle.loads(pickle.dumps(net)).weight == net.weight).all()
import torch.nn.utils, torch.func
try:
    torch.func.grad
except AttributeError as error:
    assert "torch.func.grad is not in gradloom yet" in str(error)

def work(n):
    return nn.Net(2, n).weight.shape[0]

if __name__ == "__main__":
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, [3, 4]))
""",
}


def test_a_script_has_its_own_modules_and_we_have_ours(tmp_path):
    ran = run(written(tmp_path, OWN), "main.py")
    assert (ran.stdout, ran.returncode) == ("[3, 4]\n", 0), ran.stderr


def test_so_it_does_where_it_imports_this_library_itself(tmp_path):
    swapped = {
        name: text.replace("import pickle, torch,", "import pickle, autograd, autograd as torch,")
        .replace("import torch\n", "import autograd as torch\n")
        .replace("torch.func.grad is", "autograd.func.grad is")
        for name, text in OWN.items()
    }
    for name, text in swapped.items():
        for spelling in ("from torch", "import torch.", ", torch.nn", ", torch.func"):
            text = text.replace(spelling, spelling.replace("torch", "autograd"))
        swapped[name] = text
    ran = run(written(tmp_path, swapped), "main.py", runner=False)
    assert (ran.stdout, ran.returncode) == ("[3, 4]\n", 0), ran.stderr


CHILDREN = """
import multiprocessing, sys
import torch
from torch import nn

def work(n):
    import torch.optim
    return nn.Linear(n, 2)(torch.ones(1, n)).shape

if __name__ == "__main__":
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(pool.map(work, [2]))
"""


def test_processes_of_every_start_method_have_the_names(tmp_path):
    import multiprocessing

    ran = run(written(tmp_path, {"main": CHILDREN}), "main.py")
    each = "[torch.Size([1, 2])]\n"
    assert ran.stdout == each * len(multiprocessing.get_all_start_methods()), ran.stderr

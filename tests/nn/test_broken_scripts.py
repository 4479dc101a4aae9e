"""Training scripts with one mistake of shape or dtype each: the message alone says line and cure.

Each script is run as it stands, and again with the cure that its message names.
"""

import os
import runpy
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest

from autograd.engine import lines

BEGIN = """\
import autograd as torch
import nn, optim
import nn.functional as F

torch.manual_seed(0)
"""
TRAIN = """
optimizer = optim.SGD(net.parameters(), lr=0.01)
for step in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
"""
DIGITS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 8)
        self.out = nn.Linear(8, 10)

    def forward(self, x):
        x = self.hidden(x).relu()
        return self.out(x)

net = Net()
x, y = torch.randn(4, 1, 28, 28), torch.arange(4)
"""
REGRESSION = """
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
x, y = torch.randn(6, 3), torch.randn(6)
optimizer = optim.Adam(net.parameters())
criterion = nn.MSELoss()
for step in range(3):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
CONVOLUTION = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
        self.out = nn.Linear(4 * 3 * 3, 5)

    def forward(self, x):
        x = self.features(x)
        x = x.flatten(1)
        return self.out(x)

net = Net()
x, y = torch.randn(2, 8, 8, 3).permute(0, 3, 1, 2), torch.tensor([0, 4])
"""
SEQUENCES = """
class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.embedding = nn.Embedding(words, 6)
        self.lstm = nn.LSTM(6, 7, batch_first=True)
        self.out = nn.Linear(7, tags)

    def forward(self, words):
        x, _ = self.lstm(self.embedding(words))
        return self.out(x)

net = Tagger(12, 4)
words, y = torch.tensor([[1, 5, 11], [2, 3, 4]]), torch.tensor([[0, 1, 2], [2, 2, 0]])
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(2):
    loss = F.cross_entropy(net(words).transpose(1, 2), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
ATTENTION = """
def attention(q, k, v):
    scores = q @ k.mT
    return (scores / 4).softmax(-1) @ v

weight = torch.randn(4, 4, requires_grad=True)
x = torch.randn(2, 5, 4)
attention(x @ weight, x, x).sum().backward()
"""
OPERATION = """
class Scale(torch.Function):
    def forward(self, x, w):
        return x * w

    def grad_x(self, g, w):
        return g * w

    def grad_w(self, g, x):
        return (g * x).sum(0)

w = torch.ones(3, requires_grad=True)
loss = Scale.apply(torch.randn(4, 3), w).sum()
loss.backward()
"""
STATIC = """
class Scale(torch.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x * w

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        return g * w, (g * x).sum(0)

w = torch.ones(3, requires_grad=True)
loss = Scale.apply(torch.randn(4, 3), w).sum()
loss.backward()
"""

# a right script, what is right in it, the mistake that is made there, and pieces of the message:
# first the line, as it stands in the script, last the cure
CASES = {
    "an image that is not flattened": (
        DIGITS.replace("(x).relu", "(x.flatten(1)).relu") + TRAIN,
        "x.flatten(1)",
        "x",
        "`x = self.hidden(x).relu()`",
        "in net.hidden: Linear(in_features=784, out_features=8, bias=True)",
        "(4, 1, 28, 28)",
        "x.flatten(1) joins the axes of a sample: (4, 784)",
    ),
    "a layer in the middle": (
        CONVOLUTION + TRAIN,
        "nn.Conv2d(3, 4, 3), nn.ReLU()",
        "nn.Conv2d(3, 4, 3), nn.Conv2d(6, 4, 1)",
        "`x = self.features(x)`",
        "in net.features.1: Conv2d(6, 4, kernel_size=(1, 1), stride=(1, 1))",
        "(2, 4, 6, 6)",
        "in_channels=4 would take it",
    ),
    "channels that come last": (
        CONVOLUTION + TRAIN,
        ".permute(0, 3, 1, 2)",
        "",
        "`x = self.features(x)`",
        "net.features.0: Conv2d(3,",
        "(2, 8, 8, 3)",
        "x.permute(0, 3, 1, 2)",
    ),
    "a layer after the flattening": (
        CONVOLUTION + TRAIN,
        "4 * 3 * 3",
        "4 * 4 * 4",
        "`return self.out(x)`",
        "net.out: Linear(in_features=64",
        "(2, 36)",
        "in_features=36 would take it",
    ),
    "a view that takes samples for features": (
        CONVOLUTION + TRAIN,
        "x.flatten(1)",
        "x.view(-1, 72)[:, :36]",
        "`loss = F.cross_entropy(net(x), y)`",
        "scores of 1 samples, and classes of 2",
        "x.flatten(1) keeps the samples",
    ),
    "a view with the size of another batch": (
        DIGITS.replace("(x).relu", "(x.view(-1, 784)).relu") + TRAIN,
        "x.view(-1, 784)",
        "x.view(8, 784)",
        "`x = self.hidden(x.view(8, 784)).relu()`",
        "in net: Net",
        "(4, 1, 28, 28) has 3136, shape '[8, 784]' has 6272",
        "x.view(-1, 784)",
    ),
    "one column of predictions": (
        REGRESSION.replace("(net(x), y)", "(net(x).squeeze(1), y)"),
        ".squeeze(1)",
        "",
        "`loss = criterion(net(x), y)`",
        "in criterion: MSELoss()",
        "target of shape (6,) for input of shape (6, 1), which would broadcast to (6, 6)",
        "input.squeeze(1)",
    ),
    "one column of targets": (
        REGRESSION.replace("(net(x), y)", "(net(x), y.unsqueeze(1))"),
        "y.unsqueeze(1)",
        "y",
        "`loss = criterion(net(x), y)`",
        "target.unsqueeze(1)",
    ),
    "numbers of NumPy": (
        REGRESSION.replace("(net(x), y)", "(net(x.double().float()).squeeze(1), y)"),
        ".double().float()",
        ".double()",
        "`loss = criterion(net(x.double()).squeeze(1), y)`",
        "in net.0: Linear(in_features=3",
        "float64 and float32",
        "x.float()",
    ),
    "classes in a column": (
        DIGITS.replace("(x).relu", "(x.flatten(1)).relu")
        + TRAIN.replace("y)", "y.unsqueeze(1).squeeze(1))"),
        ".squeeze(1)",
        "",
        "`loss = F.cross_entropy(net(x), y.unsqueeze(1))`",
        "(4, 10) and (4, 1)",
        "target.squeeze(1)",
    ),
    "classes as one-hot rows": (
        DIGITS.replace("(x).relu", "(x.flatten(1)).relu")
        + TRAIN.replace("y)", "F.one_hot(y, 10).argmax(1))"),
        ".argmax(1)",
        "",
        "`loss = F.cross_entropy(net(x), F.one_hot(y, 10))`",
        "target.argmax(1)",
    ),
    "classes as floats": (
        DIGITS.replace("(x).relu", "(x.flatten(1)).relu")
        + TRAIN.replace("y)", "y.float().long())"),
        ".long()",
        "",
        "`loss = F.cross_entropy(net(x), y.float())`",
        "target.long()",
    ),
    "classes that count from 1": (
        DIGITS.replace("(x).relu", "(x.flatten(1)).relu").replace("arange(4)", "arange(7, 11) - 1")
        + TRAIN,
        " - 1",
        "",
        "`loss = F.cross_entropy(net(x), y)`",
        "target[3] is 10",
        "Classes count from 0: target - 7, or give the scores 11 classes",
    ),
    "a word beyond the table": (
        SEQUENCES,
        "5, 11",
        "5, 12",
        "`x, _ = self.lstm(self.embedding(words))`",
        "in net.embedding: Embedding(12, 6)",
        "input[0, 2] is 12",
        "num_embeddings=13",
    ),
    "the pair that an LSTM returns": (
        SEQUENCES,
        "x, _ = ",
        "x = ",
        "`return self.out(x)`",
        "in net.out: Linear(in_features=7",
        "got tuple",
        "x, _ = lstm(x)",
    ),
    "scores of steps with classes last": (
        SEQUENCES,
        ".transpose(1, 2)",
        "",
        "`loss = F.cross_entropy(net(words), y)`",
        "(2, 3, 4) and (2, 3)",
        "input.transpose(1, 2)",
    ),
    "the features of a recurrent layer": (
        SEQUENCES,
        "nn.LSTM(6, 7",
        "nn.LSTM(5, 7",
        "`x, _ = self.lstm(self.embedding(words))`",
        "in net.lstm: LSTM(5, 7, batch_first=True)",
        "(2, 3, 6)",
        "input_size=6",
    ),
    "keys that are not transposed": (
        ATTENTION,
        "k.mT",
        "k",
        "`scores = q @ k`",
        "(2, 5, 4) and (2, 5, 4), so 4 and 5",
        "x @ y.mT fits: (2, 5, 4) @ (2, 4, 5)",
    ),
    "a loss for each sample": (
        REGRESSION.replace("(net(x), y)", "(net(x), y[:, None])").replace(
            "loss.backward()", "loss.sum().backward()"
        ).replace("MSELoss()", "MSELoss(reduction='none')"),
        ".sum()",
        "",
        "`loss.backward()`",
        "(6, 1)",
        "loss.sum()",
    ),
    "an operation of one's own": (
        OPERATION,
        "torch.randn(4, 3)",
        "torch.randn(4, 5)",
        "`return x * w`",
        "Scale: operands could not be broadcast",
        "x of float32 and shape (4, 5), w of float32 and shape (3,)",
    ),
    "the gradient of an operation of one's own": (
        OPERATION,
        ".sum(0)",
        "",
        "`loss = Scale.apply(torch.randn(4, 3), w).sum()`",
        "Scale: a gradient must have its input's shape (3,); got (4, 3) for w",
        "Sum over the axes",
    ),
    "an operation of PyTorch's form": (
        STATIC,
        "torch.randn(4, 3)",
        "torch.randn(3, 4)",
        "`return x * w`",
        "(3, 4) and (3,)",
        "y.unsqueeze(1) fits: (3, 1)",
    ),
    "the gradient of an operation of PyTorch's form": (
        STATIC,
        ".sum(0)",
        "",
        "`loss = Scale.apply(torch.randn(4, 3), w).sum()`",
        "the gradient of input 1 must be a tensor of its shape (3,); got shape (4, 3)",
    ),
    "features that come second": (
        "net = nn.Sequential(nn.Conv1d(5, 6, 3), nn.Flatten(), nn.Linear(6, 2))\n"
        "x, y = torch.randn(2, 3, 5).transpose(1, 2), torch.tensor([0, 1])" + TRAIN,
        ".transpose(1, 2)",
        "",
        "`loss = F.cross_entropy(net(x), y)`",
        "in net.0: Conv1d(5, 6,",
        "x.transpose(1, 2) puts the channels second: (2, 5, 3)",
    ),
}  # fmt: skip


def run(folder, script):
    """What running ``script`` raises, as text, or None; a warning is an error, too."""
    path = folder / "train.py"
    path.write_text(script, encoding="utf-8")
    lines.note(path)  # a program of its own notes its first lines anyway
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            runpy.run_path(str(path), run_name="__main__")
        except Exception as error:
            return str(error)
        finally:
            lines.done(path)


def place(script, line):
    """``train.py:12 (line)``: where a line, given in backquotes, stands in a script."""
    texts = [text.strip() for text in script.split("\n")]
    return f"train.py:{texts.index(line[1:-1]) + 1} ({line[1:-1]})"


@pytest.mark.parametrize("name", CASES)
def test_the_message_names_line_culprit_and_cure(name, tmp_path):
    right, cure, mistake, line, *pieces = CASES[name]
    script = BEGIN + right.replace(cure, mistake, 1)
    assert script != BEGIN + right
    message = run(tmp_path, script)
    for piece in (place(script, line), *pieces):
        assert piece in message
    assert "\n" not in message


@pytest.mark.parametrize("name", CASES)
def test_the_right_script_raises_no_alarm(name, tmp_path):
    assert run(tmp_path, BEGIN + CASES[name][0]) is None


def test_in_a_thread_and_by_the_runner(tmp_path):
    right, cure, mistake, line, *pieces = CASES["an image that is not flattened"]
    script = BEGIN + right.replace(cure, mistake, 1)
    found = []
    thread = threading.Thread(target=lambda: found.append(run(tmp_path, script)))
    thread.start()
    thread.join()
    assert place(script, line) in found[0]
    by_runner = [sys.executable, "-m", "autograd", str(tmp_path / "train.py")]
    here = {**os.environ, "PYTHONPATH": os.fspath(Path(__file__).parents[2])}
    ended = subprocess.run(by_runner, capture_output=True, text=True, timeout=120, env=here)
    last = ended.stderr.strip().split("\n")[-1]
    assert last.startswith("autograd.ShapeError: linear: ")
    for piece in (place(script, line), *pieces):
        assert piece in last

"""Training scripts with one mistake each, and the same scripts without it.

``<<wrong|right>>`` stands for what differs. ``said`` is what the warning must hold: the line (given
as ``@text`` for the number of the line that holds the text), the culprit, and the cure.
"""

HEAD = """
import autograd as torch
import nn
import optim
from nn import functional as F

torch.manual_seed(0)
x = torch.randn(64, 4)
y = (x.sum(dim=1) > 0).long()
"""

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))

net = Net()
"""

SCRIPTS = {}

SCRIPTS["softmax"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2)<<, nn.Softmax(dim=1)|>>)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    out = net(x)
    loss = criterion(out, y)
    loss.backward()
    optimizer.step()
""",
    ["@out = net(x)", "cross_entropy: input must be logits", "`net.3`", "without softmax"],
)

SCRIPTS["softmax in forward"] = (
    HEAD
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = self.out(x)
        <<x = F.softmax(x, dim=1)|pass>>
        return x

net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters())
for epoch in range(3):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ["@F.softmax(x", "cross_entropy", "softmax", "x = F.softmax(x, dim=1)"],
)

SCRIPTS["softmax and probabilities"] = (
    HEAD
    + """
net = nn.Linear(4, 2)
optimizer = optim.SGD(net.parameters(), lr=0.1)
t = F.one_hot(y, 2).float()
for epoch in range(3):
    optimizer.zero_grad()
    p = <<torch.softmax(net(x), dim=1)|net(x)>>
    F.cross_entropy(p, t).backward()
    optimizer.step()
""",
    ["@torch.softmax", "log_softmax: input must be logits", "softmax", "Leave softmax out"],
)

SCRIPTS["sigmoid"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 1)<<, nn.Sigmoid()|>>)
criterion = nn.BCEWithLogitsLoss()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    p = net(x).squeeze(1)
    loss = criterion(p, y.float())
    loss.backward()
    optimizer.step()
""",
    ["@p = net(x)", "binary_cross_entropy_with_logits", "`net.1`", "without sigmoid"],
)

SCRIPTS["no logarithm"] = (
    HEAD
    + """
last = nn.<<Softmax|LogSoftmax>>(dim=1)
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2), last)
criterion = nn.NLLLoss()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()
""",
    ["@criterion(net(x)", "nll_loss: input must be log-probabilities", "log_softmax instead"],
)

SCRIPTS["one class"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 1), nn.<<Softmax(dim=1)|Sigmoid()>>)
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy(net(x).flatten(), y.float())
    loss.backward()
    optimizer.step()
""",
    ["@F.binary_cross_entropy", "softmax", "1 whatever it is", "sigmoid"],
)

SCRIPTS["labels"] = (
    HEAD
    + """
net = nn.Linear(4, 1)
optimizer = optim.SGD(net.parameters(), lr=0.1)
labels = <<2 * y.float() - 1|y.float()>>
for epoch in range(3):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(net(x)[:, 0], labels)
    loss.backward()
    optimizer.step()
""",
    ["@F.binary_cross_entropy_with_logits", "labels must be in [0, 1]", "from -1 to 1"],
)

SCRIPTS["not zeroed"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(4):
    <<pass|optimizer.zero_grad()>>
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
""",
    ["@optimizer.step()", "SGD.step", "zero between steps", "optimizer.zero_grad()"],
)

SCRIPTS["not zeroed in a closure"] = (
    HEAD
    + NET
    + """
optimizer = optim.LBFGS(net.parameters(), max_iter=3)
def closure():
    <<pass|optimizer.zero_grad()>>
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    return loss
for epoch in range(2):
    optimizer.step(closure)
""",
    ["@optimizer.step(closure)", "LBFGS.step", "optimizer.zero_grad()"],
)

SCRIPTS["zeroed at the wrong place"] = (
    HEAD
    + NET
    + """
optimizer = optim.Adam(net.parameters())
optimizer.zero_grad()
for step in range(9):
    for part in range(4):
        loss = F.cross_entropy(net(x[part::4]), y[part::4])
        (loss / 4).backward()
    optimizer.step()
    <<pass|optimizer.zero_grad()>>
""",
    ["@optimizer.step()", "Adam.step", "zero between steps"],
)

SCRIPTS["left out"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(<<net.out.parameters()|net.parameters()>>, lr=0.1)
for epoch in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
""",
    ["@optimizer = optim.SGD", "`net.hidden.weight`, `net.hidden.bias`", "net.parameters()"],
)

SCRIPTS["put in too late"] = (
    HEAD
    + NET
    + """
<<optimizer = optim.SGD(net.parameters(), lr=0.1)|pass>>
net.out = nn.Linear(16, 2)
<<pass|optimizer = optim.SGD(net.parameters(), lr=0.1)>>
for epoch in range(4):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
""",
    [
        "@optimizer = optim.SGD",
        "`net.out.weight`, `net.out.bias`",
        "after the last layer was put in",
    ],
)

SCRIPTS["plain list"] = (
    HEAD
    + """
class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.layers = [nn.Linear(8, 8) for _ in range(2)]
        <<pass|self.layers = nn.ModuleList(self.layers)>>
        self.last = nn.Linear(8, 2)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.last(x)

def train(model):
    optimizer = optim.Adam(model.parameters())
    for epoch in range(4):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()

train(Deep())
""",
    ["@optimizer = optim.Adam", "`model.layers[0].weight`", "nn.ModuleList"],
)

SCRIPTS["one of two tensors"] = (
    HEAD
    + """
w = torch.zeros(4, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = optim.SGD([w<<|, b>>], lr=0.1)
for epoch in range(5):
    loss = ((x @ w + b - x.sum(dim=1)) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ["@optim.SGD([w", "`b`", "in no optimiser"],
)

SCRIPTS["cut off"] = (
    HEAD
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(4, 16)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        h = self.encoder(x)<<.detach()|>>
        return self.head(torch.tanh(h))

net = Net()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(12):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
""",
    ["@.detach()", "`net.encoder.weight`, `net.encoder.bias`", "no detach()"],
)

SCRIPTS["never a step"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    <<pass|optimizer.step()>>
""",
    ["@loss.backward()", "SGD", "optimizer.step() after loss.backward()"],
)

SCRIPTS["too fast"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = optim.SGD(net.parameters(), lr=<<30.0|0.03>>)
t = 10 * x.sum(dim=1, keepdim=True)
for epoch in range(20):
    optimizer.zero_grad()
    loss = F.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
""",
    ["rise without end", "lr=30", "try lr=3"],
)

SCRIPTS["dead"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
<<nn.init.constant_(net[0].bias, -100.0)|nn.init.zeros_(net[0].bias)>>
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
""",
    ["@F.cross_entropy", "relu", "all of the 16 units behind `net.0`", "LeakyReLU"],
)

SCRIPTS["logarithm of 0"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1), nn.ReLU())
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    p = net(x)[:, 0]
    loss = -torch.log(p<<|.clamp(min=1e-8)>>).mean()
    loss.backward()
    optimizer.step()
""",
    ["@torch.log(p", "it is inf in the first pass", "log, of values from 0 to", "clamp(min=1e-8)"],
)

SCRIPTS["data with nan"] = (
    HEAD
    + NET
    + """
<<x[3, 1] = float("nan")|pass>>
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    for part in range(4):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[part::4]), y[part::4])
        loss.backward()
        optimizer.step()
""",
    ["@self.hidden(x)", "nan in pass 4", "data that linear was given", "isfinite"],
)

SCRIPTS["root of 0"] = (
    HEAD
    + """
net = nn.Linear(4, 1)
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    d = net(x) - net(x).detach()
    loss = torch.sqrt((d ** 2).sum()<< | + 1e-8>>)
    loss.backward()
    optimizer.step()
""",
    ["`net.bias`, `net.weight` hold nan or inf", "sqrt at 0", "detect_anomaly"],
)

EVALUATION = """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), <<LAYER>>, nn.Linear(16, 2))
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    net.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    <<pass|net.eval()>>
    with torch.no_grad():
        right = (net(x).argmax(dim=1) == y).float().mean().item()
"""
SCRIPTS["dropout in evaluation"] = (
    HEAD + EVALUATION.replace("<<LAYER>>", "nn.Dropout(0.5)"),
    ["@net(x).argmax", "`net.2` (Dropout)", "by chance", "net.eval()"],
)
SCRIPTS["batch norm in evaluation"] = (
    HEAD + EVALUATION.replace("<<LAYER>>", "nn.BatchNorm1d(16)"),
    ["@net(x).argmax", "`net.2` (BatchNorm1d)", "running statistics", "net.eval()"],
)

SCRIPTS["dropout whatever the mode"] = (
    HEAD
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 16)
        self.out = nn.Linear(16, 2)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = F.dropout(x, 0.5<<|, self.training>>)
        return self.out(x)

def evaluate(model):
    model.eval()
    with torch.no_grad():
        return F.cross_entropy(model(x), y).item()

net = Net()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    net.train()
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    evaluate(net)
""",
    ["@F.dropout", "dropout must not act in evaluation", "training=self.training"],
)

SCRIPTS["stays in evaluation"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
optimizer = optim.SGD(net.parameters(), lr=0.1)
net.train()
for epoch in range(4):
    <<pass|net.train()>>
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    net.eval()
    with torch.no_grad():
        test = F.cross_entropy(net(x), y).item()
""",
    ["`net` has been in evaluation mode since", "net.1", "net.train()"],
)

SCRIPTS["graphs in evaluation"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(2):
    net.train()
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    net.eval()
    total = 0
    with torch.<<enable_grad|no_grad>>():
        for part in range(4):
            out = net(x[part::4])
            total += F.cross_entropy(out, y[part::4])
""",
    ["@out = net(x[part::4])", "`net` is in evaluation mode", "no_grad()"],
)

SCRIPTS["total"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
total = 0.0
for step in range(30):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    total += loss<<|.item()>>
""",
    ["@total += loss", "`total`", "16 passes", "MB", "total += loss.item()"],
)

SCRIPTS["a list"] = (
    HEAD
    + NET
    + """
def train(model):
    history = {"loss": []}
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for step in range(30):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        history["loss"].append(loss<<|.detach()>>)
    return history

train(net)
""",
    ["@history[", "`history['loss']`", "history['loss'].append(loss.item())"],
)

SCRIPTS["an attribute"] = (
    HEAD
    + NET
    + """
class Meter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, value):
        self.sum = self.sum + value
        self.count += 1

def train(model, meter):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for step in range(30):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        meter.update(loss<<|.item()>>)

train(net, Meter())
""",
    ["@self.sum = self.sum", "`meter.sum`", "self.sum = self.sum + value.item()"],
)

SCRIPTS["epochs of a few steps"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for epoch in range(4):
    total = 0
    for part in range(8):
        loss = F.cross_entropy(net(x[part::8]), y[part::8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total = total + loss<<|.item()>>
    print(epoch, total / 8)
""",
    ["@total = total", "`total`", "total + loss.item()"],
)

SCRIPTS["carried on"] = (
    HEAD
    + """
decay = torch.tensor(0.9, requires_grad=True)
state = torch.zeros(4)
for step in range(20):
    state = state * 0.5 + x[step] * decay
    loss = state.sum()
    loss.backward(<<retain_graph=True|>>)
    <<pass|state = state.detach()>>
""",
    ["@state = state", "`state`", "state = state.detach()"],
)

# What is right though it looks like one of these mistakes.
SCRIPTS["clipped after the step"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    <<optimizer.step()|nn.utils.clip_grad_norm_(net.parameters(), 0.01)>>
    <<nn.utils.clip_grad_norm_(net.parameters(), 0.01)|optimizer.step()>>
""",
    ["@nn.utils.clip", "SGD.step has used these already", "Clip between loss.backward()"],
)

SCRIPTS["log_softmax across samples"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 2), nn.LogSoftmax(dim=<<0|1>>))
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    optimizer.zero_grad()
    loss = F.nll_loss(net(x), y)
    loss.backward()
    optimizer.step()
""",
    ["@loss = F.nll_loss", "axis 0 is taken, across samples", "Write dim=1"],
)

SCRIPTS["each with each"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = optim.SGD(net.parameters(), lr=0.01)
for step in range(5):
    optimizer.zero_grad()
    predictions = net(x)<<|.squeeze(1)>>
    loss = ((predictions - y.float()) ** 2).mean()
    loss.backward()
    optimizer.step()
""",
    [
        "@loss = ((predictions",
        "got (64, 1) and (64,), and the difference is (64, 64)",
        "Write targets.unsqueeze(1), or predictions.squeeze(1)",
    ],
)

SCRIPTS["two numbers that are not set to zero"] = (
    HEAD
    + """
slope = torch.tensor(1.0, requires_grad=True)
offset = torch.tensor(0.0, requires_grad=True)
optimizer = optim.SGD([slope, offset], lr=0.01)
for step in range(5):
    <<pass|optimizer.zero_grad()>>
    loss = (slope * x[:, 0] + offset - x[:, 1]).pow(2).mean()
    loss.backward()
    optimizer.step()
""",
    ["@optimizer.step()", "2 parameters still have", "optimizer.zero_grad()"],
)

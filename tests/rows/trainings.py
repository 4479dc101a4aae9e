"""Training scripts that look like a mistake and are right: nobody is to be warned."""

from tests.rows.mistakes import HEAD, NET

RIGHT = {}

RIGHT["a generator beside a critic"] = (
    HEAD
    + """
G = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))
D = nn.Sequential(nn.Linear(4, 8), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(8, 1))
of_g, of_d = optim.Adam(G.parameters()), optim.Adam(D.parameters())
criterion = nn.BCEWithLogitsLoss()
for step in range(30):
    with torch.no_grad():
        fake = G(torch.randn(64, 2))
    of_d.zero_grad()
    real_loss = criterion(D(x), torch.ones(64, 1))
    fake_loss = criterion(D(fake), torch.zeros(64, 1))
    (real_loss + fake_loss).backward()
    of_d.step()
    of_g.zero_grad()
    criterion(D(G(torch.randn(64, 2))), torch.ones(64, 1)).backward()
    of_g.step()
"""
)

RIGHT["an actor through its critic"] = (
    HEAD
    + """
actor, critic = nn.Linear(4, 2), nn.Linear(6, 1)
of_actor, of_critic = optim.Adam(actor.parameters()), optim.Adam(critic.parameters())
for step in range(20):
    of_actor.zero_grad()
    (-critic(torch.cat([x, actor(x)], dim=1)).mean()).backward()
    of_actor.step()
    of_critic.zero_grad()
    action = actor(x).detach()
    F.mse_loss(critic(torch.cat([x, action], dim=1)), x[:, :1]).backward()
    of_critic.step()
"""
)

RIGHT["one sum of many losses"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.01)
for epoch in range(20):
    optimizer.zero_grad()
    losses = [F.cross_entropy(net(x[i::32]), y[i::32]) for i in range(32)]
    sum(losses).backward()
    optimizer.step()
"""
)

RIGHT["many losses, one after the other"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.01)
for epoch in range(3):
    optimizer.zero_grad()
    losses = [F.cross_entropy(net(x[i::32]), y[i::32]) for i in range(32)]
    for loss in losses:
        loss.backward()
    optimizer.step()
"""
)

RIGHT["a few losses are kept"] = (
    HEAD
    + NET
    + """
from collections import deque
optimizer = optim.SGD(net.parameters(), lr=0.1)
latest, first, best = deque(maxlen=10), None, None
for step in range(60):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    latest.append(loss)
    first = first or loss
    best = loss if best is None or loss < best else best
"""
)

RIGHT["a gradient of the input in evaluation mode"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    net.train()
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    net.eval()
    seen = x.clone().requires_grad_()
    F.cross_entropy(net(seen), y).backward()
"""
)

RIGHT["batch norm that is frozen"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))
optimizer = optim.SGD(net.parameters(), lr=0.1)
net.eval()
for step in range(5):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
)

RIGHT["a part that is frozen"] = (
    HEAD
    + NET
    + """
net.hidden.requires_grad_(False)
optimizer = optim.SGD(net.out.parameters(), lr=0.1)
for step in range(12):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
)

RIGHT["dropout as a sample of models"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.5), nn.Linear(16, 2))
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    net.train()
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
net.eval()
net[1].train()
with torch.no_grad():
    sampled = torch.stack([net(x).softmax(dim=1) for _ in range(8)])
    right = (sampled.mean(dim=0).argmax(dim=1) == y).float().mean()
"""
)

RIGHT["a hinge that is satisfied"] = (
    HEAD
    + """
net = nn.Linear(4, 1)
optimizer = optim.SGD(net.parameters(), lr=0.0)
for step in range(3):
    optimizer.zero_grad()
    torch.relu(net(x) * 0 - 1).mean().backward()
    optimizer.step()
"""
)

RIGHT["gradients scaled, not zeroed"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    for p in net.parameters():
        if p.grad is not None:
            p.grad *= 0.9
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
)

RIGHT["zeroed in other ways"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(9):
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    if step < 3:
        net.zero_grad(set_to_none=False)
    elif step < 6:
        for p in net.parameters():
            p.grad.zero_()
    else:
        for p in net.parameters():
            p.grad = None
"""
)

RIGHT["second derivatives"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = optim.Adam(net.parameters())
for step in range(20):
    seen = x.clone().requires_grad_()
    out = net(seen)
    (g,) = torch.grad(out.sum(), seen, create_graph=True)
    optimizer.zero_grad()
    (g.norm(dim=1) - 1).pow(2).mean().backward()
    optimizer.step()
"""
)

RIGHT["one graph, many passes"] = (
    HEAD
    + """
w = torch.randn(4, requires_grad=True)
h = torch.tanh(x @ w)
for i in range(40):
    h[i].backward(retain_graph=True)
"""
)

RIGHT["pairs on purpose"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = optim.Adam(net.parameters())
levels = torch.linspace(-1, 1, 64)
for step in range(5):
    optimizer.zero_grad()
    out = net(x)
    flat = out.squeeze(1)
    pairs = (flat.unsqueeze(1) - levels).abs().mean() + (out - flat).abs().mean()
    (pairs + (out - flat.unsqueeze(0)).pow(2).mean()).backward()
    optimizer.step()
"""
)

RIGHT["clipped in turn"] = (
    HEAD
    + NET
    + """
other = nn.Linear(4, 2)
first, second = optim.SGD(net.parameters(), lr=0.1), optim.SGD(other.parameters(), lr=0.1)
for step in range(5):
    for model, optimizer in ((net, first), (other, second)):
        F.cross_entropy(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.01)
        optimizer.step()
        optimizer.zero_grad()
"""
)

RIGHT["gradients that are assigned"] = (
    HEAD
    + NET
    + """
import copy
optimizer = optim.Adam(net.parameters(), lr=0.1)
for task in range(4):
    fast = copy.deepcopy(net)
    inner = optim.SGD(fast.parameters(), lr=0.1)
    for step in range(3):
        inner.zero_grad()
        F.cross_entropy(fast(x), y).backward()
        inner.step()
    for p, q in zip(net.parameters(), fast.parameters()):
        p.grad = (p - q).detach()
    optimizer.step()
"""
)

RIGHT["half of a layer is 0"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
net.hidden.bias.data[:8] = -99.0
for step in range(3):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
)

RIGHT["statistics are gathered anew"] = (
    HEAD
    + """
net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
optimizer = optim.SGD(net.parameters(), lr=0.1)
average = optim.swa_utils.AveragedModel(net)
for step in range(3):
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    average.update_parameters(net)
optim.swa_utils.update_bn([x], average)
average.eval()
with torch.no_grad():
    right = (average(x).argmax(dim=1) == y).float().mean()
"""
)

RIGHT["grad in evaluation mode"] = (
    HEAD
    + NET
    + """
optimizer = optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    net.eval()
    seen = x.clone().requires_grad_()
    slope, = torch.autograd.grad(F.cross_entropy(net(seen), y), seen)
    net.train()
    optimizer.zero_grad()
    F.cross_entropy(net(x + 0.1 * slope.sign()), y).backward()
    optimizer.step()
"""
)

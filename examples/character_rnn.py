"""A character LSTM learns the Zen of Python by heart, letter by letter, and recites it.

With PyTorch, and without it:

    python examples/character_rnn.py
    python -m autograd examples/character_rnn.py
"""

import argparse
import codecs
import contextlib
import io

import torch
import torch.nn as nn
from tqdm import tqdm

with contextlib.redirect_stdout(io.StringIO()):  # importing it prints it
    import this

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=300)
parser.add_argument("--sequence", type=int, default=50, help="letters in a sequence")
parser.add_argument("--hidden", type=int, default=96)
args = parser.parse_args()

torch.manual_seed(0)
text = codecs.decode(this.s, "rot13")
chars = sorted(set(text))
char_to_ix = {ch: i for i, ch in enumerate(chars)}
data = torch.tensor([char_to_ix[ch] for ch in text], dtype=torch.long)


class CharRNN(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, 32)
        self.lstm = nn.LSTM(32, hidden, num_layers=1, batch_first=True)
        self.decoder = nn.Linear(hidden, vocab)

    def forward(self, x, state=None):
        output, state = self.lstm(self.embedding(x), state)
        return self.decoder(output), state


def batch(size=16):
    """Sequences from random places; what is to be said is the same, one letter on."""
    starts = torch.randint(len(data) - args.sequence - 1, (size,))
    x = torch.stack([data[i : i + args.sequence] for i in starts])
    y = torch.stack([data[i + 1 : i + args.sequence + 1] for i in starts])
    return x, y


def sample(model, start="Beautiful", length=200, temperature=0.5):
    """Letter after letter, each drawn by the probability that the network gives it."""
    model.eval()
    said, state = start, None
    x = torch.tensor([[char_to_ix[ch] for ch in start]])
    with torch.no_grad():
        for _ in range(length):
            logits, state = model(x, state)
            probabilities = torch.softmax(logits[0, -1] / temperature, dim=-1)
            x = torch.multinomial(probabilities, 1).view(1, 1)
            said += chars[x.item()]
    return said


model = CharRNN(len(chars), args.hidden)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
count = sum(p.numel() for p in model.parameters())
print(f"{len(text)} letters, {len(chars)} different; {count} weights")

for step in tqdm(range(1, args.steps + 1), unit="step"):
    x, y = batch()
    logits, _ = model(x)
    loss = criterion(logits.reshape(-1, len(chars)), y.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    if step % 20 == 0:
        tqdm.write(f"step {step}: loss {loss.item():.4f}")

print(sample(model))

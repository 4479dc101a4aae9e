"""A graph network (Kipf & Welling 2017, arXiv:1609.02907) learns from five labels a class.

Every digit is a node; it is linked with the eight that look most like it. Labels are known
for 50 of 1,797, and links carry them to the others. The adjacency is a sparse matrix.

With PyTorch, and without it:

    python examples/graph_network.py
    python -m autograd examples/graph_network.py
"""

import argparse
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.neighbors import kneighbors_graph
from torch.nn.parameter import Parameter


class GraphConvolution(nn.Module):
    """adjacency @ (x @ weight) + bias: every node becomes a mean of its neighbours' features."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = Parameter(torch.empty(in_features, out_features))
        self.bias = Parameter(torch.empty(out_features))
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        self.bias.data.uniform_(-stdv, stdv)

    def forward(self, x, adjacency):
        return torch.sparse.mm(adjacency, torch.mm(x, self.weight)) + self.bias


class GCN(nn.Module):
    def __init__(self, features, hidden, classes, dropout=0.5):
        super().__init__()
        self.gc1 = GraphConvolution(features, hidden)
        self.gc2 = GraphConvolution(hidden, classes)
        self.dropout = dropout

    def forward(self, x, adjacency):
        x = F.relu(self.gc1(x, adjacency))
        x = F.dropout(x, self.dropout, training=self.training)
        return F.log_softmax(self.gc2(x, adjacency), dim=1)


def load_graph():
    """Features, the normalised adjacency and labels of all digits."""
    digits = load_digits()
    links = kneighbors_graph(digits.data, 8, include_self=True)
    links = links.maximum(links.T)  # a link goes both ways
    scale = np.asarray(links.sum(axis=1)).ravel() ** -0.5
    links = links.multiply(scale[:, None]).multiply(scale).tocoo()
    indices = torch.from_numpy(np.vstack([links.row, links.col]).astype(np.int64))
    values = torch.from_numpy(links.data.astype(np.float32))
    adjacency = torch.sparse_coo_tensor(indices, values, links.shape)
    return torch.FloatTensor(digits.data / 16), adjacency, torch.LongTensor(digits.target)


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=200)
args = parser.parse_args()

torch.manual_seed(0)
x, adjacency, labels = load_graph()
known = torch.cat([torch.nonzero(labels == digit)[:5, 0] for digit in range(10)])
model = GCN(64, 32, 10)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)

for step in range(1, args.steps + 1):
    model.train()
    optimizer.zero_grad()
    output = model(x, adjacency)
    loss = F.nll_loss(output[known], labels[known])
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.4f}")

model.eval()
with torch.no_grad():
    right = (model(x, adjacency).argmax(1) == labels).sum().item()
print(f"{right} of {len(labels)} digits right, of whom {len(known)} were told")

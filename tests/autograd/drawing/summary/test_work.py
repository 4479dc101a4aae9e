"""How much models have to do: worked out by hand, and as PyTorch counts it."""

import pytest

import autograd
import nn


def works(function):
    """A model of a function of the library, the model's own weight (4, 6) and inputs."""

    def make(lib, layers):
        class Works(layers.Module):
            def __init__(self):
                super().__init__()
                self.w = layers.Parameter(lib.ones(4, 6))

            def forward(self, *inputs):
                return function(lib, layers.functional, self.w, *inputs)

        return Works()

    return make


def residual(lib, layers):
    class Block(layers.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = layers.Conv2d(8, 8, 3, padding=1), layers.Conv2d(8, 8, 3, padding=1)

        def forward(self, x):
            return (self.b(self.a(x).relu()) + x).relu()

    return layers.Sequential(
        layers.Conv2d(3, 8, 3, stride=2), Block(), Block(), layers.AdaptiveAvgPool2d(1),
        layers.Flatten(), layers.Linear(8, 5),
    )  # fmt: skip


# How a model is built, the shapes that it is called with, how many multiply-adds that takes, and
# whether PyTorch counts them.
MODELS = {
    "linear": (lambda t, n: n.Linear(4, 3), [(5, 4)], 5 * 4 * 3, True),
    "rows": (lambda t, n: n.Linear(4, 3), [(2, 5, 4)], 2 * 5 * 4 * 3, True),
    "mlp": (
        lambda t, n: n.Sequential(n.Linear(4, 8), n.Tanh(), n.Linear(8, 2)),
        [(5, 4)], 5 * (32 + 16), True,
    ),
    "conv1d": (lambda t, n: n.Conv1d(3, 6, 3, dilation=2), [(2, 3, 11)], 2 * 6 * 7 * 9, True),
    "conv2d": (
        lambda t, n: n.Conv2d(3, 6, 3, stride=2, padding=1),
        [(2, 3, 9, 8)], 2 * 6 * 5 * 4 * 27, True,
    ),
    "conv3d": (lambda t, n: n.Conv3d(2, 3, 2), [(2, 2, 4, 5, 6)], 2 * 3 * 60 * 16, True),
    "depthwise": (
        lambda t, n: n.Sequential(n.Conv2d(4, 8, 3, groups=4), n.Conv2d(8, 4, 1)),
        [(2, 4, 7, 7)], 2 * 25 * (8 * 9 + 4 * 8), True,
    ),
    "transposed": (
        lambda t, n: n.ConvTranspose2d(4, 6, 3, stride=2), [(2, 4, 5, 5)], 2 * 100 * 54, True,
    ),
    "transposed, in groups": (
        lambda t, n: n.ConvTranspose1d(4, 6, 3, groups=2), [(2, 4, 5)], 2 * 20 * 9, True,
    ),
    "autoencoder": (
        lambda t, n: n.Sequential(
            n.Conv2d(1, 4, 3, stride=2), n.ReLU(), n.ConvTranspose2d(4, 1, 3, stride=2)
        ),
        [(3, 1, 9, 9)], 3 * 64 * 9 * 2, True,
    ),
    "residual": (
        residual, [(2, 3, 11, 11)], 2 * (25 * 8 * 27 + 4 * 25 * 8 * 72 + 40), True,
    ),
    "cnn": (
        lambda t, n: n.Sequential(
            n.Conv2d(1, 8, 3), n.BatchNorm2d(8), n.ReLU(), n.MaxPool2d(2), n.Flatten(),
            n.Dropout(0.2), n.Linear(72, 10),
        ),
        [(4, 1, 8, 8)], 4 * (8 * 36 * 9 + 720), True,
    ),
    "upsampling": (
        lambda t, n: n.Sequential(
            n.Conv2d(2, 4, 3, padding="same"), n.GroupNorm(2, 4), n.GELU(),
            n.Upsample(scale_factor=2), n.Conv2d(4, 1, 3),
        ),
        [(2, 2, 6, 6)], 2 * (36 * 4 * 18 + 100 * 36), True,
    ),
    "attention": (
        lambda t, n: n.MultiheadAttention(8, 2, batch_first=True),
        [(2, 5, 8), (2, 6, 8), (2, 6, 8)],
        2 * (2 * 5 * 64 + 2 * 6 * 64 + 5 * 6 * (8 + 8)), True,
    ),
    "encoder layer": (
        lambda t, n: n.TransformerEncoderLayer(8, 2, 16, batch_first=True),
        [(2, 5, 8)], 2 * (4 * 5 * 64 + 25 * 16 + 2 * 5 * 128), True,
    ),
    "decoder layer": (
        lambda t, n: n.TransformerDecoderLayer(8, 2, 16, batch_first=True),
        [(2, 5, 8), (2, 7, 8)],
        2 * (4 * 5 * 64 + 25 * 16 + 2 * 5 * 64 + 2 * 7 * 64 + 35 * 16 + 2 * 5 * 128), True,
    ),
    "transformer": (
        lambda t, n: n.Transformer(8, 2, 1, 1, 16, batch_first=True),
        [(2, 5, 8), (2, 7, 8)], 18848, True,
    ),
    "products": (
        works(lambda t, f, w, x: (x @ w).reshape(-1, 2, 6) @ (x @ w).reshape(-1, 6, 2)),
        [(4, 4)], 2 * 96 + 2 * 2 * 6 * 2, True,
    ),
    "bmm": (works(lambda t, f, w, x, y: t.bmm(x, y)), [(3, 4, 5), (3, 5, 2)], 3 * 40, True),
    "einsum": (
        works(lambda t, f, w, x: t.einsum("bti,ij->btj", x, w)), [(3, 4, 4)], 12 * 24, True,
    ),
    "outer": (works(lambda t, f, w, x: t.einsum("i,j->ij", x, x)), [(4,)], 0, True),
    "gru": (lambda t, n: n.GRU(3, 5), [(7, 2, 3)], 14 * 15 * 8, True),
    "rnn": (lambda t, n: n.RNN(3, 5), [(7, 2, 3)], 14 * 5 * 8, True),
    "cell": (lambda t, n: n.LSTMCell(3, 5), [(2, 3)], 2 * 20 * 8, True),
    "lstm": (
        lambda t, n: n.LSTM(3, 5, 2, bidirectional=True),
        [(7, 2, 3)], 14 * 2 * 20 * (3 + 5 + 10 + 5), False,
    ),
    "projected": (
        lambda t, n: n.LSTM(3, 5, proj_size=2), [(7, 2, 3)], 14 * (20 * (3 + 2) + 10), False,
    ),
    "scaled dot product": (
        works(lambda t, f, w, *qkv: f.scaled_dot_product_attention(*qkv)),
        [(2, 3, 5, 4), (2, 3, 6, 4), (2, 3, 6, 4)], 6 * 30 * 8, False,
    ),
    "bilinear": (lambda t, n: n.Bilinear(3, 4, 5), [(6, 3), (6, 4)], 6 * (60 + 20), False),
    "solve": (
        works(lambda t, f, w, x: t.linalg.cholesky(x @ x.T + 9 * t.eye(4))),
        [(4, 4)], 64 + 64 // 6, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_multiply_adds_worked_out_by_hand(name):
    make, shapes, expected, _ = MODELS[name]
    assert autograd.summary(make(autograd, nn), shapes).multiply_adds == expected


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name, facts in MODELS.items() if facts[-1]])
def test_multiply_adds_and_parameters_are_those_that_pytorch_counts(name):
    torch = pytest.importorskip("torch")
    from torch.utils.flop_counter import FlopCounterMode

    make, shapes, _, _ = MODELS[name]
    found = autograd.summary(make(autograd, nn), shapes)
    model = make(torch, torch.nn)
    with FlopCounterMode(display=False) as counter:
        model(*[torch.rand(*shape) for shape in shapes])
    assert 2 * found.multiply_adds == counter.get_total_flops()
    assert found.parameters == sum(p.numel() for p in model.parameters())


def test_an_op_without_a_rule_counts_what_it_calls():
    class Product(autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            return x @ w

        @staticmethod
        def backward(ctx, g):
            return g, g

    class Uses(nn.Module):
        def forward(self, x):
            return Product.apply(x, autograd.ones(4, 2))

    assert autograd.summary(Uses(), (3, 4)).multiply_adds == 24


def test_a_sparse_product_takes_one_for_each_stored_element_and_column():
    matrix = autograd.tensor([[0.0, 1.0], [2.0, 0.0], [3.0, 0.0]]).to_sparse()

    class Uses(nn.Module):
        def forward(self, x):
            return autograd.sparse.mm(matrix, x)

    assert autograd.summary(Uses(), (2, 5)).multiply_adds == 3 * 5


def test_gradients_inside_a_model_count():
    class Penalty(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 2, 3)

        def forward(self, x):
            x = x.requires_grad_()
            (g,) = autograd.grad(self.conv(x).sum(), [x], create_graph=True)
            return g

    assert autograd.summary(Penalty(), (1, 1, 5, 5)).multiply_adds == 2 * 9 * 9 * 2

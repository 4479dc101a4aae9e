"""Tables of vectors: every option of a look-up and of a bag."""

import numpy as np
import pytest

import autograd
import nn
import nn.functional as F

INDEX, FLAT = [[1, 2, 2], [0, 6, 2]], [1, 2, 2, 0, 6, 2]
TABLE = np.random.default_rng(0).standard_normal((7, 3)).astype("f")
WEIGHTS = np.random.default_rng(1).standard_normal(6).astype("f")

# arguments after the table, which may ask for tensors: (indices, function of the module -> kwargs)
LOOKS = [
    {},
    {"padding_idx": 2},
    {"padding_idx": -1},
    {"scale_grad_by_freq": True},
    {"padding_idx": 1, "scale_grad_by_freq": True},
    {"max_norm": 1.0},
    {"max_norm": 0.5, "norm_type": 1.0, "sparse": False},
]
BAGS = [
    (INDEX, lambda t: {"mode": "sum"}),
    (INDEX, lambda t: {"mode": "mean", "max_norm": 0.5}),
    (INDEX, lambda t: {"mode": "max", "padding_idx": 6}),
    (FLAT, lambda t: {"offsets": t([0, 2, 2]), "mode": "mean"}),
    (FLAT, lambda t: {"offsets": t([0, 2, 6]), "mode": "max"}),
    (FLAT, lambda t: {"offsets": t([0, 4, 6]), "include_last_offset": True}),
    (FLAT, lambda t: {"offsets": t([0, 2, 3]), "mode": "sum", "padding_idx": 2}),
    (FLAT, lambda t: {"offsets": t([0, 2, 3]), "mode": "mean", "padding_idx": 2}),
    (FLAT, lambda t: {"offsets": t([0, 2]), "mode": "sum", "per_sample_weights": t(WEIGHTS)}),
    (FLAT, lambda t: {
        "offsets": t([0, 2]), "mode": "sum", "per_sample_weights": t(WEIGHTS), "padding_idx": 2,
    }),
]  # fmt: skip


def of(core, function, index, options):
    """The result, the table's gradient, the table as it is then."""
    table = core.tensor(TABLE, requires_grad=True)
    out = function(core.tensor(index), table, **options)
    out.backward(core.tensor(np.arange(1.0, 1 + out.numel(), dtype="f").reshape(tuple(out.shape))))
    return [one.detach().numpy() for one in (out, table.grad, table)]


@pytest.mark.torch
@pytest.mark.parametrize("options", LOOKS, ids=str)
def test_a_look_up_is_as_in_torch(options):
    torch = pytest.importorskip("torch")
    ours = of(autograd, F.embedding, INDEX, options)
    theirs = of(torch, torch.nn.functional.embedding, INDEX, options)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, 1e-6, 1e-6)


@pytest.mark.torch
@pytest.mark.parametrize("index, options", BAGS)
def test_a_bag_is_as_in_torch(index, options):
    torch = pytest.importorskip("torch")
    ours = of(autograd, F.embedding_bag, index, options(autograd.tensor))
    function = torch.nn.functional.embedding_bag
    for a, b in zip(ours, of(torch, function, index, options(torch.tensor)), strict=True):
        np.testing.assert_allclose(a, b, 1e-6, 1e-6)


@pytest.mark.torch
def test_tables_start_with_torchs_numbers():
    torch = pytest.importorskip("torch")
    for make in (
        lambda layers: layers.Embedding(10, 5, padding_idx=3),
        lambda layers: layers.EmbeddingBag(4, 6, padding_idx=-1, max_norm=2.0),
    ):
        autograd.manual_seed(0)
        torch.manual_seed(0)
        ours, theirs = make(nn), make(torch.nn)
        np.testing.assert_allclose(ours.weight.tolist(), theirs.weight.tolist(), 1e-5, 1e-6)
        assert repr(ours) == repr(theirs)


def test_options_of_a_look_up():
    out, gradient, table = of(autograd, F.embedding, INDEX, {"padding_idx": 2, "max_norm": 0.1})
    assert not gradient[2].any() and gradient[0].any()
    assert (np.linalg.norm(out, axis=-1) < 0.1 + 1e-6).all()
    np.testing.assert_array_equal(table[3:6], TABLE[3:6])
    _, plain, _ = of(autograd, F.embedding, INDEX, {})
    _, shared, _ = of(autograd, F.embedding, INDEX, {"scale_grad_by_freq": True})
    np.testing.assert_allclose(shared[2], plain[2] / 3, 1e-6)


def test_a_row_named_often_gets_the_right_sum():
    table = autograd.zeros(3, 2, requires_grad=True)
    F.embedding(autograd.ones(100_000, dtype=autograd.int64), table).mul(0.1).sum().backward()
    np.testing.assert_allclose(table.grad.numpy()[1], 1e4, 1e-6)


def test_a_bag_of_nothing_is_zero_and_the_first_of_equal_rows_counts():
    table = autograd.ones(3, 2, requires_grad=True)
    out = F.embedding_bag(autograd.tensor([2, 1]), table, autograd.tensor([0, 0]), mode="max")
    assert out.tolist() == [[0, 0], [1, 1]]
    out.sum().backward()
    assert table.grad.tolist() == [[0, 0], [0, 0], [1, 1]]


def test_pretrained_tables():
    table = autograd.tensor(TABLE)
    frozen = nn.Embedding.from_pretrained(table)
    assert not frozen.weight.requires_grad and frozen.weight.data_ptr() == table.data_ptr()
    assert nn.EmbeddingBag.from_pretrained(table, freeze=False).weight.requires_grad


@pytest.mark.parametrize(
    "error, match, use",
    [
        (IndexError, "in \\[0, 7\\); got 0 to 7", lambda w: F.embedding(tensor([0, 7]), w)),
        (IndexError, "got -1 to 0", lambda w: F.embedding(tensor([0, -1]), w)),
        (IndexError, "must be integers", lambda w: F.embedding(tensor([0.5]), w)),
        (ValueError, "a table of shape", lambda w: F.embedding(tensor([0]), w[0])),
        (ValueError, "one of the 7 rows", lambda w: F.embedding(tensor([0]), w, 7)),
        (ValueError, "without", lambda w: F.embedding_bag(tensor([0]), w)),
        (ValueError, "need no offsets", lambda w: F.embedding_bag(tensor([[0]]), w, tensor([0]))),
        (ValueError, "rise from 0", lambda w: F.embedding_bag(tensor([0]), w, tensor([1]))),
        (ValueError, "mode must be", lambda w: F.embedding_bag(tensor([[0]]), w, mode="min")),
        (ValueError, "shape \\(3, 2\\)", lambda w: nn.Embedding(3, 2, _weight=w)),
    ],
)
def test_what_does_not_go_together(error, match, use):
    with pytest.raises(error, match=match):
        use(autograd.tensor(TABLE))


tensor = autograd.tensor

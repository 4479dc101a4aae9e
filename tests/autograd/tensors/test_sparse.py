"""Sparse tensors: what is computed with them is what is computed with all elements."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, tensor

INDICES = [[0, 1, 1, 0, 3], [2, 0, 2, 2, 1]]  # one place twice, a row without elements
VALUES = [3.0, 4.0, 5.0, 1.0, -2.0]
SIZE = (4, 3)
Y = np.arange(1.0, 7.0).reshape(3, 2)
SQUARE = np.linspace(-1, 2, 12).reshape(4, 3)


def made(library, requires_grad=False):
    v = library.tensor(VALUES, dtype=library.float64, requires_grad=requires_grad)
    return library.sparse_coo_tensor(library.tensor(INDICES), v, SIZE), v


# A function of the library, a sparse tensor A and a dense y, (3, 2): the same with A all there
SAME = {
    "A @ y": lambda lib, a, y: a @ y,
    "A @ vector": lambda lib, a, y: a @ y[:, 0],
    "mv": lambda lib, a, y: lib.mv(a, y[:, 0]),
    "mm": lambda lib, a, y: lib.mm(a, y),
    "matmul": lambda lib, a, y: lib.matmul(a, y),
    "method mm": lambda lib, a, y: a.mm(y),
    "y @ A": lambda lib, a, y: y.t() @ a.t(),
    "vector @ A": lambda lib, a, y: y[:, 1] @ a.t(),
    "linear": lambda lib, a, y: _functional(lib).linear(a, y.t(), y[0]),
    "addmm": lambda lib, a, y: lib.addmm(y[0], a, y, beta=2, alpha=3),
    "A B": lambda lib, a, y: _whole(a @ a.t()),
    "t": lambda lib, a, y: _whole(a.t()),
    "transpose": lambda lib, a, y: _whole(a.transpose(1, 0) * 2),
    "scaled": lambda lib, a, y: _whole(2 * a / 4 - a),
    "neg": lambda lib, a, y: _whole(-a),
    "A + B": lambda lib, a, y: _whole(a + _as(a, a * a)),
    "sub": lambda lib, a, y: _whole(lib.sub(a, a, alpha=3)),
    "dense + A": lambda lib, a, y: lib.ones(4, 3, dtype=lib.float64) + a,
    "times row": lambda lib, a, y: _whole(a * y[:, 0]),
    "by column": lambda lib, a, y: _whole(a / y.sum().expand(4, 1)),
    "A * B": lambda lib, a, y: _whole(a * a),
    "sum": lambda lib, a, y: lib.sum(a),
    "sum of rows": lambda lib, a, y: _whole(a.sum(1)),
    "square": lambda lib, a, y: _whole(a**2),
    "abs": lambda lib, a, y: _whole(abs(a)),
    "tanh": lambda lib, a, y: _whole(lib.tanh(a)),
    "float": lambda lib, a, y: _whole(a.float().double().clone()),
    "coalesce": lambda lib, a, y: _whole(a.coalesce() if a.layout is not lib.strided else a),
    "to_sparse": lambda lib, a, y: _whole(_whole(a).to_sparse()) @ y,
    "csr": lambda lib, a, y: _whole(a.to_sparse_csr() if a.layout is lib.sparse_coo else a) @ y,
    "csr @ y": lambda lib, a, y: (a.to_sparse_csr() if a.layout is lib.sparse_coo else a) @ y,
}  # fmt: skip
# which PyTorch does not do, or not with a gradient
OURS_ALONE = {"sum of rows", "times row", "by column", "tanh"}


def _whole(a):
    return a.to_dense()


def _as(a, b):
    return b.coalesce() if a.layout is not b.layout else b


def _functional(library):
    return nn.functional if library is autograd else library.nn.functional


def differentiated(library, compute, whole=False):
    a, v = made(library, True)
    y = library.tensor(Y, requires_grad=True)
    out = compute(library, a.to_dense() if whole else a, y)
    weights = library.arange(1.0, 1.0 + out.numel(), dtype=library.float64).reshape(out.shape)
    grads = library.autograd.grad if library is not autograd else autograd.grad
    first = grads((out * weights).sum(), [v, y], allow_unused=True)
    return [out, *first]


def agree(found, expected):
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), 1e-6)


@pytest.mark.parametrize("name", SAME)
def test_as_with_all_elements(name):
    found = differentiated(autograd, SAME[name])
    agree(found, differentiated(autograd, SAME[name], whole=True))
    assert not found[0].is_sparse


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Sparse")
@pytest.mark.parametrize("name", sorted(SAME.keys() - OURS_ALONE))
def test_as_torch(name):
    torch = pytest.importorskip("torch")
    agree(differentiated(autograd, SAME[name]), differentiated(torch, SAME[name]))


def test_derivatives_of_any_order():
    indices, y = tensor(INDICES), tensor(Y, requires_grad=True)

    def product(v, y):
        return autograd.spmm(autograd.sparse_coo_tensor(indices, v, SIZE), y).tanh()

    v = tensor(VALUES, dtype=autograd.float64, requires_grad=True)
    assert autograd.gradcheck(product, [v, y]) and autograd.gradgradcheck(product, [v, y])


DOOR = {
    "mm": lambda lib, a, y: lib.sparse.mm(a, y),
    **{
        f"mm {reduce}": lambda lib, a, y, reduce=reduce: lib.sparse.mm(a.to_sparse_csr(), y, reduce)
        for reduce in ("sum", "mean", "amax", "amin")
    },
    "mm from the right": lambda lib, a, y: lib.sparse.mm(y.t(), a.t()),
    "addmm": lambda lib, a, y: lib.sparse.addmm(y[:1].expand(4, 2), a, y, beta=2, alpha=3),
    "sum": lambda lib, a, y: lib.sparse.sum(a),
    "sum over rows": lambda lib, a, y: _whole(lib.sparse.sum(a, 0)),
    "softmax": lambda lib, a, y: _whole(lib.sparse.softmax(a, 1)),
    "softmax of columns": lambda lib, a, y: _whole(lib.sparse.softmax(a, dim=0)),
    "log_softmax": lambda lib, a, y: _whole(lib.sparse.log_softmax(a, 1)),
    "spmm": lambda lib, a, y: lib.spmm(a, y),
    "sampled_addmm": lambda lib, a, y: _whole(
        lib.sparse.sampled_addmm(a.to_sparse_csr(), y[[0, 2, 1, 0]], y.t() * 2, beta=3, alpha=0.5)
    ),
}


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Sparse")
@pytest.mark.parametrize("name", DOOR)
def test_the_door_is_torchs(name):
    torch = pytest.importorskip("torch")
    agree(differentiated(autograd, DOOR[name]), differentiated(torch, DOOR[name]))


def test_softmax_of_what_is_stored():
    a, _ = made(autograd)
    found = autograd.sparse.softmax(a, 1).to_dense()
    np.testing.assert_allclose(found[1], [np.exp(-1) / (1 + np.exp(-1)), 0, 1 / (1 + np.exp(-1))])
    assert found.sum(1).tolist() == [1, 1, 0, 1]
    np.testing.assert_allclose(
        autograd.sparse.log_softmax(a, 1).to_dense().exp()[1, ::2], found[1, ::2]
    )
    assert autograd.sparse.log_softmax(a * 1000, 1).values().tolist() == [0, -1000, 0, 0]
    with pytest.raises(TypeError, match="x.float"):
        autograd.sparse.softmax(a.long(), 1)


# -- what it is ------------------------------------------------------------------------------------


def test_facts():
    a, v = made(autograd)
    assert isinstance(a, Tensor) and autograd.is_tensor(a) and a.is_sparse and not v.is_sparse
    assert a.shape == a.size() == autograd.Size(SIZE) and a.size(-1) == 3 and len(a) == 4
    assert (a.dim(), a.ndim, a.numel(), a._nnz(), a.sparse_dim(), a.dense_dim()) == (
        2, 2, 12, 5, 2, 0,
    )  # fmt: skip
    assert a.dtype is autograd.float64 and a.is_floating_point() and a.element_size() == 8
    assert a.layout is autograd.sparse_coo and repr(a.layout) == "autograd.sparse_coo"
    assert (
        a.to("cpu") is a and a.cpu() is a and a.double() is a and a.float().dtype is v.float().dtype
    )
    assert a.type() == "autograd.sparse.DoubleTensor" and a.to_dense().to_dense().shape == SIZE
    assert a._indices().tolist() == INDICES and a._values().tolist() == VALUES
    b = a.coalesce()
    assert not a.is_coalesced() and b.is_coalesced() and b.coalesce() is b
    assert b.indices().tolist() == [[0, 1, 1, 3], [2, 0, 2, 1]]
    assert b.values().tolist() == [4, 4, 5, -2]
    assert b.to_dense().to_sparse().values().tolist() == b.values().tolist()
    assert isinstance(a, autograd.sparse.DoubleTensor) and not isinstance(a, autograd.DoubleTensor)
    assert not isinstance(v, autograd.sparse.DoubleTensor)


def test_rows():
    a = tensor([[0.0, 2.0], [0.0, 0.0], [3.0, 4.0]]).to_sparse_csr()
    assert a.crow_indices().tolist() == [0, 1, 1, 3] and a.col_indices().tolist() == [1, 0, 1]
    assert a.values().tolist() == [2, 3, 4] and not a.is_sparse and a.is_sparse_csr
    same = autograd.sparse_csr_tensor([0, 1, 1, 3], [1, 0, 1], [2.0, 3.0, 4.0], requires_grad=True)
    autograd.sparse.sum(same * same).backward()
    assert same.grad.values().tolist() == [4, 6, 8] and same.grad.layout is autograd.sparse_csr
    assert a.to_sparse().to_sparse(layout=autograd.sparse_csr).layout is autograd.sparse_csr
    assert (a.t() @ autograd.ones(3, 1)).tolist() == [[3], [6]]


def test_leaves():
    a, v = made(autograd)
    a.requires_grad_()
    assert a.requires_grad and a.is_leaf and a.grad is None and not v.requires_grad
    (a @ tensor(Y)).sum().backward()
    # a place that is named twice has one slope
    assert a.grad.to_dense().tolist() == [[0, 0, 11], [3, 0, 11], [0, 0, 0], [0, 7, 0]]
    with pytest.raises(NotImplementedError, match="inputs must not be sparse"):
        autograd.grad((a @ tensor(Y)).sum(), a, create_graph=True)
    a.grad = None
    assert a.grad is None and a.detach().requires_grad is False
    b, v = made(autograd, True)
    assert not b.is_leaf and b.grad_fn.name() == "SparseCooTensorWithDimsAndTensorsBackward0"


def test_kept_by_a_custom_op():
    class Product(autograd.Function):
        @staticmethod
        def forward(ctx, values, y):
            a = autograd.sparse_coo_tensor(INDICES, values, SIZE)
            ctx.save_for_backward(a, None, y)
            return a @ y

        @staticmethod
        def backward(ctx, g):
            a, nothing, y = ctx.saved_tensors
            assert nothing is None
            return (g @ y.t())[tuple(a._indices())], a.t() @ g

    a, v = made(autograd, True)
    y = tensor(Y, requires_grad=True)
    found = autograd.grad(Product.apply(v, y).sum(), [v, y])
    agree(found, autograd.grad((a @ y).sum(), [v, y]))


def test_of_a_module():
    module = nn.Module()
    module.register_buffer("adjacency", made(autograd)[0])
    other = copy.deepcopy(module.float())
    module.adjacency._values().zero_()
    assert other.adjacency.to_dense()[0, 2] == 4 and module.adjacency.to_dense()[0, 2] == 0
    assert other.state_dict()["adjacency"].dtype is autograd.float32


def test_early_forms():
    i, v = np.array(INDICES), np.array(VALUES)
    size = autograd.Size(SIZE)
    a = autograd.sparse.FloatTensor(autograd.from_numpy(i), autograd.from_numpy(v).float(), size)
    assert a.dtype is autograd.float32 and a.to_dense().sum() == 11
    assert autograd.sparse.FloatTensor(2, 3).to_dense().tolist() == [[0] * 3] * 2
    assert autograd.sparse.LongTensor(i, tensor([1, 2, 3, 4, 5])).sum() == 15
    assert autograd.sparse.IntTensor().shape == (0,)


def test_empty_and_hybrid():
    none = autograd.sparse_coo_tensor(size=(2, 3))
    assert (none @ autograd.ones(3, 2)).tolist() == [[0, 0], [0, 0]] and none.sum() == 0
    assert none.coalesce().to_sparse_csr().crow_indices().tolist() == [0, 0, 0]
    assert autograd.sparse_coo_tensor((2, 3)).shape == (2, 3)
    rows = autograd.sparse_coo_tensor([[2, 0, 2]], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert rows.to_dense().tolist() == [[3, 4], [0, 0], [6, 8]] and rows.dense_dim() == 1
    assert tensor([[1.0, 0.0], [0.0, 0.0]]).to_sparse(1).values().tolist() == [[1, 0]]


def test_float16_is_added_up_in_float32():
    many = autograd.sparse_coo_tensor(
        [[0] * 4000, list(range(4000))], autograd.ones(4000).half(), (1, 4000)
    )
    assert (many @ autograd.ones(4000, 1).half()).item() == 4000


# -- as text ---------------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Sparse")
def test_it_prints_as_torchs():
    torch = pytest.importorskip("torch")

    def texts(library):
        a, v = made(library)
        i = library.tensor(INDICES)
        yield from (a, a.coalesce(), a.t(), a.float(), a.long(), a.to_sparse_csr())
        yield library.sparse_coo_tensor(i, v.float(), SIZE, requires_grad=True)
        yield library.sparse_coo_tensor(i, v.float().requires_grad_(), SIZE)
        yield library.sparse_coo_tensor(size=(2, 3))
        yield library.sparse_coo_tensor(i, library.ones(5, 2))
        yield library.eye(2000).to_sparse()
        yield library.sparse_csr_tensor([0, 1], [0], [1.0], requires_grad=True)

    for ours, theirs in zip(texts(autograd), texts(torch), strict=True):
        text = repr(theirs).replace("torch.", "autograd.")
        assert repr(ours).split() == text.split()
        if "dtype" not in text and "grad" not in text:  # our longer name breaks lines elsewhere
            assert repr(ours) == text


# -- what it is not --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        lambda a: a.exp(), lambda a: autograd.exp(a), lambda a: a[0], lambda a: a.mean(),
        lambda a: a == a, lambda a: a.reshape(-1), lambda a: a.add_(a), lambda a: a.tolist(),
        lambda a: autograd.stack([a, a]), lambda a: nn.Parameter(a), lambda a: a + 1,
        lambda a: pickle.dumps(a), lambda a: np.exp(a), lambda a: a.backward(), lambda a: bool(a),
        lambda a: a**-1, lambda a: autograd.div(a, 2, rounding_mode="floor"), lambda a: list(a),
        lambda a: nn.functional.relu(a), lambda a: a.sum(0, keepdim=True), lambda a: 1 / a,
        lambda a: a.unsqueeze(0),
        lambda a: setattr(a, "grad", a), lambda a: a.to_dense(autograd.float32),
    ],
)  # fmt: skip
def test_what_needs_all_elements(use):
    with pytest.raises(NotImplementedError, match=r"; got .*\. (Write|Use)"):
        use(made(autograd)[0])


I, V = tensor([[0, 1], [1, 0]]), tensor([1.0, 2.0])
CSR = autograd.eye(2).to_sparse_csr()
COO = autograd.sparse_coo_tensor


@pytest.mark.parametrize(
    "error, words, use",
    [
        (ValueError, "an index for each value", lambda: COO(I, V[:1])),
        (ValueError, "an index for each value", lambda: COO(I[0], V)),
        (ValueError, "size must name 2", lambda: COO(I, V, (2,))),
        (IndexError, r"in the size \(1, 2\)", lambda: COO(I, V, (1, 2))),
        (IndexError, "indices must be in", lambda: COO(-I, V)),
        (RuntimeError, "only floating", lambda: COO(I, I[0], requires_grad=True)),
        (RuntimeError, "coalesce", lambda: COO(I, V).values()),
        (TypeError, "to_dense", lambda: np.asarray(COO(I, V))),
        (ValueError, "inner sizes", lambda: COO(I, V) @ autograd.ones(3, 1)),
        (TypeError, "one dtype", lambda: COO(I, V) @ autograd.ones(2).double()),
        (ValueError, "one size", lambda: COO(I, V) + COO(size=(3, 3))),
        (ValueError, "broadcast", lambda: COO(I, V) * autograd.ones(3)),
        (ValueError, "matrices", lambda: autograd.spmm(COO(I, V), V)),
        (TypeError, "must be a tensor", lambda: autograd.spmm(COO(I, V), 3)),
        (ValueError, "sparse_dim", lambda: V.to_sparse(2)),
        (ValueError, "rise from 0", lambda: autograd.sparse_csr_tensor([0, 3], [0, 1], V)),
        (ValueError, "1 rows", lambda: autograd.sparse_csr_tensor([0, 2], [0, 1], V, (2, 2))),
        (IndexError, "columns", lambda: autograd.sparse_csr_tensor([0, 2], [0, 2], V, (1, 2))),
        (ValueError, "a matrix", lambda: V.to_sparse_csr()),
        (TypeError, "x.to_sparse", lambda: autograd.sparse.softmax(V, 0)),
        (ValueError, "reduce must be", lambda: autograd.sparse.mm(CSR, CSR, "prod")),
        (TypeError, "must be dense", lambda: autograd.sparse.mm(CSR, CSR, "mean")),
        (TypeError, "by rows", lambda: autograd.sparse.sampled_addmm(COO(I, V), V, V)),
        (ValueError, r"mat2 \(k, m\)", lambda: autograd.sparse.sampled_addmm(CSR, V, V)),
        (ValueError, r"mat2 \(k, m\)", lambda: autograd.sparse.sampled_addmm(
            CSR, autograd.ones(2, 3), autograd.ones(2, 2))),
        (TypeError, "one dtype", lambda: autograd.sparse.sampled_addmm(
            CSR, autograd.eye(2).double(), autograd.eye(2))),
    ],
)  # fmt: skip
def test_refused(error, words, use):
    with pytest.raises(error, match=words):
        use()

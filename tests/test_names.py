"""What a result prints as its ``grad_fn``: PyTorch's names, with PyTorch's numbers."""

import pytest

import autograd
import nn

NAMES = """
x + y: Add0; x - y: Sub0; x * 2: Mul0; x / y: Div0; -x: Neg0; x**2: Pow0; x**3: Pow0; x**y: Pow1;
2**x: Pow2; x.exp(): Exp0; x.log1p(): Log1P0; x.abs(): Abs0; x.relu(): Relu0;
x.clamp(0, 1): Clamp1; x.clamp(min=y): Clamp0; x.double(): ToCopy0; x.clone(): Clone0;
x.sum(): Sum0; x.sum(0): Sum1; x.mean(): Mean0; x.mean((0, 1)): Mean1; x.prod(): Prod0;
x.prod(1): Prod1; x.max(): Max1; x.min(): Min1; x.max(0)[0]: Max0; x.amax(0): Amax0;
x.var(): Var0; x.std(0): Std0; x.norm(): LinalgVectorNorm0; x.logsumexp(0): Logsumexp0;
x.cumsum(0): Cumsum0; x.view(-1): View0; x.reshape(9): View0; x.transpose(0, 1): Transpose0;
x.T: Permute0; x.unsqueeze(0): Unsqueeze0; x.expand(2, 3, 3): Expand0; x.repeat(2, 1): Repeat0;
x.flip(0): Flip0; x.tril(): Tril0; x[0]: Select0; x[0, 1:]: Slice0; x[1:, 0]: Select0;
x[:, 1:]: Slice0; x[1:, :]: Slice0; x[None]: Unsqueeze0; x[..., None]: Unsqueeze0;
x[...]: Alias0; x[:]: Slice0; x[x > 0]: Index0; x[[0, 1]]: Index0; x @ y: Mm0; x @ x[0]: Mv0;
x[0] @ x: Squeeze4; x[None] @ y: UnsafeView0; x[0].dot(x[0]): Dot0; F.linear(x, y): Mm0;
F.linear(x, y, x[0]): Addmm0; F.linear(x[None], y, x[0]): View0;
F.linear(x[None], y): UnsafeView0; F.mse_loss(x, y): MseLoss0; F.softmax(x, 1): Softmax0;
F.log_softmax(x, 1): LogSoftmax0; F.gelu(x): Gelu0; x.logaddexp2(y): Logaddexp20;
x.as_strided((2, 2), (1, 1)): AsStrided0; x.copysign(y): Copysign0; x.sinc(): Sinc0;
x.frexp()[0]: Frexp0; x.ldexp(y): Ldexp0; x.select(0, 1): Select0; F.hardswish(x): Hardswish0
"""
ROWS = [tuple(row.strip().rsplit(": ", 1)) for row in NAMES.replace("\n", " ").split(";")]


def printed(library, functional, expression):
    x = library.ones(3, 3) + 0.5
    x.requires_grad_()
    y = library.ones(3, 3, requires_grad=True)
    return repr(eval(expression, {"x": x, "y": y, "F": functional}).grad_fn)


@pytest.mark.parametrize("expression, name", ROWS)
def test_name(expression, name):
    found = printed(autograd, nn.functional, expression)
    assert found.startswith(f"<{name[:-1]}Backward{name[-1]} object at 0x")


@pytest.mark.torch
@pytest.mark.parametrize("expression, name", ROWS)
def test_the_names_above_come_from_torch(expression, name):
    torch = pytest.importorskip("torch")
    found = printed(torch, torch.nn.functional, expression)
    assert found.startswith(f"<{name[:-1]}Backward{name[-1]} object at 0x")


def test_ops_in_pytorchs_form_go_by_their_class():
    class Twice(autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = autograd.ones(1, requires_grad=True)
    assert repr(Twice.apply(x)) == "tensor([2.], grad_fn=<TwiceBackward>)"
    x = x * 1
    x[0] = 3.0
    assert repr(x) == "tensor([3.], grad_fn=<CopySlices>)"

"""The adaptive softmax: what it gives, its gradients, and PyTorch beside it."""

import numpy as np
import pytest

import autograd
import nn


def model_and_inputs(dtype=autograd.float64, **options):
    autograd.manual_seed(3)
    model = nn.AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], div_value=2.0, **options).to(dtype)
    return model, autograd.randn(5, 6, dtype=dtype), autograd.tensor([0, 2, 3, 6, 11])


def test_the_output_is_the_log_probability_of_each_target():
    model, x, y = model_and_inputs(head_bias=True)
    logs = model.log_prob(x)
    np.testing.assert_allclose(logs.exp().sum(1).detach().numpy(), 1)
    output, loss = model(x, y)
    chosen = logs.gather(1, y.unsqueeze(1)).squeeze(1)
    np.testing.assert_allclose(output.detach().numpy(), chosen.detach().numpy())
    assert loss.item() == pytest.approx(-chosen.mean().item())
    assert model(x[0], y[0]).output.item() == pytest.approx(chosen[0].item())
    assert autograd.equal(model.predict(x), logs.argmax(1))


def test_gradients():
    model, x, y = model_and_inputs()
    assert autograd.gradcheck(lambda x: model(x, y).loss, [x.requires_grad_()])
    assert autograd.gradgradcheck(lambda x: model(x, y).output, [x])


def test_bad_input():
    for cutoffs in ([], [7, 3], [3, 12], [0, 3], [3, 3]):
        with pytest.raises(ValueError, match="must rise"):
            nn.AdaptiveLogSoftmaxWithLoss(6, 12, cutoffs)
    model, x, y = model_and_inputs()
    with pytest.raises(IndexError, match=r"classes in \[0, 12\); got 1 to 13"):
        model(x, y + 1 + (y == 11))
    with pytest.raises(RuntimeError, match="go with targets"):
        model(x, y[:3])


@pytest.mark.torch
def test_torchs_numbers():
    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    theirs = torch.nn.AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], div_value=2.0)
    ours, x, y = model_and_inputs(autograd.float32)
    assert repr(ours) == repr(theirs)
    for name, value in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[name].numpy(), value.numpy())
    expected = theirs(torch.tensor(x.numpy()), torch.tensor(y.numpy()))
    expected.loss.backward()
    found = ours(x, y)
    found.loss.backward()
    np.testing.assert_allclose(found.output.detach(), expected.output.detach(), rtol=1e-5)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rtol=1e-4, atol=1e-7)

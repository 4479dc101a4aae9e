"""What layers refuse when they are made, and in which words."""

import pytest

import autograd
import nn

WRONG = [
    (lambda: nn.Linear(-1, 2), ValueError, "Linear: in_features must be 0 or more; got -1"),
    (lambda: nn.Linear(2, -3), ValueError, "Linear: out_features must be 0 or more; got -3"),
    (lambda: nn.Linear("a", 2), TypeError, "Linear: in_features must be a whole number; got 'a'"),
    (lambda: nn.Linear(2.0, 2), TypeError, "Linear: in_features must be a whole number; got 2.0"),
    (lambda: nn.Linear(2, 2, bias="no"), TypeError, "Linear: bias must be True or False"),
    (lambda: nn.ReLU("yes"), TypeError, "ReLU: inplace must be True or False; got 'yes'"),
    (lambda: nn.SiLU(2), TypeError, "SiLU: inplace must be True or False; got 2"),
    (lambda: nn.Hardswish(0.5), TypeError, "Hardswish: inplace"),
    (lambda: nn.ReLU6([]), TypeError, "ReLU6: inplace"),
    (lambda: nn.LeakyReLU("a"), TypeError, "LeakyReLU: negative_slope must be a number"),
    (lambda: nn.ELU(None), TypeError, "ELU: alpha must be a number; got None"),
    (lambda: nn.CELU([1.0, 2.0]), TypeError, "CELU: alpha must be a number"),
    (lambda: nn.Softplus("1"), TypeError, "Softplus: beta must be a number"),
    (lambda: nn.Hardtanh("a"), TypeError, "Hardtanh: min_val must be a number"),
    (lambda: nn.Threshold(0.1, None), TypeError, "Threshold: value must be a number"),
    (lambda: nn.Softshrink("a"), TypeError, "Softshrink: lambd must be a number"),
    (lambda: nn.GLU(None), TypeError, "GLU: dim must be a whole number"),
    (lambda: nn.PReLU(-1), ValueError, "PReLU: num_parameters must be 0 or more"),
    (lambda: nn.PReLU(2, "a"), TypeError, "PReLU: init must be a number"),
    (lambda: nn.Softmax("a"), TypeError, "Softmax: dim must be a whole number"),
    (lambda: nn.LogSoftmax(1.5), TypeError, "LogSoftmax: dim must be a whole number"),
    (lambda: nn.Dropout("a"), TypeError, "Dropout: p must be a number"),
    (lambda: nn.Dropout(1.5), ValueError, "Dropout: p must be a probability"),
    (lambda: nn.Dropout(0.5, "a"), TypeError, "Dropout: inplace must be True or False"),
    (lambda: nn.Flatten("a"), TypeError, "Flatten: start_dim must be a whole number"),
    (lambda: nn.Unflatten(1, "ab"), TypeError, "Unflatten: unflattened_size"),
    (lambda: nn.ZeroPad2d(1.5), TypeError, "ZeroPad2d: padding must be a whole number"),
    (lambda: nn.ConstantPad1d(1, "a"), TypeError, "ConstantPad1d: value must be a number"),
    (lambda: nn.PixelShuffle(0), ValueError, "PixelShuffle: upscale_factor must be 1 or more"),
    (lambda: nn.PixelUnshuffle(0.5), TypeError, "PixelUnshuffle: downscale_factor must be a whole"),
    (lambda: nn.CosineSimilarity("a"), TypeError, "CosineSimilarity: dim must be a whole number"),
    (lambda: nn.PairwiseDistance("a"), TypeError, "PairwiseDistance: p must be a number"),
    (lambda: nn.MSELoss("sum"), TypeError, "MSELoss: size_average must .* reduction='sum'"),
    (lambda: nn.L1Loss(reduction=3), ValueError, "L1Loss: reduction must be"),
    (lambda: nn.CrossEntropyLoss([1.0]), TypeError, "CrossEntropyLoss: weight must be a tensor"),
    (lambda: nn.CrossEntropyLoss(ignore_index=0.5), TypeError, "ignore_index must be a whole"),
    (lambda: nn.CrossEntropyLoss(label_smoothing="a"), TypeError, "label_smoothing must be a num"),
    (lambda: nn.BCEWithLogitsLoss(pos_weight=2.0), TypeError, "pos_weight must be a tensor"),
    (lambda: nn.HuberLoss(delta="a"), TypeError, "HuberLoss: delta must be a number"),
    (lambda: nn.HingeEmbeddingLoss("a"), TypeError, "HingeEmbeddingLoss: margin must be a number"),
    (lambda: nn.TripletMarginLoss(swap="a"), TypeError, "TripletMarginLoss: swap must be True"),
    (lambda: nn.KLDivLoss(log_target="a"), TypeError, "KLDivLoss: log_target must be True"),
]


@pytest.mark.parametrize("make, error, words", WRONG, ids=[words[:40] for _, _, words in WRONG])
def test_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_what_pytorchs_scripts_pass_is_taken():
    assert nn.Linear(2, 0).weight.shape == (0, 2)
    assert nn.Linear(2, 2, bias=None).bias is None and nn.Linear(2, 2, bias=0).bias is None
    assert nn.Linear(autograd.tensor(3), 2).in_features == 3
    assert nn.ReLU(1)(autograd.ones(1)).item() == 1
    assert repr(nn.Threshold(1, 20)) == "Threshold(threshold=1, value=20)"
    assert nn.MSELoss(size_average=False).reduction == "sum"

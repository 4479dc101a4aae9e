"""Segments by their offsets, and what is refused."""

import math

import pytest

import autograd


def test_offsets_cut_each_row_its_own_way():
    x = autograd.arange(10.0).reshape(2, 5).requires_grad_()
    offsets = autograd.tensor([[0, 2, 4, 5], [0, 1, 2, 5]])
    found = autograd.segment_reduce(x, "max", offsets=offsets, axis=1)
    assert found.tolist() == [[1, 3, 4], [5, 6, 9]]
    found.sum().backward()
    assert x.grad.tolist() == [[0, 1, 0, 1, 1], [1, 1, 0, 0, 1]]


def test_what_an_empty_segment_is():
    x, lengths = autograd.ones(2), autograd.tensor([0, 2])
    for reduce, value in {"sum": 0, "prod": 1, "max": -math.inf, "min": math.inf}.items():
        assert autograd.segment_reduce(x, reduce, lengths=lengths)[0] == value
        assert autograd.segment_reduce(x, reduce, lengths=lengths, initial=3)[0] == 3
    assert autograd.segment_reduce(x, "mean", lengths=lengths)[0].isnan()


def test_what_lies_behind_the_last_segment_counts_only_where_it_is_checked():
    x, lengths = autograd.ones(3), autograd.tensor([1, 1])
    assert autograd.segment_reduce(x, "sum", lengths=lengths, unsafe=True).tolist() == [1, 1]
    with pytest.raises(ValueError, match="sum to 3, the size of axis 0"):
        autograd.segment_reduce(x, "sum", lengths=lengths)
    with pytest.raises(ValueError, match="pass either lengths or offsets"):
        autograd.segment_reduce(x, "sum")
    with pytest.raises(ValueError, match="reduce must be one of sum, mean, prod, max, min"):
        autograd.segment_reduce(x, "amax", lengths=lengths)

"""Calls between processes: what they give, beside NumPy and beside PyTorch's gloo."""

import functools

import numpy as np
import pytest

from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]


def values(rank, *shape, seed=0):
    """What a rank of the script has."""
    x = np.arange(1.0, 1 + int(np.prod(shape)))
    return np.sin(x * (seed + 1.7) + rank * 0.9).reshape(shape)


@pytest.mark.parametrize("n", [2, 4])
def test_sums_are_added_in_the_order_of_the_ranks(n, tmp_path):
    mpi.run(n, "collectives.py", tmp_path).well()
    for rank, got in enumerate(mpi.results(tmp_path, n)):
        mine = [values(r, 3, 2).astype("f4") for r in range(n)]
        total = functools.reduce(np.add, mine)
        assert got["all_reduce SUM torch.float32"][0][2] == total.ravel().tolist()
        large = functools.reduce(np.add, [values(r, 70_000).astype("f4") for r in range(n)])
        assert got["all_reduce (70000,)"][0][2] == large[::10_000].tolist()
        gathered = [one[2] for one in got["all_gather"]]
        assert gathered == [values(r, 2).astype("f4").tolist() for r in range(n)]
        assert got["all_gather_object"] == [{"rank": r, "text": "é" * r} for r in range(n)]
        assert got["ring"][0][2] == values((rank - 1) % n, 5).astype("f4").tolist()


@pytest.mark.torch
@pytest.mark.parametrize("n", [2, 3])
def test_all_calls_give_what_gloo_gives(n, tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir(), theirs.mkdir()
    mpi.run(n, "collectives.py", ours).well()
    mpi.run_torch(n, "collectives.py", theirs).well()
    for found, expected in zip(mpi.results(ours, n), mpi.results(theirs, n), strict=True):
        assert found.keys() == expected.keys()
        for name, wanted in expected.items():
            if n == 2 or "float" not in str(wanted):
                assert found[name] == wanted, name
            else:  # gloo adds in another order
                for one, other in zip(found[name], wanted, strict=True):
                    assert one[:2] == other[:2], name
                    np.testing.assert_allclose(one[2], other[2], rtol=3e-6, atol=1e-6, err_msg=name)

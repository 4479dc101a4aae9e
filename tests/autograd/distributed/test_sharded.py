"""An optimiser's state shared out over processes; batch normalisation over all of them."""

import pytest

from tests import mpi


@pytest.mark.mpi
@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3])
def test_sharded_rules_and_normalisation_over_all_ranks(n):
    assert mpi.run(n, "sharded.py").well().out.count("through") == n

"""Steps are replayed by NumPy here, bit for bit; what is of machine code asks for it by name."""

import pytest

from autograd import compiler


@pytest.fixture(autouse=True)
def by_numpy(monkeypatch):
    monkeypatch.setattr(compiler, "_best", lambda: "replay")

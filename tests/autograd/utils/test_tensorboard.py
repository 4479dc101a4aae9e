"""SummaryWriter: what it writes can be read, and without tensorboardX it says so."""

import sys

import pytest

import autograd
from autograd.utils.tensorboard import SummaryWriter


def test_events_are_written(tmp_path):
    pytest.importorskip("tensorboardX")
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", autograd.tensor(1.5, requires_grad=True), 3, new_style=True)
        writer.add_scalars("two", {"a": autograd.tensor(1.0), "b": 2.0}, 1)
        writer.add_histogram("weights", autograd.rand(10), 0)
        writer.add_image("image", img_tensor=autograd.rand(3, 4, 4), global_step=0)
        writer.add_text("text", "said")
        writer.add_hparams({"lr": 0.1}, {"loss": autograd.tensor(2.0)})
        with pytest.warns(UserWarning, match="nothing is written"):
            writer.add_graph(None)
        assert writer.get_logdir() == writer.log_dir == str(tmp_path)
        writer.flush()
        (events,) = tmp_path.glob("events.*")
        text = events.read_bytes()
    for tag in (b"loss", b"weights", b"image", b"text"):
        assert tag in text
    assert len(list(tmp_path.rglob("events.*"))) == 4


def test_tensorboardx_takes_tensors_itself(tmp_path):
    with pytest.importorskip("tensorboardX").SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", autograd.tensor(1.5, requires_grad=True), 3)
        writer.add_histogram("weights", autograd.rand(10), 0)
    (events,) = tmp_path.glob("events.*")
    assert b"weights" in events.read_bytes()


def test_without_tensorboardx(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r'pip install "gradloom\[tensorboard\]"'):
        SummaryWriter(tmp_path)

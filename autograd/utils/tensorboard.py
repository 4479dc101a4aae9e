"""``torch.utils.tensorboard``: event files that TensorBoard shows, written by tensorboardX."""

from __future__ import annotations

import functools
import importlib
import warnings
from typing import Any

from autograd.engine.graph import TensorBase

__all__ = ["SummaryWriter"]


class SummaryWriter:
    """Writes scalars, images, texts and more into event files, for TensorBoard to show.

    Its methods are tensorboardX's, and PyTorch's: ``add_scalar(tag, value, step)``,
    ``add_scalars``, ``add_histogram``, ``add_image``, ``add_images``, ``add_figure``, ``add_text``,
    ``add_embedding``, ``add_pr_curve``, ``add_hparams``, ``flush``, ``close``. Files go to
    ``log_dir``, by default ``runs/<date>_<host><comment>``. Raises ImportError without
    tensorboardX.
    """

    def __init__(
        self,
        log_dir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        try:
            writers = importlib.import_module("tensorboardX")
        except ImportError:
            raise ImportError(
                "SummaryWriter: event files are written by tensorboardX, which was not found. Run: "
                'pip install "gradloom[tensorboard]"'
            ) from None
        self._writer: Any = writers.SummaryWriter(
            None if log_dir is None else str(log_dir),
            comment=comment,
            purge_step=purge_step,
            max_queue=max_queue,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix,
        )
        self.log_dir: str = self._writer.logdir

    def get_logdir(self) -> str:
        """The folder of the event files."""
        return self.log_dir

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """A number at a step; the last two options choose between encodings of PyTorch's own."""
        self._writer.add_scalar(tag, _as_arrays(scalar_value), global_step, walltime)

    def add_hparams(
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        hparam_domain_discrete: Any = None,
        run_name: str | None = None,
        global_step: int | None = None,
    ) -> None:
        """The options of a run and what it reached, as a run of its own within the folder."""
        options, reached = _as_arrays(hparam_dict), _as_arrays(metric_dict)
        self._writer.add_hparams(options, reached, run_name, global_step)

    def add_graph(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: TensorBoard shows graphs in PyTorch's own format; see ``autograd.draw``."""
        warnings.warn(
            "SummaryWriter.add_graph: nothing is written, as TensorBoard shows graphs in PyTorch's "
            "own format only. autograd.draw(loss) draws one.",
            stacklevel=2,
        )

    def __getattr__(self, name: str) -> Any:
        if name == "_writer":  # tensorboardX was not there
            raise AttributeError(name)
        found = getattr(self._writer, name)
        if not callable(found):
            return found

        @functools.wraps(found)
        def call(*args: Any, **kwargs: Any) -> Any:
            return found(*_as_arrays(args), **_as_arrays(kwargs))

        return call

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._writer.close()


def _as_arrays(value: Any) -> Any:
    """``value`` with its tensors as arrays, which is what tensorboardX knows."""
    if isinstance(value, TensorBase):
        return value.detach().numpy()  # type: ignore[attr-defined]
    if isinstance(value, dict):
        return {key: _as_arrays(one) for key, one in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_as_arrays, value))
    return value

"""Pictures of a training, by matplotlib: losses, histograms, paths, sweeps.

    from autograd.drawing import plot

    plot.losses({"SGD": sgd, "Adam": adam}, log=True)
    plot.histograms(model, x, loss=lambda out: F.cross_entropy(out, y), of="gradients")

Each function draws on ``ax``, or into a new figure, and returns the Axes, whose methods change what
it has set: title, labels, limits. Curves differ in colour and in dash, so that they can be told
apart in black and white, too. matplotlib is loaded by the first call.

The colours are Okabe and Ito's for all kinds of colour vision (2008,
https://jfly.uni-koeln.de/color).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.drawing.activations import Layer, chosen, flattened, layers_of
from autograd.engine.grad_mode import no_grad
from autograd.engine.graph import unwrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 2)))
_MARKS = ("o", "s", "^", "D", "v", "P")
_GREY = "#808080"  # is seen on white and on black


def losses(
    history: Any,
    *,
    smoothing: float = 0.0,
    log: bool = False,
    title: str = "Loss",
    xlabel: str = "step",
    ylabel: str = "loss",
    ax: Axes | None = None,
) -> Axes:
    """Losses, or any figures of a training, over steps.

    Where a curve stops being finite, its last finite point is marked by a cross.

    :param history: numbers (or scalar tensors), one for each step, from 1; or several such by
        name. In the place of numbers may stand a pair (steps, numbers).
    :param smoothing: from 0 to below 1: how much of the mean so far is kept at each step. The
        curve as it is stays visible, pale. The mean starts without bias, as Adam's (Kingma & Ba
        2015, arXiv:1412.6980, section 3).
    :param log: a logarithmic scale for the losses.
    :param ax: where to draw; None: in a new figure.
    :raises ValueError: nothing was noted, or ``smoothing`` is out of range.
    :raises ImportError: matplotlib is not installed.

    >>> import matplotlib
    >>> matplotlib.use("Agg")  # no screen is needed
    >>> ax = losses({"train": [2.3, 1.1, 0.7, 0.6], "held out": ([2, 4], [1.4, 0.9])}, log=True)
    >>> [line.get_label() for line in ax.lines], ax.get_yscale()
    (['train', 'held out'], 'log')
    """
    if not 0 <= smoothing < 1:
        raise ValueError(
            f"losses: smoothing must be in [0, 1); got {smoothing}. Pass 0.9 for a smooth curve, "
            "0 for none."
        )
    ax = _axes(ax)
    for i, (name, steps, values) in enumerate(_curves("losses", history)):
        look: Any = _look(i)
        if smoothing:
            ax.plot(steps, values, color=look["color"], alpha=0.3, linewidth=0.8)
        shown = _smoothed(values, smoothing) if smoothing else values
        ax.plot(steps, shown, label=name, linewidth=1.8, **look)
        finite = np.isfinite(values)
        if not finite.all() and finite.any():
            last = max(int(np.argmin(finite)) - 1, 0)
            ax.plot(
                steps[last], shown[last], "x", color=look["color"], markersize=9,
                markeredgewidth=2.5, label=f"{name or 'loss'}: not finite from {steps[last + 1]:g}",
            )  # fmt: skip
    if log:
        _logarithmic(ax)
    return _finished(ax, title, xlabel, ylabel)


def histograms(
    what: Any,
    inputs: Any = None,
    *,
    of: str = "activations",
    loss: Callable[[Any], Any] | None = None,
    layers: Any = None,
    bins: int = 60,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The values that each layer gives, or the gradients that come back to them, row by row.

    A row says what a histogram hides: how many values are exactly 0, and how many *units* are dead,
    0 for every sample of the batch (a unit is a channel of (N, C, H, W), else an entry of the last
    axis); after sigmoid and tanh how many values are *saturated*, where the slope is less than a
    tenth of the steepest. Zeros are left out of the histogram. Of gradients it shows the decimal
    logarithm of the magnitude, so a row's shift to the left is a vanishing gradient.

    The model runs once, in the mode that it is in, and is left as it was.

    :param what: a module; or arrays (or tensors) by name, such as the gradients of parameters.
    :param inputs: what the module is called with: a tensor, a tuple of arguments, a dict of them.
    :param of: ``"activations"``, or ``"gradients"`` (∂loss/∂activation; of arrays: on that scale).
    :param loss: for gradients: takes what the module returns, returns a scalar tensor.
    :param layers: which: names of modules, or a class or several (``(nn.ReLU, nn.Tanh)``).
    :param bins: how fine.
    :raises ValueError: there is nothing to show, or no ``loss`` for gradients.
    :raises RuntimeError: the model raises; the module is named.
    :raises ImportError: matplotlib is not installed.

    >>> import matplotlib, autograd, nn
    >>> matplotlib.use("Agg")
    >>> model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    >>> ax = histograms(model, autograd.randn(16, 3))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['0: Linear', '1: Tanh', '2: Linear']
    """
    if of not in ("activations", "gradients"):
        raise ValueError(
            f"histograms: of must be 'activations' or 'gradients'; got {of!r}. Pass one of them."
        )
    logarithms = of == "gradients"
    if isinstance(what, Mapping):
        rows = [_named(str(name), one) for name, one in what.items() if one is not None]
    else:
        if logarithms and loss is None:
            raise ValueError(
                "histograms: gradients come from a loss; none was given. Pass loss=lambda output: "
                "F.cross_entropy(output, y), or show of='activations'."
            )
        rows = chosen(layers_of(what, inputs, loss if logarithms else None), layers)
        if logarithms:
            rows = [row for row in rows if row.gradients]
    if not rows:
        raise ValueError(
            "histograms: there must be a layer to show; none gave values that fit. Pass a module "
            "and what it is called with, or arrays by name."
        )
    ax = _axes(ax, height=1.4 + 0.42 * len(rows))
    shown = [_values(row, logarithms) for row in rows]
    low, high = _range(shown)
    for i, (row, values) in enumerate(zip(rows, shown, strict=True)):
        _ridge(ax, len(rows) - 1 - i, values, np.linspace(low, high, bins + 1))
        note = _said_of_gradients(row) if logarithms else _said_of_values(row)
        ax.text(1.02, len(rows) - 0.7 - i, note, transform=ax.get_yaxis_transform(),
                va="center", fontsize="small")  # fmt: skip
    ax.set_yticks([len(rows) - 1 - i for i in range(len(rows))], [row.name for row in rows])
    ax.set(xlim=(low, high), ylim=(-0.15, len(rows) + 0.1))
    label = "log₁₀ of the magnitude" if logarithms else "value"
    return _finished(ax, title or f"{of.capitalize()}, layer by layer", label, "", grid="x")


def paths(
    function: Callable[[Any], Any],
    points: Mapping[str, Any] | Any,
    *,
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    log: bool = False,
    levels: int = 18,
    resolution: int = 81,
    title: str = "Paths",
    xlabel: str = "$w_0$",
    ylabel: str = "$w_1$",
    ax: Axes | None = None,
) -> Axes:
    """The ways that optimisers took over a function of two numbers, on its contours.

    A path begins at a ring and ends at a star.

    :param function: takes a tensor of shape (2,) and returns a scalar; it is called, without
        recording, ``resolution``² times.
    :param points: by name the points of a path in their order, (steps, 2); or one path.
    :param xlim, ylim: what to show; None: all points, and a margin.
    :param log: contours at equal steps of the logarithm of what is above the least value.
    :param levels: how many contours.
    :raises ValueError: points are not (steps, 2).
    :raises ImportError: matplotlib is not installed.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> ax = paths(lambda w: w[0] ** 2 + 4 * w[1] ** 2, {"SGD": [(2, 1), (1, -0.5), (0.5, 0.2)]},
    ...            resolution=11)
    >>> [line.get_label() for line in ax.lines if not line.get_label().startswith("_")]
    ['SGD']
    """
    from autograd.tensors.from_data import tensor

    ways = {str(name): _points(name, way) for name, way in _by_name(points).items()}
    every = np.concatenate(list(ways.values()))
    every = every[np.isfinite(every).all(axis=1)]
    sides = [limits or _margin(every[:, i]) for i, limits in enumerate((xlim, ylim))]
    ax = _axes(ax)
    x, y = (np.linspace(*side, resolution) for side in sides)
    with no_grad():
        heights = np.array(
            [[float(function(tensor([a, b]))) for a in x.tolist()] for b in y.tolist()]
        )
    at, shown, least = levels, heights, float(np.nanmin(heights))
    if log:
        above = heights - least
        floor = max(float(above[above > 0].min(initial=np.inf)), 1e-6 * float(np.nanmax(above)))
        shown = np.log10(np.maximum(above, floor))
    ax.contourf(x, y, shown, at, cmap="Greys", alpha=0.22)
    ax.contour(x, y, shown, at, colors=_GREY, linewidths=0.5, alpha=0.7)
    for i, (name, way) in enumerate(ways.items()):
        look = _look(i)
        few = len(way) <= 200
        ax.plot(*way.T, label=name or "_path", linewidth=1.6, marker=_MARKS[i % len(_MARKS)] if few
                else None, markersize=3, **look)  # fmt: skip
        ax.plot(*way[0], "o", markersize=9, markerfacecolor="none", markeredgecolor=look["color"])
        ax.plot(*way[-1], "*", markersize=12, color=look["color"], markeredgecolor="white")
    ax.set(xlim=sides[0], ylim=sides[1])
    return _finished(ax, title, xlabel, ylabel, grid=None)


def sweep(
    rates: Sequence[float] | Any,
    results: Mapping[str, Any] | Any,
    *,
    log: bool = True,
    title: str = "Learning rates",
    xlabel: str = "learning rate",
    ylabel: str = "loss at the end",
    ax: Axes | None = None,
) -> Axes:
    """What a training reached with each learning rate; the lowest is ringed.

    Where a training ended in NaN or Inf, a cross at the upper edge says so.

    :param rates: the learning rates.
    :param results: a number for each; or several such by name.
    :param log: a logarithmic scale for the results; that of the rates always is.
    :raises ValueError: there are not as many results as rates.
    :raises ImportError: matplotlib is not installed.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> ax = sweep([0.01, 0.1, 1.0], {"SGD": [0.9, 0.2, float("nan")]})
    >>> ax.get_xscale(), ax.get_legend().get_texts()[0].get_text()
    ('log', 'SGD: 0.2 at 0.1')
    """
    at = _numbers(rates)
    ax = _axes(ax)
    for i, (name, values) in enumerate(_by_name(results).items()):
        values, look = _numbers(values), _look(i)
        if len(values) != len(at):
            raise ValueError(
                f"sweep: there must be a result for each of the {len(at)} rates; "
                f"{name or 'the row'} has {len(values)}. Put NaN where a training broke off."
            )
        finite = np.isfinite(values)
        label = name
        if finite.any():
            best = int(np.nanargmin(np.where(finite, values, np.nan)))
            label = f"{name}{': ' if name else ''}{values[best]:.3g} at {at[best]:.3g}"
            ax.plot(at[best], values[best], "o", markersize=13, markerfacecolor="none",
                    markeredgecolor=look["color"])  # fmt: skip
        ax.plot(at[finite], values[finite], label=label, linewidth=1.6,
                marker=_MARKS[i % len(_MARKS)], markersize=5, **look)  # fmt: skip
        ax.plot(at[~finite], np.full((~finite).sum(), 0.98 - 0.03 * i), "x", color=look["color"],
                markersize=9, markeredgewidth=2, transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set_xscale("log")
    if log:
        _logarithmic(ax)
    return _finished(ax, title, xlabel, ylabel)


# -- axes ------------------------------------------------------------------------------------------


def _axes(ax: Axes | None, height: float = 4.0) -> Any:
    """``ax``, or that of a new figure."""
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError(
            "plot: curves are drawn by matplotlib, which is not installed. Run: "
            "pip install 'gradloom[plot]'"
        ) from None
    return plt.subplots(figsize=(6.4, height), layout="constrained")[1]


def _logarithmic(ax: Any) -> None:
    """Make the vertical scale logarithmic, with plain numbers where they are short."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    if low >= 1e-4 and high <= 1e5:
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter("{x:g}" if high < 10 * low else "")


def _look(i: int) -> dict[str, Any]:
    return {"color": _COLORS[i % len(_COLORS)], "linestyle": _DASHES[i % len(_DASHES)]}


def _finished(ax: Any, title: str, xlabel: str, ylabel: str, grid: str | None = "both") -> Any:
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    if grid is not None:
        ax.grid(axis=grid, alpha=0.3)
    handles, labels = ax.get_legend_handles_labels()
    if any(labels):
        ax.legend(handles, labels, frameon=False)
    return ax


# -- numbers ---------------------------------------------------------------------------------------


def _by_name(given: Any) -> dict[str, Any]:
    return dict(given) if isinstance(given, Mapping) else {"": given}


def _numbers(values: Any) -> Any:
    """Numbers, tensors of one element, or one array of them, as a row of float64."""
    array = unwrap(values)
    if not hasattr(array, "dtype"):
        array = [float(unwrap(one)) for one in array]
    return np.asarray(array, np.float64).reshape(-1)


def _curves(call: str, history: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, steps and values of each curve."""
    for name, values in _by_name(history).items():
        pair = isinstance(values, tuple) and len(values) == 2 and np.ndim(unwrap(values[0])) == 1
        steps, values = map(_numbers, values) if pair else (None, _numbers(values))
        if steps is None:
            steps = np.arange(1.0, len(values) + 1)
        if not len(values) or len(steps) != len(values):
            raise ValueError(
                f"{call}: a curve must have a value, or as many steps as values; "
                f"{name or 'the history'} has {len(steps)} steps and {len(values)} values. Append "
                "loss.item() at each step."
            )
        yield str(name), steps, values


def _smoothed(values: Any, keep: float) -> Any:
    """The running mean that keeps ``keep`` of itself; what is not finite does not enter."""
    mean = weight = 0.0
    means = []
    for value in values.tolist():
        if math.isfinite(value):
            mean = keep * mean + (1 - keep) * value
            weight = keep * weight + (1 - keep)
        means.append(mean / weight if math.isfinite(value) else math.nan)
    return np.array(means)


def _points(name: Any, way: Any) -> Any:
    array = unwrap(way)
    if not hasattr(array, "dtype"):
        array = [np.asarray(unwrap(one), np.float64) for one in array]
    array = np.asarray(array, np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ValueError(
            f"paths: a path must hold points of two numbers, (steps, 2); {name or 'it'} has shape "
            f"{array.shape}. Append w.detach().clone() at each step."
        )
    return array


def _margin(values: Any) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    more = 0.12 * (high - low) or 1.0
    return low - more, high + more


# -- histograms ------------------------------------------------------------------------------------


def _named(name: str, values: Any) -> Layer:
    layer = Layer(name)
    layer.values = layer.gradients = [np.asarray(unwrap(values))]
    return layer


def _values(row: Layer, logarithms: bool) -> Any:
    """What a row's histogram counts."""
    values = flattened(row.gradients if logarithms else row.values)
    values = values[values != 0]
    return np.log10(np.abs(values)) if logarithms else values


def _range(rows: list[Any]) -> tuple[float, float]:
    """From where to where, without the outermost of each row."""
    ends = [np.quantile(values, (0.002, 0.998)) for values in rows if values.size]
    if not ends:
        return -1.0, 1.0
    return _margin(np.concatenate(ends))


def _ridge(ax: Any, base: float, values: Any, edges: Any) -> None:
    """One histogram that stands on ``base``, with its median."""
    counts, _ = np.histogram(values, edges)
    heights = base + 0.85 * counts / max(counts.max(initial=0), 1)
    ax.stairs(heights, edges, baseline=base, fill=True, color=_COLORS[0], alpha=0.35)
    ax.stairs(heights, edges, baseline=base, color=_COLORS[0], linewidth=1.0)
    ax.axhline(base, color=_GREY, linewidth=0.6)
    if values.size:
        ax.plot([float(np.median(values))] * 2, [base, base + 0.3], color=_COLORS[1], linewidth=2)


def _said_of_values(row: Layer) -> str:
    saturated, zeros = row.saturated(), row.zeros()
    if saturated is not None:
        return f"{saturated:.0%} saturated"
    if not zeros:
        return ""
    dead, units = row.dead()
    return f"{zeros:.0%} zero" + (f", {dead} of {units} dead" if units else "")


def _said_of_gradients(row: Layer) -> str:
    values = flattened(row.gradients)
    zeros = float((values == 0).mean()) if values.size else 0.0
    size = float(np.sqrt(np.mean(values**2))) if values.size else 0.0
    return f"rms {size:.1e}" + (f", {zeros:.0%} zero" if zeros else "")

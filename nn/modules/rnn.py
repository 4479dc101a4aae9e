"""Recurrent layers, and their cells: one step of them."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import autograd
from autograd.arrays.arguments import check_flags, check_tensors, count_of, integer_of, number_of
from autograd.arrays.remedies import becomes, converted, features_last
from autograd.engine.places import ShapeError
from nn import init
from nn.functional.rnn import GATES, layers, state_refusal, step
from nn.modules.module import Module
from nn.parameter import Parameter
from nn.utils.rnn import PackedSequence

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["GRU", "GRUCell", "LSTM", "LSTMCell", "RNN", "RNNBase", "RNNCell", "RNNCellBase"]


class RNNBase(Module):
    """What RNN, LSTM and GRU share: ``num_layers`` layers, each in one direction or in both.

    Parameters, for layer k (and once more with ``_reverse`` where ``bidirectional``):
    ``weight_ih_lk`` (gates · H, I), ``weight_hh_lk`` (gates · H, P), ``bias_ih_lk`` and
    ``bias_hh_lk`` (gates · H), with a projection ``weight_hr_lk`` (P, H). All start uniform in
    ±1/√H. Raises TypeError and ValueError for sizes that are none.

    >>> RNNBase("GRU", 3, 4).weight_ih_l0.shape
    autograd.Size([12, 3])
    """

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        if not isinstance(mode, str) or mode not in GATES:
            raise ValueError(
                f"{call}: mode must be one of {', '.join(GATES)}; got {mode!r:.60}. Take LSTM, GRU "
                "or RNN."
            )
        check_flags(call, bias=bias, batch_first=batch_first, bidirectional=bidirectional)
        self.mode = mode
        self.input_size = count_of(call, "input_size", input_size, 1)
        self.hidden_size = count_of(call, "hidden_size", hidden_size, 1)
        self.num_layers = count_of(call, "num_layers", num_layers, 1)
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = number_of(call, "dropout", dropout)
        self.bidirectional = bidirectional
        self.proj_size = count_of(call, "proj_size", proj_size)
        if not 0 <= self.dropout <= 1 or dropout is True or dropout is False:
            raise ValueError(
                f"{call}: dropout must be a probability, in [0, 1]; got {dropout}. Pass 0.5."
            )
        if self.proj_size and mode != "LSTM":
            raise ValueError(
                f"{call}: only an LSTM has projections; got proj_size={proj_size}. Leave it out."
            )
        if self.proj_size >= self.hidden_size:
            raise ValueError(
                f"{call}: proj_size must be less than hidden_size; got {proj_size} for "
                f"{hidden_size}. Pass 0 for no projection."
            )
        if self.dropout and self.num_layers == 1:
            warnings.warn(
                f"{call}: dropout comes after each layer but the last; with num_layers=1 "
                f"dropout={dropout} does nothing. Pass more layers, or use nn.Dropout.",
                stacklevel=3,
            )
        gates, state = GATES[mode] * self.hidden_size, self.proj_size or self.hidden_size
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        for layer in range(self.num_layers):
            size = self.input_size if layer == 0 else state * (2 if bidirectional else 1)
            shapes = [(gates, size), (gates, state), (gates,), (gates,), (state, self.hidden_size)]
            for suffix in self._suffixes:
                for name, shape in zip(_NAMES, shapes, strict=True):
                    if self._has(name):
                        setattr(
                            self,
                            f"{name}_l{layer}{suffix}",
                            Parameter(autograd.empty(shape, **made)),
                        )
        self.reset_parameters()

    @property
    def _suffixes(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def _has(self, name: str) -> bool:
        return bool(self.proj_size) if name == "weight_hr" else "bias" not in name or self.bias

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters, a list for each layer and direction."""
        return [
            [getattr(self, f"{name}_l{k}{suffix}") for name in _NAMES if self._has(name)]
            for k in range(self.num_layers)
            for suffix in self._suffixes
        ]

    def reset_parameters(self) -> None:
        """Draw all parameters anew, in their order."""
        bound = 1 / math.sqrt(self.hidden_size)
        for p in self.parameters():
            init.uniform_(p, -bound, bound)

    def flatten_parameters(self) -> None:
        """Does nothing: parameters need not lie side by side here."""

    def _sizes_of_states(self) -> list[int]:
        """The sizes of h, and of an LSTM's c."""
        first = self.proj_size or self.hidden_size
        return [first, self.hidden_size] if self.mode == "LSTM" else [first]

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        call = type(self).__name__
        packed = isinstance(input, PackedSequence)
        x = input.data if packed else input
        check_tensors(call, input=x)
        several = packed or x.ndim == 3
        if packed:
            sizes = tuple(input.batch_sizes.tolist())
        else:
            if x.ndim not in (2, 3):
                raise ShapeError(
                    f"{call}: expected an input of 2 or 3 axes; got shape {tuple(x.shape)}. Steps "
                    "come first, then sequences, unless batch_first=True, then features."
                )
            if not several:
                x = x.unsqueeze(1)
            elif self.batch_first:
                x = x.transpose(0, 1)
            sizes = (x.shape[1],) * x.shape[0]
        self._check_input(call, input.data if packed else input)
        if not sizes:
            raise RuntimeError(f"{call}: expected at least one step; got none. Pass some.")
        states = self._states(call, hx, sizes[0], several, x)
        if packed and hx is not None and input.sorted_indices is not None:
            states = [one[:, input.sorted_indices] for one in states]
        rows, lasts = layers(
            self.mode,
            x if packed else x.reshape(x.shape[0] * x.shape[1], x.shape[2]),
            states,
            self.all_weights,
            sizes=sizes,
            directions=len(self._suffixes),
            dropout=self.dropout if self.training else 0.0,
        )
        if packed and input.unsorted_indices is not None:
            lasts = [one[:, input.unsorted_indices] for one in lasts]
        out: Any
        if packed:
            out = PackedSequence(rows, *input[1:])
        else:
            out = rows.reshape(x.shape[0], x.shape[1], rows.shape[1])
            if not several:
                out, lasts = out.squeeze(1), [one.squeeze(1) for one in lasts]
            elif self.batch_first:
                out = out.transpose(0, 1)
        return out, tuple(lasts) if self.mode == "LSTM" else lasts[0]

    def _check_input(self, call: str, x: Any) -> None:
        if x.shape[-1] != self.input_size:
            raise ShapeError(
                f"{call}: expected {self.input_size} input features; got an input of shape "
                f"{tuple(x.shape)}. {features_last(x.shape, self.input_size, 'input_size')} "
                "Features come last."
            )
        weight = self.weight_ih_l0
        if x.dtype != weight.dtype:
            raise ValueError(
                f"{call}: input and weights must have one dtype; got {x.dtype} and "
                f"{weight.dtype}. Convert the input: {converted('x', weight.dtype)}."
            )

    def _states(self, call: str, hx: Any, count: int, several: bool, x: Any) -> list[Any]:
        """The first states, checked: (layers · directions, N, size) each."""
        layers = self.num_layers * len(self._suffixes)
        sizes = self._sizes_of_states()
        if hx is None:
            return [autograd.zeros(layers, count, size, dtype=x.dtype) for size in sizes]
        given = hx if self.mode == "LSTM" else (hx,)
        if not isinstance(given, (tuple, list)) or len(given) != len(sizes):
            raise TypeError(f"{call}: hx must be the pair (h, c); got {type(hx).__name__}.")
        for name, one, size in zip(("h", "c"), given, sizes):
            check_tensors(call, **{name: one})
            wanted = (layers, count, size) if several else (layers, size)
            if tuple(one.shape) != wanted:
                raise state_refusal(call, name, one, wanted, x, self.batch_first)
        return list(given) if several else [one.unsqueeze(1) for one in given]

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        defaults = {
            "proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
            "bidirectional": False,
        }  # fmt: skip
        for name, default in defaults.items():
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        return text


_NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")


class RNN(RNNBase):
    r"""Layers of :math:`h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})`, or relu.

    Shapes: input (T, N, I), or (N, T, I) with ``batch_first``, or (T, I), or a PackedSequence; h
    (layers · directions, N, H), zeros unless given. Returns the last layer's h of all steps
    (T, N, directions · H), and every layer's last. ``dropout`` comes between layers.

    Elman 1990, doi:10.1207/s15516709cog1402_1.

    >>> import autograd
    >>> out, h = RNN(3, 4)(autograd.ones(5, 2, 3))
    >>> out.shape, h.shape
    (autograd.Size([5, 2, 4]), autograd.Size([1, 2, 4]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        mode = _nonlinearity("RNN", nonlinearity)
        super().__init__(
            mode, input_size, hidden_size, num_layers, bias, batch_first, dropout,
            bidirectional, 0, device, dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    r"""Layers of long short-term memory.

    .. math:: i, f, o = \sigma(W x_t + b + W' h_{t-1} + b'), \quad g = \tanh(\ldots), \quad
              c_t = f c_{t-1} + i g, \quad h_t = o \tanh c_t

    Shapes: input (T, N, I), or (N, T, I) with ``batch_first``, or (T, I), or a PackedSequence; the
    states (h, c), zeros unless given, are (layers · directions, N, H). Returns the last layer's h
    of all steps (T, N, directions · H), and every layer's last (h, c). With ``proj_size`` P, h has
    P elements, :math:`W_{hr}(o \tanh c)`. ``dropout`` comes between layers.

    Hochreiter & Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; Sak, Senior & Beaufays 2014,
    arXiv:1402.1128 (projections).

    >>> import autograd
    >>> out, (h, c) = LSTM(3, 4, batch_first=True)(autograd.ones(2, 5, 3))
    >>> out.shape, c.shape
    (autograd.Size([2, 5, 4]), autograd.Size([1, 2, 4]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            proj_size, device, dtype,
        )  # fmt: skip


class GRU(RNNBase):
    r"""Layers of gated recurrent units.

    .. math:: r, z = \sigma(W x_t + b + W' h_{t-1} + b'), \quad
              n = \tanh(W x_t + b + r (W' h_{t-1} + b')), \quad h_t = (1-z) n + z h_{t-1}

    Shapes: input (T, N, I), or (N, T, I) with ``batch_first``, or (T, I), or a PackedSequence; h
    (layers · directions, N, H), zeros unless given. Returns the last layer's h of all steps
    (T, N, directions · H), and every layer's last. ``dropout`` comes between layers.

    Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk & Bengio 2014, arXiv:1406.1078.

    >>> import autograd
    >>> out, h = GRU(3, 4, bidirectional=True)(autograd.ones(5, 2, 3))
    >>> out.shape, h.shape
    (autograd.Size([5, 2, 8]), autograd.Size([2, 2, 4]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(
            "GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            0, device, dtype,
        )  # fmt: skip


def _nonlinearity(call: str, nonlinearity: Any) -> str:
    """The mode that a word means."""
    if not isinstance(nonlinearity, str) or nonlinearity not in ("tanh", "relu"):
        raise ValueError(
            f"{call}: nonlinearity must be 'tanh' or 'relu'; got {nonlinearity!r:.60}. Pass 'tanh'."
        )
    return f"RNN_{nonlinearity.upper()}"


# -- cells ----------------------------------------------------------------------------------------


class RNNCellBase(Module):
    """What the cells share: two biases, weight_ih (chunks · H, I), weight_hh (chunks · H, H).

    >>> RNNCellBase(3, 4, True, 1).weight_ih.shape
    autograd.Size([4, 3])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        call = type(self).__name__
        check_flags(call, bias=bias)
        self.input_size = count_of(call, "input_size", input_size)
        self.hidden_size = count_of(call, "hidden_size", hidden_size)
        self.bias = bias
        gates = integer_of(call, "num_chunks", num_chunks) * self.hidden_size
        made: dict[str, Any] = {"dtype": dtype, "device": device}
        self.weight_ih = Parameter(autograd.empty((gates, self.input_size), **made))
        self.weight_hh = Parameter(autograd.empty((gates, self.hidden_size), **made))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(
                name, Parameter(autograd.empty(gates, **made)) if bias else None
            )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew, in their order."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0
        for p in self.parameters():
            init.uniform_(p, -bound, bound)

    def _step(self, mode: str, input: Any, states: Any) -> Any:
        """The next states from one step; ``states`` are None, or one each."""
        call = type(self).__name__
        check_tensors(call, input=input)
        if input.ndim not in (1, 2) or input.shape[-1] != self.input_size:
            raise ShapeError(
                f"{call}: expected an input of shape (N, {self.input_size}) or "
                f"({self.input_size},); got {tuple(input.shape)}. A cell takes one step: x[:, t]."
                if input.ndim not in (1, 2)
                else f"{call}: expected an input of shape (N, {self.input_size}) or "
                f"({self.input_size},); got {tuple(input.shape)}. "
                f"{features_last(input.shape, self.input_size, 'input_size')}"
            )
        wanted = (*input.shape[:-1], self.hidden_size)
        count = 2 if mode == "LSTM" else 1
        if states is None:
            states = [autograd.zeros(wanted, dtype=input.dtype)] * count
        if not isinstance(states, (tuple, list)) or len(states) != count:
            raise TypeError(f"{call}: hx must be the pair (h, c); got {type(states).__name__}.")
        for one in states:
            check_tensors(call, hx=one)
            if tuple(one.shape) != wanted:
                raise ShapeError(
                    f"{call}: a state must have shape {wanted}; got {tuple(one.shape)}. It is "
                    f"(sequences, size). {becomes('h', one.shape, wanted)}"
                )
        rows = [x if input.ndim == 2 else x.unsqueeze(0) for x in (input, *states)]
        names = _NAMES[: 4 if self.bias else 2]
        weights = [getattr(self, name) for name in names]
        found = step(mode, rows[0], rows[1:], weights)
        return [x if input.ndim == 2 else x.squeeze(0) for x in found]

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if getattr(self, "nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text


class RNNCell(RNNCellBase):
    """One step of :class:`RNN`: input (N, I) or (I), h (N, H) or (H) -> the next h.

    >>> import autograd
    >>> RNNCell(3, 4)(autograd.ones(2, 3)).shape
    autograd.Size([2, 4])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        _nonlinearity("RNNCell", nonlinearity)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        mode = f"RNN_{self.nonlinearity.upper()}"
        return self._step(mode, input, None if hx is None else (hx,))[0]


class LSTMCell(RNNCellBase):
    """One step of :class:`LSTM`: input (N, I) or (I), (h, c) (N, H) or (H) -> the next (h, c).

    >>> import autograd
    >>> h, c = LSTMCell(3, 4)(autograd.ones(2, 3))
    >>> h.shape
    autograd.Size([2, 4])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(
        self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]:
        h, c = self._step("LSTM", input, hx)
        return h, c


class GRUCell(RNNCellBase):
    """One step of :class:`GRU`: input (N, I) or (I), h (N, H) or (H) -> the next h.

    >>> import autograd
    >>> GRUCell(3, 4)(autograd.ones(2, 3)).shape
    autograd.Size([2, 4])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return self._step("GRU", input, None if hx is None else (hx,))[0]

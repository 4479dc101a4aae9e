"""Tables of vectors that are learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import autograd
from autograd.arrays.arguments import check_flags, check_numbers, check_tensors, count_of
from autograd.engine.places import ShapeError
from nn import functional as F, init
from nn.functional.sparse import check_mode, place_of_padding
from nn.modules.module import Module
from nn.parameter import Parameter

if TYPE_CHECKING:
    from autograd import Tensor
    from autograd.tensors.annotations import DType

__all__ = ["Embedding", "EmbeddingBag"]

Own = TypeVar("Own", bound="_Table")


class _Table(Module):
    """What both have: a weight (n, d), Gaussian at first but for 0 at the padding."""

    weight: Any

    def _set_up(
        self,
        n: int,
        d: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        given: Any,
        frozen: bool,
        **made: Any,
    ) -> None:
        name = type(self).__name__
        self.num_embeddings = count_of(name, "num_embeddings", n)
        self.embedding_dim = count_of(name, "embedding_dim", d)
        check_numbers(name, max_norm=0.0 if max_norm is None else max_norm, norm_type=norm_type)
        self.padding_idx = place_of_padding(name, padding_idx, self.num_embeddings)
        self.max_norm, self.norm_type = max_norm, norm_type
        if given is None:
            empty = autograd.empty(self.num_embeddings, self.embedding_dim, **made)
            self.weight = Parameter(empty, requires_grad=not frozen)
            self.reset_parameters()
            return
        check_tensors(name, _weight=given)
        if tuple(given.shape) != (self.num_embeddings, self.embedding_dim):
            raise ShapeError(
                f"{name}: the table must have shape ({n}, {d}); got {tuple(given.shape)}. "
                f"{name}.from_pretrained(table) takes any."
            )
        self.weight = Parameter(given, requires_grad=not frozen)

    def reset_parameters(self) -> None:
        """Draw the table anew."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with autograd.no_grad():
                self.weight[self.padding_idx].fill_(0)

    @classmethod
    def _of(cls: type[Own], embeddings: Any, freeze: bool, **options: Any) -> Own:
        check_tensors(f"{cls.__name__}.from_pretrained", embeddings=embeddings)
        if embeddings.ndim != 2:
            raise ShapeError(
                f"{cls.__name__}.from_pretrained: the table must have shape (n, d); got "
                f"{tuple(embeddings.shape)}. Reshape it."
            )
        check_flags(f"{cls.__name__}.from_pretrained", freeze=freeze)
        made: Any = cls(*embeddings.shape, **options, _weight=embeddings)  # type: ignore[call-arg]
        made.weight.requires_grad = not freeze
        return made

    def _shown(self, *flags: str) -> str:
        """Sizes, and the options that are not as usual."""
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        usual: dict[str, Any] = {"padding_idx": None, "max_norm": None, "norm_type": 2}
        usual |= {"scale_grad_by_freq": False, "sparse": False}
        for name, value in usual.items():
            if name in flags and getattr(self, name) != value:
                text += f", {name}={getattr(self, name)}"
        return text


class Embedding(_Table):
    """A table of vectors, looked up by integers; see :func:`~nn.functional.embedding`.

    Shapes: (*), integers in [0, n) -> (*, d); weight (n, d), Gaussian at first, and 0 at
    ``padding_idx``, whose row gets no gradient. ``sparse`` is taken; the gradient is dense.

    >>> import autograd
    >>> table = Embedding.from_pretrained(autograd.tensor([[0.0, 1.0], [2.0, 3.0]]))
    >>> table(autograd.tensor([1, 1, 0]))
    tensor([[2., 3.],
            [2., 3.],
            [0., 1.]])
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_flags(
            "Embedding", scale_grad_by_freq=scale_grad_by_freq, sparse=sparse, _freeze=_freeze
        )
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        self._set_up(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            _weight,
            _freeze,
            device=device,
            dtype=dtype,
        )

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Embedding:
        """A layer over a table that is there, (n, d); ``freeze`` leaves it as it is."""
        return cls._of(
            embeddings,
            freeze,
            padding_idx=padding_idx,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
        )

    def forward(self, input: Tensor) -> Tensor:
        return F.embedding(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    def extra_repr(self) -> str:
        return self._shown("padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse")


class EmbeddingBag(_Table):
    """The sum, mean or maximum of vectors of a table; see :func:`~nn.functional.embedding_bag`.

    Shapes: (bags, k), or (total) and offsets (bags) -> (bags, d); weight (n, d), Gaussian at first.

    >>> import autograd
    >>> table = autograd.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> bag = EmbeddingBag.from_pretrained(table, mode="sum")
    >>> bag(autograd.tensor([0, 1, 2]), autograd.tensor([0, 1]))
    tensor([[0., 1.],
            [6., 8.]])
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: object = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_flags(
            "EmbeddingBag",
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
            include_last_offset=include_last_offset,
        )
        check_mode("EmbeddingBag", mode, scale_grad_by_freq, sparse)
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        self.mode, self.include_last_offset = mode, include_last_offset
        self._set_up(
            num_embeddings,
            embedding_dim,
            padding_idx,
            max_norm,
            norm_type,
            _weight,
            False,
            device=device,
            dtype=dtype,
        )

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> EmbeddingBag:
        """A layer over a table that is there, (n, d); ``freeze`` leaves it as it is."""
        return cls._of(
            embeddings,
            freeze,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            mode=mode,
            sparse=sparse,
            include_last_offset=include_last_offset,
            padding_idx=padding_idx,
        )

    def forward(
        self,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: Tensor | None = None,
    ) -> Tensor:
        return F.embedding_bag(
            input,
            self.weight,
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )

    def extra_repr(self) -> str:
        text = self._shown("max_norm", "norm_type", "scale_grad_by_freq") + f", mode={self.mode!r}"
        return text if self.padding_idx is None else f"{text}, padding_idx={self.padding_idx}"

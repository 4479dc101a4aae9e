"""``torch.special``, as far as its functions are here; each is ``autograd``'s own."""

import typing as _typing

from autograd import logit as logit, sigmoid as expit  # noqa: F401
from autograd.ops.pointwise.erf import erf as erf, erfc as erfc, erfinv as erfinv
from autograd.ops.pointwise.exponential import (
    exp2 as exp2,
    expm1 as expm1,
    log1p as log1p,
    xlogy as xlogy,
)
from autograd.ops.pointwise.rounding import round as round
from autograd.ops.pointwise.trigonometric import sinc as sinc
from autograd.ops.reductions.softmax import (
    log_softmax as log_softmax,
    logsumexp as logsumexp,
    softmax as softmax,
)

if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

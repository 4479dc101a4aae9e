"""PyTorch's anomaly mode, which scripts switch on: accepted, and said that it finds nothing yet."""

from __future__ import annotations

from autograd.arrays.notices import once

__all__ = ["detect_anomaly", "is_anomaly_check_nan_enabled", "is_anomaly_enabled",
           "set_anomaly_enabled", "set_detect_anomaly"]  # fmt: skip


class set_detect_anomaly:  # noqa: N801 - PyTorch's name
    """Accepts True and False, at once or for a ``with``; warns once that NaN is not looked for.

    >>> with set_detect_anomaly(False):
    ...     pass
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        if mode:
            once(
                "set_detect_anomaly: gradients are not searched for NaN yet; the script goes on. "
                "Look at x.grad.isnan().any(), or at a tensor's gradient by x.register_hook(print)."
            )

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


class detect_anomaly(set_detect_anomaly):  # noqa: N801 - PyTorch's name
    """:class:`set_detect_anomaly` of True."""

    def __init__(self, check_nan: bool = True) -> None:
        super().__init__(True, check_nan)


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """:class:`set_detect_anomaly` as a function."""
    set_detect_anomaly(mode, check_nan)


def is_anomaly_enabled() -> bool:
    """Whether gradients are searched for NaN: no.

    >>> is_anomaly_enabled(), is_anomaly_check_nan_enabled()
    (False, False)
    """
    return False


is_anomaly_check_nan_enabled = is_anomaly_enabled

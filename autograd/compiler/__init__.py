"""``compile``, and what else is in ``torch.compiler``.

A compiled step is recorded once, and from then on a program without Python between its calls:
compiled.py says when, captured.py how.
"""

from __future__ import annotations

import functools as _functools
import typing as _typing
from typing import Any

from autograd.compiler.backends import (
    BACKENDS as _BACKENDS,
    asked_for as _asked_for,
    best as _best,
)
from autograd.compiler.compiled import (
    Compiled as _Compiled,
    everything as _everything,
    stance as _now,
)
from autograd.compiler.tapes.recording import Recording as _Recording

# PyTorch's compilers: a script that asks for one of them gets the best that there is.
_THEIRS = {
    "aot_eager", "aot_eager_decomp_partition", "aot_ts", "cudagraphs", "eager", "hpu_backend",
    "inductor", "ipex", "onnxrt", "openxla", "tensorrt", "torch_tensorrt", "tvm",
}  # fmt: skip
# What else torch.compile takes, for its own compiler
_IGNORED = {"name", "recompile_limit", "isolate_recompiles", "shapes_spec"}
_STANCES = ("default", "force_eager", "eager_on_recompile", "fail_on_recompile")


class _Options:
    """Options that keep what is written into them, and change nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__[name] = _Options()
        return self.__dict__[name]


config: Any = _Options()


def compile(  # noqa: A001 - torch.compile
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = None,
    mode: str | None = None,
    options: Any = None,
    disable: bool = False,
    check: bool | int = False,
    **others: Any,
) -> Any:
    """A step as a program: ``model`` runs as ever, is recorded, and is then done again without it.

    ``model`` is best a whole training step: forward, ``backward()`` and ``optimizer.step()`` in one
    function. It may also be the bound ``optimizer.step``, or a module, which comes back itself, and
    whose forward is a program where no graph is recorded (``no_grad()``); where one is, as in
    training, a warning says once that it runs as ever. Without ``model``, a decorator.

    The first call of a kind runs as ever, the second is recorded while it runs, all others are
    replayed: by the same calls of NumPy's on the same memory, bit for bit the same (``"replay"``),
    or, where llvmlite is installed, by machine code that does many of them at once (``"llvm"``),
    which rounds otherwise. What the calls depend on is looked at each time; where it is another
    (shapes, modes, hooks, an option), the call runs as ever, and is recorded anew. A step that
    cannot be a program runs as ever, which a warning says once; ``compiled.explain()`` says what
    has become of the calls, ``compiled.source`` is the program, ``compiled.plan`` what its machine
    code does.

    :param backend: ``"replay"``, ``"llvm"``, or None for the best that there is; PyTorch's names
        are taken for None.
    :param check: do each n-th replay (True: every one; False: none) the usual way, too, and
        compare.
    :param disable: give ``model`` back as it is.
    :raises TypeError: ``model`` cannot be called; a keyword that ``torch.compile`` does not have;
        ``check`` is no whole number.
    :raises ValueError: an unknown backend; ``check`` is negative.
    :raises ModuleNotFoundError: ``backend="llvm"`` without llvmlite, which is an extra.
    :raises RuntimeError: of a call, under ``check``: the program gives something else.

    ``fullgraph``, ``dynamic``, ``mode`` and ``options`` are accepted, and change nothing.

    >>> import autograd, optim
    >>> w = autograd.ones(2, requires_grad=True)
    >>> sgd = optim.SGD([w], lr=0.25)
    >>> @compile
    ... def step(x):
    ...     sgd.zero_grad()
    ...     loss = ((w - x) ** 2).sum()
    ...     loss.backward()
    ...     sgd.step()
    ...     return loss
    >>> [step(autograd.zeros(2)).item() for _ in range(4)]
    [2.0, 0.5, 0.125, 0.03125]
    >>> print(step.explain().summary())
    2 replays, 1 recording, 1 call as ever
    """
    if unknown := others.keys() - _IGNORED:
        raise TypeError(
            "compile: keywords must be torch.compile's, or check; got "
            f"{', '.join(sorted(unknown))}. Arguments of the model are given where it is called."
        )
    if not isinstance(check, int):
        raise TypeError(
            f"compile: check must be a bool or a whole number; got {type(check).__name__}."
        )
    if check < 0:
        raise ValueError(
            f"compile: check must be 0 or more; got {check}. check=10 compares each tenth replay."
        )
    if model is None:
        return lambda one: compile(
            one, backend=backend, mode=mode, options=options, disable=disable, check=check
        )
    if not callable(model):
        raise TypeError(f"compile: expected a function or a module; got {type(model).__name__}.")
    name, chosen = _backend(backend)
    how = name, check, chosen
    if disable or isinstance(model, _Compiled):
        return model
    if not _is_module(model):
        return _Compiled(model, *how)
    vars(model)["_orig_mod"] = model  # for scripts that ask for what they compiled
    if not isinstance(model.forward, _Compiled):
        vars(model)["forward"] = _Compiled(model.forward, *how)
    return model


def _backend(name: Any) -> tuple[str, bool]:
    """The backend, and whether the user has chosen it."""
    if name is None or callable(name) or name in _THEIRS:
        return _best(), False
    if name not in _BACKENDS:
        raise ValueError(
            f"compile: backend must be one of {', '.join(_BACKENDS)}; got {name!r:.60}. Leave it "
            "out for the best that there is."
        )
    _asked_for(name)
    return str(name), True


def _is_module(model: Any) -> bool:
    return hasattr(model, "state_dict") and hasattr(model, "_modules")


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """``fn``, which is never part of a program: a step that calls it runs as ever.

    Without one, a decorator. A module comes back itself, and what was compiled of it is no more.

    >>> disable(abs)(-1)
    1
    """
    if fn is None:
        return lambda one: disable(one, recursive, reason=reason)
    if isinstance(fn, _Compiled):
        return disable(fn.function)
    if _is_module(fn):
        held = vars(fn).pop("forward", fn.forward)
        vars(fn)["forward"] = disable(held)
        return fn

    @_functools.wraps(fn)
    def call(*args: Any, **options: Any) -> Any:
        now = _Recording.now
        if now is not None:
            told = getattr(fn, "__name__", fn)
            now.tape.refuse(f"autograd.compiler.disable keeps {told} out of programs")
        return fn(*args, **options)

    return call


def allow_in_graph(fn: Any = None, *args: Any, **options: Any) -> Any:
    """``fn`` as it is; without one, a decorator.

    >>> allow_in_graph(abs)(-1)
    1
    """
    return fn if fn is not None else lambda one: one


assume_constant_result = run = allow_in_graph


def substitute_in_graph(original: Any, **options: Any) -> Any:
    """A decorator that gives a function back as it is: what runs is recorded, whatever it is.

    >>> @substitute_in_graph(abs)
    ... def absolute(x):
    ...     return abs(x)
    >>> absolute(-1)
    1
    """
    return lambda one: one


def reset() -> None:
    """Forget what was recorded, of all that is compiled: each is as new."""
    for one in [*_everything]:
        one.reset()


def cudagraph_mark_step_begin() -> None:
    """Nothing: results are fresh arrays."""


def is_compiling() -> bool:
    """Whether this code is being recorded.

    >>> is_compiling()
    False
    """
    now = _Recording.now
    return now is not None and now.tape.live


is_dynamo_compiling = is_compiling


def is_exporting() -> bool:
    """Whether this code is being exported: never.

    >>> is_exporting()
    False
    """
    return False


def list_backends(exclude_tags: Any = None) -> list[str]:
    """What can make a program of a step.

    >>> list_backends()
    ['replay', 'llvm']
    """
    return [*_BACKENDS]


class set_stance:  # noqa: N801 - torch.compiler.set_stance
    """How much is compiled from now on, or in a block of code.

    :param stance: ``"default"``; ``"force_eager"``, nothing is recorded or replayed;
        ``"eager_on_recompile"``, nothing is recorded; ``"fail_on_recompile"``, what would be
        recorded raises RuntimeError.
    :raises ValueError: another stance.

    >>> twice = compile(lambda x: x * 2)
    >>> with set_stance("force_eager"):
    ...     twice(1)
    2
    """

    def __init__(self, stance: str = "default", **options: Any) -> None:
        if stance not in _STANCES:
            raise ValueError(
                f"set_stance: stance must be one of {', '.join(_STANCES)}; got {stance!r:.60}."
            )
        self.stance, self._before = stance, _now.name
        _now.name = stance

    def __enter__(self) -> None:
        _now.name = self.stance

    def __exit__(self, *error: Any) -> None:
        _now.name = self._before

    def __call__(self, function: Any) -> Any:
        _now.name = self._before

        @_functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            with set_stance(self.stance):
                return function(*args, **options)

        return call


if not _typing.TYPE_CHECKING:
    from autograd.script.missing import elsewhere as _elsewhere

    __getattr__ = _elsewhere(__name__)

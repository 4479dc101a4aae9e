"""Evaluation as it should not be: layers as in training, graphs for nobody, or no way back."""

from __future__ import annotations

from typing import Any
from weakref import ref

from autograd.diagnosis.lint.said import say
from autograd.engine import lines, observer, watches
from autograd.engine.grad_mode import mode
from autograd.engine.lines import Line
from autograd.engine.variables import module_name, modules_running

_CALLS = 100  # that are listened to after a layer has acted as in training
_TRIES = 8  # times that this is done
_OUTINGS = 3  # calls of a model whose graphs nobody has used

# What results are compared with targets by.
_COMPARES = {"Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"}
_LOSSES = {"CrossEntropy", "NllLoss", "BinaryCrossEntropy", "BinaryCrossEntropyWithLogits",
           "MSE", "Huber"}  # fmt: skip
_BY_MODE = {"_DropoutNd", "_BatchNorm"}  # bases of layers that are different in training


class _Listener(observer.Observer):
    """An observer that begins and ends when it wants to, not with a block."""

    may_miss = True
    on = False

    def start(self) -> None:
        if not self.on:
            self.on = True
            observer.begin(self)

    def stop(self) -> None:
        if self.on:
            self.on = False
            observer.end(self)


class ActsAsInTraining(_Listener):
    """Nothing is recorded, dropout or batch normalisation acts as in training, and then results
    are compared with targets: that was an evaluation. What a generator makes for another
    network, or a teacher for its pupil, is not compared.
    """

    def __init__(self, trained: Any) -> None:
        self._trained = trained  # whether a step was taken
        self._tries = self._calls = 0
        self._found: tuple[Any, str, Line | None] | None = None

    def unrecorded(self, call: str) -> None:
        """For ``watches.unrecorded``."""
        if self.on or self._tries >= _TRIES or not self._trained():
            return
        modules = modules_running()
        if not modules:
            return
        inner, outer = modules[0], modules[-1]
        if inner.training and not outer.training:
            return  # the layer alone was set to training, on purpose
        self._found = ref(inner), call, lines.here()
        self._tries += 1
        self._calls = 0
        self.start()

    def mode_set(self, module: Any, training: bool) -> None:
        """For ``watches.modes``: statistics were gathered, and the evaluation comes now."""
        if not training:
            self.stop()

    def call_begins(self, op: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._calls += 1
        if mode.grad or self._calls > _CALLS:
            self.stop()
            return
        name = op.__name__
        if name in _LOSSES or (name in _COMPARES and not modules_running()):
            self.stop()
            self._say()

    def _say(self) -> None:
        assert self._found is not None
        made, call, line = self._found
        layer = made()
        if layer is None:
            return
        name = module_name(layer)
        effect = (
            "zeros parts of the input by chance"
            if "dropout" in call
            else "goes by the batch, and changes its running statistics"
        )
        if _bases(layer) & _BY_MODE:
            model = name.partition(".")[0]
            say(
                ("training", name),
                f"evaluation: a model must be set to evaluation before its results are compared; "
                f"`{name}` ({type(layer).__name__}) was in training mode inside no_grad(), where "
                f"it {effect}. Call {model}.eval() before, and {model}.train() afterwards.",
                line,
            )
        else:
            say(
                ("training", call, name),
                f"evaluation: {call} must not act in evaluation; the one in `{name}` does, "
                f"whatever the mode, and {effect}. Pass training=self.training, or call .eval() "
                "before where it does that.",
                line,
            )


class BuildsGraphs(_Listener):
    """A model in evaluation mode is called again and again, and no pass uses the graphs."""

    def __init__(self, trained: Any, strictly: bool) -> None:
        self._trained, self._most = trained, 2 if strictly else _OUTINGS
        self._outings = self._calls = 0
        self._module: Any = None  # a weak reference
        self._recorded = False
        self._line: Line | None = None

    def mode_set(self, module: Any, training: bool) -> None:
        """For ``watches.modes``."""
        if training:
            self.stop()
        elif mode.grad and self._trained() and self._outings < self._most:
            self._module, self._calls = ref(module), 0
            self.start()

    def start(self) -> None:
        if not self.on:
            watches.sweep_ends.append(self.sweep_ends)
        super().start()

    def stop(self) -> None:
        if self.on:
            watches.sweep_ends.remove(self.sweep_ends)
        super().stop()

    def sweep_ends(self, seed: Any, oldest: Any, retain: bool, create: bool) -> None:
        """For ``watches.sweep_ends``: the graphs have a use."""
        self._outings = 0
        self.stop()

    def module_entered(self, module: Any) -> None:
        if not mode.grad:
            self.stop()
        elif module is self._module():
            self._recorded, self._line = False, lines.here()

    def call_ends(self, op: Any, result: Any, error: Any, recorded: bool) -> None:
        self._recorded = self._recorded or recorded
        self._calls += 1
        if self._calls > 20 * _CALLS:
            self.stop()

    def module_left(self, module: Any) -> None:
        if module is not self._module() or not self._recorded:
            return
        self._outings += 1
        if self._outings >= self._most:
            self.stop()
            name = module_name(module)
            say(
                ("graphs", name),
                f"evaluation: no graph must be built where no backward pass follows; `{name}` is "
                f"in evaluation mode and has recorded {self._outings} graphs that nobody used: "
                "time, and memory as long as a result is held. Evaluate inside `with "
                "no_grad():`.",
                self._line,
            )


class StaysInEvaluation:
    """A model that was trained, was set to evaluation, and is trained on as it is."""

    def __init__(self, trained: Any) -> None:
        self._trained = trained
        self._set: tuple[Any, Line | None] | None = None
        self._steps = 0

    def mode_set(self, module: Any, training: bool) -> None:
        """For ``watches.modes``."""
        if training:
            self.stop()
        elif module.training and self._trained():
            self._set, self._steps = (ref(module), lines.here()), 0
            if self.stepped not in watches.steps:
                watches.steps.append(self.stepped)

    def stop(self) -> None:
        """Look at no more steps."""
        self._set = None
        if self.stepped in watches.steps:
            watches.steps.remove(self.stepped)

    def stepped(self, optimizer: Any) -> None:
        """For ``watches.steps``."""
        self._steps += 1
        module, line = self._set if self._set is not None else (lambda: None, None)
        module = module()
        if module is None or self._steps < 2:
            return
        self.stop()
        has = {id(p) for group in optimizer.param_groups for p in group["params"]}
        layers = [one for one in module.modules() if _bases(one) & _BY_MODE]
        mine = any([id(p) in has for p in module.parameters()])
        if layers and mine and not any([one.training for one in module.modules()]):
            name = module_name(module)
            say(
                ("stays", name),
                f"training: a model must be in training mode while it is trained; `{name}` has "
                f"been in evaluation mode since {line}, so that {module_name(layers[0])} "
                f"({type(layers[0]).__name__}) acts as in evaluation. Call {name}.train() after "
                "each evaluation.",
            )


def _bases(module: Any) -> set[str]:
    return {base.__name__ for base in type(module).__mro__}

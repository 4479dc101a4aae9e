"""What all optimisers share: parameter groups, state, the step, saving.

A rule is two methods on arrays, and knows nothing of groups or Tensors::

    class SignDescent(Optimizer):
        def __init__(self, params, lr=0.01):
            super().__init__(params, dict(lr=lr))

        def update(self, p, g, state, *, lr):
            p -= lr * np.sign(g)

``init(p)`` returns what the rule remembers of a parameter: arrays of its shape, and numbers such as
a step count. ``update(p, g, state, ...)`` changes ``p`` and ``state`` in place and leaves ``g`` as
it is. Both name the options of the group that they want, as keywords.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from operator import is_
from typing import Any

import numpy as np

from autograd import Tensor, enable_grad
from autograd.engine import observer
from autograd.engine.graph import unwrap, wrap
from optim import blocks
from optim.blocks import Block

Params = Iterable[Any]  # of Tensors, of pairs (name, Tensor), or of groups: dicts with "params"


class Optimizer:
    """Base of all rules: subclass it with ``update``, and ``init`` where the rule remembers.

    :param params: Tensors, or dicts with a ``"params"`` of their own and options that differ from
        ``defaults`` (parameter groups).
    :param defaults: the options of groups that do not give their own.
    :raises ValueError: no parameters, one given twice, one that an operation made.
    :raises TypeError: something that is not a Tensor, or not of a floating dtype.

    >>> import autograd, numpy as np
    >>> class SignDescent(Optimizer):
    ...     def __init__(self, params, lr=0.25):
    ...         super().__init__(params, dict(lr=lr))
    ...     def update(self, p, g, state, *, lr):
    ...         p -= lr * np.sign(g)
    >>> w = autograd.tensor([1.0, -1.0], requires_grad=True)
    >>> optimizer = SignDescent([w])
    >>> (w ** 2).sum().backward()
    >>> optimizer.step()
    >>> w.data
    tensor([ 0.7500, -0.7500])
    """

    # Whether the rule acts on each element on its own: it then sees many parameters as one flat
    # array, or a slice of one. False: it sees one parameter at a time, in its own shape.
    elementwise = True

    _names: dict[str, tuple[str, ...]]  # the options that init and update ask for

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._names = {method: _keywords(getattr(cls, method)) for method in ("init", "update")}

    def __init__(self, params: Params, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.state: dict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self._blocks: dict[int, tuple[Any, list[Any], list[Block]]] = {}  # by group
        if isinstance(params, (Tensor, dict)):
            raise TypeError(
                f"{self._name}: params must be an iterable of tensors or of groups; got a "
                f"{type(params).__name__}. Put it into a list."
            )
        groups = self._listed(params)
        if not groups:
            raise ValueError(
                f"{self._name}: there must be at least one parameter; got an empty list. A "
                "generator such as model.parameters() can be used only once; call it again."
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    @property
    def _name(self) -> str:
        return type(self).__name__

    # -- the rule ----------------------------------------------------------------------------------

    def init(self, *args: Any, **options: Any) -> dict[str, Any]:
        """init(p, *, ...): what the rule remembers of a parameter before its first step."""
        return {}

    def update(self, *args: Any, **options: Any) -> None:
        """update(p, g, state, *, ...): change ``p`` and ``state`` in place by the gradient."""
        raise NotImplementedError(f"{self._name}: define update(self, p, g, state, *, lr, ...).")

    # -- groups ------------------------------------------------------------------------------------

    def check(self, group: dict[str, Any]) -> None:
        """Raise ValueError where an option of ``group`` is outside its range."""

    def _in_range(self, name: str, value: Any, below: float = float("inf")) -> None:
        """For :meth:`check`: ``value`` must be in [0, below)."""
        if not 0 <= self._number(name, value) < below:
            limits = "[0, ∞)" if below == float("inf") else f"[0, {below})"
            raise ValueError(
                f"{self._name}: {name} must be in {limits}; got {value}. Pass a number from there."
            )

    def _number(self, name: str, value: Any) -> Any:
        """For :meth:`check`: ``value`` must be a number, or a tensor of one."""
        if isinstance(value, (float, int)):
            return value
        array = np.asarray(unwrap(value))
        if array.dtype.kind not in "biuf":
            raise TypeError(
                f"{self._name}: {name} must be a number; got {value!r:.60}. Pass a float."
            )
        if array.ndim:
            raise ValueError(
                f"{self._name}: {name} must be one number; got shape {array.shape}. Rates that "
                "differ go into groups: [{'params': [...], 'lr': 0.1}, ...]."
            )
        return array

    def _listed(self, params: Any) -> list[Any]:
        if isinstance(params, (set, frozenset)):
            raise TypeError(
                f"{self._name}: parameters must come in a fixed order; got a set. Pass a list."
            )
        if not isinstance(params, Iterable):
            raise TypeError(
                f"{self._name}: params must be an iterable of tensors or of groups; got "
                f"{type(params).__name__}. Of a module: module.parameters()."
            )
        return list(params)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group: a dict with ``"params"`` (a Tensor or several) and options of its own.

        Raises as the constructor does, and adds nothing then.
        """
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise TypeError(
                f"{self._name}: a parameter group must be a dict with 'params'; got "
                f"{type(param_group).__name__}. Write {{'params': [...], 'lr': 0.1}}."
            )
        given = param_group["params"]
        params = [given] if isinstance(given, Tensor) else self._listed(given)
        params = [p[1] if isinstance(p, tuple) and len(p) == 2 else p for p in params]
        used = {id(p) for group in self.param_groups for p in group["params"]}
        for i, p in enumerate(params):
            self._check_param(i, p, used)
            used.add(id(p))
        group = {"params": params, **{k: v for k, v in param_group.items() if k != "params"}}
        for name, value in self.defaults.items():
            group.setdefault(name, value)
        self.check(group)
        self.param_groups.append(group)

    def _check_param(self, i: int, p: Any, used: set[int]) -> None:
        if not isinstance(p, Tensor):
            raise TypeError(
                f"{self._name}: parameters must be tensors; number {i} is {type(p).__name__}. "
                "Pass model.parameters(), or a list of tensors."
            )
        where = f"number {i}, of shape {tuple(p.shape)},"
        if p.dtype.kind != "f":
            raise TypeError(
                f"{self._name}: parameters must be of a floating dtype; {where} is {p.dtype}. "
                "Leave it out."
            )
        if not p.is_leaf:
            raise ValueError(
                f"{self._name}: parameters must be leaves; {where} was made by an operation. Make "
                "it a leaf: p = p.detach().requires_grad_()."
            )
        if id(p) in used:
            raise ValueError(
                f"{self._name}: each parameter must be given once; {where} appears twice. Leave "
                "out the second."
            )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients; with ``set_to_none=False``, fill them with zeros."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad = p.grad.detach()
                    p.grad.zero_()

    # -- the step ----------------------------------------------------------------------------------

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters by one step; those whose ``.grad`` is None stay as they are.

        :param closure: computes the loss anew, with gradients, and returns it.
        :returns: what the closure returned, else None.
        :raises ValueError: a gradient or the state has another shape than its parameter, or an
            option is outside its range; nothing is changed.
        """
        loss = None
        if closure is not None:
            if not callable(closure):
                raise TypeError(
                    f"{self._name}.step: closure must be a function that computes the loss; got "
                    f"{type(closure).__name__}. Call step() after loss.backward()."
                )
            with enable_grad():
                loss = closure()
        work = []
        for i, group in enumerate(self.param_groups):
            try:
                self.check(group)
            except KeyError as error:
                raise KeyError(
                    f"{self._name}: a group must hold every option; group {i} has no {error}. Set "
                    "it, or add groups by add_param_group."
                ) from None
            if params := self._with_gradients(group):
                options = {name: unwrap(group[name]) for name in self._names["update"]}
                work += [(block, options) for block in self._blocks_of(i, group, params)]
        blocks.run(work, self.update)
        if observer.listening:
            observer.tell("step_taken", self)
        return loss

    def _with_gradients(self, group: dict[str, Any]) -> list[Any]:
        params = [p for p in group["params"] if p.grad is not None]
        for p in params:
            if p.grad._data.shape != p._data.shape:
                raise ValueError(
                    f"{self._name}: a gradient must have its parameter's shape {tuple(p.shape)}; "
                    f"got {tuple(p.grad.shape)}. Assign p.grad only tensors shaped like p."
                )
        return params

    def _blocks_of(self, i: int, group: dict[str, Any], params: list[Any]) -> list[Block]:
        """The blocks of group ``i``: those of the last step, or new ones after a change."""
        options = {name: group[name] for name in self._names["init"]}
        if i in self._blocks:
            before, known, made = self._blocks[i]
            same = options == before and len(known) == len(params) and all(map(is_, known, params))
            if same and all([block.holds(self.state) for block in made]):
                return made
        for p in params:
            self._complete(self.state[p], p, options)
        made = list(blocks.pack(params, self.state, self.elementwise))
        self._blocks[i] = (options, params, made)
        return made

    def _complete(self, entry: dict[str, Any], p: Any, options: dict[str, Any]) -> None:
        """Add to ``entry`` what ``init`` gives and it does not hold yet."""
        for name, value in self.init(np.asarray(p._data), **options).items():
            if isinstance(value, np.generic):
                value = value.item()
            if hasattr(value, "dtype"):
                self._check_state(name, entry.setdefault(name, wrap(value, None)), value.shape)
            elif isinstance(entry.setdefault(name, value), Tensor):
                entry[name] = entry[name].item()

    # -- saving ------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """The state and the options, with parameters by number: ``{"state", "param_groups"}``.

        Tensors in it are the optimiser's own; ``load_state_dict`` copies them.
        """
        numbers: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            for p in group["params"]:
                numbers[id(p)] = len(numbers)
            options = {name: value for name, value in group.items() if name != "params"}
            groups.append({**options, "params": [numbers[id(p)] for p in group["params"]]})
        state = {numbers[id(p)]: dict(e) for p, e in self.state.items() if id(p) in numbers}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` of a like optimiser gave.

        Raises TypeError for what is no state dict, ValueError where groups, their sizes or the
        shapes of the state differ or an option is outside its range; nothing is changed then.
        """
        saved = self._saved_groups(state_dict)
        ours = [len(group["params"]) for group in self.param_groups]
        theirs = [len(group["params"]) for group in saved]
        if ours != theirs:
            raise ValueError(
                f"{self._name}.load_state_dict: groups must hold as many parameters as the saved "
                f"ones; here {ours}, saved {theirs}. Build the optimiser as it was when saved."
            )
        params = [p for group in self.param_groups for p in group["params"]]
        numbers = [number for group in saved for number in group["params"]]
        state: dict[Any, dict[str, Any]] = defaultdict(dict)
        for number, p in zip(numbers, params, strict=True):
            if number in state_dict["state"]:
                entry = state_dict["state"][number]
                state[p] = {name: self._taken(name, value, p) for name, value in entry.items()}
        options = [{k: v for k, v in group.items() if k != "params"} for group in saved]
        for group, other in zip(self.param_groups, options, strict=True):
            lacks, extra = [*self.defaults.keys() - other], [*other.keys() - group]
            if lacks and extra:
                raise ValueError(
                    f"{self._name}.load_state_dict: the state must be one of the same rule; its "
                    f"groups lack {', '.join(sorted(lacks))} and have {', '.join(sorted(extra))}. "
                    f"Load what another {self._name} saved."
                )
            self.check({**group, **other})
        self.state = state
        for group, other in zip(self.param_groups, options, strict=True):
            group.update(other)
        self._blocks = {}

    def _saved_groups(self, state_dict: Any) -> list[Any]:
        """The groups of a state dict that looks like one."""
        try:
            groups, state = state_dict["param_groups"], state_dict["state"]
            fits = all([type(n) is int for group in groups for n in group["params"]])
            fits = fits and all(isinstance(entry, Mapping) for entry in [*groups, *state.values()])
        except (TypeError, LookupError, AttributeError):
            fits = False
        if not fits:
            raise TypeError(
                f"{self._name}.load_state_dict: expected {{'state': {{0: {{...}}}}, "
                f"'param_groups': [{{'params': [0], ...}}]}}; got {state_dict!r:.60}. Pass what "
                "state_dict() returned."
            )
        return list(groups)

    def _taken(self, name: str, value: Any, p: Any) -> Any:
        """A saved value, copied; what has the parameter's shape comes in its dtype."""
        if not isinstance(value, Tensor):
            return value
        if self.elementwise and value.ndim:
            self._check_state(name, value, p.shape)
        return wrap(np.array(value._data, dtype=p.dtype), None)

    def _check_state(self, name: str, value: Any, shape: Any) -> None:
        found = tuple(getattr(value, "shape", ()))
        if found != tuple(shape):
            raise ValueError(
                f"{self._name}: the state must have its parameter's shape, here {tuple(shape)}; "
                f"{name!r} has {found}. Load what belongs to the same parameters, in order, or "
                "start anew: optimizer.state.clear()."
            )

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_blocks": {}}

    def __repr__(self) -> str:
        text = f"{self._name} ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            text += "".join(f"    {k}: {group[k]}\n" for k in sorted(group) if k != "params")
        return text + ")"


def _keywords(method: Any) -> tuple[str, ...]:
    """The names of a method's keyword-only parameters."""
    code = method.__code__
    return tuple(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])

"""The state of optimisers: what belongs to a parameter, saving it, loading it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from autograd.arrays import dtypes
from autograd.engine.graph import unwrap, wrap
from autograd.kernels import complexes
from optim.foreach import as_reals, wide
from optim.hooks import Hooks

# What schedules and names add to the options of a group: any rule's group may have them.
ADDED = {"param_names", "initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr"}

# Options that PyTorch's rules have not: neither printed nor saved while they have these values,
# also by an optimiser of a script's own that steps by one of ours.
BEYOND = {"momentum_form": "torch"}


class StateDict(Hooks):
    """The part of an optimiser that saves and loads."""

    state: dict[Any, dict[str, Any]]
    defaults: dict[str, Any]
    param_groups: list[dict[str, Any]]
    elementwise: bool
    _ruled: bool  # steps by ``update``: a class with a step of its own keeps what it likes
    _names: dict[str, tuple[str, ...]]
    _blocks: dict[int, Any]  # by group; see Optimizer._packed
    _tied: set[int]

    if TYPE_CHECKING:  # see Optimizer

        def init(self, *args: Any, **options: Any) -> dict[str, Any]: ...
        def check(self, group: dict[str, Any]) -> None: ...

    # -- of one parameter --------------------------------------------------------------------------

    def _completed(self, entry: dict[str, Any], p: Any, options: dict[str, Any]) -> dict[str, Any]:
        """``entry`` itself, with what ``init`` gives and it does not hold yet.

        Raises ValueError or TypeError for what cannot be this parameter's, and changes nothing.
        """
        array = p._array()
        if array.dtype.itemsize < 4:
            array = array.astype(wide(array.dtype))
        known = any(value is not None for value in entry.values())  # PyTorch's None: nothing yet
        whole: dict[str, Any] = {}
        numbers = {name: unwrap(value) for name, value in options.items()}
        for name, value in self.init(as_reals(array), **numbers).items():
            if isinstance(value, np.generic):
                value = value.item()
            is_array = hasattr(value, "dtype")
            if is_array and dtypes.complex_valued(array.dtype):
                value = complexes.of_pairs(value)
            if name in entry and not (is_array and entry[name] is None):
                whole[name] = self._fitting(name, entry[name], value)
            elif is_array:
                whole[name] = wrap(value, None)
            else:
                whole[name] = not known if value is True else value
        if self.elementwise and self._ruled:  # what else there is goes along with the elements
            for name, value in entry.items():
                if name not in whole and isinstance(value, Tensor):
                    whole[name] = self._fitting(name, value, array if value.ndim else 0.0)
        entry.update(whole)
        return entry

    def _fitting(self, name: str, value: Any, like: Any) -> Any:
        """``value``, if it may stand where ``init`` has ``like``: an array, a count, a number."""
        if hasattr(like, "dtype"):
            found = tuple(getattr(value, "shape", ()))
            if found != tuple(like.shape) or not hasattr(value, "dtype"):
                raise ValueError(
                    f"{self._name}: the state must have its parameter's shape, here "
                    f"{tuple(like.shape)}; {name!r} has {found}. Load what belongs to the same "
                    "parameters, in order, or start anew: optimizer.state.clear()."
                )
            if isinstance(value, Tensor) and value._data.dtype == like.dtype:
                return value
            array = value._array() if isinstance(value, Tensor) else np.asarray(value)
            return wrap(array.astype(like.dtype), None)
        if not isinstance(like, (bool, int, float)):
            return value
        array = np.asarray(unwrap(value)) if hasattr(value, "dtype") else None
        number = array.item() if array is not None and array.size == 1 else value
        if not isinstance(number, (bool, int, float)):
            raise TypeError(
                f"{self._name}: {name!r} in the state must be a number; got {value!r:.60}. Load "
                "what the same rule saved, or start anew: optimizer.state.clear()."
            )
        whole = number == number // 1
        if name == "step" and not (number >= 0 and whole):
            raise ValueError(
                f"{self._name}: 'step' in the state must be a count, 0 or more; got {number}. "
                "Load what the same rule saved, or start anew: optimizer.state.clear()."
            )
        return type(like)(number) if whole else number

    # -- of all ------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """The state and the options, with parameters by number: ``{"state", "param_groups"}``.

        Tensors in it are the optimiser's own; ``load_state_dict`` copies them.
        """
        for hook in self._hooks("state_dict_pre"):
            hook(self)
        numbers: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            for p in group["params"]:
                numbers[id(p)] = len(numbers)
            options = self._shown(group)
            groups.append({**options, "params": [numbers[id(p)] for p in group["params"]]})
        state: dict[Any, Any] = {}
        for p, entry in self.state.items():
            if not isinstance(p, Tensor):
                state[p] = entry  # of a step of the user's own, which belongs to no parameter
            elif id(p) in numbers:
                state[numbers[id(p)]] = dict(entry)
        saved: dict[str, Any] = {"state": state, "param_groups": groups}
        for hook in self._hooks("state_dict_post"):
            changed = hook(self, saved)
            saved = saved if changed is None else changed
        return saved

    def _shown(self, group: dict[str, Any]) -> dict[str, Any]:
        """The options of a group, as PyTorch's rule has them."""
        hidden = {"params", *(k for k, v in BEYOND.items() if group.get(k) == v)}
        return {name: value for name, value in group.items() if name not in hidden}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` of a like optimiser gave, also PyTorch's.

        Raises TypeError for what is no state dict or holds what is no number, ValueError where
        groups, their sizes or the shapes of the state differ, a count is none, or an option is
        outside its range; nothing is changed then.
        """
        for hook in self._hooks("load_state_dict_pre"):
            state_dict = dict(state_dict)
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved = self._saved_groups(state_dict)
        ours = [len(group["params"]) for group in self.param_groups]
        theirs = [len(group["params"]) for group in saved]
        if ours != theirs:
            raise ValueError(
                f"{self._name}.load_state_dict: groups must hold as many parameters as the saved "
                f"ones; here {ours}, saved {theirs}. Build the optimiser as it was when saved."
            )
        state: dict[Any, dict[str, Any]] = defaultdict(dict)
        options = [{k: v for k, v in group.items() if k != "params"} for group in saved]
        for group, numbers, other in zip(self.param_groups, saved, options, strict=True):
            self._check_rule(group, other)
            merged = {**group, **other}
            self.check(merged)
            for number, p in zip(numbers["params"], group["params"], strict=True):
                if number in state_dict["state"]:
                    entry = {k: _copied(v) for k, v in state_dict["state"][number].items()}
                    init = {name: merged[name] for name in self._names["init"]}
                    state[p] = self._completed(entry, p, init) if entry else entry
        numbered = {number for numbers in saved for number in numbers["params"]}
        state.update({k: _copied(v) for k, v in state_dict["state"].items() if k not in numbered})
        self.state = state
        for group, other in zip(self.param_groups, options, strict=True):
            group.update(other)
        self._blocks = {}
        for hook in self._hooks("load_state_dict_post"):
            hook(self)

    def _check_rule(self, group: dict[str, Any], other: dict[str, Any]) -> None:
        lacks, extra = (
            self.defaults.keys() - other - BEYOND.keys(),
            other.keys() - group - ADDED,
        )
        if lacks and extra:
            raise ValueError(
                f"{self._name}.load_state_dict: the state must be one of the same rule; its "
                f"groups lack {', '.join(sorted(lacks))} and have {', '.join(sorted(extra))}. "
                f"Load what another {self._name} saved."
            )

    def _saved_groups(self, state_dict: Any) -> list[Any]:
        """The groups of a state dict that looks like one."""
        try:
            groups, state = state_dict["param_groups"], state_dict["state"]
            fits = all([type(n) is int for group in groups for n in group["params"]])
            entries = [entry for number, entry in state.items() if type(number) is int]
            fits = fits and all(isinstance(entry, Mapping) for entry in [*groups, *entries])
        except (TypeError, LookupError, AttributeError):
            fits = False
        if not fits:
            raise TypeError(
                f"{self._name}.load_state_dict: expected {{'state': {{0: {{...}}}}, "
                f"'param_groups': [{{'params': [0], ...}}]}}; got {state_dict!r:.60}. Pass what "
                "state_dict() returned."
            )
        return list(groups)

    # -- copies ------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Begin without what belongs to one object alone: hooks, and how its arrays lie."""
        self._registered = {}
        self._blocks = {}
        self._tied = set()

    def __getstate__(self) -> dict[str, Any]:
        own = ("_registered", "_blocks", "_tied")
        return {name: value for name, value in vars(self).items() if name not in own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()


def _copied(value: Any) -> Any:
    """A value of a saved state that shares no memory with it; arrays of any kind as tensors."""
    if isinstance(value, (list, tuple)):
        return type(value)([_copied(one) for one in value])
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    if isinstance(value, Tensor):
        return wrap(np.array(value._data), None)
    return wrap(np.asarray(value).copy(), None) if hasattr(value, "__array__") else value

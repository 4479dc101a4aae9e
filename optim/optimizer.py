"""What all optimisers share: parameter groups, their options, the step and its hooks.

A rule is two methods on arrays, and knows nothing of groups or Tensors::

    class SignDescent(Optimizer):
        def __init__(self, params, lr=0.01):
            super().__init__(params, dict(lr=lr))

        def update(self, p, g, state, *, lr):
            p -= lr * np.sign(g)

``init(p)`` returns what the rule remembers of a parameter: arrays of its shape (``zeros_like(p)``),
and numbers such as a step count. ``update(p, g, state, ...)`` changes ``p`` and ``state`` in place
and leaves ``g`` as it is. Both name the options of the group that they want, as keywords, and may
be given arrays of any library: a rule is written with operators, ``np.function(x)``, and + − * / **
on its numbers. Of parameters narrower than float32 they see a copy in float32, of complex ones the
parts, as pairs of reals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import is_
from typing import Any

import numpy as np

from autograd import Tensor, enable_grad
from autograd.arrays import dtypes
from autograd.arrays.dialect import numbers
from autograd.arrays.errors import DtypeError
from autograd.engine import lines, watches
from autograd.engine.graph import node_of, unwrap
from autograd.engine.lines import at
from autograd.tensors.buckets import overlapping
from optim import foreach
from optim.foreach import Block
from optim.hooks import (
    hooked,
    register_optimizer_step_post_hook as register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook as register_optimizer_step_pre_hook,
)
from optim.state_dict import StateDict

NUMBERS = (float, int, bool)
required: Any = object()  # a default of rules of one's own: each group has to give that option
Params = Iterable[Any]  # of Tensors, of pairs (name, Tensor), or of groups: dicts with "params"


class Optimizer(StateDict):
    """Base of all rules: subclass it with ``update``, and ``init`` where the rule remembers.

    :param params: Tensors, or dicts with a ``"params"`` of their own and options that differ from
        ``defaults`` (parameter groups).
    :param defaults: the options of groups that do not give their own.
    :raises ValueError: no parameters, one given twice, one that an operation made.
    :raises TypeError: something that is not a Tensor, or not of a floating or complex dtype.

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

    # Whether parameters may be complex. The rule then sees pairs of reals, along a new last axis.
    takes_complex = True

    _ruled = False
    _names: dict[str, tuple[str, ...]]  # the options that init and update ask for

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._ruled = cls.update is not Optimizer.update
        cls._names = {method: _keywords(getattr(cls, method)) for method in ("init", "update")}
        if "step" in cls.__dict__:
            cls.step = hooked(cls.step)  # type: ignore[method-assign]

    def __init__(self, params: Params, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.state: dict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self._forget()
        if isinstance(params, (Tensor, dict)):
            raise TypeError(
                f"{self._name}: params must be an iterable of tensors or of groups; got a "
                f"{type(params).__name__}. Put it into a list."
            )
        groups = self._listed(params)
        if not groups:
            raise ValueError(
                f"{self._name}: there must be at least one parameter; got an empty list. A model "
                "has none where its layers are in a list (write nn.ModuleList([...])) or a dict "
                "(nn.ModuleDict), and model.parameters() can be used only once: call it again."
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)
        watches.optimizers[self] = lines.here()

    @property
    def _name(self) -> str:  # type: ignore[override]
        return type(self).__name__

    # -- the rule ----------------------------------------------------------------------------------

    def init(self, *args: Any, **options: Any) -> dict[str, Any]:
        """init(p, *, ...): what the rule remembers of a parameter before its first step.

        A count of steps is called ``step``. A flag that is up (True) is of the first step: it is
        down in a state that comes from elsewhere and does not hold it.
        """
        return {}

    def update(self, *args: Any, **options: Any) -> None:
        """update(p, g, state, *, ...): change ``p`` and ``state`` in place by the gradient."""
        raise NotImplementedError(f"{self._name}: define update(self, p, g, state, *, lr, ...).")

    # -- groups ------------------------------------------------------------------------------------

    def check(self, group: dict[str, Any]) -> None:
        """Raise ValueError where an option of ``group`` is outside its range."""

    def _in_range(self, group: dict[str, Any], *names: str, below: float = float("inf")) -> None:
        """For :meth:`check`: these options must be in [0, below).

        A rate that a schedule has set (the group has ``initial_lr``) may be negative too.
        """
        for name in names:
            value = group[name]
            if type(value) is not float:
                value = self._number(name, value)
            if 0 <= value < below or (name == "lr" and "initial_lr" in group and value < 0):
                continue
            limits = "[0, ∞)" if below == float("inf") else f"[0, {below})"
            raise ValueError(
                f"{self._name}: {name} must be in {limits}; got {value}. Pass a number from there."
            )

    def _counts(self, group: dict[str, Any], *names: str) -> None:
        """For :meth:`check`: these options must be whole numbers, 0 or more, as a list's length."""
        for name in names:
            value = group[name]
            if not isinstance(value, int) or not 0 <= value < 2**31:
                raise ValueError(
                    f"{self._name}: {name} must be a whole number in [0, 2³¹); got {value!r:.60}. "
                    "Pass an int."
                )

    def _pair(
        self, group: dict[str, Any], name: str, example: str, below: float = float("inf")
    ) -> Any:
        """For :meth:`check`: the option must be two numbers in [0, below)."""
        pair = group[name]
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ValueError(
                f"{self._name}: {name} must be two numbers; got {pair!r:.60}. Pass {example}."
            )
        each = {f"{name}[0]": pair[0], f"{name}[1]": pair[1]}
        self._in_range(each, *each, below=below)
        return pair

    def _number(self, name: str, value: Any) -> Any:
        """For :meth:`check`: ``value`` must be a number, or a tensor of one."""
        if isinstance(value, (float, int)):
            return value
        array = np.asarray(unwrap(value))
        if not dtypes.numeric(array.dtype) or dtypes.complex_valued(array.dtype):
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
        options = {name: value for name, value in param_group.items() if name != "params"}
        pairs = [p for p in params if isinstance(p, tuple) and len(p) == 2]
        if pairs:
            if len(pairs) != len(params):
                raise ValueError(
                    f"{self._name}: all parameters of a group come with a name, or none; got "
                    f"{len(pairs)} names for {len(params)}. Pass model.named_parameters()."
                )
            params, options["param_names"] = [p for _, p in pairs], [name for name, _ in pairs]
        named = "param_names" in options
        if self.param_groups and named != ("param_names" in self.param_groups[0]):
            raise ValueError(
                f"{self._name}: all groups come with the names of their parameters, or none; this "
                f"one has {'some' if named else 'none'}, unlike those before. Pass "
                "model.named_parameters() for each."
            )
        used = {id(p) for group in self.param_groups for p in group["params"]}
        for i, p in enumerate(params):
            self._check_param(i, p, used)
            used.add(id(p))
        group = {**param_group, **options, "params": params}
        for name, value in self.defaults.items():
            if value is required and name not in group:
                raise ValueError(
                    f"{self._name}: a group must have {name!r}, which has no default; got "
                    f"{sorted(group)}. Write {{'params': [...], {name!r}: ...}}."
                )
            group.setdefault(name, value)
        self.check(group)
        param_group.update(group)  # the caller's own dict, as in PyTorch: it is the group now
        self.param_groups.append(param_group)

    def _check_param(self, i: int, p: Any, used: set[int]) -> None:
        if not isinstance(p, Tensor):
            raise TypeError(
                f"{self._name}: parameters must be tensors; number {i} is {type(p).__name__}. "
                "Pass model.parameters(), or a list of tensors."
            )
        fits = dtypes.differentiable(p.dtype) if self.takes_complex else p.is_floating_point()
        if fits and p.is_leaf and id(p) not in used:
            return  # and its shape may not be known yet, in a lazy module
        where = f"number {i}, of shape {tuple(p.shape)},"
        if p.is_complex() and not fits:
            raise DtypeError(
                f"{self._name}: parameters must be real; {where} is {p.dtype}. Keep the parts in "
                "two of them: autograd.complex(x, y)."
            )
        if not fits:
            raise TypeError(
                f"{self._name}: parameters must be of a floating dtype; {where} is {p.dtype}. "
                "Leave it out."
            )
        if not p.is_leaf:
            raise ValueError(
                f"{self._name}: parameters must be leaves; {where} was made by an operation"
                f"{at(lines.of(node_of(p._edge)))}. Make it a leaf: "
                "p = p.detach().requires_grad_()."
            )
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

    @hooked
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters by one step; those whose ``.grad`` is None stay as they are.

        Parameters over one memory are stepped one after the other, so each of them counts. When
        ``step`` has raised or was interrupted, no thread goes on writing.

        :param closure: computes the loss anew, with gradients, and returns it.
        :returns: what the closure returned, else None.
        :raises RuntimeError: ``differentiable=True``.
        :raises ValueError: a gradient or the state has another shape than its parameter, a
            parameter is read-only, or an option is outside its range; nothing is changed.
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
        todo = {}
        for i, group in enumerate(self.param_groups):
            try:
                self.check(group)
            except KeyError as error:
                raise KeyError(
                    f"{self._name}: a group must hold every option; group {i} has no {error}. Set "
                    "it, or add groups by add_param_group."
                ) from None
            if group.get("differentiable"):  # an array has no graph to be recorded in
                raise RuntimeError(
                    f"{self._name}.step: a step is not recorded; got differentiable=True. Write "
                    "it in tensors: (g,) = autograd.grad(loss, [p], create_graph=True); "
                    "p = p - lr * g."
                )
            if params := self._with_gradients(group):
                todo[i] = params
        if not todo:
            from optim import untrained  # it looks at the user's variables

            untrained.look_at(self)
        work = []
        for i, made in self._blocks_of(todo).items():
            group = self.param_groups[i]
            like = made[0].tensors[0]._data
            options = numbers(like, group, self._names["update"])
            for name, value in options.items():
                if type(value) not in NUMBERS:
                    options[name] = _unwrapped(value)
            work += [(block, options) for block in made]
        foreach.run(work, self.update)
        return loss

    def _with_gradients(self, group: dict[str, Any]) -> list[Any]:
        params = []
        for p in group["params"]:
            g = p._grad
            if g is None:
                continue
            params.append(p)
            if g._data.shape != p._data.shape:
                raise ValueError(
                    f"{self._name}: a gradient must have its parameter's shape {tuple(p.shape)}; "
                    f"got {tuple(g.shape)}. Assign p.grad only tensors shaped like p."
                )
        return params

    def _blocks_of(self, todo: dict[int, list[Any]]) -> dict[int, list[Block]]:
        """By group, the blocks of its parameters: those of the last step, or new after a change."""
        held = {i: made for i, params in todo.items() if (made := self._held(i, params))}
        if len(held) == len(todo):
            return held
        tied = overlapping([p for group in self.param_groups for p in group["params"]])
        if tied != self._tied:  # which concerns other groups too
            held, self._blocks, self._tied = {}, {}, tied
        return {i: held[i] if i in held else self._packed(i, todo[i]) for i in todo}

    def _held(self, i: int, params: list[Any]) -> list[Block]:
        """The blocks of the last step, where they still hold."""
        if i not in self._blocks:
            return []
        options, known, made = self._blocks[i]
        group = self.param_groups[i]
        if not all([group[name] == value for name, value in options.items()]):
            # a rate or a momentum that a schedule changes: what init would add is what counts
            options = {name: group[name] for name in options}
            numbers = {name: _unwrapped(value) for name, value in options.items()}
            entry = self.state.get(known[0], {})
            if not self.init(known[0]._array(), **numbers).keys() <= entry.keys():
                return []
            self._blocks[i] = (options, known, made)
        same = len(known) == len(params) and all(map(is_, known, params))
        return made if same and all([block.holds(self.state) for block in made]) else []

    def _packed(self, i: int, params: list[Any]) -> list[Block]:
        group = self.param_groups[i]
        options = {name: group[name] for name in self._names["init"]}
        for p in params:
            array = p._array()
            if isinstance(array, np.ndarray) and not array.flags.writeable:
                raise ValueError(
                    f"{self._name}: parameters must be writeable; {self._called(p, i)}, of shape "
                    f"{tuple(p.shape)}, is read-only. Copy it: p.data = p.data.clone()."
                )
            self.state[p] = self._completed(self.state[p], p, options)
        made = list(foreach.blocks(params, self.state, self.elementwise, self._tied))
        self._blocks[i] = (options, params, made)
        return made

    def _called(self, p: Any, i: int) -> str:
        """What an error calls a parameter of group ``i``."""
        from autograd.engine.variables import tensor_name  # it looks at the user's variables

        number = [q is p for q in self.param_groups[i]["params"]].index(True)
        names = self.param_groups[i].get("param_names")
        name = names[number] if names else tensor_name(p)
        place = f"number {number} of group {i}"
        return f"`{name}`, {place}" if name and "param_groups" not in name else place

    def __repr__(self) -> str:
        text = f"{self._name} ("
        for i, group in enumerate(self.param_groups):
            options = self._shown(group)
            text += f"\nParameter Group {i}\n"
            text += "".join(f"    {name}: {options[name]}\n" for name in sorted(options))
        return text + ")"


def _unwrapped(option: Any) -> Any:
    """The value of an option that may be a tensor, or a tuple with tensors."""
    return tuple(map(unwrap, option)) if isinstance(option, (tuple, list)) else unwrap(option)


def _keywords(method: Any) -> tuple[str, ...]:
    """The names of a method's keyword-only parameters."""
    code = method.__code__
    return tuple(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])

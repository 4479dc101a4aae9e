"""Module: what holds parameters, buffers and other modules, and can be called."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from autograd import Tensor
from autograd.arrays import trees
from autograd.engine import observer, places, watches
from autograd.engine.dispatch import numpys
from nn.modules import hooks
from nn.modules.conversion import Conversions
from nn.modules.state_dict import IncompatibleKeys, collected, load
from nn.parameter import Buffer, Parameter

__all__ = ["Module"]

Self = TypeVar("Self", bound="Module")

if TYPE_CHECKING:
    from typing import ParamSpec, Protocol, TypeAlias

    Given = ParamSpec("Given")
    Made = TypeVar("Made", covariant=True)

    class Computes(Protocol[Given, Made]):
        """What has a ``forward``: calling a module takes and returns what its own forward does."""

        def forward(self, *args: Given.args, **kwargs: Given.kwargs) -> Made: ...

    Caller: TypeAlias = "Computes[Given, Made]"  # quoted: Jedi must not look for forward there

_TENSORS = frozenset({Tensor})


class Module(Conversions):
    """Base of all layers and models: subclass it with ``forward``.

    A :class:`Parameter` or a Module assigned to an attribute is registered under that name, and
    found again by :meth:`parameters`, :meth:`state_dict`, :meth:`to` and the rest.

    >>> import autograd, nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = nn.Parameter(autograd.tensor(2.0))
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> scale = Scale()
    >>> scale(autograd.tensor([1.0, 2.0]))
    tensor([2., 4.], grad_fn=<MulBackward0>)
    >>> list(scale.state_dict())
    ['factor']
    """

    training: bool
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _modules: dict[str, Any]

    def __init__(self) -> None:
        put = super().__setattr__
        put("training", True)
        put("_parameters", {})
        put("_buffers", {})
        put("_non_persistent_buffers_set", set())
        put("_modules", {})
        put("_forward_pre_hooks", {})
        put("_forward_hooks", {})
        put("_backward_hooks", {})

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass defines it."""
        raise NotImplementedError(
            f"{type(self).__name__}: a module needs forward(self, ...); it defines none. Check its "
            "spelling and indentation."
        )

    if TYPE_CHECKING:  # what a checker and an editor see of the call below

        def __call__(self: Caller[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
            return self.forward(*args, **kwargs)
    else:

        def __call__(self, *args, **kwargs):
            try:
                hooked = self._forward_hooks or self._forward_pre_hooks or self._backward_hooks
            except AttributeError:
                raise self._not_initialised("called") from None
            # The NumPy face is in use: its values come in as Tensors of the same graph
            if numpys and (kwargs or not _TENSORS.issuperset(map(type, args))):
                from autograd.tensors.array import as_tensor

                args, kwargs = trees.map_leaves(as_tensor, (args, kwargs))
            try:
                if observer.listening:
                    with observer.inside(self):
                        result = hooks.call(self, args, kwargs)
                        observer.tell("module_returned", self, result)
                        return result
                if hooked:
                    return hooks.call(self, args, kwargs)
                return self.forward(*args, **kwargs)
            except Exception as error:
                if places.ours(error):
                    places.placed(error)
                raise

        places.module_calls.add(__call__.__code__)

    # -- attributes --------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        if isinstance(value, (Parameter, Module, Buffer)):
            if "_parameters" not in own:
                raise self._not_initialised(f"given {name!r}")
            if isinstance(value, Parameter):
                held = self._parameters
            elif isinstance(value, Module):
                self._check_below(name, value)
                held = self._modules
            else:
                held = self._buffers
            if name not in held:
                self._forget(name)
            if isinstance(value, Buffer):
                self.register_buffer(name, value, value.persistent)
            else:
                held[name] = value
            watches.module_changed()
            return
        for store, kind in _KINDS:
            if name in own.get(store, ()):
                if value is not None and not isinstance(value, kind):
                    raise TypeError(
                        f"{type(self).__name__}: {name} is registered as a {kind.__name__}, or "
                        f"None; got {type(value).__name__}. Delete the attribute first, or wrap "
                        "the value in nn.Parameter."
                    )
                own[store][name] = value
                watches.module_changed()
                return
        super().__setattr__(name, value)
        watches.module_changed()

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        try:
            if name in (held := own["_parameters"]):
                return held[name]
        except KeyError:
            raise self._not_initialised(f"asked for {name!r}") from None
        for store in ("_modules", "_buffers"):
            if store in own and name in own[store]:
                return own[store][name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __delattr__(self, name: str) -> None:
        if not self._forget(name):
            super().__delattr__(name)
        watches.module_changed()

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._parameters, *self._modules, *self._buffers]

    def _forget(self, name: str) -> bool:
        """Take ``name`` out of whatever holds it; whether anything did."""
        self._non_persistent_buffers_set.discard(name)
        for held in (self._parameters, self._buffers, self._modules, self.__dict__):
            if name in held:
                del held[name]
                return True
        return False

    def _not_initialised(self, what: str) -> AttributeError:
        name = type(self).__name__
        return AttributeError(
            f"{name}: Module.__init__ must run first; {name} was {what} before it. Begin "
            "__init__ with super().__init__()."
        )

    # -- registration ------------------------------------------------------------------------------

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Register ``param`` as ``self.<name>``; None holds the place of an optional one.

        Raises KeyError for a name that is taken or no name, TypeError for other than a Parameter.
        """
        self._check_name("register_parameter", name, self._parameters)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"register_parameter: expected a Parameter or None for {name!r}; got "
                f"{type(param).__name__}. Wrap it: nn.Parameter(tensor)."
            )
        self._parameters[name] = param
        watches.module_changed()

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Register ``tensor`` as ``self.<name>``: kept, converted and saved, but not trained.

        With ``persistent=False`` it is not part of :meth:`state_dict`. Raises as
        :meth:`register_parameter` does.
        """
        self._check_name("register_buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"register_buffer: expected a tensor or None for {name!r}; got "
                f"{type(tensor).__name__}. Make one: autograd.tensor(...)."
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)
        watches.module_changed()

    def register_module(self, name: str, module: Module | None) -> None:
        """Register ``module`` as ``self.<name>``. Raises as :meth:`register_parameter` does."""
        if module is not None and not isinstance(module, Module):
            remedy = "Pass an instance, not a class or a function: ReLU(), not relu"
            if isinstance(module, (list, tuple)):
                remedy = "Spread it, Sequential(*layers), or wrap it: ModuleList(layers)"
            raise places.placed(
                TypeError(
                    f"register_module: expected a Module or None for {name!r}; got "
                    f"{type(module).__name__}. {remedy}."
                )
            )
        self._check_name("register_module", name, self._modules)
        if module is not None:
            self._check_below(name, module)
        self._modules[name] = module
        watches.module_changed()

    add_module = register_module

    def _check_name(self, call: str, name: str, held: dict[str, Any]) -> None:
        if "_parameters" not in self.__dict__:
            raise self._not_initialised(f"given {name!r}")
        if not isinstance(name, str):
            raise TypeError(f"{call}: a name must be a string; got {type(name).__name__}.")
        if not name or "." in name:
            raise KeyError(f"{call}: a name must not be empty or hold a dot; got {name!r}.")
        if hasattr(self, name) and name not in held:
            raise KeyError(f"{call}: {type(self).__name__} has an attribute {name!r} already.")

    def _check_below(self, name: str, module: Module) -> None:
        if any(below is self for below in module.modules()):
            raise ValueError(
                f"{type(self).__name__}: a module must not contain itself; {name!r} is "
                f"{'it' if module is self else 'a module that contains it'}. Keep it where it is "
                "not registered, in a tuple: (module,)."
            )

    # -- walking -----------------------------------------------------------------------------------

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all below it, with their dotted names, each once."""
        seen = set() if memo is None else memo
        stack: list[tuple[str, Module]] = [(prefix, self)]
        while stack:
            name, module = stack.pop()
            if remove_duplicate:
                if module in seen:
                    continue
                seen.add(module)
            yield name, module
            dot = name + "." if name else ""
            for key, child in reversed(module._modules.items()):
                if child is not None:
                    stack.append((dot + key, child))

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules right below this one, with their names, each once."""
        seen: set[Module] = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The modules right below this one, each once."""
        return (module for _, module in self.named_children())

    def _named(
        self, held: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        modules = (
            self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
            if recurse
            else [(prefix, self)]
        )
        seen: set[int] = set()
        for path, module in modules:
            for name, tensor in getattr(module, held).items():
                if tensor is None or (remove_duplicate and id(tensor) in seen):
                    continue
                seen.add(id(tensor))
                yield (f"{path}.{name}" if path else name), tensor

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters with their dotted names; a shared one comes once, by its first name."""
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once; without ``recurse``, those of this module alone."""
        return (tensor for _, tensor in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """The buffers with their dotted names, each once."""
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Any]:
        """The buffers, each once."""
        return (tensor for _, tensor in self.named_buffers(recurse=recurse))

    def get_submodule(self, target: str) -> Module:
        """The module at a dotted name, or, for "", this one; else raises AttributeError."""
        module = self
        for name in target.split(".") if target else ():
            found = getattr(module, name, None)
            if not isinstance(found, Module):
                raise AttributeError(
                    f"get_submodule: {target!r} must name a module; {type(module).__name__} has "
                    f"no module {name!r}. It has: {', '.join(module._modules) or 'none'}."
                )
            module = found
        return module

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a dotted name. Raises AttributeError where there is none."""
        return self._get("get_parameter", "_parameters", target)

    def get_buffer(self, target: str) -> Any:
        """The buffer at a dotted name. Raises AttributeError where there is none."""
        return self._get("get_buffer", "_buffers", target)

    def _get(self, call: str, held: str, target: str) -> Any:
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        tensor = getattr(owner, held).get(name)
        if tensor is None:
            raise AttributeError(
                f"{call}: {target!r} was not found; {type(owner).__name__} has: "
                f"{', '.join(getattr(owner, held)) or 'none'}."
            )
        return tensor

    # -- changing all of it ------------------------------------------------------------------------

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call ``fn`` on every module below, then on this one; often an initialisation."""
        if not callable(fn):
            raise TypeError(
                f"apply: fn must be a function of a module; got {type(fn).__name__}. Pass it "
                "uncalled."
            )
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self: Self, mode: bool = True) -> Self:
        """Set training mode (or not) for all modules: dropout and its like act by it."""
        if not isinstance(mode, bool):
            raise TypeError(f"train: mode must be True or False; got {type(mode).__name__}.")
        for told in watches.modes:
            told(self, mode)
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Set evaluation mode: ``train(False)``."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Start (or stop) training all parameters."""
        if not isinstance(requires_grad, bool):
            raise TypeError(
                f"requires_grad_: expected True or False; got {type(requires_grad).__name__}."
            )
        for p in self.parameters():
            p.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters; with ``set_to_none=False``, fill them with 0."""
        for p in self.parameters():
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                p.grad = p.grad.detach()
                p.grad.zero_()

    # -- saving ------------------------------------------------------------------------------------

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> OrderedDict[str, Any]:
        """Parameters and persistent buffers by dotted name, detached, sharing the module's memory.

        ``keep_vars`` gives the parameters themselves.
        """
        return collected(self, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy the values of ``state_dict`` into the parameters and buffers of the same names.

        :param strict: raise where names are missing or unexpected; else they are only reported.
        :param assign: take the tensors themselves, with their dtypes, instead of copying.
        :raises RuntimeError: names, shapes or dtypes that do not match, all listed; nothing is
            changed.
        """
        return load(self, state_dict, strict, assign)

    # -- hooks -------------------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> hooks.Handle:
        """Call ``hook(module, args)`` before ``forward``; what it returns replaces ``args``."""
        return hooks.Handle(self._forward_pre_hooks, hook, prepend, with_kwargs)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> hooks.Handle:
        """Call ``hook(module, args, output)`` after ``forward``; what it returns is the output.

        With ``always_call`` it is called also where the call raises; its output is None then.
        """
        return hooks.Handle(self._forward_hooks, hook, prepend, with_kwargs, always_call)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> hooks.Handle:
        """Call ``hook(module, grad_input, grad_output)`` once the inputs' gradients are known.

        What it returns replaces ``grad_input``. Gradients are those of positional tensors.
        """
        return hooks.Handle(self._backward_hooks, hook, prepend)

    # -- printing ----------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What ``repr`` shows between the module's parentheses, before its children."""
        return ""

    def _get_name(self) -> str:
        return type(self).__name__

    def _children_shown(self) -> Iterator[tuple[str, str]]:
        """What :func:`repr` shows of the children: pairs of a name and a text."""
        for name, child in self._modules.items():
            yield name, repr(child)

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [
            f"({name}): " + text.replace("\n", "\n  ") for name, text in self._children_shown()
        ]
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({extra})"
        body = "".join(f"\n  {line}" for line in lines + children)
        return f"{self._get_name()}({body}\n)" if body else f"{self._get_name()}()"


watches.module_kinds.append(Module)

# Where registered attributes are kept, and what may be assigned to them.
_KINDS: tuple[tuple[str, Any], ...] = (
    ("_parameters", Parameter),
    ("_modules", Module),
    ("_buffers", Tensor),
)

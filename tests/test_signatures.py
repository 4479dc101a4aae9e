"""What an editor shows of every public name: a docstring, and a signature with types."""

import inspect
import types
import typing
from importlib import resources

import pytest

import autograd
import nn
import optim

OURS = ("autograd", "nn", "optim")
MODULES = (autograd, nn, nn.functional, nn.init, nn.utils, optim, optim.lr_scheduler)


def is_ours(value):
    return (getattr(value, "__module__", None) or "").split(".")[0] in OURS


def functions_of(name, cls):
    """The public methods and properties of a class, as (name, function)."""
    for attribute in dir(cls):
        value = inspect.getattr_static(cls, attribute)
        if isinstance(value, (classmethod, staticmethod)):
            value = value.__func__
        if isinstance(value, property):
            value = value.fget
        if not attribute.startswith("_") and inspect.isfunction(value) and is_ours(value):
            yield f"{name}.{attribute}", value


def public():
    """Every public function, class, method and property, as (name, value)."""
    for module in MODULES:
        for name, value in vars(module).items():
            if name.startswith("_") or isinstance(value, types.ModuleType) or not is_ours(value):
                continue
            if inspect.isclass(value):
                yield f"{module.__name__}.{name}", value
                yield from functions_of(f"{module.__name__}.{name}", value)
            elif callable(value):
                yield f"{module.__name__}.{name}", value


PUBLIC = dict(public())
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}
OPERATIONS = [
    name for name in FUNCTIONS if name.startswith(("autograd.Tensor.", "nn.functional."))
] + [name for name in FUNCTIONS if name.count(".") == 1]
PLAIN = {"compile", "item", "tolist", "to_dlpack"}  # what they return is up to what is given


def test_all_kinds_of_names_are_looked_at():
    for name in (
        "autograd.Tensor.exp",
        "autograd.Tensor.add_",
        "autograd.Tensor.shape",
        "nn.Linear",
    ):
        assert name in PUBLIC
    assert {"autograd.exp", "nn.functional.relu", "optim.Adam.step"} < FUNCTIONS.keys()


@pytest.mark.parametrize("name", OURS)
def test_packages_say_that_they_are_typed(name):
    assert resources.files(name).joinpath("py.typed").is_file()


def test_every_public_name_has_a_docstring():
    assert [name for name, value in PUBLIC.items() if not inspect.getdoc(value)] == []


def test_every_signature_is_typed():
    bare = []
    for name, function in FUNCTIONS.items():
        signature = inspect.signature(function)
        given = [
            p.annotation for p in signature.parameters.values() if p.name not in ("self", "cls")
        ]
        if inspect.Signature.empty in (*given, signature.return_annotation):
            bare.append(f"{name}{signature}")
    assert bare == []


def test_every_constructor_is_typed():
    bare = []
    for name, cls in PUBLIC.items():
        if inspect.isclass(cls) and inspect.isfunction(cls.__init__):
            _, *parameters = inspect.signature(cls.__init__).parameters.values()
            bare += [f"{name}: {p}" for p in parameters if p.annotation is p.empty]
    assert bare == []


@pytest.mark.skipif(not hasattr(typing, "get_overloads"), reason="Python 3.10 keeps no overloads")
def test_what_operations_return_can_be_completed():
    """A result typed Any completes nothing; overloads say it for each form of the call."""
    untyped = []
    for name in OPERATIONS:
        function = getattr(FUNCTIONS[name], "without_out", FUNCTIONS[name])
        forms = typing.get_overloads(function) or [function]
        returned = {form.__annotations__["return"] for form in forms}
        if "Any" in returned and name.rpartition(".")[2] not in PLAIN:
            untyped.append(name)
    assert untyped == []

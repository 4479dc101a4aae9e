"""Parameters that no optimiser has, and parameters that no loss reaches."""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterable
from typing import Any

from autograd.diagnosis.lint.said import say
from autograd.diagnosis.lint.stores import line_of
from autograd.engine import lines, watches
from autograd.engine.lines import Line
from autograd.engine.variables import listed, models, tensor_name

_CUTS = re.compile(r"\.detach\(|\.data\b|\.item\(|\.numpy\(|no_grad\(|\.tolist\(|tensor\(")


def say_left_out(leaves: list[Any], optimizer: Any) -> None:
    """Say which of the tensors that gradients reach no optimiser changes, though it should."""
    has = {id(p) for one in list(watches.optimizers) for g in one.param_groups for p in g["params"]}
    left = [p for p in leaves if id(p) not in has and p._grad is not None and p.requires_grad]
    if not left:
        return
    owned = _owners()
    places = {p: i for i, p in enumerate(owned)}
    left.sort(key=lambda p: places.get(id(p), len(places)))
    mine = [p for p in leaves if id(p) in has]
    trained = {owned.get(id(p)) for p in mine}
    modules = [model for model in models() if model.path in trained]
    unknown: list[str] = []
    forgotten: list[str] = []
    plain: list[str] = []
    for p in left:
        name = tensor_name(p)
        if name is None:
            continue
        if owned.get(id(p)) in trained:  # beside others, plain tensors where all are that
            (plain if owned.get(id(p)) is None else forgotten).append(name)
        elif any([name.startswith(f"{model.path}.") for model in modules]):
            unknown.append(name)
    rule, made = type(optimizer).__name__, watches.optimizers.get(optimizer)
    unknown.sort()
    if unknown:
        say(
            ("unregistered", unknown[0]),
            f"{rule}: every parameter must be among module.parameters(); {listed(unknown)} "
            f"{'is' if len(unknown) == 1 else 'are'} in use and not, because a plain list or dict "
            "holds the layer. Keep layers in nn.ModuleList or nn.ModuleDict, and parameters in "
            "nn.ParameterList, before the optimiser is made.",
            made,
        )
    if forgotten:
        model = forgotten[0].partition(".")[0]
        say(
            ("forgotten", forgotten[0]),
            f"{rule}: parameters that are to be trained must be given to the optimiser; "
            f"{listed(forgotten)} {'gets' if len(forgotten) == 1 else 'get'} gradients and "
            f"{'is' if len(forgotten) == 1 else 'are'} in no optimiser. Pass {model}.parameters(), "
            "after the last layer was put in; what is not to be trained: requires_grad_(False).",
            made,
        )
    if plain:
        say(
            ("forgotten", plain[0]),
            f"{rule}: tensors that are to be trained must be given to the optimiser; "
            f"{listed(plain)} {'gets' if len(plain) == 1 else 'get'} a gradient and "
            f"{'is' if len(plain) == 1 else 'are'} in no optimiser. Pass [..., {plain[0]}].",
            made,
        )


def _owners() -> dict[int, str]:
    """The model that each parameter belongs to, by the parameter's id."""
    found: dict[int, str] = {}
    for model in models():
        for p in model.value.parameters():
            found.setdefault(id(p), model.path)
    return found


def say_unreached(params: list[Any], optimizer: Any) -> None:
    """Say which parameters never had a gradient, and where the way to them may be cut."""
    names = _of_whole_layers(params)
    if not names:
        return  # as a bias, where the loss is made of derivatives
    cut = next(iter(_cuts()), None)
    where = f"; the way to them may be cut{lines.at(cut)}" if cut else ""
    shown = listed(names)
    say(
        ("unreached", shown),
        f"{type(optimizer).__name__}: the loss must reach every parameter; {shown} had no gradient "
        f"in any step so far, and {'stays as it is' if len(names) == 1 else 'stay as they are'}"
        f"{where}. Use the layer in forward(), and no detach(), .data, .item() or no_grad() "
        "between it and the loss; what is not to be trained: requires_grad_(False).",
        cut or watches.optimizers.get(optimizer),
    )


def _of_whole_layers(params: list[Any]) -> list[str]:
    """The names of those of the parameters that no other of the same layer is beside."""
    ids = {id(p) for p in params}
    names = []
    for model in models():
        for path, module in model.value.named_modules(prefix=model.path):
            own = {name: p for name, p in module._parameters.items() if p is not None}
            if own and all([id(p) in ids for p in own.values()]):
                names += [f"{path}.{name}" for name in own]
    return names


def _cuts() -> Iterable[Line]:
    """Lines of the models' own forward() that take values out of the graph."""
    for model in models():
        for module in model.value.modules():
            code = getattr(type(module).forward, "__code__", None)
            if code is None or type(module).__module__.startswith("nn."):
                continue
            numbers = sorted({number for *_, number in code.co_lines() if number})
            for number in numbers:
                if _CUTS.search(linecache.getline(code.co_filename, number)):
                    yield line_of(code, number)

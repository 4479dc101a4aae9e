"""The reference: a page for each file that is the home of public names, by kind.

A name that is another's twin (``arctan`` beside ``atan``, ``Tensor.exp`` beside ``exp``) is shown
once in full, and as the other name of it wherever else it is public.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from .crossings import escaped
from .names import Name, everything, is_ours, written

# The kinds, in reading order: title, where their names are at home, what they are.
KINDS = {
    "tensors": (
        "Tensors",
        ("autograd.tensors",),
        "What holds numbers and their gradients: making it, asking it, changing it in place. "
        "The functions of all kinds are methods, too.",
    ),
    "gradients": (
        "Gradients",
        ("autograd.engine",),
        "The backward pass, what is recorded, operations of one's own.",
    ),
    "pointwise": (
        "Operations on each element",
        ("autograd.ops.pointwise",),
        "Arithmetic, exponentials, comparisons: shapes are broadcast as in NumPy.",
    ),
    "reductions": (
        "Operations along axes",
        ("autograd.ops.reductions", "autograd.masked"),
        "Sums, extremes, statistics, running values, softmax; of elements that a mask has.",
    ),
    "shape": (
        "Operations on shapes",
        ("autograd.ops.shape",),
        "Axes joined, parted, exchanged, repeated; tensors put together.",
    ),
    "indexing": (
        "Operations by index",
        ("autograd.ops.indexing",),
        "Elements chosen and put in place, sorted, searched.",
    ),
    "linalg": (
        "Linear algebra",
        ("autograd.ops.linalg", "autograd.linalg"),
        "Products, systems of equations, factorisations, norms: of matrices and stacks of them.",
    ),
    "spectra": (
        "Fourier transforms and windows",
        ("autograd.fft", "autograd.ops.spectral", "autograd.signal"),
        "Spectra of whole signals and of short pieces, and the windows that cut these out.",
    ),
    "special": (
        "Special functions",
        ("autograd.special",),
        "Gamma, error, Bessel, Airy and zeta functions, orthogonal polynomials.",
    ),
    "func": (
        "Derivatives as functions",
        ("autograd.func", "autograd.functional", "autograd.forward_ad"),
        "Functions of functions: gradients, Jacobians, batches; forward mode; equations solved.",
    ),
    "layers": (
        "Layers: nn",
        ("nn.modules", "nn"),
        "What holds parameters, and every layer and loss.",
    ),
    "functional": (
        "Functions of layers: nn.functional",
        ("nn.functional", "autograd.script.functional", "autograd.script.native"),
        "The functions under the layers, without state.",
    ),
    "start": (
        "Parameters: nn.init, nn.utils",
        ("nn.init", "nn.utils"),
        "How parameters start, and what is done with all of them.",
    ),
    "optim": (
        "Optimisers and schedules: optim",
        ("optim",),
        "The rules, the rates along a training, averages of weights.",
    ),
    "data": (
        "Data and files",
        ("autograd.utils", "autograd.serialization", "autograd.vision"),
        "Data sets and loaders, saving and loading, pictures.",
    ),
    "random": (
        "Random numbers and distributions",
        ("autograd.random", "autograd.distributions"),
        "PyTorch's streams for the same seed; distributions with gradients.",
    ),
    "diagnosis": (
        "Seeing and checking",
        ("autograd.diagnosis", "autograd.drawing", "autograd.testing", "autograd.profiler"),
        "Pictures, explanations, profiles, gradient checks, warnings.",
    ),
    "dtypes": (
        "Dtypes, devices, threads",
        ("autograd.arrays", "autograd.types"),
        "What an array may be, and where.",
    ),
    "doors": (
        "Further modules of torch",
        ("autograd",),
        "Namespaces that scripts import. What they ask of a GPU or a compiler is answered "
        "truthfully.",
    ),
}

# What holds of each name of a file, and is said once on its page.
SHAPES = {
    "autograd.ops.pointwise": "Shapes: any, (\\*). Those of several inputs are broadcast, as in "
    "NumPy, and the result has the shape that comes of it, in all that does not say otherwise.",
    "nn.functional.activation": "Shapes: (\\*) -> (\\*), in all that does not say otherwise.",
    "nn.init": "Shapes: any, (\\*), unless more is said; the tensor that is given is filled in "
    "place and returned.",
}

WHOLE = {"Module", "Optimizer", "Distribution", "Function", "LRScheduler", "DataLoader"}
# Of a layer and of a rule: its own text says what it computes.
HIDDEN = "forward, extra_repr, init, update"


def setup(app: Any) -> None:
    app.connect("builder-inited", write)


def write(app: Any) -> None:
    """Write docs/reference/, but not what is as it was, so that Sphinx reads no page twice."""
    folder = Path(app.confdir) / "reference"
    pages = dict(texts())
    for old in folder.rglob("*.rst"):
        if old.relative_to(folder).as_posix() not in pages and old.parent.name != "messages":
            old.unlink()
    for path, text in pages.items():
        put(folder / path, text)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def texts() -> Any:
    """Every page as (path below docs/reference, text)."""
    at_home: dict[str, list[Name]] = defaultdict(list)
    for name in everything():
        at_home[name.home].append(name)
    shown = canonical(at_home)
    kinds: dict[str, list[str]] = defaultdict(list)
    for home in at_home:
        kinds[kind_of(home)].append(home)
    for kind, (title, _, said) in KINDS.items():
        homes = sorted(kinds[kind], key=lambda home: order(kind, home))
        for home in homes:
            yield f"{kind}/{home}.rst", page(home, at_home[home], shown)
        yield f"{kind}/index.rst", "\n".join([
            heading(title), "", said, "", ".. toctree::", "   :maxdepth: 1", "",
            *[f"   {home}" for home in homes], "",
            *(line for home in homes for line in contents(home, at_home[home])),
        ])  # fmt: skip
    yield "index.rst", index(kinds, at_home)


def index(kinds: dict[str, list[str]], at_home: dict[str, list[Name]]) -> str:
    count = len({name.path for names in at_home.values() for name in names})
    rows = []
    for kind, (_, _, said) in KINDS.items():
        names = sum(len(at_home[home]) for home in kinds[kind])
        rows += [f"   * - :doc:`{kind}/index`", f"     - {said}", f"     - {names}"]
    return "\n".join([
        heading("Reference"), "",
        f"All {count:,} public names, each with what it computes, its shapes, and an example that "
        "the tests run wherever there is something to show. Names are PyTorch's; "
        "``import autograd as torch`` reaches them, too.", "",
        ".. list-table::", "   :widths: 30 62 8", "   :header-rows: 1", "",
        "   * - Kind", "     - What is in it", "     - Names", *rows, "",
        ".. toctree::", "   :hidden:", "", *[f"   {kind}/index" for kind in KINDS], "",
    ])  # fmt: skip


def kind_of(home: str) -> str:
    """The kind with the longest prefix of ``home``."""
    fits = [
        (len(prefix), kind)
        for kind, (_, prefixes, _) in KINDS.items()
        for prefix in prefixes
        if f"{home}.".startswith(f"{prefix}.")
    ]
    return max(fits)[1]


def order(kind: str, home: str) -> tuple[int, str]:
    prefixes = KINDS[kind][1]
    return next(i for i, p in enumerate(prefixes) if f"{home}.".startswith(f"{p}.")), home


def canonical(at_home: dict[str, list[Name]]) -> dict[int, str]:
    """id of a value -> the path that it is shown under: its own name, as a function if it can."""
    shown: dict[int, str] = {}
    names = [name for one in at_home.values() for name in one]
    own = [
        name
        for name in names
        if getattr(name.value, "__name__", None) == name.path.rpartition(".")[2]
        and ".Tensor." not in name.path
    ]
    own.sort(key=lambda name: name.home == "autograd.script.functional")
    for name in [*own, *names]:
        if described(name.value):
            shown.setdefault(id(identity(name.value)), name.path)
    return shown


def identity(value: Any) -> Any:
    """What two names have in common: the function under ``out=`` and method forms."""
    wrapped = getattr(value, "__wrapped__", None)
    if wrapped is not None and getattr(wrapped, "__name__", 0) == getattr(value, "__name__", 1):
        return wrapped
    return value


def described(value: Any) -> bool:
    return inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, property)


def heading(title: str, line: str = "=") -> str:
    return f"{title}\n{line * max(len(title), 4)}"


def title_of(home: str) -> str:
    """The title of a page: the module as users write it, or the file's name."""
    if home.startswith("nn.functional."):
        return f"F: {home.removeprefix('nn.functional.').replace('.', ', ')}"
    for hidden in ("ops", "tensors", "engine", "diagnosis", "drawing", "arrays", "modules", "func"):
        first, found, rest = home.partition(f".{hidden}.")
        if found:
            words = rest.split(".")
            words = words[1:] if hidden == "ops" else words
            if len(words) > 1 and words[-1] == words[-2]:
                words = words[:-1]
            return ", ".join(words).replace("_", " ").capitalize()
    return {
        "autograd": "Constants",
        "autograd.script.functional": "Functions of layers, as torch.…",
        "autograd.script.native": "Kernels of layers, as torch.…",
    }.get(home, home)


def introduction(home: str) -> str:
    module = sys.modules.get(home) or importlib.import_module(home)
    text = inspect.cleandoc(module.__doc__ or "")
    return "" if home == "autograd" else escaped(text)


def contents(home: str, names: list[Name]) -> list[str]:
    """A file's names in one paragraph, each a link."""
    links = [f":py:obj:`~{name.path}`" for name in names if described(name.value)]
    if not links:
        return []
    return [f"**{title_of(home)}** — " + " · ".join(links), ""]


def page(home: str, names: list[Name], shown: dict[int, str]) -> str:
    parts = [heading(title_of(home)), "", introduction(home), ""]
    parts += [f"{said}\n" for start, said in SHAPES.items() if f"{home}.".startswith(f"{start}.")]
    functions = in_order(home, [name for name in names if ".Tensor." not in name.path])
    methods = [name for name in names if ".Tensor." in name.path]
    for name in functions:
        parts += [*entry(name, shown), ""]
    if methods:
        if functions:
            parts += [heading("Methods of Tensor", "-"), ""]
        for name in methods:
            parts += [*entry(name, shown), ""]
    return "\n".join(parts)


def in_order(home: str, names: list[Name]) -> list[Name]:
    """As the file has them: Linear first, then what builds on it. Others after them."""
    tree = ast.parse(inspect.getsource(importlib.import_module(home)))
    place = {name: i for i, name in enumerate(written(tree.body))}
    return sorted(names, key=lambda one: place.get(one.path.rpartition(".")[2], len(place)))


def entry(name: Name, shown: dict[int, str]) -> list[str]:
    value, method = name.value, ".Tensor." in name.path
    if not described(value):
        return data(name)
    first = shown[id(identity(value))]
    if first != name.path:
        return twin(name, first)
    if inspect.isclass(value) and value.__name__ != name.path.rpartition(".")[2]:
        text = escaped(inspect.cleandoc(value.__doc__ or "")).split("\n")
        return [f".. py:class:: {name.path}", "", *[f"   {line}" for line in text]]
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
        lines = [f".. {kind}:: {name.path}"]
        if value.__name__ != "Tensor":
            lines.append("   :members:")
            if value.__name__ not in WHOLE:
                lines.append(f"   :exclude-members: {HIDDEN}")
        return lines
    if isinstance(value, property):
        return [f".. autoproperty:: {name.path}"]
    return [f".. {'automethod' if method else 'autofunction'}:: {name.path}"]


def twin(name: Name, first: str) -> list[str]:
    """A name whose whole text stands elsewhere."""
    value, method = name.value, ".Tensor." in name.path
    directive = "method" if method else "class" if inspect.isclass(value) else "function"
    role = "meth" if ".Tensor." in first else "class" if inspect.isclass(value) else "func"
    same = name.path.rpartition(".")[2] == first.rpartition(".")[2]
    said = summary(value)
    relation = "As a method:" if method and ".Tensor." not in first else "As a function:"
    if method == (".Tensor." in first):
        relation = "The same as" if same else "Another name of"
    return [
        f".. py:{directive}:: {name.path}{signature(value, method)}",
        "",
        f"   {relation} :{role}:`{first}`. {said}",
    ]


def signature(value: Any, method: bool) -> str:
    if inspect.isclass(value):
        return ""
    try:
        parameters = list(inspect.signature(value).parameters.values())[method:]
    except (TypeError, ValueError):
        return "()"
    plain = [
        one.replace(annotation=inspect.Parameter.empty, default=shortened(one.default))
        for one in parameters
    ]
    return str(inspect.Signature(plain))


class _Said(str):
    __repr__ = str.__str__


def shortened(default: Any) -> Any:
    """A default as it reads: a function by its name, not by its address."""
    if default is inspect.Parameter.empty or not callable(default):
        return default
    return _Said(getattr(default, "__name__", "…"))


def summary(value: Any) -> str:
    first = inspect.cleandoc(value.__doc__ or "").partition("\n\n")[0]
    return escaped(" ".join(first.removesuffix("::").split()))


def data(name: Name) -> list[str]:
    """A constant: its value, or whose object it is."""
    lines = [f".. py:data:: {name.path}"]
    if isinstance(name.value, bool | int | float | str | None):
        return [*lines, f"   :value: {name.value!r}"]
    said = summary(name.value) if is_ours(type(name.value)) else ""
    shown = " ".join(repr(name.value).split())
    return [*lines, "", f"   ``{shown:.80}``. {said}"]

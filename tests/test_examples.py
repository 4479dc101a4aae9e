"""Every public name says what it is and shows it: a docstring, and an example that is run.

Examples run where they are written (see pyproject.toml). In-place forms are made from functions
(see tensors/inplace.py), so no file has theirs, and they run here.
"""

import doctest
import functools
import inspect

import autograd
from docs.extension import names


@functools.cache
def public():
    """What is called, made or read by its name, looked for once, and not at import."""
    return {
        name.path: name.value
        for name in names.everything()
        if inspect.isroutine(name.value)
        or inspect.isclass(name.value)
        or isinstance(name.value, property)
    }


def text_of(value):
    return (value.__doc__ or "").strip()


def test_every_public_name_has_a_docstring():
    assert len(public()) > 1500
    assert [path for path, value in public().items() if not text_of(value)] == []


# What has none, and why.
OLD_NAMES = "nn.init."  # of a function that has one, and a warning when they are called
ANSWERS = (
    tuple(  # namespaces that are here so that scripts go on: there is nothing to do, or no GPU
        f"autograd.{name}."
        for name in (
            "accelerator",
            "backends",
            "compiler",
            "cpu",
            "cuda",
            "hub",
            "jit",
            "mps",
            "xpu",
        )
    )
)
PROCESSES = ("autograd.multiprocessing.",)  # an example would start some
FILES = ("autograd.vision.datasets.", "autograd.utils.tensorboard.")  # that the user has
OF_FLOAT_TENSOR = "autograd.sparse."  # DoubleTensor and its kin: FloatTensor's, in another dtype
INSIDE = ("nn.utils.parametrize.check_same",)  # for other files


def without_an_example(path, text):
    if path.startswith(OLD_NAMES):
        return text.endswith("by its old name.")
    if path.startswith(OF_FLOAT_TENSOR):
        return path.endswith("Tensor")
    return path.startswith((*ANSWERS, *PROCESSES, *FILES, *INSIDE))


def test_every_public_name_has_an_example():
    missing = {
        path: text_of(value) for path, value in public().items() if ">>>" not in text_of(value)
    }
    assert len(missing) < 85  # the exceptions do not grow
    assert [path for path, text in missing.items() if not without_an_example(path, text)] == []


def test_what_is_shown_of_an_in_place_form_is_what_it_does():
    runner = doctest.DocTestRunner(
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False
    )
    said = []
    for name in dir(autograd.Tensor):
        value = getattr(autograd.Tensor, name)
        if getattr(value, "__module__", None) == "autograd.tensors.inplace":
            found = doctest.DocTestParser().get_doctest(value.__doc__, {}, name, None, None)
            runner.run(found, out=said.append)
    assert runner.summarize(verbose=False).attempted > 250
    assert said == []

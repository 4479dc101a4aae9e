"""What the site of the documentation reads off the packages."""

import ast

from docs.extension import crossings, messages, names
from tests.pages import blocks

SOURCE = """
def linear(x, weight):
    if x.ndim == 0:
        raise ShapeError(
            f"linear: weight expects {weight.shape} features, got {len(x)} of {x!r:.60}. "
            "Features come last (*, in)."
        )

def _checked(name, value):
    raise TypeError(f"{name}: expected a number; got {type(value).__name__}.")
"""


def test_a_message_is_parted_into_what_is_wrong_and_the_cure():
    shape, kind = messages.in_file(ast.parse(SOURCE), "nn.functional.linear")
    assert shape == (
        "ShapeError",
        "linear: weight expects \\ *shape of weight*\\  features, got \\ *number of x*\\  of "
        "\\ *x*\\ .",
        "Features come last (\\*, in).",
        "linear",
        "nn.functional.linear",
    )
    assert kind.subject == "_checked" and kind.cure == ""
    assert kind.text == "\\ *name*\\ : expected a number; got \\ *type of value*\\ ."


def test_a_message_stands_under_the_public_name_that_says_it():
    public = {
        "linear": [names.Name("nn.functional.linear", None, "nn.functional.linear")],
        "exp": [names.Name("autograd.Tensor.exp", None, "autograd.tensors.methods.pointwise")],
    }
    shape, kind = messages.in_file(ast.parse(SOURCE), "nn.functional.linear")
    assert messages.place(shape, public) == ("functional", ":py:obj:`nn.functional.linear`")
    assert messages.place(kind, public) == ("functional", "``nn.functional.linear``")


def test_shapes_and_magnitudes_read_as_they_are_written():
    assert crossings.escaped("x (*, C) -> (*), |x|") == r"x (\*, C) -> (\*), \|x\|"
    for text in ("*one word*", "**strong**", "``a * b``", ":math:`|x|`", "\n* an item"):
        assert crossings.escaped(text) == text
    example = ">>> a * b | c\n6"
    assert crossings.escaped(f"|x|\n\n{example}\n\n|y|") == f"\\|x\\|\n\n{example}\n\n\\|y\\|"


def test_what_is_shown_to_those_who_come_from_pytorch_runs():
    for code in blocks("from_pytorch"):
        exec(code, {})

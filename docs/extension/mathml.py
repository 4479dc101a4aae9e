"""Formulas as MathML: browsers set it by themselves, without a script and without a network."""

from __future__ import annotations

import re
from typing import Any

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

log = logging.getLogger(__name__)


def setup(app: Any) -> None:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))


def markup(text: str, node: Any, as_block: bool) -> str:
    text = text.replace("\\dots", "\\ldots").replace("\\tfrac", "\\frac")  # which docutils lacks
    text = re.sub(r"\\[bB]igg?[lrm]?(?![a-zA-Z])", "", text)  # a delimiter is as high as its line
    text = re.sub(r"\\frac(\d)(\d)", r"\\frac{\1}{\2}", text)
    if as_block and re.search(r"(?<!\\)&|\\\\", text) and "\\begin" not in text:
        text = rf"\begin{{aligned}}{text}\end{{aligned}}"
    try:
        return named_braces(tex2mathml(text, as_block=as_block))
    except MathError as error:
        log.warning("a formula cannot be set as MathML: %s (%s)", text, error, location=node)
        return ""


BRACE = r"<munder>\n(?:\1   [^\n]*\n)*?\1    <mo>⏟</mo>\n\1  </munder>\n"


def named_braces(markup: str) -> str:
    """The name of a brace stands below it, not beside it."""
    named = re.compile(rf"^( *)<msub>\n(\1  {BRACE}.*?)^\1</msub>", re.MULTILINE | re.DOTALL)
    return named.sub(r"\1<munder>\n\2\1</munder>", markup)


def inline(writer: Any, node: Any) -> None:
    from docutils import nodes

    writer.body.append(markup(node.astext(), node, False))
    raise nodes.SkipNode


def block(writer: Any, node: Any) -> None:
    from docutils import nodes

    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    writer.body.append(markup(node.astext(), node, True))
    writer.body.append("</div>\n")
    raise nodes.SkipNode

"""How the rules of ops are written in mathematics: one table, and the same in LaTeX.

A row holds what the op computes and, for each input that has a gradient, in order, what it adds to
that gradient. ``{g}`` is the gradient of the result, ``{out}`` the result, other names are inputs
of ``forward`` or what the node noted (``{axis}``). An op without a row is written by the names of
its own formulas. Samples are rows throughout.
"""

from __future__ import annotations

import re
from typing import Any

# f, and f′(x): for ops of one input that act on each element.
SLOPES: dict[str, tuple[str, str]] = {
    "Absolute": ("abs", "sign({x})"),
    "Acos": ("arccos", "−1/√(1 − {x}²)"),
    "Acosh": ("arcosh", "1/√({x}² − 1)"),
    "Asin": ("arcsin", "1/√(1 − {x}²)"),
    "Asinh": ("arsinh", "1/√({x}² + 1)"),
    "Atan": ("arctan", "1/(1 + {x}²)"),
    "Atanh": ("artanh", "1/(1 − {x}²)"),
    "Celu": ("celu", "1 where {x} > 0, else exp({x}/{alpha})"),
    "Ceil": ("ceil", "0"),
    "Cos": ("cos", "−sin({x})"),
    "Cosh": ("cosh", "sinh({x})"),
    "Digamma": ("digamma", "polygamma(1, {x})"),
    "Elu": ("elu", "1 where {x} > 0, else {alpha} exp({x})"),
    "Erf": ("erf", "2/√π exp(−{x}²)"),
    "Erfc": ("erfc", "−2/√π exp(−{x}²)"),
    "Erfinv": ("erfinv", "½ √π exp({out}²)"),
    "Exp": ("exp", "{out}"),
    "Exp2": ("exp2", "{out} ln 2"),
    "Expm1": ("expm1", "{out} + 1"),
    "Floor": ("floor", "0"),
    "Gelu": ("gelu", "Φ({x}) + {x} ⊙ φ({x})"),
    "GeluTanh": ("gelu", "½ (1 + t) + ½ {x} ⊙ (1 − t²) ⊙ u′({x}), t = tanh(u({x}))"),
    "Hardshrink": ("hardshrink", "1 where |{x}| > {lambd}, else 0"),
    "Hardswish": ("hardswish", "0 below −3, 1 above 3, ({x} + 1.5)/3 between"),
    "Hardtanh": ("hardtanh", "1 inside the bounds, else 0"),
    "Huber": ("huber", "{d} where |{d}| ≤ {delta}, else {delta} sign({d})"),
    "LeakyRelu": ("leaky_relu", "1 where {x} > 0, else {slope}"),
    "Lgamma": ("lgamma", "digamma({x})"),
    "Log": ("ln", "1/{x}"),
    "Log10": ("log10", "1/({x} ln 10)"),
    "Log1p": ("log1p", "1/(1 + {x})"),
    "Log2": ("log2", "1/({x} ln 2)"),
    "LogSigmoid": ("logsigmoid", "σ(−{x})"),
    "Logit": ("logit", "1/({x} ⊙ (1 − {x}))"),
    "Negative": ("−", "−1"),
    "PowerOfNumber": ("({x})^{exponent}", "{exponent} {x}^({exponent} − 1)"),
    "Reciprocal": ("1/", "−1/{x}²"),
    "Relu": ("relu", "1 where {x} > 0, else 0"),
    "Round": ("round", "0"),
    "Rsqrt": ("1/√", "−½ {x}^(−3/2)"),
    "Sigmoid": ("σ", "{out} ⊙ (1 − {out})"),
    "Sign": ("sign", "0"),
    "Silu": ("silu", "σ({x}) ⊙ (1 + {x} ⊙ (1 − σ({x})))"),
    "Sin": ("sin", "cos({x})"),
    "Sinc": ("sinc", "(cos(π{x}) − {out})/{x}"),
    "Sinh": ("sinh", "cosh({x})"),
    "Softplus": ("softplus", "σ({beta} {x})"),
    "Softshrink": ("softshrink", "1 where |{x}| > {lambd}, else 0"),
    "Softsign": ("softsign", "1/(1 + |{x}|)²"),
    "Sqrt": ("√", "1/(2 {out})"),
    "Square": ("({x})²", "2 {x}"),
    "Tan": ("tan", "1 + {out}²"),
    "Tanh": ("tanh", "1 − {out}²"),
    "Threshold": ("threshold", "1 where {x} > {threshold}, else 0"),
    "Trunc": ("trunc", "0"),
}

RULES: dict[str, tuple[str, ...]] = {
    # two inputs that are broadcast
    "Add": ("{x} + {y}", "{g}", "{g}"),
    "Atan2": ("atan2({y}, {x})", "{g} ⊙ {x} / ({x}² + {y}²)", "−{g} ⊙ {y} / ({x}² + {y}²)"),
    "Divide": ("{x} / {y}", "{g} / {y}", "−{g} ⊙ {x} / {y}²"),
    "Hypot": ("√({x}² + {y}²)", "{g} ⊙ {x} / {out}", "{g} ⊙ {y} / {out}"),
    "Lerp": ("{x} + {w} ⊙ ({y} − {x})", "{g} ⊙ (1 − {w})", "{g} ⊙ {w}", "{g} ⊙ ({y} − {x})"),
    "LogAddExp": ("ln(exp({x}) + exp({y}))", "{g} ⊙ σ({x} − {y})", "{g} ⊙ σ({y} − {x})"),
    "Maximum": ("max({x}, {y})", "{g} where {x} > {y}", "{g} where {y} > {x}"),
    "Minimum": ("min({x}, {y})", "{g} where {x} < {y}", "{g} where {y} < {x}"),
    "Multiply": ("{x} ⊙ {y}", "{g} ⊙ {y}", "{g} ⊙ {x}"),
    "Power": ("{x}^{y}", "{g} ⊙ {y} ⊙ {x}^({y} − 1)", "{g} ⊙ {out} ⊙ ln({x})"),
    "Prelu": ("{x} where {x} > 0, else {slope} ⊙ {x}",
              "{g} where {x} > 0, else {g} ⊙ {slope}", "{g} ⊙ {x} where not {x} > 0"),
    "Subtract": ("{x} − {y}", "{g}", "−{g}"),
    "ClampMin": ("max({x}, {low})", "{g} where {x} ≥ {low}", "{g} where {x} < {low}"),
    "ClampMax": ("min({x}, {high})", "{g} where {x} ≤ {high}", "{g} where {x} > {high}"),
    "Where": ("{x} where {condition}, else {y}", "{g} where {condition}",
              "{g} where not {condition}"),
    "XLogY": ("{x} ⊙ ln({y})", "{g} ⊙ ln({y})", "{g} ⊙ {x} / {y}"),
    "BinaryCrossEntropy": ("−{y} ⊙ ln({x}) − (1 − {y}) ⊙ ln(1 − {x})",
                           "{g} ⊙ ({x} − {y}) / ({x} ⊙ (1 − {x}))", "−{g} ⊙ logit({x})"),
    "BinaryCrossEntropyWithLogits": ("softplus({x}) − {x} ⊙ {y}", "{g} ⊙ (σ({x}) − {y})",
                                     "−{g} ⊙ {x}"),
    # products
    "MM": ("{x} {y}", "{g} {y}ᵀ", "{x}ᵀ {g}"),
    "MatMul": ("{x} {y}", "{g} {y}ᵀ", "{x}ᵀ {g}"),
    "Dot": ("{x}ᵀ {y}", "{g} · {y}", "{g} · {x}"),
    "Outer": ("{x} {y}ᵀ", "{g} {y}", "{g}ᵀ {x}"),
    "Linear": ("{x} {weight}ᵀ + {bias}", "{g} {weight}", "{g}ᵀ {x}", "Σₙ {g}"),
    "Convolution": ("{x} ∗ {weight} + {bias}", "{g} ∗ᵀ {weight}", "{g} ∗ {x}", "Σₙ {g}"),
    "ConvolutionTransposed": ("{x} ∗ᵀ {weight} + {bias}", "{g} ∗ {weight}", "{x} ∗ {g}", "Σₙ {g}"),
    "Einsum": ("einsum({x}, {y})", "einsum({g}, {y})", "einsum({g}, {x})"),
    "Cholesky": ("chol({a})",
                 "½ {out}⁻ᵀ (Ψ + Ψᵀ) {out}⁻¹, Ψ = tril({out}ᵀ {g}) with half its diagonal"),
    "SolveTriangular": ("{a}⁻¹ {b}", "−{a}⁻ᵀ {g} {out}ᵀ", "{a}⁻ᵀ {g}"),
    # reductions
    "Sum": ("Σ {x}", "expand({g})"),
    "Mean": ("Σ {x} / {n}", "expand({g}) / {n}"),
    "Prod": ("Π {x}", "{g} ⊙ {out} / {x}"),
    "Amax": ("max {x}", "{g} where {x} = {out}, shared among ties"),
    "Amin": ("min {x}", "{g} where {x} = {out}, shared among ties"),
    "Max": ("max {x}", "{g} at the maximum, else 0"),
    "Min": ("min {x}", "{g} at the minimum, else 0"),
    "Norm of 2": ("‖{x}‖", "{g} ⊙ {x} / {out}"),
    "Norm": ("‖{x}‖", "{g} ⊙ sign({x}) ⊙ |{x}|^({p} − 1) / {out}^({p} − 1)"),
    "Var": ("var({x})", "{g} ⊙ 2 ({x} − mean({x})) / {freedom}"),
    "Std": ("std({x})", "{g} ⊙ ({x} − mean({x})) / ({freedom} {out})"),
    "LogSumExp": ("logsumexp({x})", "{g} ⊙ softmax({x})"),
    "Softmax": ("softmax({x})", "{out} ⊙ ({g} − Σ {g} ⊙ {out})"),
    "LogSoftmax": ("logsoftmax({x})", "{g} − softmax({x}) ⊙ Σ {g}"),
    "Cumsum": ("cumsum({x})", "cumsum of {g} from the end"),
    "Standardize": ("{weight} ⊙ x̂ + {bias}, x̂ = ({x} − mean({x})) / std({x})",
                    "(ĝ − mean(ĝ) − x̂ ⊙ mean(ĝ ⊙ x̂)) / std({x}), ĝ = {g} ⊙ {weight}",
                    "Σ {g} ⊙ x̂", "Σ {g}"),
    # losses, attention
    "CrossEntropy": ("−{scale} Σₙ ln softmax({x})[{target}]",
                     "{g} · {scale} (softmax({x}) − onehot({target}))"),
    "NllLoss": ("−{scale} Σₙ {x}[{target}]", "−{g} · {scale} onehot({target})"),
    "MSE": ("{scale} Σ ({x} − {y})²", "{g} · {twice} ({x} − {y})", "−{g} · {twice} ({x} − {y})"),
    "Attention": ("P {v}, P = softmax({scale} {q} {k}ᵀ)",
                  "{scale} D {k}, D = P ⊙ (P̂ − Σ P ⊙ P̂), P̂ = {g} {v}ᵀ",
                  "{scale} Dᵀ {q}, D = P ⊙ (P̂ − Σ P ⊙ P̂), P̂ = {g} {v}ᵀ", "Pᵀ {g}", "D"),
    # elements moved, picked, joined
    "Identity": ("{x}", "{g}"), "Clone": ("{x}", "{g}"), "Gate": ("{xs}", "{g}"),
    "Cast": ("{x} in another dtype", "{g} in the dtype of {x}"),
    "Reshape": ("reshape({x})", "reshape({g})"), "View": ("reshape({x})", "reshape({g})"),
    "Squeeze": ("squeeze({x})", "reshape({g})"), "Unsqueeze": ("unsqueeze({x})", "reshape({g})"),
    "Permute": ("permute({x}, {axes})", "{g} permuted back"), "Transpose": ("{x}ᵀ", "{g}ᵀ"),
    "Expand": ("expand({x})", "Σ {g}"), "Flip": ("flip({m})", "flip({g})"),
    "GetSlice": ("{x}[{index}]", "0, but {g} at [{index}]"),
    "GetItem": ("{x}[{index}]", "0, but {g} added at [{index}]"),
    "MaskedFill": ("{x}, {value} where {mask}", "{g} where not {mask}", "Σ {g} where {mask}"),
    "Narrow": ("part of {x}", "{g}, zeros around it"),
    "Pad": ("pad({x})", "{g} without the padding"),
    "Cat": ("[{xs}]", "its part of {g}"),
    "Stack": ("stack({xs})", "its part of {g}"),
    "Split": ("parts of {x}", "{g}"), "Unbind": ("slices of {x}", "stack({g})"),
    "Tril": ("tril({m})", "tril({g})"), "Triu": ("triu({m})", "triu({g})"),
    "Embedding": ("{weight}[{index}]", "0, but {g} added at [{index}]"),
    "MaxPool": ("maxpool({x})", "{g} at the maximum of its window, else 0"),
    "AvgPool": ("avgpool({x})", "{g} / size, spread over its window"),
}  # fmt: skip
for _name in ("NativeLayerNorm", "NativeGroupNorm", "NativeBatchNorm"):
    RULES[_name] = RULES["Standardize"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ"


def superscript(n: int) -> str:
    """``n`` as the number of a layer, W¹²."""
    return str(n).translate(_SUPERSCRIPTS)


def subscript(text: object) -> str:
    """``text``, of digits and commas, as an index: Σ₀."""
    return str(text).translate(_SUBSCRIPTS)


def filled(template: str, known: dict[str, Any]) -> str:
    """``template`` with its names replaced, in brackets where the mathematics needs them.

    >>> filled("{g} ⊙ {x}²", {"g": "a + b", "x": "z¹"})
    '(a + b) ⊙ (z¹)²'
    """

    def put(match: re.Match[str]) -> str:
        text = str(known.get(match[1], match[1]))
        before, after = template[: match.start()][-1:], template[match.end() :][:1]
        alone = match[0] == template or (
            before in "([,|‖" and before and after in ")],|‖" and after
        )
        if alone:
            return text
        raised = bool(after) and after in _RAISED + "^" and not text.isidentifier()
        return f"({text})" if raised or is_sum(text) else text

    return re.sub(r"\{(\w+)\}", put, template)


def is_sum(text: str) -> bool:
    """Whether ``text`` needs brackets as a factor: a sum, or a sentence, at its outer level."""
    depth = 0
    for i, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and (text[i : i + 3] in (" + ", " − ") or text[i : i + 2] in (", ", "−1")):
            return True
        if depth == 0 and text[i : i + 7] == " where ":
            return True
    return text.startswith("−")


# -- LaTeX ----------------------------------------------------------------------------------------

_SIGNS = {
    "⊙": r"\odot ", "∗": r"\ast ", "−": "-", "Σ": r"\sum ", "Π": r"\prod ", "√": r"\sqrt",
    "≥": r"\ge ", "≤": r"\le ", "½": r"\tfrac12 ", "·": r"\cdot ", "‖": r"\|", "δ": r"\delta",
    "σ": r"\sigma", "θ": r"\theta", "π": r"\pi", "Φ": r"\Phi", "φ": r"\varphi", "Ψ": r"\Psi",
    "′": "'", "x̂": r"\hat{x}", "ĝ": r"\hat{g}", "P̂": r"\hat{P}", "ₙ": "_{n}", "%": r"\%",
    "#": r"\#", "&": r"\&", "∂": r"\partial ",
}  # fmt: skip
_FUNCTIONS = {"exp", "ln", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
              "arccos", "arctan"}  # fmt: skip
_TOKENS = re.compile(
    r"∂L/∂(?P<of>[A-Za-zθ][A-Za-z0-9_.]*[⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]*(?:\[\d+\])?)"
    rf"|(?P<raised>[{_RAISED}]+)|(?P<lowered>[₀₁₂₃₄₅₆₇₈₉][₀₁₂₃₄₅₆₇₈₉,]*)"
    r"|(?P<hat>x̂|ĝ|P̂)|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)|(?P<sign>.)"
)


def latex(text: str) -> str:
    r"""The same formula in LaTeX.

    >>> print(latex("δ¹ = δ² W² ⊙ tanh′(z¹)"))
    \delta^{1} = \delta^{2} W^{2} \odot  \tanh'(z^{1})
    """
    found = []
    for match in _TOKENS.finditer(text):
        if match["of"]:
            found.append(rf"\frac{{\partial L}}{{\partial {latex(match['of'])}}}")
        elif match["raised"]:
            plain = match["raised"].translate(_lowered(_RAISED, "0123456789-⊤"))
            found.append("^{" + plain.replace("⊤", r"\top") + "}")
        elif match["lowered"]:
            found.append(
                "_{" + match["lowered"].translate(_lowered("₀₁₂₃₄₅₆₇₈₉", "0123456789")) + "}"
            )
        elif match["word"]:
            found.append(_word(match["word"]))
        else:
            sign = match["hat"] or match["sign"]
            found.append(_SIGNS.get(sign, sign))
    return "".join(found)


def _lowered(signs: str, plain: str) -> dict[int, str]:
    return {ord(sign): letter for sign, letter in zip(signs, plain, strict=True)}


def _word(word: str) -> str:
    letter, number = word[:1], word[1:]
    if not number:
        return word
    if word in _FUNCTIONS:
        return "\\" + word
    if number.isdigit():
        return f"{letter}_{{{number}}}"
    if word.isascii() and word.isalnum() and len(word) > 1 or "." in word or "_" in word:
        if word in ("where", "else", "not", "at", "but", "of", "the", "and"):
            return rf"\text{{ {word} }}"
        return rf"\mathrm{{{word}}}".replace("_", r"\_")
    return word

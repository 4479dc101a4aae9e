"""The pages of the documentation: scripts print what is shown, and their cures nothing."""

import contextlib
import io
import re
import sys

import pytest

import autograd
from tests.pages import DOCS, QUOTED as QUOTATION, blocks, found, printed, sections, text_of
from tests.scripts import ran

MISTAKES = ("mistakes", "shapes", "anomaly", "strict")
SECTIONS = {
    f"{page}: {section.title}": section
    for page in (*MISTAKES, "explain", "compile")
    for section in sections(page)
}
QUOTED = [title for title, section in SECTIONS.items() if section.quoted]
SHOWN = [title for title, section in SECTIONS.items() if section.shown]


@pytest.mark.slow
@pytest.mark.parametrize("title", QUOTED)
def test_a_mistake_prints_what_the_page_says(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    section = SECTIONS[title]
    assert printed(tmp_path, section, section.scripts[0])[0] == section.quoted


@pytest.mark.slow
@pytest.mark.parametrize("title", QUOTED)
def test_its_cure_prints_nothing(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    section = SECTIONS[title]
    _, cure = section.scripts
    assert printed(tmp_path, section, cure)[0] == ""


@pytest.mark.parametrize("page", MISTAKES)
def test_no_quotation_is_left_out(page):
    assert text_of(page).count("\n\n> ") == len([t for t in QUOTED if t.startswith(f"{page}: ")])


def without_numbers(text):
    """Numbers and the spaces that set them out are the machine's; line numbers stay."""
    text = re.sub(r"(?<![\w.:¹²])-?\d+(\.\d+)?(e[-+]?\d+)?", "#", text)
    return re.sub(r" +", " ", text)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="values within an expression have no name")
@pytest.mark.parametrize("title", SHOWN)
def test_a_script_prints_what_the_page_shows(title, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    section = SECTIONS[title]
    _, output = printed(tmp_path, section, section.scripts[0])
    assert without_numbers(output) == without_numbers(section.shown)


# -- gradcheck: one program from block to block ----------------------------------------------------


def shown(page):
    """What a page shows as printed: its indented blocks, as words, in parts where it leaves out."""
    text = text_without_scripts(page)
    for block in found(r"^    \S[^\n]*\n(?:    [^\n]*\n)*", text):
        yield [" ".join(without_numbers(part).split()) for part in block.split("…")]


def test_what_the_page_about_checks_shows_is_printed(tmp_path, capsys):
    names, said = {}, []
    first, gate, whole, *rest = blocks("gradcheck")
    (several,) = [one for one in rest if "SinCos" in one]
    exec(first, names)
    said.append(capsys.readouterr().out)
    with pytest.raises(autograd.GradcheckError) as caught:
        exec(compile(gate, str(tmp_path / "net.py"), "exec"), names)
    said.append(f"GradcheckError: {caught.value}")
    assert "Analytical = 1.001 × numerical everywhere" in said[1]
    with pytest.raises(autograd.GradcheckError) as caught:
        autograd.gradcheck(lambda x: x.abs().sum(), autograd.zeros(1, requires_grad=True))
    said.append(f"GradcheckError: {caught.value}")
    told = [" ".join(without_numbers(one).split()) for one in said]
    for text, parts in zip(told, shown("gradcheck"), strict=False):  # a module's: test_culprits
        for part in parts:
            assert part in text, (part, text)
    exec(several, names)
    x = names["x"].double().detach().requires_grad_()
    assert autograd.gradcheck(names["SinCos"].apply, x)
    assert autograd.gradgradcheck(names["SinCos"].apply, x)


def test_the_two_ways_to_leave_numpy_are_right():
    """With stand-ins for functions that NumPy does not have: γ(x) = x³, ψ(x) = 3 / x."""
    once, second = [one for one in blocks("gradcheck") if "scipy" in one]

    class Trigamma(autograd.Function):
        def forward(self, x):
            return -3 / x**2

        def grad_x(self, g, x):
            return g * 6 / x**3

    class special:
        gamma = staticmethod(lambda x: x**3)
        digamma = staticmethod(lambda x: 3 / x)

    class scipy:
        pass

    scipy.special = special
    x = autograd.tensor([0.5, 1.5], dtype=autograd.float64, requires_grad=True)
    names = {"autograd": autograd, "scipy": scipy, "Trigamma": Trigamma}
    exec(once, names)
    assert autograd.gradcheck(names["Gamma"].apply, x)
    with pytest.raises(autograd.GradcheckError, match="marked with @once_differentiable"):
        autograd.gradgradcheck(names["Gamma"].apply, x)
    exec(second, names)
    assert autograd.gradcheck(names["Gamma"].apply, x)
    assert autograd.gradgradcheck(names["Gamma"].apply, x)


# -- derivatives as functions ----------------------------------------------------------------------


def test_the_page_about_derivatives_prints_what_it_shows(capsys):
    names = {}
    for script in blocks("func"):
        exec(script, names)
    told = "".join(re.findall(r"^    (.*\n)", text_without_scripts("func"), re.MULTILINE))
    assert capsys.readouterr().out == told


def text_without_scripts(page):
    return re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE)


# -- the NumPy face --------------------------------------------------------------------------------


def test_the_page_for_those_who_come_from_hips_autograd_prints_what_it_shows(capsys):
    names = {}
    scripts = [one for one in blocks("from_hips_autograd") if not one.startswith("# fit.py")]
    for script in scripts:
        exec(script, names)
    shown = found(r"^```text\n(.*?)^```", text_of("from_hips_autograd"))
    assert len(shown) == len(scripts)
    assert capsys.readouterr().out == "".join(shown)


def test_the_error_on_that_page_is_the_one_that_is_raised(tmp_path):
    (script,) = [one for one in blocks("from_hips_autograd") if one.startswith("# fit.py")]
    (quoted,) = found(QUOTATION, text_of("from_hips_autograd"))
    head = "import autograd.numpy as np\nfrom autograd import grad\n"
    error = ran(tmp_path / "fit.py", script, head).error
    assert f"{type(error).__name__}: {error}" == quoted.replace("> ", "").replace("\n", " ").strip()


# -- profile ---------------------------------------------------------------------------------------


def test_the_page_about_profiles_runs_and_shows_what_is_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scripts = blocks("profile")
    (tmp_path / "train.py").write_text(scripts[0], encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile("\n".join(scripts), str(tmp_path / "train.py"), "exec"), {"__name__": "train"})
    names = found(r"^    (\S+(?: \S+)*)  +\d", text_of("profile"))
    assert len(names) >= 12
    for name in names:
        assert f"\n{name}  " in output.getvalue(), name
    assert {"step.json", "step.html", "trace0.json"} <= {p.name for p in tmp_path.iterdir()}


# -- pictures --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_about_pictures_runs_and_shows_what_is_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("matplotlib").use("Agg")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    (tmp_path / "train.py").write_text("\n".join(blocks("drawing")), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile((tmp_path / "train.py").read_text("utf-8"), "train.py", "exec"), {})
    (table,) = found(r"^```text\n(.*?)^```", text_of("drawing"))
    assert output.getvalue().startswith(table)
    assert {"graph.svg", "net.svg", "graph.html"} <= {p.name for p in tmp_path.iterdir()}
    titles = [pyplot.figure(number).axes[0].get_title() for number in pyplot.get_fignums()]
    pyplot.close("all")
    assert titles == ["Loss", "Learning rates", "Activations, layer by layer",
                      *["Gradients, layer by layer"] * 2, "Paths"]  # fmt: skip


TOLD = {
    "certificate",
    "design",
    "errors",
    "from_pytorch",
    "glossary",
    "index",
    "scientists",
    "speed",
    "tutorials",
}  # no scripts


def test_every_page_is_known():
    known = {
        *MISTAKES,
        *TOLD,
        "array_api",
        "explain",
        "compile",
        "distributed",
        "from_hips_autograd",
        "func",
        "gradcheck",
        "profile",
        "drawing",
        "tour",
    }
    assert {page.stem for page in DOCS.glob("*.md")} == known

"""How the documentation is built: `make docs`.

The sources are the tree itself, so that a link from a page to a notebook or to another page leads
to it here and for who reads the files: pages in docs/, notebooks/, CONTRIBUTING.md. What is read
off the packages (reference, messages) is written into docs/reference/ first; see docs/extension/.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "gradloom"
author = "The gradloom authors"
copyright = "The gradloom authors"
version = release = __import__("autograd").__version__

extensions = [
    "sphinx.ext.autodoc",
    "myst_nb",
    "sphinx_copybutton",
    "extension",
]
root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "notebooks/*.ipynb",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "benchmarks/RESULTS.md",
]
exclude_patterns = [
    "docs/_build",
    "docs/extension",
    "**/.*",
    ".*",
    "tests",
    "autograd",
    "nn",
    "optim",
]
nitpicky = True

nb_execution_mode = "off"  # the tests run the notebooks; shown is what was saved
nb_code_prompt_show = "Show the code"  # of a figure, of an exercise's solution
nb_code_prompt_hide = "Hide the code"
nb_merge_streams = True
nb_render_markdown_format = "myst"  # tables and formulas that a cell shows, as in the text
nb_mime_priority_overrides = [("html", "image/svg+xml", 5)]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a page on mistakes begins a section where it likes

autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = "gradloom"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # which a browser does not load from a folder
html_math_renderer = "mathml"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d5f8a", "color-brand-content": "#1d5f8a"},
    "dark_css_variables": {"color-brand-primary": "#7cc0ea", "color-brand-content": "#7cc0ea"},
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

"""What the site adds to Sphinx: pages read off the packages, mathematics without a network, checks.

names       every public name, and the file that it is at home in
reference   these names as pages, a page for each file
messages    the errors that the source can raise, as pages
mathml      formulas as MathML, which browsers show by themselves
crossings   docstrings' shorthand marked up; links to folders left out
short_names references that docstrings write short
navigation  the pages beside each page
links       every link of the finished site leads somewhere
"""


def setup(app):
    from . import crossings, links, mathml, messages, navigation, reference, short_names

    for part in (reference, messages, mathml, crossings, short_names, navigation, links):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

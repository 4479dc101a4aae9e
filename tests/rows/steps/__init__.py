"""Steps for the compiler: some that keep state in Python, some that only look as if they did.

A row makes a step; or a step, what happens before call ``i`` of it, what is to be compared besides
its results, and what it is given instead of ``x``. None stands for what there is not.
"""


def rows():
    """A table, and a decorator that puts a row into it under its name."""
    table = {}

    def row(make):
        table[make.__name__] = make
        return make

    return table, row

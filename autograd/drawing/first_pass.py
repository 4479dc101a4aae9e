"""``python -m autograd --draw out.html script.py``: the graph of a script's first backward pass."""

from __future__ import annotations

import os
import sys
from threading import get_ident
from typing import Any

from autograd.drawing.folding.folding import within
from autograd.drawing.reading.captions import Shown
from autograd.drawing.reading.graph import Reading
from autograd.drawing.reading.naming import Called
from autograd.drawing.showing.picture import Picture
from autograd.drawing.watching.watching import Notes
from autograd.engine import observer, watches

_MOST = 1000  # boxes, where the file cannot fold them itself


class FirstPass(Notes):
    """Watches a script from its start, and draws when its first backward pass is over.

    The script and what it prints stay as they are; what goes wrong in drawing is said on stderr.
    """

    def __init__(self, path: str) -> None:
        super().__init__(statistics=True)
        self._path, self._file = path, os.path.abspath(path)  # the script may go elsewhere
        self._outputs: list[Any] = []  # of the pass that began last
        self._under_way = 0  # passes, in each other
        self._drawn = self._elsewhere = False
        self._thread = 0

    def begin(self) -> None:
        """Watch this thread."""
        self._thread = get_ident()
        observer.begin(self)
        watches.backward_begins.append(self._begins)

    def end(self) -> None:
        """The script has ended."""
        if self._drawn:
            return
        self._stop()
        if self._outputs:
            print(
                "--draw: the backward pass raised; what it went back from is drawn.",
                file=sys.stderr,
            )
            self._draw()
            return
        where = " in its main thread" if self._elsewhere else ""
        print(f"--draw: the script ran no backward pass{where}; nothing is drawn.", file=sys.stderr)

    def _begins(self, outputs: list[Any]) -> None:
        if get_ident() != self._thread:
            self._elsewhere = True
        elif not self._under_way:
            self._outputs = [one for one in outputs if one._edge is not None]

    def work_begins(self, name: str) -> None:
        self._under_way += name == "backward"

    def work_ends(self, name: str) -> None:
        super().work_ends(name)
        self._under_way -= name == "backward"
        if name == "accumulate" and self._outputs and not self._under_way:
            self._stop()
            self._draw()

    def _stop(self) -> None:
        self._drawn = True
        observer.end(self)
        if self._begins in watches.backward_begins:
            watches.backward_begins.remove(self._begins)

    def _draw(self) -> None:
        outputs, self._outputs = self._outputs, []
        called = Called(None, sys._getframe(1))
        names = ["output" if len(outputs) == 1 else f"output {i}" for i in range(len(outputs))]
        try:
            if os.path.isdir(self._file):
                raise IsADirectoryError("it is a folder. Name a file in it")
            scene = Reading(called, self, Shown(values=True)).read(outputs, names)
            Picture(within(scene, _MOST), scene).render(self._file)
        except Exception as error:  # the script is not to end of it
            print(f"--draw: {self._path} is not drawn: {error}", file=sys.stderr)

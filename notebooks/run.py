"""Runs the notebooks and keeps their new output: ``python notebooks/run.py [name ...]``.

Times of execution and warnings of the system's libraries are left out, so that a notebook only
changes where its content does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbclient
import nbformat

FOLDER = Path(__file__).resolve().parent
named = [FOLDER / f"{Path(name).stem}.ipynb" for name in sys.argv[1:]]

for path in named or sorted(FOLDER.glob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    nbformat.write(notebook, path)
    print(path.name)

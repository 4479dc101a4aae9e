"""``python -m autograd script.py [arguments]``: a script written for PyTorch, run without it.

In that process, and in those that it starts through ``multiprocessing``, ``import torch`` gives
this library. All else is as ``python script.py`` has it: ``sys.argv``, ``__main__``,
``sys.path``, tracebacks, exit codes.
"""

from __future__ import annotations

import io
import os
import sys
from types import CodeType, ModuleType, TracebackType
from typing import Any

from autograd.script import finder

USAGE = """\
usage: python -m autograd [-h] [--missing | --strict | --draw FILE]
                          (script.py | -m module | -c code | -) [arguments]

Run a script that was written for PyTorch, without PyTorch: `import torch` is this library.

  script.py   the script, or a folder or zip file that holds a __main__.py
  -m module   a module, as `python -m module`
  -c code     a program in a string
  -           a program from standard input
  --missing   list what the script needs and is not here, without running it;
              the exit code is 1 where something is missing
  --strict    warn of what goes wrong in training without an error: see autograd.strict
  --draw FILE draw the graph of the first backward pass: a page (.html), or .svg, .png, .pdf, .dot;
              the script runs on to its end
  -h, --help  this text
"""


def main() -> None:
    """The command: reads ``sys.argv`` and runs what it names."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, end="", file=sys.stdout if arguments else sys.stderr)
        sys.exit(0 if arguments else 2)
    if arguments[0] == "--missing":
        from autograd.script.needs import report

        sys.exit(report(arguments[1:]))
    strictly = arguments[0] == "--strict" and len(arguments) > 1
    if strictly:
        del arguments[0]
    picture = ""
    if arguments[0] == "--draw" and len(arguments) > 2:
        picture = arguments[1]
        del arguments[:2]
    if arguments[0] in ("-m", "-c") and len(arguments) == 1:
        print(f"Argument expected for the {arguments[0]} option\n{USAGE}", end="", file=sys.stderr)
        sys.exit(2)
    if arguments[0].startswith("-") and arguments[0] not in ("-m", "-c", "-"):
        print(f"unknown option {arguments[0]}\n{USAGE}", end="", file=sys.stderr)
        sys.exit(2)
    take_torchs_place()
    if strictly:
        from autograd.diagnosis.lint.switch import strict

        strict()
    if picture:
        _draw(picture, arguments)
    else:
        _one_of_several(arguments)


def _one_of_several(arguments: list[str]) -> None:
    """Run a script; where mpiexec started this process, as one that ends the others if it fails."""
    from autograd.distributed import mpi

    if mpi.launched_alone():
        mpi.set_variables()
    mpi.warn_where_not_installed()
    if not (mpi.launched() and mpi.installed()):
        run(arguments)
        return
    from autograd.distributed import failure

    mpi.world()
    _print_whole_lines()
    with failure.exits_end_the_job():
        run(arguments)


def _print_whole_lines() -> None:
    """Send each line when it is printed, and whole: ``mpiexec`` mixes what the processes print."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True, write_through=False)


def _draw(path: str, arguments: list[str]) -> None:
    from autograd.drawing.first_pass import FirstPass

    drawing = FirstPass(path)
    drawing.begin()
    try:
        run(arguments)
    finally:
        drawing.end()


def take_torchs_place() -> None:
    """Make ``torch`` this library, in this process and in those that ``multiprocessing`` starts."""
    import autograd
    from autograd.arrays import dtypes
    from autograd.script import children
    from autograd.script.version import FOLLOWED

    finder.install(torch=True)
    children.prepare()
    autograd.__version__ = FOLLOWED
    dtypes.DTYPE_PREFIX = "torch."  # what scripts print


def run(arguments: list[str]) -> None:
    """Run ``script.py``, ``-m module``, ``-c code`` or ``-`` as Python runs its main program."""
    module = ModuleType("__main__")
    module.__dict__.update(__builtins__=__builtins__, __annotations__={})
    module.__loader__ = None
    sys.modules["__main__"] = module
    first, rest = arguments[0], arguments[1:]
    try:
        if first == "-m":
            _run_module(rest)
            return
        sys.argv = [first, *rest] if first != "-c" else ["-c", *rest[1:]]
        if first == "-c":
            code = _compiled(rest[0], "<string>", "")
        elif first == "-":
            code = _compiled(sys.stdin.read(), "<stdin>", "")
        elif os.path.isdir(first) or _is_archive(first):
            _run_folder(first)
            return
        else:
            code = _script(first, module)
        exec(code, module.__dict__)
    except BaseException as error:
        _hide_ourselves(error, module)
        raise


def _search(place: str) -> None:
    """Look for modules in ``place`` first, where Python would have put the script's folder."""
    if getattr(sys.flags, "safe_path", False):
        return
    sys.path[:1] = [place]


def _compiled(source: str | bytes, name: str, place: str) -> CodeType:
    import linecache

    _search(place)
    if isinstance(source, str) and name.startswith("<"):  # so that tracebacks and others see it
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    return compile(source, name, "exec", dont_inherit=True)


def _script(path: str, module: ModuleType) -> CodeType:
    from importlib.machinery import SourceFileLoader

    full = os.path.abspath(path)
    try:
        with io.open_code(full) as file:
            source = file.read()
    except OSError as error:
        why = f"[Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: can't open file {full!r}: {why}", file=sys.stderr)
        sys.exit(2)
    module.__file__ = full
    module.__loader__ = SourceFileLoader("__main__", full)
    module.__dict__["__cached__"] = None
    return _compiled(source, full, os.path.dirname(os.path.realpath(full)))


def _is_archive(path: str) -> bool:
    import zipfile

    return not path.endswith(".py") and zipfile.is_zipfile(path)


def _run_folder(path: str) -> None:
    import runpy

    _search(path)
    runpy._run_module_as_main("__main__", False)  # type: ignore[attr-defined]


def _run_module(arguments: list[str]) -> None:
    import runpy

    _search(os.getcwd())
    sys.argv = ["-m", *arguments[1:]]
    runpy._run_module_as_main(arguments[0], True)  # type: ignore[attr-defined]


def _hide_ourselves(error: BaseException, module: ModuleType) -> None:
    """Let tracebacks begin with the script, whoever prints them."""
    inside: TracebackType | None = error.__traceback__
    while inside is not None and inside.tb_frame.f_globals is not module.__dict__:
        inside = inside.tb_next
    printed = sys.excepthook

    def hook(kind: type[BaseException], raised: BaseException, traceback: Any) -> None:
        raised = raised.with_traceback(inside)
        sys.last_traceback = inside
        printed(kind, raised, inside)

    sys.excepthook = hook

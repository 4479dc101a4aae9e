"""Whatever happens while a file is written, the old one or the new one is there, and whole."""

import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import autograd
from autograd.serialization import files

ROOT = Path(autograd.__file__).parents[1]

WRITES = """
import sys, autograd
for i in range(10_000):
    autograd.save({"i": i, "x": autograd.full((50_000,), float(i))}, sys.argv[1])
    print(i, flush=True)
"""


def test_a_process_that_is_killed_leaves_a_whole_file(tmp_path):
    path = tmp_path / "a.pt"
    for _ in range(2):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(path)], stdout=subprocess.PIPE, cwd=ROOT
        )
        child.stdout.readline()  # the first one is there
        time.sleep(random.uniform(0.0, 0.1))
        child.kill()
        child.communicate()
        found = autograd.load(path)
        assert (found["x"] == found["i"]).all()
        for left in tmp_path.glob(".*.tmp"):
            left.unlink()


class Crash(BaseException):
    pass


@pytest.mark.parametrize("stage", ["write", "fsync", "replace", "chmod"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_crash_at_any_step_leaves_the_old_file(tmp_path, monkeypatch, stage, count):
    path = tmp_path / "a.pt"
    autograd.save("old", path)
    calls = []

    def crash(*arguments):
        calls.append(arguments)
        if len(calls) == count or stage != "write":
            raise Crash
        return 1

    if stage == "write":
        monkeypatch.setattr("autograd.serialization.container.Records.write", crash)
    else:
        monkeypatch.setattr(files.os, stage, crash)
    with pytest.raises(Crash):
        autograd.save(["new", autograd.ones(1000)], path)
    monkeypatch.undo()
    assert autograd.load(path) == "old" and os.listdir(tmp_path) == ["a.pt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither these links nor permissions")
def test_links_are_followed_and_permissions_kept(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.pt", tmp_path / "link.pt"
    autograd.save(1, target)
    target.chmod(0o604)
    link.symlink_to(target)
    autograd.save(2, link)
    assert link.is_symlink() and autograd.load(target) == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    mask = os.umask(0o027)
    try:
        autograd.save(3, tmp_path / "new.pt")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.pt").stat().st_mode) == 0o640
    autograd.save(4, os.devnull)

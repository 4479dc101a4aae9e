"""What an import settles for the process: freed memory is kept, BLAS's threads do not wait long."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource
import numpy as np
import autograd

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

x = np.ones(10**6, np.float32)
[x + i for i in range(8)]  # 32 MB, freed at once
before = faults()
for _ in range(5):
    [x + i for i in range(8)]
print(faults() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators do as they like")
def test_results_of_millions_of_elements_need_no_new_pages():
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert int(found.stdout) < 2000, found.stderr  # 40,000 where each takes pages of its own


@pytest.mark.parametrize("first", ["import numpy", ""])
def test_the_environment_is_left_as_it_was(first):
    code = f"""
import os
{first}
before = dict(os.environ)
import autograd
assert dict(os.environ) == before
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("package", ["autograd", "nn", "optim", "autograd.numpy"])
def test_blas_is_told_how_long_to_wait_before_it_loads(package):
    code = f"""
import os, sys

class Watcher:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(os.environ.get("OPENBLAS_THREAD_TIMEOUT"))

sys.meta_path.insert(0, Watcher())
import {package}
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout == "18\n", told.stderr

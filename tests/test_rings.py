"""A complete run fails where its oracle is missing or left out; the plain one goes on."""

import sys
import types
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
MARKED = """
    import pytest

    @pytest.mark.torch
    def test_beside_pytorch():
        {}

    def test_skipped_for_its_own_reason():
        pytest.skip("no such processor")
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest over one file, with a PyTorch that is empty or does not import."""

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text, *options, torch=True):
        pytester.makeini("[pytest]\nmarkers =\n    torch: compares with PyTorch\n")
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test_some=text)
        monkeypatch.setitem(sys.modules, "torch", types.ModuleType("torch") if torch else None)
        return pytester.runpytest_inprocess(*options)

    return run


@pytest.mark.parametrize("body", ["pytest.skip('no kernel')", "pytest.importorskip('nowhere')"])
def test_a_skipped_oracle_fails_a_complete_run_only(run, body):
    text = MARKED.format(body)
    run(text).assert_outcomes(skipped=2)
    done = run(text, "--complete")
    done.assert_outcomes(failed=1, skipped=1)
    assert done.ret == 1
    run(MARKED.format("pass"), "--complete").assert_outcomes(passed=1, skipped=1)


def test_a_file_that_skips_itself_fails_a_complete_run(run):
    text = "import pytest\npytest.skip('not today', allow_module_level=True)"
    run(text).assert_outcomes(skipped=1)
    done = run(text, "--complete")
    assert done.ret != 0
    done.stdout.fnmatch_lines(["*skipped in a complete run*not today*"])


def test_a_complete_run_needs_pytorch(run):
    text = MARKED.format("pass")
    run(text, torch=False).assert_outcomes(passed=1, skipped=1)
    done = run(text, "--complete", torch=False)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*complete run compares*make test-all*"])

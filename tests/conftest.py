"""What makes a run complete: no test beside PyTorch may be left out unnoticed."""

import gc
import re

import pytest

import autograd
from autograd.arrays import dtypes
from autograd.engine import lines, narrow, observer

collect_ignore = ["certificate"]  # it imports PyTorch; test_certificate.py tests it

autograd.strict(False)  # of what tests do, hardly anything is a training as it should be

UNUSED = list(dtypes.at_first_use)


@pytest.fixture(autouse=True)
def bfloat16_is_unused():
    """From its first use on, ops are run the general way; the tests of other things are not."""
    yield
    if not dtypes.at_first_use:
        dtypes.at_first_use[:] = UNUSED
        observer.listening[:] = [one for one in observer.listening if one is not narrow.everywhere]


@pytest.fixture
def noting():
    """All lines are noted, however much ran before."""
    wanted = object()
    lines.note(wanted)
    yield
    lines.done(wanted)


def pytest_addoption(parser):
    parser.addoption(
        "--complete",
        action="store_true",
        help="fail where a test beside PyTorch or in a browser is skipped (make test-all asks it)",
    )


def pytest_configure(config):
    if config.getoption("complete"):
        try:
            import torch  # noqa: F401
        except ImportError as error:
            raise pytest.UsageError(
                f"a complete run compares with PyTorch; it does not import ({error}). "
                "`make test-all` installs it, and says what to do where it cannot."
            ) from None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is collected, some 70,000 tests, stays: later looks for garbage pass it by."""
    gc.disable()
    found = yield
    gc.freeze()
    gc.enable()
    return found


def pytest_collection_modifyitems(items):
    """Processes that share the tests know them by name, so no name may hold an address."""
    named = [item.nodeid for item in items if re.search(r"0x[0-9a-f]{6}", item.nodeid)]
    if named:
        raise pytest.UsageError(f"names of tests must not hold addresses; give ids=: {named[:3]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    left_out = report.skipped and not hasattr(report, "wasxfail")
    if left_out and item.config.getoption("complete") and item.get_closest_marker("torch"):
        report.outcome = "failed"
        report.longrepr = f"skipped in a complete run ({call.excinfo.value})"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped and collector.config.getoption("complete"):
        report.outcome = "failed"
        report.longrepr = f"the whole file is skipped in a complete run: {report.longrepr[-1]}"
    return report

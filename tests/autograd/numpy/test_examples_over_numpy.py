"""The examples that are written for ``autograd.numpy``: what they find, and what they draw."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow
pytest.importorskip("scipy")


def printed_by(script, *options):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / script), *options],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def row(text, name):
    """The numbers in the first line that begins with ``name``."""
    line = re.findall(rf"^{re.escape(name)}(.*)$", text, re.MULTILINE)[0]
    return [float(one) for one in re.findall(r"-?\d+\.?\d*", line)]


def test_a_series_is_forecast():
    printed = printed_by("forecast.py")
    assert row(printed, "surprise")[1] == pytest.approx(-54.3, abs=0.2)
    assert row(printed, "noise")[0] == pytest.approx(0.1, abs=0.02)
    for year in ("8.25", "8.50", "8.75", "9.00", "9.25"):
        true, expected, error = row(printed, f"  {year}")
        assert abs(true - expected) < error


def test_a_forecast_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    assert "drew" in printed_by("forecast.py", "--picture", str(tmp_path / "forecast.png"))
    assert (tmp_path / "forecast.png").stat().st_size > 20_000


def test_lives_are_told_with_their_errors():
    printed = printed_by("survival.py")
    for name in ("intercept", "load", "maintained", "log shape"):
        estimate, error, z, true = row(printed, name)
        assert abs(estimate - true) < 2 * error < 0.25
        assert z == pytest.approx(estimate / error, rel=0.02)


def test_rates_are_found_through_a_loop_that_writes():
    printed = printed_by("predator_prey.py")
    for name in ("hares are born", "hares are eaten", "lynxes starve", "lynxes are born"):
        found, percent, true = row(printed, name)
        assert abs(np.log(found / true)) < percent / 100 < 0.2

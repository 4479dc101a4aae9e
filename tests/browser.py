"""The system's Chromium, in which tests open pages; nothing is downloaded for it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def missing() -> str:
    """What to run so that there is a browser; empty where there is one."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed. Run: pip install playwright"
    if not any([shutil.which(name) for name in NAMES]):
        return f"none of {', '.join(NAMES)} is on the PATH. Run: apt-get install chromium"
    return ""


@contextlib.contextmanager
def running(config: pytest.Config) -> Iterator[Any]:
    """A headless browser; without one the test is skipped, or fails where a run is complete."""
    fault = missing()
    if fault and config.getoption("complete"):
        pytest.fail(f"a complete run opens pages in a browser; {fault}", pytrace=False)
    if fault:
        pytest.skip(f"opens a page in a browser; {fault}")
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)))
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # whom Chromium's sandbox refuses
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if root else []
        )
        try:
            yield browser
        finally:
            browser.close()


class Opened:
    """A page from a file, and what it wrote to the console: nothing, if all is well."""

    def __init__(self, browser: Any, path: Any, *, width: int = 1280, dark: bool = False) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=width < 600,
        )
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready]")

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *error: object) -> None:
        self.page.close()
        if error[0] is None:
            assert self.said == []
            assert [
                url for url in self.asked if url.partition(":")[0] not in ("file", "blob")
            ] == []

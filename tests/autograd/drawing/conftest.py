"""A browser for the tests of pages."""

import pytest

from autograd.drawing.showing.html import page_of
from tests import browser


@pytest.fixture(scope="session")
def chromium(request):
    with browser.running(request.config) as running:
        yield running


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a scene's page; when it is closed, its console must be empty."""

    def open_page(scene, *, title="graph", **how):
        path = tmp_path / "page.html"
        path.write_text(page_of(scene, title=title), encoding="utf-8")
        return browser.Opened(chromium, path, **how)

    return open_page

"""A headless Chromium that shows a page, says what a person would see of it, and takes a picture.

Debian: `chromium` and `chromium-driver`. Selenium comes from the dependency group `browser`.
"""

from __future__ import annotations

import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import attrs

from .outside import Outside

__all__ = ["CHROMIUM", "Browser", "browser"]

_LACKS: Final = [name for name in ("chromium", "chromedriver") if not shutil.which(name)] + (
    [] if find_spec("selenium") else ["selenium (pip install --group browser)"]
)
CHROMIUM: Final = Outside("chromium", f"no {', '.join(_LACKS)}" if _LACKS else "")
# As root there is no sandbox, in a container little shared memory, and nothing may be fetched from anywhere.
_OPTIONS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@attrs.frozen
class Browser:
    """One browser; a page is shown at a width, for a reader who prefers a light or a dark theme."""

    driver: Any  # Any: Selenium's driver, which is not there on every machine

    def show(self, page: Path, *, width: int, theme: str) -> None:
        """Load a page."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        prefers = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", prefers)
        self.driver.get(page.as_uri())

    def ask(self, script: str) -> Any:  # Any: what the script returns
        """Run a script of the test's own in the page."""
        return self.driver.execute_script(script)

    def complaints(self) -> list[str]:
        """Return what the browser has written to its console since the last call."""
        return [str(each["message"]) for each in self.driver.get_log("browser")]

    def picture(self, file: Path) -> None:
        """Save the whole page as PNG, also what one would scroll to."""
        options = {"captureBeyondViewport": True, "format": "png"}
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)["data"]
        file.write_bytes(b64decode(data))


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser whose profile is in the folder, and end it."""
    CHROMIUM.expect_mark()
    webdriver = import_module("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for option in (*_OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = import_module("selenium.webdriver.chrome.service").Service(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield Browser(driver)
    finally:
        driver.quit()

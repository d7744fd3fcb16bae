"""Where the checkout and what lies beside it are found."""

import os
import shutil
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "xero_bridge"


@cache
def specs_folder() -> Path | None:
    """The folder with the OpenAPI descriptions of both systems, or None; they are not ours to ship.

    `XERO_BRIDGE_SPECS` names it; otherwise `shared/specs` beside the checkout is used.
    Found once, at the start: tests run without the variables of the person who starts them.
    """
    named = os.environ.get("XERO_BRIDGE_SPECS")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "specs"
    return folder if folder.is_dir() else None


def chromium() -> str | None:
    """The Chromium of this machine, or None: tests never download a browser."""
    named = os.environ.get("XERO_BRIDGE_TEST_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, names)), None)

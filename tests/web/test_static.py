"""The files that browsers load: what others wrote is as they published it; ours is small and plain."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TypedDict

from tests.support.paths import CHECKOUT

STATIC = CHECKOUT / "static"
TEMPLATES = CHECKOUT / "templates"


class Vendored(TypedDict):
    file: str
    name: str
    version: str
    licence: str
    source: str
    sha256: str


def manifest() -> list[Vendored]:
    found: list[Vendored] = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    return found


def test_vendored_files_are_listed_and_unchanged() -> None:
    files = {path.name for path in (STATIC / "vendor").iterdir()} - {"manifest.json"}
    assert files == {entry["file"] for entry in manifest()}
    for entry in manifest():
        content = (STATIC / "vendor" / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert entry["version"] in entry["file"]
        assert entry["licence"]


def test_templates_have_no_handlers_styles_or_scripts_inside() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", text), path
        assert "javascript:" not in text, path
        assert not re.search(r"<style|\sstyle=", text), path
        assert not re.search(r"<script(?![^>]*src=)", text), path
        assert "|safe" not in text.replace(" ", ""), path


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in [*TEMPLATES.rglob("*.html"), *STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        text = path.read_text()
        assert not re.search(r"""(src|href)=["']https?:""", text), path
        assert "@import" not in text, path
        assert (
            "url(" not in text.replace("url_for(", "").replace("_url(", "").replace(".url(", "")
            or path.suffix == ".html"
        )

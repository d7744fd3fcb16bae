"""What is sent to a side and what comes back, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from xero_bridge.remotes.redact import redact_text, redact_url

T = TypeVar("T")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call. `writes` says that repeating it may do harm (every method but GET, if not told)."""

    method: str = "GET"
    url: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes | None = None
    timeout: float | None = None
    cost: int = 1
    repeatable: bool = False

    @property
    def writes(self) -> bool:
        """Whether an attempt without a clear answer leaves its outcome unknown."""
        return self.method != "GET" and not self.repeatable

    def __repr__(self) -> str:
        """Never shows headers or bodies: they hold secrets."""
        return f"Request({self.method} {redact_url(self.url)})"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it came; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case; empty when none was given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The first 500 characters of the body, secrets starred out."""
        return redact_text(self.body[:8000].decode("utf-8", "replace").strip())

    def decode(self, kind: type[T]) -> T:
        """The body as that type; raises NotJsonError when it is not JSON or has another shape."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotJsonError(self.status, self.content_type, self.text) from error


class NotJsonError(ValueError):
    """An answer that cannot be read as the JSON expected; `text` is its beginning."""

    def __init__(self, status: int, content_type: str, text: str) -> None:
        """Keep what came instead."""
        super().__init__(f"HTTP {status} with {content_type or 'no content type'}: {text[:200]}")
        self.status = status
        self.content_type = content_type
        self.text = text


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the side asks to wait, None when it does not say (neither side sends dates)."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isdigit() else None


def rates(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that tell how many calls are left."""
    return {
        name: value for name, value in headers.items() if name == "retry-after" or "limit" in name
    }

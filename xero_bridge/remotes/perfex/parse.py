"""Bodies of Perfex answers: JSON, JSON behind PHP notices, envelopes, or no JSON at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

#: The first level of a JSON body; what lies deeper is decoded by whoever knows its shape.
Top = dict[str, msgspec.Raw] | list[msgspec.Raw]

_TOP: msgspec.json.Decoder[Top] = msgspec.json.Decoder(Top)
_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BOM = b"\xef\xbb\xbf"
_OPENING = re.compile(rb"[{\[]")
_INSIDE = frozenset({b"[", b"{", b",", b":"})
_INDENT = 200
_MOST_OPENINGS = 50
_TAG = re.compile(r"<[^>]{0,200}>")
_HEAD = 200
_ENVELOPES = frozenset({"status", "success", "message", "data", "meta"})


class NotJsonError(Exception):
    """A body that is not JSON: `shape` says what it is (`empty`, `html`, `cut` or `text`)."""

    def __init__(self, shape: str, head: str) -> None:
        """Keep the shape and the beginning of the body as readable text."""
        super().__init__(shape, head)
        self.shape = shape
        self.head = head


class Meta(msgspec.Struct, frozen=True):
    """Where a page stands in its list; a member that the answer lacks is None."""

    total: int | None = None
    total_pages: int | None = None
    last_page: int | None = None
    has_more: bool | None = None
    per_page: int | None = None

    @property
    def pages(self) -> int | None:
        """How many pages there are, where the answer says it."""
        return self.total_pages if self.total_pages is not None else self.last_page


_META = msgspec.json.Decoder(Meta, strict=False)


def top(body: bytes) -> Top:
    """The first level of a JSON body, with or without PHP output in front; raises NotJsonError."""
    text = body.removeprefix(_BOM).strip()
    if not text:
        raise NotJsonError("empty", "")
    for candidate in _candidates(text):
        try:
            return _TOP.decode(candidate)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    raise NotJsonError(_shape(text), head(text))


def has_junk(body: bytes) -> bool:
    """Whether something other than JSON stands in front of the body."""
    return body.removeprefix(_BOM).lstrip()[:1] not in (b"{", b"[")


def rows(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """The rows of a JSON array, or the values of a JSON object (PHP writes sparse lists so)."""
    if bytes(raw).lstrip()[:1] == b"{":
        return list(_MEMBERS.decode(raw).values())
    return _ROWS.decode(raw)


def unwrap(answer: Top) -> tuple[Top, Meta | None]:
    """Take envelopes off: `{data, meta}` of pages and `{status, data, meta}` of transformers."""
    meta: Meta | None = None
    while isinstance(answer, dict) and "data" in answer and answer.keys() <= _ENVELOPES:
        if "meta" in answer:
            meta = _meta(answer["meta"]) or meta
        inner = bytes(answer["data"]).lstrip()
        if inner[:1] not in (b"{", b"["):
            return [], meta
        answer = _TOP.decode(inner)
    return answer, meta


def _meta(raw: msgspec.Raw) -> Meta | None:
    try:
        return _META.decode(raw)
    except msgspec.DecodeError:
        return None


def value(raw: msgspec.Raw | bytes) -> Any:
    """A JSON value as Python objects; for small parts of answers only."""
    return msgspec.json.decode(raw)


def head(body: bytes) -> str:
    """The beginning of a body as readable text without tags, for messages and logs."""
    text = _TAG.sub(" ", body[: _HEAD * 20].decode("utf-8", "replace"))
    return " ".join(text.split())[:_HEAD]


def _candidates(text: bytes) -> Iterator[bytes]:
    if text[:1] in (b"{", b"["):
        yield text
        return
    for match in islice(_OPENING.finditer(text), _MOST_OPENINGS):
        start = match.start()
        # A bracket inside JSON begins nothing: a cut body must not be taken for its last row.
        if text[max(0, start - _INDENT) : start].rstrip()[-1:] not in _INSIDE:
            yield text[start:]


def _shape(text: bytes) -> str:
    if text[:1] == b"<" or b"<html" in text[:2000].lower():
        return "html"
    return "cut" if text[:1] in (b"{", b"[") else "text"

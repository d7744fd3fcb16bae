"""Text as both sides keep it: Perfex stores HTML entities and line breaks, Xero has limits."""

from __future__ import annotations

import html
import re
import unicodedata

NAME_LIMIT = 255
DESCRIPTION_LIMIT = 4000

_BREAK = re.compile(r"<br\s*/?>(?:\r?\n)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: Xero checks the syntax and takes no letters beyond ASCII.
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TAG = re.compile(r"<[^>]*>|[<>]")
_NOT_COUNTRY = re.compile(r"[^A-Za-z ]+")
_COUNTRY_LIMIT = 50


def clean(text: str) -> str:
    """What a person typed: entities decoded, `<br />` as a new line, no spaces at line ends."""
    if not text:
        return ""
    plain = html.unescape(_BREAK.sub("\n", text)).replace("\r\n", "\n").replace("\xa0", " ")
    lines = _CONTROL.sub("", plain).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def tidy(text: str) -> str:
    """Plain text without spaces around it, its lines ended as everywhere else."""
    return _printable(text.replace("\r\n", "\n") if "\r" in text else text).strip()


def squeeze(text: str) -> str:
    """On one line, with single spaces."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(_printable(line).split())


def _printable(text: str) -> str:
    """Without control characters, which no store and no page can show."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def fold(text: str) -> str:
    """For comparison as Xero compares names: without case, accents and extra spaces."""
    parts = unicodedata.normalize("NFKD", text)
    return squeeze(_without_marks(parts).casefold())


def bare(text: str) -> str:
    """Only letters and digits, folded: tells a likely spelling variant or the same tax number."""
    return "".join(character for character in fold(text) if character.isalnum())


def contact_name(text: str) -> str:
    """A contact's name as Xero takes it: single spaces, no `<` or `>`, at most 255 characters."""
    return squeeze(re.sub(r"[<>]", " ", text))[:NAME_LIMIT].rstrip()


def country_name(text: str) -> str:
    """A country as Xero takes it: letters only, at most 50."""
    parts = unicodedata.normalize("NFKD", text)
    return squeeze(_NOT_COUNTRY.sub(" ", _without_marks(parts)))[:_COUNTRY_LIMIT].rstrip()


def is_email(text: str) -> bool:
    """Whether Xero would take it as an e-mail address."""
    return len(text) <= NAME_LIMIT and bool(_EMAIL.fullmatch(text)) and ".." not in text


def _without_marks(text: str) -> str:
    return "".join(character for character in text if not unicodedata.combining(character))


def perfex_text(text: str, limit: int) -> str:
    """One line as Perfex keeps it: its filter changes tags, its columns cut what is longer.

    An entity that somebody typed in Xero (`&amp;`) would be read back as the sign it stands for.
    """
    return squeeze(_TAG.sub(" ", _legible(text)))[:limit].rstrip()


def perfex_lines(text: str, limit: int) -> str:
    """The same with its line breaks kept."""
    lines = (squeeze(line) for line in _TAG.sub(" ", _legible(text)).split("\n"))
    return "\n".join(line for line in lines if line)[:limit].rstrip()


def _legible(text: str) -> str:
    """The text without entities and control characters, however often they were escaped."""
    while (plain := clean(text)) != text:
        text = plain
    return text

"""Renders the simulator's own pages."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from werkzeug.wrappers import Response

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, *, status: int = 200, **values: object) -> Response:
    """Answer with a page."""
    text = PAGES.get_template(name).render(**values)
    return Response(text, status, content_type="text/html; charset=utf-8")


def _money(value: object) -> str:
    return f"{value:,.2f}"


def _plain(value: object) -> str:
    """Write a figure without the zeros at its end; a typed text stays as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value or "")


def _day(value: date | None) -> str:
    return f"{value:%-d %b %Y}" if value else ""


def _moment(value: datetime) -> str:
    return f"{value:%-d %b %Y %H:%M:%S}"


PAGES.filters.update(money=_money, plain=_plain, day=_day, moment=_moment)

"""What all tables share: who may see them, how values read, and nerves for odd addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView
from markupsafe import Markup
from sqlalchemy.orm import Query

from xero_bridge.web import words
from xero_bridge.web.access import Rank, rank, reachable_ids
from xero_bridge.web.here import person

#: Pages beyond it are asked for by nobody who looks.
_LAST_PAGE = 100_000
_LONGEST_ID = 18


class Guard:
    """Flask-Admin shows everything to everybody unless a view says otherwise."""

    def is_accessible(self) -> bool:
        return rank() >= Rank.VIEWER

    def inaccessible_callback(self, _name: str, **_values: Any) -> ResponseReturnValue:
        if person.is_authenticated:
            abort(403)
        return redirect(url_for("security.login"))


class Start(Guard, AdminIndexView):  # type: ignore[misc]
    """The list of tables."""

    @expose("/")
    def index(self) -> str:
        """What there is to look at."""
        return str(self.render("tables/index.html"))


def _nothing(_view: Any, _value: Any, _name: str) -> str:
    return ""


def _amount(_view: Any, value: Decimal, _name: str) -> Markup:
    return Markup('<span class="num">{}</span>').format(words.money(value))


def _instant(_view: Any, value: datetime, _name: str) -> Markup:
    return words.instant(value)


def _day(_view: Any, value: date, _name: str) -> str:
    return words.day(value)


def _yes_no(_view: Any, value: bool, _name: str) -> str:  # noqa: FBT001
    return "yes" if value else "no"


def _json(_view: Any, value: Any, _name: str) -> str:
    """Counts and details as `kind: 3, verb: 4`, without the look of a program."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_json(None, item, '')}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_json(None, item, "") for item in value)
    return str(value)


FORMATTERS = {
    type(None): _nothing,
    Decimal: _amount,
    datetime: _instant,
    date: _day,
    bool: _yes_no,
    dict: _json,
    list: _json,
}


#: Flask-Admin's types speak for every database at once and forbid what its manual advises.
_View: Any = ModelView


class Table(Guard, _View):  # type: ignore[misc]
    """A table that is looked at; those that can be edited say so and go through the operations."""

    list_template = "tables/list.html"
    details_template = "tables/details.html"
    edit_template = "tables/form.html"
    create_template = "tables/form.html"
    can_view_details = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 200)
    named_filter_urls = True
    column_display_pk = False
    column_type_formatters = FORMATTERS
    column_type_formatters_detail = FORMATTERS
    action_disallowed_list = ("delete",)
    #: What operators may do here: `create`, `edit`, `delete`.
    allows: tuple[str, ...] = ()
    #: The first words of the page: what this table is.
    lede = ""

    @property
    def can_create(self) -> bool:
        return self._allows("create")

    @property
    def can_edit(self) -> bool:
        return self._allows("edit")

    @property
    def can_delete(self) -> bool:
        return self._allows("delete")

    def _allows(self, act: str) -> bool:
        return act in self.allows and rank() >= Rank.OPERATOR

    def _prettify_name(self, name: str) -> str:
        return name.replace("_", " ").capitalize()

    def get_query(self) -> Query[Any]:
        return self._within_reach(super().get_query())

    def get_count_query(self) -> Query[Any]:
        return self._within_reach(super().get_count_query())

    def get_one(self, id: Any) -> Any:
        """A row by its id; None for anything that cannot be the id of a row within reach."""
        text = str(id)
        if not text.isdecimal() or len(text) > _LONGEST_ID:
            return None
        return self.get_query().filter(self.model.id == int(text)).one_or_none()

    def _within_reach(self, query: Query[Any]) -> Query[Any]:
        ids = reachable_ids()
        if ids is None or not hasattr(self.model, "connection_id"):
            return query
        return query.filter(self.model.connection_id.in_(ids))

    def _get_list_extra_args(self) -> Any:
        asked: Any = super()._get_list_extra_args()
        asked.page = min(max(asked.page, 0), _LAST_PAGE)
        return asked

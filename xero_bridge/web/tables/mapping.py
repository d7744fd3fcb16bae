"""Mappings as a table: saving goes the way of the mappings page, so the plan follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_admin.form import BaseForm
from sqlalchemy.orm import Query
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired

from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import connections, mappings
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.shelf import MAPPED, TO_ACCOUNTS
from xero_bridge.store import models
from xero_bridge.web import words
from xero_bridge.web.access import within_reach
from xero_bridge.web.here import by, services, shelf_of
from xero_bridge.web.tables.base import Table
from xero_bridge.web.tables.views import _kind


class MappingForm(BaseForm):
    """What stands in Xero for a value of Perfex."""

    xero_id = SelectField("In Xero", validators=[DataRequired()], choices=[])
    purchase = SelectField("On purchases (taxes only)", choices=[])
    bank_feed = BooleanField("The account has a bank feed (payment modes only)")
    supplier = StringField("Supplier of expenses that name none (expense categories only)")


class NewMappingForm(BaseForm):
    """A value of Perfex that is not mapped yet, and what is to stand for it."""

    value = SelectField("In Perfex", validators=[DataRequired()], choices=[])
    xero_id = SelectField("In Xero", validators=[DataRequired()], choices=[])


def _perfex(_view: Any, _context: Any, row: models.Link, _name: str) -> str:
    labels = g.setdefault("perfex_labels", {})
    name = row.connection.name
    if name not in labels:
        labels[name] = shelf_of(name).perfex_labels()
    return str(labels[name].get((Kind(row.kind), row.perfex_id), row.perfex_id))


def _xero(_view: Any, _context: Any, row: models.Link, _name: str) -> str:
    return shelf_of(row.connection.name).xero_label(Kind(row.kind), row.xero_id)


class MappingTable(Table):
    """Links of the reference kinds."""

    lede = "Which Xero tax, account or currency stands for one of Perfex. The next plan follows."
    allows = ("create", "edit")
    form = MappingForm
    column_list = ("connection.name", "kind", "perfex_id", "xero_id", "by_person")
    column_details_list = column_list
    column_labels = {
        "connection.name": "Connection",
        "perfex_id": "In Perfex",
        "xero_id": "In Xero",
        "by_person": "Set by a person",
    }
    column_searchable_list = ("perfex_id", "xero_id")
    column_filters = ("connection.name", "kind")
    column_select_related_list = (models.Link.connection,)
    column_formatters = {"kind": _kind, "perfex_id": _perfex, "xero_id": _xero}
    column_formatters_detail = column_formatters

    def _within_reach(self, query: Query[Any]) -> Query[Any]:
        kinds = [kind.value for kind in MAPPED]
        return super()._within_reach(query).filter(models.Link.kind.in_(kinds))

    def get_create_form(self) -> type[BaseForm]:
        return NewMappingForm

    def create_form(self, obj: Any = None) -> Any:
        form: Any = super().create_form(obj)
        names = within_reach(view.name for view in connections.views(services()))
        form.value.choices = [pair for name in names for pair in _unmapped(name)]
        form.xero_id.choices = {
            f"{words.kind_words(kind)} of {name}": list(shelf_of(name).choices(kind).items())
            for name in names
            for kind in MAPPED
        }
        return form

    def create_model(self, form: Any) -> bool:
        name, kind, perfex = str(form.value.data).split(":", 2)
        xero = form.xero_id.data
        new = NewMapping(kind=kind, perfex=perfex, sales=xero, account=xero)
        return self._save(form, name, new)

    def edit_form(self, obj: models.Link | None = None) -> Any:
        form: Any = super().edit_form(obj)
        if obj is not None:
            shelf, kind = shelf_of(obj.connection.name), Kind(obj.kind)
            held = shelf.xero_label(kind, obj.xero_id)
            others = {id: label for id, label in shelf.choices(kind).items() if label != held}
            choices = {obj.xero_id: held, **others}
            form.xero_id.choices = list(choices.items())
            of_taxes = choices if kind is Kind.TAX else {}
            form.purchase.choices = [("", "the same"), *of_taxes.items()]
        return form

    def on_form_prefill(self, form: Any, id: Any) -> None:
        row = self.get_one(id)
        roles: Mapping[str, Any] = (row.roles or {}) if row else {}
        form.purchase.data = roles.get("purchase", "")
        form.bank_feed.data = bool(roles.get("bank_feed"))
        form.supplier.data = roles.get("supplier", "")

    def update_model(self, form: Any, model: models.Link) -> bool:
        return self._save(form, model.connection.name, _new(form, model))

    def _save(self, form: Any, name: str, new: NewMapping) -> bool:
        try:
            mappings.set_mapping(services(), name, new, by=by())
        except NotAccepted as error:
            form.xero_id.errors = [*form.xero_id.errors, str(error)]
            return False
        return True


def _unmapped(name: str) -> list[tuple[str, str]]:
    """Values without a mapping: `connection:kind:value` and what Perfex calls them."""
    return [
        (
            f"{name}:{view.kind}:{view.perfex}",
            f"{words.kind_word(view.kind)} {view.perfex_label or view.perfex} of {name}",
        )
        for view in mappings.mapping_views(services(), name)
        if view.state == "unmapped"
    ]


def _new(form: Any, model: models.Link) -> NewMapping:
    xero = form.xero_id.data
    if model.kind in TO_ACCOUNTS:
        return NewMapping(
            kind=model.kind,
            perfex=model.perfex_id,
            account=xero,
            bank_feed=form.bank_feed.data,
            supplier=form.supplier.data or "",
        )
    return NewMapping(
        kind=model.kind, perfex=model.perfex_id, sales=xero, purchase=form.purchase.data or ""
    )

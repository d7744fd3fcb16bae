"""Mappings: which Xero tax, account or currency stands for one of Perfex."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import mappings
from xero_bridge.operations.mappings import MappingView, NewMapping
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.shelf import MAPPED, TO_ACCOUNTS
from xero_bridge.web.here import by, given, services

blueprint = Blueprint("mappings", __name__, url_prefix="/mappings")

_LEDES = {
    Kind.TAX: "A Xero tax needs the same rate. Documents with a tax that is not mapped wait.",
    Kind.PAYMENT_MODE: "Payments of a mode are entered in its account in Xero, and the other way.",
    Kind.EXPENSE_CATEGORY: (
        "Expenses of a category are booked to its account in Xero. One that names no supplier "
        "goes to the category's, else to the contact expense_contact of the settings."
    ),
    Kind.CURRENCY: "Currencies find each other by their codes, where both sides have them.",
}


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """All values of Perfex that can be mapped, with pick lists from Xero."""
    return _page(name, {})


def _page(name: str, problems: dict[tuple[str, str], str]) -> ResponseReturnValue:
    views = mappings.mapping_views(services(), name)
    shown = render_template(
        "mappings.html",
        name=name,
        groups={kind: [view for view in views if view.kind == kind] for kind in MAPPED},
        ledes=_LEDES,
        choices={kind: mappings.choices(services(), name, kind) for kind in MAPPED},
        suggested={
            (each.kind, each.perfex): each.candidates
            for each in mappings.suggestions(services(), name)
        },
        offered=mappings.accounts_without_category(services(), name),
        problems=problems,
        picked=picked,
    )
    return shown, 422 if problems else 200


def picked(view: MappingView, choices: Mapping[str, str]) -> str:
    """The choice that a mapping stands for: one made by an account's code is found by its label."""
    if view.xero in choices:
        return view.xero
    return next((id for id, words in choices.items() if words == view.xero_label), view.xero)


@blueprint.post("/<name>")
def save(name: str) -> ResponseReturnValue:
    """Map one value."""
    kind, perfex = given("kind"), given("perfex")
    try:
        view = mappings.set_mapping(services(), name, _given(kind, perfex), by=by())
    except NotAccepted as error:
        return _page(name, {(kind, perfex): str(error)})
    flash(_told(view), "good")
    return redirect(url_for("mappings.index", name=name))


def _given(kind: str, perfex: str) -> NewMapping:
    if kind in TO_ACCOUNTS:
        return NewMapping(
            kind=kind,
            perfex=perfex,
            account=given("xero"),
            bank_feed=bool(given("bank_feed")),
            supplier=given("supplier"),
        )
    return NewMapping(kind=kind, perfex=perfex, sales=given("xero"), purchase=given("purchase"))


def _told(view: MappingView) -> str:
    return (
        f"{view.perfex_label} is {view.xero_label or view.xero} in Xero. "
        "The next run plans the documents that are not linked yet with it."
    )


@blueprint.post("/<name>/accept")
def accept(name: str) -> ResponseReturnValue:
    """Map every value that has exactly one suggestion."""
    accepted = mappings.accept_suggestions(services(), name, by=by())
    words = "1 value was" if len(accepted) == 1 else f"{len(accepted)} values were"
    flash(f"{words} mapped as suggested.", "good")
    return redirect(url_for("mappings.index", name=name))

"""Every setting of a connection with its meaning; problems stand beside the field."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.operations import settings
from xero_bridge.operations.keys import parsed
from xero_bridge.operations.mappings import account_choices
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.settings import SettingView
from xero_bridge.web.here import by, given, services
from xero_bridge.web.pages.past import past

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

_GROUPS = {
    "Accounts": ("sales_account", "purchase_account", "rounding_account", "discount_account"),
    "Documents": (
        *("start_date", "open_before_start", "invoice_status", "bill_status", "lock_policy"),
        *("void_policy", "rounding_policy", "rounding_limit"),
    ),
    "Expenses": ("expense_as", "expense_contact"),
    "What stops a run": ("guard_max_count", "guard_max_percent", "guard_max_amount"),
    "Pace": ("poll_minutes", "call_reserve", "perfex_hourly"),
    "The Perfex site": ("time_zone", "number_padding", "site_tag"),
}
_FAMILIES = {"direction": "Directions", "births": "New records", "owner": "Whose text holds"}


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """All settings of a connection."""
    return _page(name, {})


@blueprint.post("/<name>")
def save(name: str) -> ResponseReturnValue:
    """Keep what was changed: all of it, or nothing while something is wrong."""
    before = {view.key: view for view in settings.setting_views(services(), name)}
    wanted = {
        key: given(key) for key, view in before.items() if key in request.form and _differs(view)
    }
    problems = _problems(wanted)
    if problems:
        return _page(name, problems)
    try:
        changed = settings.set_settings(services(), name, wanted, by=by())
    except NotAccepted as error:
        return _page(name, {error.field: str(error)})
    if changed:
        flash(f"Saved: {', '.join(changed)}. The next run plans with it.", "good")
    else:
        flash("Nothing was changed.", "good")
    return redirect(url_for("settings.index", name=name))


def _differs(view: SettingView) -> bool:
    """An untouched field holds the value in force; an emptied one returns to the default."""
    text = given(view.key)
    return text != view.value and not (not text and not view.chosen)


def _problems(wanted: dict[str, str]) -> dict[str, str]:
    """Every text that cannot be read, so that one look shows them all."""
    problems: dict[str, str] = {}
    for key, text in wanted.items():
        try:
            parsed(key, text)
        except NotAccepted as error:
            problems[key] = str(error)
    return problems


def _page(name: str, problems: dict[str, str]) -> ResponseReturnValue:
    views = settings.setting_views(services(), name)
    start = next(view.value for view in views if view.key == "start_date")
    shown = render_template(
        "settings.html",
        name=name,
        groups=grouped(views),
        accounts=account_choices(services(), name),
        history=past(name, start),
        start=start,
        problems=problems,
        values=request.form if problems else {},
    )
    return shown, 422 if problems else 200


def grouped(views: list[SettingView]) -> dict[str, list[SettingView]]:
    """Settings under the headings of the page; one without a heading comes last."""
    by_key = {view.key: view for view in views}
    groups = {title: [by_key.pop(key) for key in keys] for title, keys in _GROUPS.items()}
    for view in by_key.values():
        title = _FAMILIES.get(view.key.partition(".")[0], "Further settings")
        groups.setdefault(title, []).append(view)
    return groups

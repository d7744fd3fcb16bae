"""Setting and showing the settings of a connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa

from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.account import Account
from xero_bridge.operations.keys import KEYS, Stored, parsed, setting_key, value_of
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_row, note, reading, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models
from xero_bridge.store.repository import SqlStore


class SettingView(msgspec.Struct, frozen=True, kw_only=True):
    """One setting with its value in force."""

    key: str
    value: str
    #: Chosen by a person; otherwise the value is the default.
    chosen: bool
    default: str
    meaning: str
    accepts: str
    choices: tuple[str, ...] = ()
    is_account: bool = False


def setting_views(services: Services, name: str) -> list[SettingView]:
    """Every setting of a connection, in a fixed order."""
    store = store_of(services, name)
    settings, chosen = store.settings(), _chosen(services, name)
    return [
        SettingView(
            key=key.name,
            value=value_of(settings, key.name),
            chosen=key.name in chosen,
            default=key.default,
            meaning=key.meaning,
            accepts=key.accepts,
            choices=key.choices,
            is_account=key.is_account,
        )
        for key in KEYS.values()
    ]


def _chosen(services: Services, name: str) -> set[str]:
    with reading(services) as session:
        row = connection_row(session, name)
        keys = sa.select(models.Setting.key).where(models.Setting.connection_id == row.id)
        return set(session.scalars(keys))


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """`KEY=VALUE` texts as a mapping; raises `NotAccepted` naming the one that is none."""
    found: dict[str, str] = {}
    for text in texts:
        key, separator, value = text.partition("=")
        if not separator:
            raise NotAccepted(f"{text!r} is not KEY=VALUE, e.g. sales_account=200.")
        found[key.strip()] = value
    return found


def set_settings(
    services: Services, name: str, values: Mapping[str, str], *, by: By
) -> dict[str, tuple[str, str]]:
    """Set these keys (an empty value returns to the default): all of them, or none.

    Returns what changed, key -> (before, after). Records are planned again where it matters. Raises
    `NotAccepted` naming the key.
    """
    store = store_of(services, name)
    before = store.settings()
    wanted = {key: parsed(key, text) for key, text in values.items()}
    for key, value in wanted.items():
        _check(store, key, value)
    now = services.clock.now()
    with store.atomically():
        for key, value in wanted.items():
            store.save_setting(key, value, by=by.name, now=now)
        after = store.settings()
        changed = {
            key: (value_of(before, key), value_of(after, key))
            for key in wanted
            if value_of(before, key) != value_of(after, key)
        }
        _plan_again(store, changed)
    _write_down(services, name, changed, by)
    return changed


def _plan_again(store: SqlStore, changed: Iterable[str]) -> None:
    """Have the records looked at for which a changed key matters.

    What is held stays on the planner's list by itself; linked records follow their direction.
    """
    if any(key.startswith("direction.") for key in changed):
        store.make_all_dirty()
    elif any(not setting_key(key).pacing for key in changed):
        store.make_all_dirty(linked=False)


def _write_down(
    services: Services, name: str, changed: Mapping[str, tuple[str, str]], by: By
) -> None:
    if not changed:
        return
    with writing(services) as session:
        row = connection_row(session, name)
        # What is planned now is looked at soon, also by an idle schedule.
        row.next_run_at = None
        told = {key: f"{was or '-'} -> {now or '-'}" for key, (was, now) in changed.items()}
        note(session, services, by, "settings changed", name, **told)


# --- checks that need the books ------------------------------------------------------------------


def _check(store: SqlStore, key: str, value: Stored | None) -> None:
    if value is None:
        return
    if setting_key(key).is_account:
        check_account(store, key, str(value))
    if key == "site_tag" and value != store.settings().site_tag and _has_links(store):
        raise NotAccepted(
            "site_tag opens the marks that records in Xero already bear: it can only be changed "
            "before "
            "anything is linked.",
            field=key,
        )


def check_account(store: SqlStore, key: str, text: str) -> None:
    """Refuse an account that document lines cannot use; one not read yet is checked by the plan."""
    accounts = accounts_by_name(store)
    if not accounts:
        return
    found = accounts.get(text)
    if found is None:
        raise NotAccepted(
            f"{key}: Xero has no account {text!r}. Take a code or AccountID from its chart of "
            "accounts.",
            field=key,
        )
    trouble = _line_trouble(found)
    if trouble:
        raise NotAccepted(
            f"{key}: the Xero account {found.label} {trouble} Choose an ordinary, active account.",
            field=key,
        )


def accounts_by_name(store: SqlStore) -> dict[str, Account]:
    """Xero's accounts as last read, by code and by AccountID."""
    found: dict[str, Account] = {}
    for mirror in store.mirrors_of(Kind.ACCOUNT, Side.XERO):
        if isinstance(mirror.record, Account) and not mirror.gone:
            found[mirror.key.id] = mirror.record
            if mirror.record.code:
                found[mirror.record.code] = mirror.record
    return found


def _line_trouble(account: Account) -> str:
    if account.closed:
        return "is archived."
    if account.type == "BANK":
        return "is a bank account, which cannot stand on document lines."
    if account.system and account.system != "ROUNDING":
        return "is a system account, which Xero refuses on document lines."
    return ""


def _has_links(store: SqlStore) -> bool:
    carried = (Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT)
    return any(next(iter(store.links_of(kind)), None) for kind in carried)

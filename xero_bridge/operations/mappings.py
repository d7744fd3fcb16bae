"""Mappings: which Xero tax, account or currency stands for one of Perfex."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from xero_bridge.core.record import Link, Roles
from xero_bridge.core.totals import NO_TAX
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.tax import tax_key, taxes_of
from xero_bridge.entities.text import squeeze
from xero_bridge.operations.problems import NotAccepted, unknown
from xero_bridge.operations.rows import connection_row, note, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.operations.shelf import MAPPED, TO_ACCOUNTS, Shelf


class MappingView(msgspec.Struct, frozen=True, kw_only=True):
    """One Perfex value and what stands for it in Xero."""

    kind: str
    perfex: str
    #: TaxType, AccountID or ISO code; empty where nothing is mapped.
    xero: str
    #: `mapped`, `unmapped`, `broken`, or `unchecked` while Xero's list was not read.
    state: str
    #: Lines, documents or payments that use it.
    used: int
    perfex_label: str = ""
    xero_label: str = ""
    #: Tax: the TaxType on purchases.
    purchase: str = ""
    #: Payment mode: the account has a bank feed.
    bank_feed: bool = False
    #: Expense category: the Xero contact of its expenses that name no supplier.
    supplier: str = ""
    by_person: bool = False
    #: What is wrong, in a sentence.
    trouble: str = ""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a Perfex value without a mapping could be mapped to."""

    kind: str
    perfex: str
    perfex_label: str
    #: Ids of Xero and their labels; a single one is unambiguous.
    candidates: dict[str, str]
    used: int


@dataclass(frozen=True, kw_only=True)
class NewMapping:
    """What a person maps; which members count depends on the kind."""

    kind: str
    perfex: str
    #: Tax: TaxType on sales. Currency: its ISO code.
    sales: str = ""
    purchase: str = ""
    #: Payment mode and expense category: code or AccountID.
    account: str = ""
    bank_feed: bool = False
    #: Expense category: name of a Xero contact.
    supplier: str = ""


def mapping_views(services: Services, name: str) -> list[MappingView]:
    """All values of Perfex that can be mapped or are in use, with their mapping."""
    shelf = Shelf(store_of(services, name))
    used, labels = shelf.used(), shelf.perfex_labels()
    keys = sorted({*used, *labels, *shelf.links}, key=lambda key: (MAPPED.index(key[0]), key[1]))
    return [
        _view(shelf, kind, perfex, used[kind, perfex], labels.get((kind, perfex), perfex))
        for kind, perfex in keys
        if perfex
    ]


def _view(shelf: Shelf, kind: Kind, perfex: str, used: int, label: str) -> MappingView:
    link = shelf.links.get((kind, perfex))
    if link is None or not link.xero_id:
        return MappingView(
            kind=kind, perfex=perfex, xero="", state="unmapped", used=used, perfex_label=label
        )
    trouble = shelf.trouble(link)
    return MappingView(
        kind=kind,
        perfex=perfex,
        xero=link.xero_id,
        state="unchecked" if trouble is None else "broken" if trouble else "mapped",
        used=used,
        perfex_label=label,
        xero_label=shelf.xero_label(kind, link.xero_id),
        purchase=link.roles.purchase,
        bank_feed=link.roles.bank_feed,
        supplier=link.roles.supplier,
        by_person=link.by_person,
        trouble=trouble or "",
    )


def set_mapping(services: Services, name: str, new: NewMapping, *, by: By) -> MappingView:
    """Map a Perfex value; records that are not linked yet are planned anew.

    What Xero was not read for is kept unchecked. Raises `NotAccepted` saying what does not fit.
    """
    link = _store_mapping(services, name, new, by)
    views = {(view.kind, view.perfex): view for view in mapping_views(services, name)}
    return views[link.kind, link.perfex_id]


def _store_mapping(services: Services, name: str, new: NewMapping, by: By) -> Link:
    store = store_of(services, name)
    shelf = Shelf(store)
    link = _link(shelf, new)
    _check_known(shelf, link)
    trouble = shelf.trouble(link)
    if trouble:
        raise NotAccepted(f"{new.perfex}: {trouble} Choose another one.", field="xero")
    with store.atomically():
        for old in store.links_of(link.kind):
            if old.perfex_id == link.perfex_id:
                store.drop_link(old)
        store.save_link(link)
        store.make_all_dirty(linked=False)
    with writing(services) as session:
        connection_row(session, name).next_run_at = None
        to = {"kind": new.kind, "perfex": new.perfex, "to": link.xero_id}
        note(session, services, by, "mapped", name, **to)
    return link


def _check_known(shelf: Shelf, link: Link) -> None:
    """Refuse what Perfex does not have: neither in its lists nor in a document."""
    known = {id: label for (kind, id), label in shelf.perfex_labels().items() if kind is link.kind}
    wanted = _parts(link) - known.keys()
    was_read = known.keys() - {NO_TAX}
    if not wanted or not was_read or (link.kind, link.perfex_id) in shelf.used():
        return
    offered = ", ".join(id if id == label else f"{id} ({label})" for id, label in known.items())
    named = str(link.kind).replace("_", " ")
    raise NotAccepted(
        f"Perfex has no {named} {min(wanted)!r}. There are: {offered}.", field="perfex"
    )


def _parts(link: Link) -> set[str]:
    """The single values that a set of taxes is made of."""
    if link.kind is not Kind.TAX or link.perfex_id == NO_TAX:
        return {link.perfex_id}
    return {tax_key([(tax.name, tax.rate)]) for tax in taxes_of(link.perfex_id)}


def _link(shelf: Shelf, new: NewMapping) -> Link:
    kind = _kind(new.kind)
    if kind in TO_ACCOUNTS:
        return _to_account(shelf, kind, new)
    if not new.sales:
        what = "a TaxType of Xero by --sales" if kind is Kind.TAX else "an ISO code by --sales"
        raise NotAccepted(f"A {kind} needs {what}.", field="sales")
    perfex = _tax_key(new.perfex) if kind is Kind.TAX else new.perfex.upper()
    roles = Roles(purchase=new.purchase)
    return Link(kind=kind, perfex_id=perfex, xero_id=new.sales, roles=roles, by_person=True)


def _to_account(shelf: Shelf, kind: Kind, new: NewMapping) -> Link:
    if not new.account:
        raise NotAccepted(
            f"Give the Xero account of the {kind.replace('_', ' ')} by --account: its code or "
            "AccountID.",
            field="account",
        )
    roles = Roles(bank_feed=new.bank_feed)
    if kind is Kind.EXPENSE_CATEGORY:
        roles = Roles(supplier=squeeze(new.supplier))
    account = shelf.account_id(new.account)
    return Link(kind=kind, perfex_id=new.perfex, xero_id=account, roles=roles, by_person=True)


def _kind(text: str) -> Kind:
    names = {kind.value: kind for kind in MAPPED}
    if text not in names:
        raise unknown("kind of mapping", text, names)
    return names[text]


def _tax_key(text: str) -> str:
    try:
        taxes_of(text)
    except ValueError as error:
        raise NotAccepted(str(error), field="perfex") from error
    return text


def suggestions(services: Services, name: str) -> list[Suggestion]:
    """What could be mapped to what, for values without a mapping that are in use or listed."""
    shelf = Shelf(store_of(services, name))
    unmapped = [view for view in mapping_views(services, name) if view.state == "unmapped"]
    found = []
    for view in unmapped:
        kind = Kind(view.kind)
        ids = shelf.suggestions(kind, view.perfex, view.perfex_label)
        if ids:
            suggested = Suggestion(
                kind=view.kind,
                perfex=view.perfex,
                perfex_label=view.perfex_label,
                candidates={id: shelf.xero_label(kind, id) for id in ids},
                used=view.used,
            )
            found.append(suggested)
    return found


def accept_suggestions(services: Services, name: str, *, by: By) -> list[MappingView]:
    """Map every value that has exactly one suggestion."""
    accepted = {
        (link.kind, link.perfex_id)
        for each in suggestions(services, name)
        if len(each.candidates) == 1
        for link in [_store_mapping(services, name, _accepted(each), by)]
    }
    views = mapping_views(services, name)
    return [view for view in views if (view.kind, view.perfex) in accepted]


def _accepted(suggested: Suggestion) -> NewMapping:
    kind, perfex, xero = suggested.kind, suggested.perfex, next(iter(suggested.candidates))
    if kind in TO_ACCOUNTS:
        return NewMapping(kind=kind, perfex=perfex, account=xero)
    return NewMapping(kind=kind, perfex=perfex, sales=xero)


def accounts_without_category(services: Services, name: str) -> dict[str, str]:
    """Xero accounts that expenses could be booked to, had Perfex a category: id -> label.

    Perfex's API makes no categories: one entered there under the account's name maps itself.
    """
    return Shelf(store_of(services, name)).without_category()


def choices(services: Services, name: str, kind: str) -> dict[str, str]:
    """What values of a kind can be mapped to: Xero id -> label."""
    return Shelf(store_of(services, name)).choices(_kind(kind))


def account_choices(services: Services, name: str) -> dict[str, str]:
    """Accounts that may stand on document lines: code (or AccountID) -> label."""
    shelf = Shelf(store_of(services, name))
    return {
        account.code or id: account.label
        for id, account in shelf.accounts.items()
        if not account.closed and account.type != "BANK" and account.system in ("", "ROUNDING")
    }

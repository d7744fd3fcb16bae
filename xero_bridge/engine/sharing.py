"""Contacts of one name: Xero takes no second one, so two Perfex records may share it."""

from __future__ import annotations

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Choice
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Side, Verb
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import make_action, make_question
from xero_bridge.entities.customer import Customer

SHARE = Choice(code="share", label="Use the same contact for both")
_NAME = "name:"


def meets_namesake(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Whether another record of the kind has, or gets in this plan, the contact of this name.

    Then nothing is created: a person is asked whether both share it. The one that was there first
    goes on writing its fields.
    """
    name = _name(entity, mirror)
    if not name:
        return False
    if name in draft.born_keys[entity.kind]:
        draft.wait(mirror, "waits_for_contact", {"label": mirror.record.label})
        return True
    contact = _contacts(draft, entity).get(name)
    links = draft.context.store.links(entity.kind, Side.XERO, [contact.key.id]) if contact else {}
    if contact is None or not links:
        return False
    _ask(draft, entity, mirror, contact, links[contact.key.id])
    return True


def may_share(mirror: Mirror) -> bool:
    """Whether the record may have its contact together with others, if a person says so."""
    return isinstance(mirror.record, Customer) and mirror.key.side is Side.PERFEX


def _contacts(draft: Draft, entity: Entity) -> dict[str, Mirror]:
    """The active contacts by the name under which Xero refuses another one."""
    if entity.kind not in draft.namesakes:
        kind = entity.xero_kind or entity.kind
        draft.namesakes[entity.kind] = {
            _name(entity, mirror): mirror
            for mirror in draft.context.store.mirrors_of(kind, Side.XERO)
            if not (mirror.gone or mirror.record.closed)
        }
    return draft.namesakes[entity.kind]


def _name(entity: Entity, mirror: Mirror) -> str:
    if not isinstance(mirror.record, Customer):
        return ""
    keys = entity.keys(mirror.record, mirror.key.side)
    return next((key for key in keys if key.startswith(_NAME)), "")


def _ask(draft: Draft, entity: Entity, mirror: Mirror, contact: Mirror, link: Link) -> None:
    question = make_question(
        entity.kind,
        "contact_of_namesake",
        mirror,
        choices=(SHARE, LEAVE),
        details={"kind": entity.singular, "contact": contact.record.label, "other": link.perfex_id},
        candidates=(contact,),
        basis=f"{mirror.record.label}|{contact.key}|{link.perfex_id}",
    )
    answer = draft.ask(question, mirror)
    if answer is None:
        return
    if answer.code != SHARE.code:
        draft.leave_out(mirror, "person_excluded")
        return
    draft.books.adopt(entity.kind, mirror.key.id, contact.key.id)
    draft.books.adopt(entity.kind, link.perfex_id, contact.key.id)  # It leads.
    draft.actions.append(
        make_action(entity.kind, Verb.LINK, Side.XERO, "answered", mirror, contact)
    )
    draft.used_answers.append(question.key)

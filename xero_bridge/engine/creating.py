"""Creating a record on the other side: encoded first, with the parents that it needs there."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Encoding, Entity
from xero_bridge.core.errors import ByHand, NotOffered, StaysOut, Waiting
from xero_bridge.core.plan import Choice, Question
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Births, Kind, Side, Verb
from xero_bridge.engine.books import Encoded
from xero_bridge.engine.by_hand import to_enter
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.entering import may_enter
from xero_bridge.engine.making import content_basis, make_action, make_question
from xero_bridge.engine.matching import judged
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused
from xero_bridge.engine.payments import payment_currency, payment_words
from xero_bridge.engine.sharing import meets_namesake
from xero_bridge.engine.twins import twins_of

LINK = Choice(code="link", label="It is this one", takes="record")
CREATE = Choice(code="create", label="Create it on the other side")
ACCEPT = Choice(code="leave", label="Leave it where it is")

_NEEDED = "needed_in_perfex"


def plan_create(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Plan a create on the other side, if it can be written at all; otherwise say why not."""
    target = mirror.key.side.other
    codec = entity.codec(target)
    if codec is None or codec.create is None:
        draft.wait(mirror, "cannot_write", {"side": target.value, "kind": entity.singular})
        return False
    if target is Side.XERO and is_locked(draft, entity, mirror):
        return False
    outcome = _with_parents(draft, entity, mirror)
    if not outcome.ok:
        hold_back(draft, mirror, outcome)
        return False
    if target is Side.XERO and meets_namesake(draft, entity, mirror):
        return False
    if was_refused(draft, mirror, None, outcome.digest):
        return False
    into_perfex = target is Side.PERFEX and entity.kind is Kind.PAYMENT
    if not may_enter(draft, mirror, target) or _shares_a_birth(draft, entity, mirror):
        return False
    draft.books.born.add(mirror.key)
    draft.born_keys[entity.kind].update(entity.keys(mirror.record, mirror.key.side))
    action = make_action(
        entity.kind,
        Verb.CREATE,
        target,
        f"new_in_{mirror.key.side}",
        mirror,
        parents=outcome.parents,
        sends_email=into_perfex,
    )
    if entity.kind is Kind.PAYMENT:
        action = msgspec.structs.replace(
            action,
            label=payment_words(draft, mirror),
            currency=payment_currency(draft, mirror),
            share=draft.shares.get(mirror.key),
        )
    draft.actions.append(action)
    return True


def _shares_a_birth(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Whether this plan makes a record of another kind that may be the same one in Xero."""
    born = draft.born_keys[entity.shares] if entity.shares else set[str]()
    if born.isdisjoint(entity.keys(mirror.record, mirror.key.side)):
        return False
    draft.wait(mirror, "waits_for_contact", {"label": mirror.record.label})
    return True


def _with_parents(draft: Draft, entity: Entity, mirror: Mirror) -> Encoded:
    """The record encoded; a Xero record brings the parent along that Perfex does not have yet."""
    outcome = _encoded(draft, entity, mirror)
    assert outcome is not None
    error = outcome.error
    if mirror.key.side is Side.XERO and isinstance(error, Waiting) and _bring_parent(draft, error):
        outcome = _encoded(draft, entity, mirror)
        assert outcome is not None
    return outcome


def _encoded(draft: Draft, entity: Entity, mirror: Mirror) -> Encoded | None:
    codec = entity.codec(mirror.key.side.other)
    if codec is None or codec.create is None:
        return None
    encoding = Encoding(source=mirror.record, source_id=mirror.key.id)
    return draft.books.try_encode(codec.create, encoding)


def stays_out(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Whether Perfex could not hold the Xero record: then it stays out, with the reason."""
    error = _obstacle(draft, entity, mirror)
    if not isinstance(error, StaysOut):
        return False
    details = {name: str(value) for name, value in error.details.items()}
    draft.leave_out(mirror, error.reason, details)
    return True


def _obstacle(draft: Draft, entity: Entity, mirror: Mirror) -> Exception | None:
    outcome = _encoded(draft, entity, mirror) if mirror.key.side is Side.XERO else None
    return outcome.error if outcome else None


def instead_of_creating(draft: Draft, entity: Entity, mirror: Mirror) -> Question | None:
    """The question about a Xero record that cannot be made in Perfex, or must not be."""
    error = _obstacle(draft, entity, mirror)
    if isinstance(error, ByHand):
        return to_enter(draft, entity, mirror)
    if isinstance(error, NotOffered):
        return make_question(
            entity.kind,
            error.reason,
            mirror,
            choices=(LINK, ACCEPT),
            details=error.details,
            basis=content_basis(mirror),
        )
    return None


def needed_key(key: Key) -> str:
    """The key of the question about a Xero record that another one needs in Perfex."""
    return Question(kind=key.kind, reason=_NEEDED, xero_id=key.id).key


def _bring_parent(draft: Draft, waiting: Waiting) -> bool:
    """Make the customer of a Xero document in Perfex in the same plan, or ask for it.

    True: it is made, so its child can be encoded now.
    """
    key = Key(waiting.kind, Side.XERO, waiting.perfex_id)
    found = draft.context.store.mirrors(key.kind, key.side, [key.id]).get(key.id)
    if key.kind is not Kind.CUSTOMER or key in draft.held_keys:
        return False
    if found is None or found.gone or found.record.closed:
        return False
    entity = draft.entity(key.kind)
    candidates = twins_of(draft, entity, found)
    wanted = draft.books.births(entity, Side.XERO) is Births.CREATE
    if wanted and draft.books.direction(entity).follows(Side.XERO) and not candidates:
        return plan_create(draft, entity, found)
    twins = tuple(twin for twin, _fit in candidates)
    question = make_question(
        entity.kind,
        _NEEDED,
        found,
        choices=(CREATE, LINK, ACCEPT),
        candidates=twins,
        judged=judged(candidates),
        basis=content_basis(found, *twins),
    )
    draft.ask(question, found)
    return False

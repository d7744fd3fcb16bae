"""What must be true at every moment, and what must be true once everything is quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from tests.machine.office import ADOPTED, KINDS, Decision, Office
from tests.machine.people import People
from tests.machine.person import Choose, open_questions, tidy_desk
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Key, Link, Record
from xero_bridge.core.remote import Written
from xero_bridge.core.vocabulary import Kind, RecordState, RunState, Side, Verb
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.memory.sides import Call
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.invoice import Invoice

#: Runs after which everything must have come to rest, most of them ten minutes apart.
_MOST_RUNS = 16
_DAY = timedelta(hours=25)
_STEP = timedelta(minutes=10)
_SETTLED = (RecordState.EXCLUDED, RecordState.QUESTION)
#: Waiting for what only a person or another period brings.
_ABOUT_XERO = ("edited_in_xero", "conflict")
_ACCEPTING = ("leave", "keep_xero", "keep_both", "accept")
_LASTING = ("waits_for_parent", "period_locked")


class BrokenLaw(AssertionError):
    """A promise that the engine did not keep."""


# --- at every moment ---------------------------------------------------------------------------


def check_moment(office: Office, people: People) -> None:
    """The laws that hold whatever happens."""
    office.trace()
    for call in office.log[office.checked :]:
        _check_call(office, call)
    office.checked = len(office.log)
    for (kind, side, ghost), keys in people.live_ghosts().items():
        if len(keys) > 1:
            raise BrokenLaw(f"document {ghost} is on {side} {len(keys)} times as {kind}: {keys}")
    _check_overwritten(office)
    _check_links(office)
    _check_asked(office)


def _check_links(office: Office) -> None:
    """Two records are linked only if they stand for the same document."""
    for kind in KINDS:
        for link in office.store.links_of(kind):
            ghosts = {office.ghosts[Key(kind, side, link.id_on(side))] for side in Side}
            if len(ghosts) > 1:
                pair = f"{link.perfex_id} and {link.xero_id}"
                raise BrokenLaw(f"{kind} {pair} are linked, and are different documents")


def _check_asked(office: Office) -> None:
    """Nobody is asked about an edit in Xero that nobody made."""
    for question in open_questions(office):
        key = Key(question.kind, Side.XERO, question.xero_id or "")
        adopted = any(key in one.shown for one in office.decisions if one.code == ADOPTED)
        if question.reason in _ABOUT_XERO and key not in office.touched and not adopted:
            raise BrokenLaw(f"{question.reason} is asked about {key}, which nobody changed")


def _check_call(office: Office, call: Call) -> None:
    batch = call.batch
    number = office.log.index(call)
    if office.live_since is None or number < office.live_since:
        raise BrokenLaw(f"{batch.verb} {batch.kind} was sent before going live")
    journal = {row.id: row for row in office.store.journal()}
    for member, result in zip(batch.members, call.results, strict=True):
        if batch.verb.journalled and member.journal_id not in journal:
            raise BrokenLaw(f"{batch.verb} {batch.kind} without a journal row")
        if isinstance(result, Written):
            _check_written(office, call, Key(batch.kind, batch.side, result.id), number)
        elif result.reason == "refused_period_locked":
            raise BrokenLaw(f"{batch.verb} {batch.kind} was sent into a locked period")


def _check_written(office: Office, call: Call, key: Key, number: int) -> None:
    if call.batch.verb is not Verb.CREATE:
        return
    agreed = any(at <= number for at, _count in office.receipts)
    if (key.kind, key.side) == (Kind.PAYMENT, Side.PERFEX) and not agreed:
        raise BrokenLaw("a payment went into Perfex without consent to its receipt")
    _check_not_revived(office, key, number)


def _check_not_revived(office: Office, made: Key, number: int) -> None:
    """What was closed on a side is made anew there only because a person said so."""
    ghost = office.ghosts[made]
    closed = [
        key
        for key, held in office.ghosts.items()
        if held == ghost
        and (key.kind, key.side) == (made.kind, made.side)
        and key != made
        and not office.is_live(key)
    ]
    if closed and not any(
        decision.calls <= number and ghost in {office.ghosts.get(key) for key in decision.shown}
        for decision in office.decisions
    ):
        raise BrokenLaw(f"{made} stands for what was closed before: {closed}")


def _check_overwritten(office: Office) -> None:
    """A bookkeeper's edit stays, unless both sides agreed on it or a person gave it up."""
    for key, edit in list(office.edits.items()):
        record = office.record(key)
        calls = [c for c in office.log[edit.calls :] if _updates(c, key)]
        if not calls or record is None or not edit.values:
            continue
        now = ENTITIES[key.kind].facets_of(record, Side.XERO)
        lost = {n for n, value in edit.values.items() if now[n] != value}
        lost -= _agreed(office, key, edit.values) | _given_up(office, key, edit.values)
        if lost:
            raise BrokenLaw(f"a bookkeeper's {sorted(lost)} of {key} was overwritten unasked")
        del office.edits[key]


def _updates(call: Call, key: Key) -> bool:
    batch = call.batch
    ids = {member.target_id for member in batch.members}
    return (batch.kind, batch.side) == (key.kind, key.side) and key.id in ids


def _agreed(office: Office, key: Key, values: dict[str, object]) -> set[str]:
    link = office.links_before.get(key)
    if link is None or link.base_xero is None:
        return set()
    base = ENTITIES[key.kind].facets_of(link.base_xero, Side.XERO)
    return {name for name, value in values.items() if base[name] == value}


def _given_up(office: Office, key: Key, values: dict[str, object]) -> set[str]:
    found: set[str] = set()
    for decision in office.decisions:
        shown = decision.shown.get(key)
        if shown is not None and decision.code in ("keep_perfex", "remove"):
            facets = ENTITIES[key.kind].facets_of(shown, Side.XERO)
            found |= {name for name, value in values.items() if facets[name] == value}
    return found


# --- once everything is quiet ------------------------------------------------------------------


def come_to_rest(office: Office, choose: Choose, people: People) -> int:
    """No faults, time enough, every question answered; returns how many runs it took."""
    office.calm()
    asked: dict[str, int] = {}
    quiet = 0
    for number in range(_MOST_RUNS):
        office.clock.move(_DAY if number in (4, 7) else _STEP)
        before, decided = office.written(), len(office.decisions)
        report = office.sync()
        assert report is not None
        if report.state is RunState.FAILED:
            raise BrokenLaw(f"a quiet run failed: {report.error}")
        tidy_desk(office, choose, asked)
        check_moment(office, people)
        is_still = (before, decided) == (office.written(), len(office.decisions))
        quiet = quiet + 1 if is_still and not office.store.approvals() else 0
        if quiet >= 2 and number > 7:
            return number + 1
    raise BrokenLaw(f"no rest after {_MOST_RUNS} quiet runs: {_restless(office)}")


def _restless(office: Office) -> str:
    plan = office.store.plan(office.last.id) if office.last else None
    actions = [action.key for action in plan.actions] if plan else []
    asked = [question.key for question in open_questions(office)]
    return f"{office.last.state if office.last else ''}, planned {actions}, asked {asked}"


def check_rest(office: Office) -> None:
    """The laws that hold when nothing is left to be done."""
    if office.store.unfinished():
        raise BrokenLaw(f"unexplained writes: {office.store.unfinished()}")
    for kind in KINDS:
        _check_known(office, kind)
        for side in Side:
            for id_ in office.side(side).rows(kind):
                _check_state(office, Key(kind, side, id_))
                _check_record(office, Key(kind, side, id_))
    _check_sums(office)


def _check_known(office: Office, kind: Kind) -> None:
    """Both sides were seen as they are."""
    for side in Side:
        rows = office.side(side).rows(kind)
        mirrors = {m.key.id: m for m in office.store.mirrors_of(kind, side)}
        for id_ in rows:
            key = Key(kind, side, id_)
            if id_ not in mirrors or mirrors[id_].gone or mirrors[id_].record != office.record(key):
                raise BrokenLaw(f"{key} is not known as it is")
        for id_, mirror in mirrors.items():
            if id_ not in rows and not mirror.gone:
                raise BrokenLaw(f"{mirror.key} is gone and nobody noticed")


def _check_record(office: Office, key: Key) -> None:
    """The record is in step, or the bridge says why not."""
    if not office.is_live(key) or _is_said(office, key):
        return
    link = office.link_of(key)
    if link is None:
        raise BrokenLaw(f"{key} stands alone and nothing is said about it")
    other = Key(key.kind, key.side.other, link.id_on(key.side.other))
    if _is_said(office, other):
        return
    if not office.is_live(other):
        if not _is_decided(office, key, other):
            raise BrokenLaw(f"{key} is open, {other} is closed, and nothing is said about it")
    elif key.side is Side.PERFEX:
        _check_pair(office, link, key, other)


def _check_state(office: Office, key: Key) -> None:
    noted = office.store.noted(key)
    if office.is_live(key) and noted.state in (RecordState.PLANNED, RecordState.NEW):
        raise BrokenLaw(f"{key} is shown as {noted.state} ({noted.reason}) though all is done")


def _is_said(office: Office, key: Key) -> bool:
    noted = office.store.noted(key)
    if noted.state is RecordState.WAITING:
        return noted.reason in _LASTING
    return noted.state in _SETTLED


def _check_pair(office: Office, link: Link, perfex: Key, xero: Key) -> None:
    apart = {
        name
        for name in _apart(office, perfex, xero)
        if name not in link.declared and f"accepted:{name}" not in link.declared
    }
    left = {name for name in apart if not _is_decided(office, perfex, xero, name)}
    if left:
        raise BrokenLaw(f"{perfex} and {xero} differ in {sorted(left)} and nothing is said")


def _apart(office: Office, perfex: Key, xero: Key) -> set[str]:
    """The facets in which a pair differs, after encoding to Xero."""
    entity = ENTITIES[perfex.kind]
    ours, theirs = office.record(perfex), office.record(xero)
    assert ours is not None
    assert theirs is not None
    assert entity.shown_on_xero is not None
    try:
        shown = entity.shown_on_xero(ours, _books(office))
    except (Held, Waiting) as error:
        raise BrokenLaw(f"{perfex} cannot be encoded and nothing is said: {error}") from error
    held = entity.facets_of(theirs, Side.XERO)
    return {name for name, value in shown.items() if name in held and held[name] != value}


def _books(office: Office) -> LedgerBooks:
    assert office.context is not None
    return LedgerBooks(office.context)


def _is_decided(office: Office, perfex: Key, xero: Key, facet: str = "") -> bool:
    """A person accepted the difference, and neither side has moved since."""
    return any(_covers(office, one, (perfex, xero), facet) for one in office.decisions)


def _covers(office: Office, decision: Decision, pair: tuple[Key, Key], facet: str) -> bool:
    if decision.code not in (*_ACCEPTING, ADOPTED):
        return False
    return all(
        key in decision.shown and _is_as(office, key, decision.shown[key], facet) for key in pair
    )


def _is_as(office: Office, key: Key, shown: Record, facet: str) -> bool:
    now = office.record(key)
    if now is None:
        return True
    facets = ENTITIES[key.kind].facets
    # Recoding and paying are no edits of what both sides compare.
    names = [facet] if facet else [name for name, one in facets.items() if Side.PERFEX in one.held]
    return all(facets[name].get(now) == facets[name].get(shown) for name in names)


def _check_sums(office: Office) -> None:
    """Totals of linked open invoices agree per currency, where nothing is said about them."""
    sums: dict[str, Decimal] = {}
    for ours, theirs in _open_pairs(office):
        apart = Decimal() if ours.closed or theirs.closed else ours.total - theirs.total
        sums[ours.currency] = sums.get(ours.currency, Decimal()) + apart
    off = {currency: amount for currency, amount in sums.items() if amount}
    if off:
        raise BrokenLaw(f"the open documents of both sides are apart by {off}")


def _open_pairs(office: Office) -> Iterator[tuple[Invoice, Invoice]]:
    for link in office.store.links_of(Kind.INVOICE):
        perfex, xero = (Key(Kind.INVOICE, side, link.id_on(side)) for side in Side)
        ours, theirs = office.record(perfex), office.record(xero)
        accepted = "accepted:total" in link.declared or _is_decided(office, perfex, xero)
        if accepted or any(_is_said(office, key) for key in (perfex, xero)):
            continue
        if isinstance(ours, Invoice) and isinstance(theirs, Invoice):
            yield ours, theirs

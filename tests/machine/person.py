"""The person at the dashboard: answers truthfully, consents, and never knows more than is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.machine.office import Decision, Office
from xero_bridge.core.plan import Answer, Approval, Question
from xero_bridge.core.record import Key, Record
from xero_bridge.core.vocabulary import Side

Reply = tuple[str, str]
Choose = Callable[[Sequence[Reply]], Reply]

#: Answers that end a question, where another one would come up again and again.
FINAL = ("leave", "keep_xero", "keep_both", "accept", "link", "separate")


def open_questions(office: Office) -> list[Question]:
    answers = office.store.answers()
    asked = office.store.asked().items()
    return [question for key, question in asked if key not in answers]


def keys_of(question: Question) -> list[Key]:
    ids = {Side.PERFEX: question.perfex_id, Side.XERO: question.xero_id}
    return [Key(question.kind, side, id_) for side, id_ in ids.items() if id_]


def replies(office: Office, question: Question) -> list[Reply]:
    """What a person who knows the truth may answer."""
    return [
        reply for choice in question.choices for reply in _honest(office, question, choice.code)
    ]


def _honest(office: Office, question: Question, code: str) -> Iterator[Reply]:
    known = [key for key in keys_of(question) if key in office.ghosts]
    match code:
        case "map":
            return
        case "link":
            for key in known[:1]:
                free = (twin for twin in office.twins(key) if office.link_of(twin) is None)
                yield from (("link", twin.id) for twin in free)
        case "create" | "absent":
            if known and not office.twins(known[0]):
                yield code, ""
        case "take_over":
            if known and set(office.twins(known[0])) & set(question.candidates):
                yield code, ""
        case "separate":
            if not _same_money(office, question):
                yield code, ""
        case _:
            yield code, ""


def _same_money(office: Office, question: Question) -> bool:
    """Whether a document is among the candidates of both sides."""
    by_side = {
        side: {office.ghosts[key] for key in question.candidates if key.side is side}
        for side in Side
    }
    return bool(by_side[Side.PERFEX] & by_side[Side.XERO])


def answer(office: Office, question: Question, reply: Reply) -> bool:
    """Give the answer; what the person saw then is remembered."""
    code, value = reply
    given = Answer(
        question=question.key,
        code=code,
        value=value,
        basis=question.basis,
        by="Ann",
        at=office.clock.now(),
    )
    with office.store.atomically():
        taken = office.store.save_answer(given)
    if taken:
        office.decisions.append(
            Decision(code=code, shown=_shown(office, question), calls=office.written())
        )
    return taken


def _shown(office: Office, question: Question) -> dict[Key, Record]:
    keys = [*keys_of(question), *question.candidates]
    mirrors = (
        mirror
        for key in keys
        for mirror in office.store.mirrors(key.kind, key.side, [key.id]).values()
    )
    return {mirror.key: mirror.record for mirror in mirrors}


def approve(office: Office, guard: str) -> None:
    """Consent to what a guard stopped."""
    stop = next(stop for stop in office.store.stops() if stop.guard == guard)
    assert not stop.final, stop
    consent = Approval(
        guard=guard, count=stop.count, amount=stop.amount, by="Ann", at=office.clock.now()
    )
    with office.store.atomically():
        office.store.approve(consent)
    if guard == "receipts":
        office.receipts.append((office.written(), stop.count))


def tidy_desk(office: Office, choose: Choose, asked: dict[str, int]) -> None:
    """Answer and consent to everything; what was asked before is settled for good."""
    for question in open_questions(office):
        options = replies(office, question)
        asked[question.key] = asked.get(question.key, 0) + 1
        if asked[question.key] > 1:
            options = [reply for reply in options if reply[0] in FINAL] or options
        if options:
            answer(office, question, choose(options))
    for stop in office.store.stops():
        approve(office, stop.guard)

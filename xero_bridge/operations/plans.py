"""Plans as a person looks at them, and the consent to what a guard stopped."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from xero_bridge.core.plan import Action, Approval, Cost, GuardStop, Hold, Plan, Question
from xero_bridge.core.reasons import advice, headline, sentence
from xero_bridge.core.vocabulary import Kind, Verb
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.problems import NotAccepted, unknown
from xero_bridge.operations.rows import connection_row, note, reading, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan would do with one kind on one side."""

    kind: str
    verb: str
    side: str
    #: `12 invoices`.
    words: str
    count: int
    #: Currency -> sum of the documents.
    money: dict[str, Decimal]
    actions: tuple[Action, ...]


class StopView(msgspec.Struct, frozen=True, kw_only=True):
    """A guard stop in words."""

    guard: str
    text: str
    advice: str
    count: int
    amount: Decimal
    #: A word that has to be typed with the consent; empty: a click is enough.
    typed: str
    #: It cannot be consented to, only mended.
    final: bool


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest plan of a connection."""

    connection: str
    run: int
    made_at: datetime
    #: The run that made it wrote nothing.
    dry: bool
    groups: tuple[Group, ...]
    questions: tuple[Question, ...]
    held: tuple[Hold, ...]
    excluded: tuple[Hold, ...]
    stops: tuple[StopView, ...]
    cost: Cost
    live: bool

    @property
    def count(self) -> int:
        """Actions in all."""
        return sum(group.count for group in self.groups)


def newest(services: Services, name: str) -> PlanView | None:
    """The newest plan, None before the first; raises `NotAccepted` for an unknown connection."""
    with reading(services) as session:
        row = connection_row(session, name)
        found = session.execute(
            sa.select(models.Run.id, models.Run.plan, models.Run.dry)
            .where(models.Run.connection_id == row.id, models.Run.plan.is_not(None))
            .order_by(models.Run.id.desc())
            .limit(1)
        ).first()
    if found is None:
        return None
    plan = msgspec.json.decode(found.plan, type=Plan)
    return PlanView(
        connection=name,
        run=found.id,
        made_at=plan.made_at,
        dry=found.dry,
        groups=groups(plan),
        questions=plan.questions,
        held=plan.held,
        excluded=plan.excluded,
        stops=stops(services, name),
        cost=plan.cost,
        live=row.live,
    )


def groups(plan: Plan) -> tuple[Group, ...]:
    """A plan's actions by kind, verb and side, in the order in which they would be carried out."""
    sorted_in: dict[tuple[Kind, Verb, str], list[Action]] = {}
    for action in plan.actions:
        sorted_in.setdefault((action.kind, action.verb, action.side.value), []).append(action)
    return tuple(
        Group(
            kind=kind,
            verb=verb,
            side=side,
            words=counted(kind, len(actions)),
            count=len(actions),
            money=_money(actions),
            actions=tuple(actions),
        )
        for (kind, verb, side), actions in sorted_in.items()
    )


def counted(kind: Kind, count: int) -> str:
    """`1 invoice`, `12 invoices`."""
    entity = ENTITIES[kind]
    return f"{count:,} {entity.singular if count == 1 else entity.plural}"


def _money(actions: list[Action]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for action in actions:
        if action.amount is not None:
            sums[action.currency] = sums.get(action.currency, Decimal()) + action.amount
    return sums


def why(action: Action) -> str:
    """Why an action is planned, in a sentence."""
    return headline(action.reason, {"label": action.label})


# --- guards --------------------------------------------------------------------------------------


def stops(services: Services, name: str) -> tuple[StopView, ...]:
    """What waits for a person's consent before anything is written."""
    return tuple(_stop_view(stop) for stop in store_of(services, name).stops())


def _stop_view(stop: GuardStop) -> StopView:
    return StopView(
        guard=stop.guard,
        text=headline(stop.guard, stop.details),
        advice=advice(stop.guard, stop.details),
        count=stop.count,
        amount=stop.amount,
        typed=stop.typed,
        final=stop.final,
    )


def approve(services: Services, name: str, guard: str, *, typed: str = "", by: By) -> StopView:
    """Consent to what a guard stopped: to the same or less, for one run. Raises `NotAccepted`."""
    store = store_of(services, name)
    found = {stop.guard: stop for stop in store.stops()}
    if guard not in found:
        raise unknown("guard stop", guard, found)
    stop = found[guard]
    if stop.final:
        raise NotAccepted(f"This cannot be consented to. {sentence(guard, stop.details)}")
    if stop.typed and typed.strip().upper() != stop.typed:
        raise NotAccepted(
            f"{headline(guard, stop.details)} To go on, type {stop.typed}.", field="typed"
        )
    now = services.clock.now()
    approval = Approval(guard=guard, count=stop.count, amount=stop.amount, by=by.name, at=now)
    with store.atomically():
        store.approve(approval)
    with writing(services) as session:
        connection_row(session, name).next_run_at = None
        note(session, services, by, "approved", name, guard=guard, count=stop.count)
    return _stop_view(stop)

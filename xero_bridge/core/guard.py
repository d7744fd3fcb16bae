"""Guards: checks of a whole plan that can stop a run before it writes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xero_bridge.core.plan import Action, Approval, GuardStop, Plan
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side, Verb

#: With fewer linked records than this, "every record changed" says nothing.
FEW = 5
#: More receipts than this need a yes each time, not only the first.
MANY_RECEIPTS = 5


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What guards know beside the plan."""

    settings: Settings
    #: Linked records per kind.
    linked: Mapping[Kind, int] = field(default_factory=dict)
    #: Settings or mappings were changed since the last applied plan.
    settings_changed: bool = False
    #: The person has consented to receipts once before.
    receipts_known: bool = False
    #: Perfex payments of the plan that are dated before the connection went live.
    before_go_live: int = 0


def check(plan: Plan, around: Surroundings) -> tuple[GuardStop, ...]:
    """All stops for this plan, the gravest first."""
    stops = (
        _too_many_removed(plan, around),
        _too_many_changed(plan, around),
        _everything_changed(plan, around),
        _too_much_money(plan, around),
        _old_payments(plan, around),
        _receipts(plan, around),
    )
    return tuple(stop for stop in stops if stop)


def unapproved(stops: Sequence[GuardStop], approvals: Sequence[Approval]) -> tuple[GuardStop, ...]:
    """The stops that no consent covers."""
    return tuple(stop for stop in stops if not any(approval.covers(stop) for approval in approvals))


def _stop(
    guard: str, actions: Sequence[Action], *, typed: str = "", **details: object
) -> GuardStop:
    return GuardStop(
        guard=guard,
        details={name: str(value) for name, value in details.items()},
        count=len(actions),
        amount=_money(actions),
        typed=typed,
    )


def _money(actions: Sequence[Action]) -> Decimal:
    """Sum of absolute amounts, whatever the currency: a guard needs a size, not a balance."""
    return sum((abs(action.amount) for action in actions if action.amount), Decimal(0))


def _beyond(count: int, kind_total: int, settings: Settings) -> bool:
    return count > settings.guard_max_count and count * 100 > settings.guard_max_percent * max(
        kind_total, 1
    )


def _too_many_removed(plan: Plan, around: Surroundings) -> GuardStop | None:
    removed = [action for action in plan.actions if action.verb in (Verb.VOID, Verb.DELETE)]
    total = sum(around.linked.get(kind, 0) for kind in {action.kind for action in removed})
    if not _beyond(len(removed), total, around.settings):
        return None
    return _stop("too_many_removed", removed, typed="REMOVE", count=len(removed), of=total)


def _too_many_changed(plan: Plan, around: Surroundings) -> GuardStop | None:
    changed = [action for action in plan.actions if action.verb is Verb.UPDATE]
    total = sum(around.linked.get(kind, 0) for kind in {action.kind for action in changed})
    if not _beyond(len(changed), total, around.settings):
        return None
    return _stop("too_many_changed", changed, count=len(changed), of=total)


def _everything_changed(plan: Plan, around: Surroundings) -> GuardStop | None:
    for kind, total in around.linked.items():
        changed = [a for a in plan.actions if a.kind is kind and a.verb is Verb.UPDATE]
        if total >= FEW and len(changed) >= total:
            cause = "settings" if around.settings_changed else "unknown"
            return _stop("everything_changed", changed, kind=kind.value, count=total, cause=cause)
    return None


def _too_much_money(plan: Plan, around: Surroundings) -> GuardStop | None:
    """Updates, voids and deletes that move more money than the person set; births were approved."""
    moving = [
        action
        for action in plan.writes
        if action.verb is not Verb.CREATE and action.amount is not None
    ]
    if _money(moving) <= around.settings.guard_max_amount:
        return None
    return _stop(
        "too_much_money", moving, amount=_money(moving), limit=around.settings.guard_max_amount
    )


def _perfex_payments(plan: Plan) -> list[Action]:
    return [
        action
        for action in plan.actions
        if action.kind is Kind.PAYMENT and action.verb is Verb.CREATE and action.side is Side.PERFEX
    ]


def _receipts(plan: Plan, around: Surroundings) -> GuardStop | None:
    """Perfex e-mails a receipt for every payment posted by its API: a person says yes first."""
    payments = _perfex_payments(plan)
    if not payments or (around.receipts_known and len(payments) <= MANY_RECEIPTS):
        return None
    return _stop(
        "receipts", payments, count=len(payments), labels=", ".join(a.label for a in payments[:5])
    )


def _old_payments(plan: Plan, around: Surroundings) -> GuardStop | None:
    if not around.before_go_live:
        return None
    return _stop(
        "payments_before_go_live", _perfex_payments(plan), typed="POST", count=around.before_go_live
    )

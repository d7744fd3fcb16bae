"""Three-way merge per facet: each side is compared with its own base, never with the other side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xero_bridge.core.entity import Entity, Facet, Owner
from xero_bridge.core.vocabulary import Direction, Side

Facets = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merge asks for, facet by facet."""

    to_xero: frozenset[str] = frozenset()
    to_perfex: frozenset[str] = frozenset()
    #: Both sides changed it differently and nobody but a person may choose.
    conflicts: frozenset[str] = frozenset()
    #: Changed on a side whose changes are not carried over (or cannot be written on the other).
    unfollowed: frozenset[str] = frozenset()
    #: Changed, but nothing has to be written: both bases move on.
    adopted: frozenset[str] = frozenset()

    @property
    def quiet(self) -> bool:
        """Neither side moved."""
        return not (
            self.to_xero or self.to_perfex or self.conflicts or self.unfollowed or self.adopted
        )

    @property
    def asks(self) -> frozenset[str]:
        """The facets that need a person."""
        return self.conflicts | self.unfollowed


def moved(now: Facets, base: Facets) -> frozenset[str]:
    """The facets that differ from the base; one that the base does not know has not moved."""
    return frozenset(name for name, value in now.items() if name in base and value != base[name])


def merge(
    entity: Entity,
    direction: Direction,
    born_on: Side,
    moved_on: Mapping[Side, frozenset[str]],
    same: Callable[[str], bool],
    begun: Callable[[str], bool] = lambda _facet: False,
    owner: Owner = Owner.BIRTH,
) -> Merged:
    """Decide every facet that moved.

    `same(facet)`: whether both sides now show the same value; `begun(facet)`: whether Xero shows a
    part of what Perfex shows, and the rest may follow; `owner`: who wins what belongs to the side
    of birth unless a person chose otherwise.
    """
    fates: dict[str, set[str]] = {}
    moved_on = _followers(entity, moved_on)
    for name in moved_on[Side.PERFEX] | moved_on[Side.XERO]:
        sides = [side for side in Side if name in moved_on[side]]
        facet = entity.facets[name]
        if same(name):
            fate = "adopted"
        elif len(sides) == 1:
            fate = _one_moved(facet, direction, sides[0])
        elif direction.follows(Side.PERFEX) and begun(name):
            fate = "to_xero"
        else:
            fate = _both_moved(facet, direction, born_on, owner)
        fates.setdefault(fate, set()).add(name)
    return Merged(**{fate: frozenset(names) for fate, names in fates.items()})


def _followers(
    entity: Entity, moved_on: Mapping[Side, frozenset[str]]
) -> Mapping[Side, frozenset[str]]:
    """What comes of other facets moved where they did: a total goes wherever its lines go."""
    led = {name: facet.follows for name, facet in entity.facets.items() if facet.follows}
    told = moved_on[Side.PERFEX] | moved_on[Side.XERO]
    following = {name: leader for name, leader in led.items() if told >= {name, leader}}
    return {
        side: (names - following.keys())
        | {name for name, leader in following.items() if leader in names}
        for side, names in moved_on.items()
    }


def _one_moved(facet: Facet, direction: Direction, side: Side) -> str:
    """One side moved: carry it over, or ask; adopt what the other side neither shows nor takes."""
    target = side.other
    if target not in facet.held | facet.written:
        return "adopted"
    if side in facet.followed and direction is not Direction.OFF:
        return _to(target)
    if direction.follows(side) and target in facet.written:
        return _to(target)
    return "unfollowed"


def _both_moved(facet: Facet, direction: Direction, born_on: Side, owner: Owner) -> str:
    """Both moved apart: money, tax, dates, status, numbers are never chosen without a person."""
    chosen = owner if facet.owner is Owner.BIRTH else facet.owner
    if facet.sensitive or chosen is Owner.ASK:
        return "conflicts"
    winner = born_on if chosen is Owner.BIRTH else Side(chosen.value)
    loser = winner.other
    # A change on a side that is not followed is never overwritten, not even by a later one.
    if direction is Direction.TWO_WAY and loser in facet.written:
        return _to(loser)
    return "conflicts"


def _to(side: Side) -> str:
    return "to_xero" if side is Side.XERO else "to_perfex"

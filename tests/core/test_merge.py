"""Merge: every side against its own base, field by field; nobody's edit is overwritten unasked."""

from collections.abc import Mapping
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_bridge.core.entity import Entity, Facet, Owner
from xero_bridge.core.merge import Merged, merge, moved
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Direction, Kind, Side

_SIDES = frozenset(Side)
#: A text, an amount, a bookkeeper's coding, what nobody owns, and what Perfex's API cannot write.
FACETS = {
    "text": Facet(get=itemgetter("text"), owner=Owner.BIRTH, written=_SIDES),
    "total": Facet(get=itemgetter("total"), owner=Owner.BIRTH, sensitive=True, written=_SIDES),
    "coding": Facet(get=itemgetter("coding"), owner=Owner.XERO, written=_SIDES),
    "plain": Facet(get=itemgetter("plain"), written=_SIDES),
    "fixed": Facet(get=itemgetter("fixed"), owner=Owner.BIRTH),
}
ENTITY = Entity(
    kind=Kind.INVOICE,
    record=Record,
    singular="thing",
    plural="things",
    facets=FACETS,
    perfex=None,
    xero=None,
    direction=Direction.TWO_WAY,
)
VALUES = st.fixed_dictionaries(dict.fromkeys(FACETS, st.sampled_from("abc")))
Values = Mapping[str, str]


def merged(
    base: Values,
    perfex: Values,
    xero: Values,
    *,
    direction: Direction = Direction.TWO_WAY,
    born_on: Side = Side.PERFEX,
    owner: Owner = Owner.BIRTH,
) -> Merged:
    moved_on = {Side.PERFEX: moved(perfex, base), Side.XERO: moved(xero, base)}
    return merge(
        ENTITY, direction, born_on, moved_on, lambda name: perfex[name] == xero[name], owner=owner
    )


EVERYTHING = {
    "base": VALUES,
    "perfex": VALUES,
    "xero": VALUES,
    "direction": st.sampled_from(Direction),
    "born_on": st.sampled_from(Side),
    "owner": st.sampled_from(Owner),
}


@given(**EVERYTHING)
def test_every_facet_that_moved_has_exactly_one_fate(
    base: Values, perfex: Values, xero: Values, direction: Direction, born_on: Side, owner: Owner
) -> None:
    found = merged(base, perfex, xero, direction=direction, born_on=born_on, owner=owner)
    fates = (found.to_xero, found.to_perfex, found.conflicts, found.unfollowed, found.adopted)
    assert sum(map(len, fates)) == len(frozenset().union(*fates))
    assert frozenset().union(*fates) == moved(perfex, base) | moved(xero, base)
    assert found.quiet == (perfex == xero == base)


@given(**EVERYTHING)
def test_nobodys_edit_is_overwritten_unless_a_person_gave_the_other_side_the_last_word(
    base: Values, perfex: Values, xero: Values, direction: Direction, born_on: Side, owner: Owner
) -> None:
    found = merged(base, perfex, xero, direction=direction, born_on=born_on, owner=owner)
    lost = {
        Side.PERFEX: found.to_perfex & moved(perfex, base),
        Side.XERO: found.to_xero & moved(xero, base),
    }
    for side, names in lost.items():
        for name in names:
            facet = FACETS[name]
            winner = owner if facet.owner is Owner.BIRTH else facet.owner
            assert not facet.sensitive
            assert direction is Direction.TWO_WAY
            assert winner in (Owner(side.other.value), Owner.BIRTH)
            assert winner is not Owner.BIRTH or born_on is side.other


@given(**EVERYTHING)
def test_only_what_a_direction_follows_is_written_and_only_where_it_can_be(
    base: Values, perfex: Values, xero: Values, direction: Direction, born_on: Side, owner: Owner
) -> None:
    found = merged(base, perfex, xero, direction=direction, born_on=born_on, owner=owner)
    assert not found.to_xero or direction.follows(Side.PERFEX)
    assert not found.to_perfex or direction.follows(Side.XERO)
    assert "fixed" not in found.to_perfex


@given(base=VALUES, now=VALUES)
def test_both_sides_changed_to_the_same_value_is_no_conflict(base: Values, now: Values) -> None:
    found = merged(base, now, now)
    assert (found.asks, found.to_xero, found.to_perfex) == (frozenset(),) * 3
    assert found.adopted == moved(now, base)


BASE, HERE, THERE = (dict.fromkeys(FACETS, value) for value in ("base", "here", "there"))


@pytest.mark.parametrize(
    ("owner", "born_on", "fate"),
    [
        (Owner.BIRTH, Side.PERFEX, "to_xero"),
        (Owner.BIRTH, Side.XERO, "to_perfex"),
        (Owner.PERFEX, Side.XERO, "to_xero"),
        (Owner.XERO, Side.PERFEX, "to_perfex"),
        (Owner.ASK, Side.PERFEX, "conflicts"),
    ],
)
def test_a_text_changed_on_both_sides_goes_to_whom_the_policy_of_the_kind_names(
    owner: Owner, born_on: Side, fate: str
) -> None:
    found = merged(BASE, HERE, THERE, owner=owner, born_on=born_on)
    assert "text" in getattr(found, fate)
    assert {"total", "plain"} <= found.conflicts
    assert "coding" in found.to_perfex

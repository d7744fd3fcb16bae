"""The newest proof of each connection, kept while nothing changes that it rests on."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from xero_bridge.core.proof import Proof
from xero_bridge.engine.stored import prover_of
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.rows import connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store import queries
from xero_bridge.store.repository import SqlStore

#: Connections whose proof is kept: looking at its months and customers takes no time then.
_MOST = 8
_kept: OrderedDict[tuple[str, int], tuple[str, Proof]] = OrderedDict()
_lock = Lock()


def proof_of(services: Services, store: SqlStore) -> Proof | None:
    """The proof of a connection as its memory is now; None while a side was never read."""
    with reading(services) as session:
        number = connection_row(session, store.connection).id
    place = (str(services.database.engine.url), number)
    stamp = queries.stamp(services.database, number)
    known = _look_up(place, stamp)
    if known is not None:
        return known
    prover = prover_of(store, ENTITIES)
    if prover is None:
        return None
    proof = prover.prove()
    _keep(place, stamp, proof)
    return proof


def _look_up(place: tuple[str, int], stamp: str) -> Proof | None:
    with _lock:
        known = _kept.get(place)
        return known[1] if known and known[0] == stamp else None


def _keep(place: tuple[str, int], stamp: str, proof: Proof) -> None:
    with _lock:
        _kept[place] = (stamp, proof)
        _kept.move_to_end(place)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)

"""One run per connection at a time, over threads and processes."""

import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests.store.clocks import Hands
from tests.store.samples import add_connection, address_of
from xero_bridge.core.errors import LeaseLost
from xero_bridge.core.ports import Lease
from xero_bridge.store import models
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.lease import RunLease, claim_run, is_gone
from xero_bridge.store.vault import Vault, make_key


@pytest.fixture
def acme(database: Database) -> int:
    return add_connection(database)


def claim(database: Database, connection_id: int, clock: Hands) -> RunLease:
    lease = claim_run(database, connection_id, clock)
    assert lease is not None
    return lease


def set_owner(database: Database, owner: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.update(models.RunLease).values(owner=owner))


def test_a_second_run_of_a_connection_finds_it_taken(database: Database, acme: int) -> None:
    other = add_connection(database, "other")
    clock = Hands()
    lease: Lease = claim(database, acme, clock)
    assert claim_run(database, acme, clock) is None
    assert claim_run(database, other, clock) is not None
    lease.check()


def test_a_claim_given_back_is_free_at_once_under_the_next_fence(
    database: Database, acme: int
) -> None:
    first = claim(database, acme, Hands())
    first.release()
    second = claim(database, acme, Hands())
    assert (first.fence, second.fence) == (1, 2)
    with pytest.raises(LeaseLost):
        first.check()


def test_giving_back_a_lost_claim_leaves_the_new_owner_alone(database: Database, acme: int) -> None:
    clock = Hands()
    first = claim(database, acme, clock)
    clock.move(seconds=61)
    second = claim(database, acme, clock)
    first.release()
    second.check()
    assert claim_run(database, acme, clock) is None


def test_a_claim_that_is_renewed_outlives_a_minute(database: Database, acme: int) -> None:
    clock = Hands()
    lease = claim(database, acme, clock)
    for _ in range(3):
        clock.move(seconds=50)
        lease.check()
    assert claim_run(database, acme, clock) is None


def test_a_silent_owner_elsewhere_is_taken_over_after_a_minute(
    database: Database, acme: int
) -> None:
    clock = Hands()
    lease = claim(database, acme, clock)
    set_owner(database, "elsewhere:1:1:abc")
    clock.move(seconds=60)
    assert claim_run(database, acme, clock) is None
    clock.move(seconds=1)
    assert claim(database, acme, clock).fence == lease.fence + 1


def test_who_lost_the_claim_sends_nothing_more(database: Database, acme: int) -> None:
    clock = Hands()
    first = claim(database, acme, clock)
    clock.move(seconds=61)
    claim(database, acme, clock)
    with pytest.raises(LeaseLost, match="took this run over"):
        first.check()


def _claim_and_vanish(url: str, connection_id: int) -> None:
    """What a process does that is killed in the middle of its run."""
    engine = open_engine(url, Vault([make_key()]))
    assert claim_run(Database(engine), connection_id, Hands()) is not None


def test_a_run_whose_process_is_gone_is_taken_over_at_once(database: Database, acme: int) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_claim_and_vanish, args=(address_of(database), acme)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert claim(database, acme, Hands()).fence == 2


def test_a_number_that_now_belongs_to_another_process_is_no_sign_of_life(
    database: Database, acme: int
) -> None:
    lease = claim(database, acme, Hands())
    assert not is_gone(lease.owner)
    host, number, start, token = lease.owner.split(":")
    assert is_gone(f"{host}:{number}:{int(start) + 1}:{token}")
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert is_gone(f"{host}:{child.pid}:{start}:{token}")
    assert not is_gone(f"elsewhere:{child.pid}:{start}:{token}")


def test_of_many_threads_one_runs(database: Database, acme: int) -> None:
    clock = Hands()
    with ThreadPoolExecutor(12) as threads:
        claims = list(threads.map(lambda _n: claim_run(database, acme, clock), range(12)))
    assert sum(lease is not None for lease in claims) == 1


def _claim_often(url: str, connection_id: int, times: int) -> int:
    engine = open_engine(url, Vault([make_key()]))
    won = 0
    for _ in range(times):
        lease = claim_run(Database(engine), connection_id, Hands())
        if lease is not None:
            won += 1
            lease.check()
            lease.release()
    engine.dispose()
    return won


def test_processes_pass_the_claim_on_and_every_owner_has_a_fence_of_its_own(
    database: Database, acme: int
) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        asked = [pool.apply_async(_claim_often, (address_of(database), acme, 40)) for _ in range(2)]
        won = sum(one.get(60) for one in asked)
    assert won >= 40
    assert claim(database, acme, Hands()).fence == won + 1

"""OAuth tokens at rest, and one refresh at a time over threads and processes."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.store.samples import LATER, NOON, add_connection
from xero_bridge.core.errors import NotConnected
from xero_bridge.core.grants import Grant, Grants, Tokens
from xero_bridge.store import models
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.grants import SqlGrants
from xero_bridge.store.vault import Vault, make_key

MINUTE = timedelta(minutes=1)


def tokens(name: str) -> Tokens:
    scope = frozenset({"offline_access", "accounting.contacts"})
    return Tokens(
        access_token=f"access-{name}",
        refresh_token=f"refresh-{name}",
        expires_at=LATER,
        scope=scope,
    )


@pytest.fixture
def grants(database: Database) -> SqlGrants:
    return SqlGrants(database)


@pytest.fixture
def grant(grants: SqlGrants) -> Grant:
    return grants.save_grant("client", "ann", tokens("1"), NOON)


def test_a_grant_comes_back_as_it_was_given(grants: SqlGrants, grant: Grant) -> None:
    port: Grants = grants
    kept = port.grant(grant.id)
    assert kept.tokens == tokens("1")
    assert (kept.client_id, kept.user_id, kept.version) == ("client", "ann", 1)
    assert kept.refreshed_at == NOON


def test_no_token_lies_readable_in_the_database(database: Database, grant: Grant) -> None:
    with database.reading() as connection:
        [row] = connection.exec_driver_sql('SELECT access_token, refresh_token FROM "grant"')
    assert not any(text[-1:] == "1" or "access" in text or "refresh-" in text for text in row)
    assert all(text.startswith("gAAAA") for text in row)


def test_a_second_consent_of_a_user_replaces_the_first(grants: SqlGrants, grant: Grant) -> None:
    grants.mark_reconnection(grant)
    again = grants.save_grant("client", "ann", tokens("2"), LATER)
    assert (again.id, again.version) == (grant.id, 2)
    assert not again.needs_reconnection
    assert again.tokens == tokens("2")


def test_users_and_clients_have_grants_of_their_own(grants: SqlGrants, grant: Grant) -> None:
    others = [
        grants.save_grant("client", "bob", tokens("b"), NOON),
        grants.save_grant("other client", "ann", tokens("c"), NOON),
    ]
    assert len({grant.id, *(other.id for other in others)}) == 3
    assert grants.grant(grant.id).tokens == tokens("1")


def test_an_unknown_grant_asks_to_connect(grants: SqlGrants) -> None:
    with pytest.raises(NotConnected):
        grants.grant(99)


def test_only_one_may_refresh_a_version(grants: SqlGrants, grant: Grant) -> None:
    assert grants.claim_refresh(grant, NOON, NOON + MINUTE)
    assert not grants.claim_refresh(grant, NOON, NOON + MINUTE)
    assert grants.claim_refresh(grant, NOON + MINUTE, NOON + 2 * MINUTE)


def test_stored_tokens_end_the_claim_and_the_old_version(grants: SqlGrants, grant: Grant) -> None:
    grants.claim_refresh(grant, NOON, NOON + MINUTE)
    fresh = grants.store_refreshed(grant, tokens("2"), LATER)
    assert fresh is not None
    assert (fresh.version, fresh.tokens, fresh.refreshed_at) == (2, tokens("2"), LATER)
    assert not grants.claim_refresh(grant, LATER, LATER + MINUTE)
    assert grants.claim_refresh(fresh, LATER, LATER + MINUTE)


def test_a_refresh_that_names_no_scopes_keeps_those_of_the_consent(
    grants: SqlGrants, grant: Grant
) -> None:
    bare = Tokens(access_token="a", refresh_token="r", expires_at=LATER)
    fresh = grants.store_refreshed(grant, bare, LATER)
    assert fresh is not None
    assert fresh.tokens.scope == tokens("1").scope


def test_a_refresh_that_another_consent_overtook_is_not_stored(
    grants: SqlGrants, grant: Grant
) -> None:
    grants.save_grant("client", "ann", tokens("consent"), LATER)
    assert grants.store_refreshed(grant, tokens("late"), LATER) is None
    assert grants.grant(grant.id).tokens == tokens("consent")


def test_a_dead_version_does_not_kill_a_newer_one(grants: SqlGrants, grant: Grant) -> None:
    grants.save_grant("client", "ann", tokens("2"), LATER)
    grants.mark_reconnection(grant)
    assert not grants.grant(grant.id).needs_reconnection


def test_a_claim_can_be_ended_early(grants: SqlGrants, grant: Grant) -> None:
    grants.claim_refresh(grant, NOON, NOON + MINUTE)
    grants.end_claim(grant)
    assert grants.claim_refresh(grant, NOON, NOON + MINUTE)


def test_grants_that_lie_idle_are_listed_while_they_live(grants: SqlGrants, grant: Grant) -> None:
    dead = grants.save_grant("client", "bob", tokens("b"), NOON)
    grants.mark_reconnection(dead)
    assert [one.id for one in grants.idle_grants(LATER)] == [grant.id]
    assert grants.idle_grants(NOON) == []


def test_a_grant_knows_the_connections_that_use_it(
    grants: SqlGrants, grant: Grant, database: Database
) -> None:
    add_connection(database, "b", grant_id=grant.id)
    add_connection(database, "a", grant_id=grant.id)
    add_connection(database, "c")
    assert grants.connections_of(grant.id) == ["a", "b"]


def test_a_revoked_grant_keeps_no_token(
    grants: SqlGrants, grant: Grant, database: Database
) -> None:
    grants.forget_revoked(grant.id, LATER)
    kept = grants.grant(grant.id)
    assert kept.needs_reconnection
    assert (kept.tokens.access_token, kept.tokens.refresh_token) == ("", "")
    with database.reading() as connection:
        assert connection.execute(sa.select(models.Grant.revoked_at)).scalar_one() == LATER


def _claims(url: str, key: str, grant_id: int) -> int:
    """How many of this process's threads may refresh."""
    engine = open_engine(url, Vault([key]))
    grants = SqlGrants(Database(engine))
    grant = grants.grant(grant_id)
    with ThreadPoolExecutor(20) as threads:
        won = list(
            threads.map(lambda _n: grants.claim_refresh(grant, NOON, NOON + MINUTE), range(20))
        )
    engine.dispose()
    return sum(won)


def test_of_two_processes_with_twenty_threads_each_one_thread_refreshes(database_url: str) -> None:
    key = make_key()
    engine = open_engine(database_url, Vault([key]))
    models.Base.metadata.create_all(engine)
    grant = SqlGrants(Database(engine)).save_grant("client", "ann", tokens("1"), NOON)
    engine.dispose()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        asked = [pool.apply_async(_claims, (database_url, key, grant.id)) for _ in range(2)]
        assert sum(one.get(60) for one in asked) == 1

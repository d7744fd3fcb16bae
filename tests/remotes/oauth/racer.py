"""A process of the race for one refresh: many threads that all need a token at once.

Started by `test_race.py` with the database, the vault's key, Xero's address and the number of
threads; begins when a line comes in, and prints the tokens that its threads were given.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.remotes.support import RealClock
from tests.remotes.xero.conftest import endpoints_at
from xero_bridge.remotes.http import Http
from xero_bridge.remotes.oauth.identity import Identity, XeroApp
from xero_bridge.remotes.oauth.refresh import TokenSource
from xero_bridge.simulator.xero import App
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.grants import SqlGrants
from xero_bridge.store.vault import Vault


def source_of(database: Database, url: str, grant_id: int = 1) -> TokenSource:
    """A token source of its own session, as each run has one."""
    endpoints, clock, app = endpoints_at(url), RealClock(), App()
    http = Http(
        side="identity",
        origins=endpoints.called,
        clock=clock,
        recorder=lambda _call: None,
    )
    identity = Identity(
        http=http,
        endpoints=endpoints,
        app=XeroApp(client_id=app.client_id, client_secret=app.client_secret),
        clock=clock,
    )
    return TokenSource(
        grant_id, grants=SqlGrants(database), identity=identity, clock=clock, sleep=time.sleep
    )


def race(database: Database, url: str, threads: int) -> list[str]:
    """The tokens that this many threads were given when they all asked at once."""
    barrier = Barrier(threads)

    def run(_number: int) -> str:
        source = source_of(database, url)
        barrier.wait(timeout=30)
        return source.access_token()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def main() -> None:
    database_url, key, url, threads = sys.argv[1:]
    engine = open_engine(database_url, Vault((key,)))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(race(Database(engine), url, int(threads))), flush=True)
    engine.dispose()


if __name__ == "__main__":
    main()

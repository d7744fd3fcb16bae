"""Everything that operations work with, handed in as one value by the wiring."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from xero_bridge.core.books import Site
from xero_bridge.core.consent import Consents
from xero_bridge.core.ports import Clock
from xero_bridge.core.remote import PerfexRemote, XeroRemote
from xero_bridge.environment import Environment
from xero_bridge.store.database import Database
from xero_bridge.store.repository import Codec


class By(NamedTuple):
    """Who does something: the name for the audit, and the user's id where there is one."""

    name: str
    user_id: int | None = None


COMMAND_LINE = By("command line")
SCHEDULE = By("schedule")


@dataclass(frozen=True, kw_only=True)
class XeroApp:
    """A registered app at Xero."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Remotes:
    """Both sides of one connection, for one run or one look."""

    perfex: PerfexRemote
    xero: XeroRemote


class Connector(Protocol):
    """The way out: live checks, OAuth, and the two remotes of a connection.

    All methods may raise `NotConnected` and `Retriable`.
    """

    def check_perfex(self, url: str, token: str, *, allow_private: bool) -> Site:
        """The Perfex site at this address, looked at now."""

    def time_of(self, url: str, *, allow_private: bool) -> datetime | None:
        """What time it is there (aware UTC), None where the server does not tell."""

    def consents(self, app: XeroApp) -> AbstractContextManager[Consents]:
        """The OAuth flow for one app."""

    def remotes(
        self, connection: str, run_id: int | None, *, by_person: bool = True
    ) -> AbstractContextManager[Remotes]:
        """Both sides of a connection; calls are recorded under the run, and closed at the end.

        A run by the schedule leaves the day's reserve of calls to people.
        """

    def keep_alive(self) -> int:
        """Refresh grants that would otherwise end unused; how many were."""


class Dispatch(Protocol):
    """Has runs carried out that were asked for. Threads of this process today."""

    def wake(self, services: Services, connection: str) -> None:
        """See that the requests of this connection are served soon; returns at once."""

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is going on; False when there still is."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """Built once per process. Safe to share between threads."""

    environment: Environment
    database: Database
    clock: Clock
    #: Canonical records to JSON and back.
    codec: Codec
    connector: Connector
    dispatch: Dispatch
    #: Hash of a password (argon2), and whether one fits.
    hash_password: Callable[[str], str]

    def xero_app(self, client_id: str, client_secret: str) -> XeroApp:
        """The app of a connection: its own, else that of the process (may be empty)."""
        if client_id:
            return XeroApp(client_id=client_id, client_secret=client_secret)
        of = self.environment
        return XeroApp(client_id=of.xero_client_id, client_secret=of.xero_client_secret)

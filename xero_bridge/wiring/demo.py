"""The demonstration: both systems simulated and the real dashboard between them, in one process."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec

from xero_bridge import jobs
from xero_bridge.core.vocabulary import Kind
from xero_bridge.environment import read_environment
from xero_bridge.logs import quieten
from xero_bridge.operations import connections, mappings, settings, users
from xero_bridge.operations.connections import NewConnection
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.services import By, Services
from xero_bridge.simulator.common import Server
from xero_bridge.store.identity import ADMIN
from xero_bridge.store.migrating import upgrade
from xero_bridge.wiring.application import create_app
from xero_bridge.wiring.playground import (
    PERFEX_PORT,
    XERO_PORT,
    Playground,
    checked_folder,
    free_port,
    playground,
)

PORT = 8000
NAME, USER = "demo", "admin@example.com"
BY = By("demo")
#: In a folder that the demonstration made: the ports that its addresses name.
MARK = "demo.json"
#: The oldest invoice of the seed is younger.
_START = timedelta(days=200)
#: Seconds that a run gets to end when the demonstration is stopped.
_LAST_SECONDS = 5

_SETTINGS = {
    "sales_account": "200",
    "rounding_account": "429",
    "purchase_account": "310",
    "expense_contact": "Sundry Suppliers",
}
#: What has one sensible counterpart, for sales and for purchases; the rest is asked, as for a real
#: site.
_TAXES = {
    "VAT|20.00": ("OUTPUT2", "INPUT2"),
    "VAT|5.00": ("RROUTPUT", "RRINPUT"),
    "Zero|0.00": ("ZERORATEDOUTPUT", "ZERORATEDINPUT"),
    "none": ("NONE", "NONE"),
    "ECO|2.50+VAT|20.00": ("TAX001", ""),
}
_MODES = {"1": "090", "stripe": "092"}
_CATEGORIES = {"2": "461", "4": "429"}


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """Where the three parts listen."""

    bridge: int = PORT
    perfex: int = PERFEX_PORT
    xero: int = XERO_PORT


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demonstration that is running."""

    url: str
    user: str
    password: str = field(repr=False)
    perfex_url: str
    xero_url: str
    #: Usual ports that were taken.
    taken: tuple[int, ...]


@contextmanager
def demonstration(
    folder: Path, *, version: str, keep: bool = False, ports: Ports | None = None
) -> Iterator[Demo]:
    """Run the demonstration until the block ends; its folder is emptied first, unless kept.

    Raises `NotAccepted` for a folder that is not ours, or when a kept one's ports are taken.
    """
    checked_folder(folder, MARK)
    used, taken = _ports(folder, keep=keep, wanted=ports or Ports())
    if not keep and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        play = stack.enter_context(
            playground(
                version=version,
                state=folder / "simulator",
                perfex_port=used.perfex,
                xero_port=used.xero,
            )
        )
        yield _started(stack, folder, play, used, taken)


def _ports(folder: Path, *, keep: bool, wanted: Ports) -> tuple[Ports, tuple[int, ...]]:
    """The ports to use and those that were taken; a kept folder's addresses name its ports."""
    before = folder / MARK
    kept = keep and before.exists()
    if kept:
        wanted = msgspec.json.decode(before.read_bytes(), type=Ports)
    asked = msgspec.structs.asdict(wanted)
    found = {name: free_port(port) for name, port in asked.items()}
    taken = tuple(port for name, port in asked.items() if port and found[name] != port)
    if taken and kept:
        listed = ", ".join(map(str, taken))
        raise NotAccepted(
            f"The kept demonstration needs the ports that it had, and these are taken: {listed}. "
            "Stop what listens there, or start without --keep."
        )
    return Ports(**found), taken


def _started(
    stack: ExitStack, folder: Path, play: Playground, used: Ports, taken: tuple[int, ...]
) -> Demo:
    (folder / MARK).write_bytes(msgspec.json.encode(used))
    base_url = f"http://localhost:{used.bridge}"
    app = create_app(read_environment({**play.settings(), "BASE_URL": base_url}, instance=folder))
    quieten()
    services: Services = app.extensions["xero_bridge"]
    upgrade(services.database.engine)
    password = secrets.token_urlsafe(12)
    with app.app_context():
        _make_user(services, password)
        _connect(services, play)
    schedule = jobs.start(services)
    stack.callback(services.dispatch.wait, _LAST_SECONDS)
    stack.callback(schedule.shutdown, wait=False)
    stack.enter_context(Server(app.wsgi_app, used.bridge))
    return Demo(
        url=base_url,
        user=USER,
        password=password,
        perfex_url=play.perfex_url,
        xero_url=play.xero_url,
        taken=taken,
    )


def _make_user(services: Services, password: str) -> None:
    """The user of the demonstration, with a new password each time."""
    if any(view.email == USER for view in users.views(services)):
        users.set_password(services, USER, password, by=BY)
    else:
        users.create(services, USER, password, ADMIN, by=BY)


def _connect(services: Services, play: Playground) -> None:
    """The connection with what a person would choose at once; the consent is left to the person."""
    if any(view.name == NAME for view in connections.views(services)):
        return
    new = NewConnection(
        name=NAME,
        perfex_url=play.perfex_url,
        perfex_token=play.perfex_token,
        allow_private_address=True,
    )
    connections.add(services, new, by=BY)
    start = (services.clock.now() - _START).date().isoformat()
    settings.set_settings(services, NAME, {**_SETTINGS, "start_date": start}, by=BY)
    for perfex, (sales, purchase) in _TAXES.items():
        tax = NewMapping(kind=Kind.TAX, perfex=perfex, sales=sales, purchase=purchase)
        mappings.set_mapping(services, NAME, tax, by=BY)
    for mode, account in _MODES.items():
        paid = NewMapping(kind=Kind.PAYMENT_MODE, perfex=mode, account=account)
        mappings.set_mapping(services, NAME, paid, by=BY)
    for category, account in _CATEGORIES.items():
        booked = NewMapping(kind=Kind.EXPENSE_CATEGORY, perfex=category, account=account)
        mappings.set_mapping(services, NAME, booked, by=BY)

"""Both systems simulated, with their pages, served on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from xero_bridge.operations.problems import NotAccepted
from xero_bridge.simulator.common import Server
from xero_bridge.simulator.perfex import create_perfex
from xero_bridge.simulator.xero import create_xero

VERSIONS = ("2.0.8", "3.0.3", "3.1.0")
PERFEX_PORT, XERO_PORT = 8001, 8002


@dataclass(frozen=True, kw_only=True)
class Playground:
    """Where the two systems are, and what a bridge needs to reach them."""

    perfex_url: str
    perfex_token: str = field(repr=False)
    xero_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def settings(self) -> Mapping[str, str]:
        """Variables of a bridge (without prefix) that make it use the simulated Xero."""
        return {
            "XERO_CLIENT_ID": self.client_id,
            "XERO_CLIENT_SECRET": self.client_secret,
            "XERO_AUTHORIZE_URL": f"{self.xero_url}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{self.xero_url}/connect/token",
            "XERO_REVOKE_URL": f"{self.xero_url}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{self.xero_url}/connections",
            "XERO_API_URL": f"{self.xero_url}/api.xro/2.0",
        }


@contextmanager
def playground(
    *, version: str, state: Path | None, perfex_port: int = 0, xero_port: int = 0
) -> Iterator[Playground]:
    """Serve both systems with their demo data until the block ends.

    With a folder as `state`, what was done there before is found again. Raises OSError for a port
    that is taken.
    """
    with ExitStack() as stack:
        perfex = create_perfex(version, state=state, seed="demo")
        stack.callback(perfex.close)
        xero = create_xero(state=state, seed=True)
        stack.callback(xero.store.close)
        app = xero.settings.apps[0]
        yield Playground(
            perfex_url=stack.enter_context(Server(perfex.wsgi, perfex_port)).url,
            perfex_token=perfex.token,
            xero_url=stack.enter_context(Server(xero.wsgi, xero_port)).url,
            client_id=app.client_id,
            client_secret=app.client_secret,
        )


def free_port(wanted: int) -> int:
    """The port if nobody listens there, else one that is free."""
    try:
        server = Server(_nothing, wanted)
    except OSError:
        server = Server(_nothing)
    server.stop()
    return server.port


def _nothing(_environ: object, _start: object) -> list[bytes]:
    return []


def checked_folder(folder: Path, mark: str) -> Path:
    """The folder if it is empty, new, or bears our mark; anything else is not ours to use."""
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise NotAccepted(f"{folder} is not a folder: choose another one by --folder.")
    if folder.exists() and any(folder.iterdir()) and not (folder / mark).exists():
        raise NotAccepted(
            f"{folder} holds something else than a demo: choose another one by --folder."
        )
    return folder

"""Settings of the process: the `XERO_BRIDGE_` variables, checked before anything starts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from xero_bridge.keyring import instance_secrets

PREFIX = "XERO_BRIDGE_"
#: Variables of our tests and tools, which the bridge leaves alone.
_FOREIGN = re.compile(r"XERO_BRIDGE_(TEST_.+|SPECS)")
_HIDDEN = frozenset(
    {"DATABASE_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "XERO_CLIENT_SECRET"}
    | {"XERO_WEBHOOK_KEYS", "PERFEX_TOKEN"}
)
_DATABASES = ("sqlite", "postgresql")
_FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_LONG_ENOUGH = 16

LogFormat = Literal["console", "json"]

#: All that the bridge needs; attachments are left to those who want them.
SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.settings",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
)


class WrongEnvironment(Exception):
    """One or more variables are not accepted; the message names each and says what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the process was told: see the README for each variable."""

    #: Folder of the database and of the keys that the bridge makes itself.
    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)
    base_url: str = "http://localhost:8000"
    xero_client_id: str = ""
    xero_client_secret: str = field(default="", repr=False)
    xero_scopes: tuple[str, ...] = SCOPES
    xero_authorize_url: str = "https://login.xero.com/identity/connect/authorize"
    xero_token_url: str = "https://identity.xero.com/connect/token"  # noqa: S105 - an address
    xero_revoke_url: str = "https://identity.xero.com/connect/revocation"
    xero_connections_url: str = "https://api.xero.com/connections"
    xero_api_url: str = "https://api.xero.com/api.xro/2.0"
    xero_webhook_keys: tuple[str, ...] = field(default=(), repr=False)
    perfex_token: str = field(default="", repr=False)
    #: `python app.py` and the shipped gunicorn configuration poll.
    scheduler: bool = True
    log_format: LogFormat = "console"

    @property
    def redirect_uri(self) -> str:
        """Where Xero sends people back to; it has to be entered in the app at Xero exactly so."""
        return f"{self.base_url}/xero/callback"

    @property
    def is_https(self) -> bool:
        """Whether people reach the dashboard by https."""
        return self.base_url.startswith("https:")


def read_environment(
    values: Mapping[str, object] | None = None, *, instance: Path | None = None
) -> Environment:
    """The settings in `values` (names without prefix), or those of the process.

    Makes the instance folder and the keys that are not given. Raises `WrongEnvironment`.
    """
    given = _of_the_process() if values is None else {k.upper(): v for k, v in values.items()}
    return _Reader(given).environment(instance)


def _of_the_process() -> dict[str, object]:
    return {
        name.removeprefix(PREFIX): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX) and not _FOREIGN.fullmatch(name)
    }


def variables() -> list[str]:
    """The names of all variables, without prefix."""
    return [each.name.upper() for each in fields(Environment)]


class _Reader:
    """Reads values and collects every problem, so that one start shows them all."""

    def __init__(self, given: Mapping[str, object]) -> None:
        # An empty variable is one that is not set: shells and compose files cannot unset.
        self._given = {name: value for name, value in given.items() if value not in ("", None)}
        self._problems: list[str] = []

    def environment(self, instance: Path | None) -> Environment:
        for name in sorted(set(self._given) - set(variables())):
            self._problems.append(_unknown(name))
        read = {name: self._read(name, parse) for name, parse in _PARSERS.items()}
        chosen = {name.lower(): value for name, value in read.items() if value is not None}
        if self._problems:
            raise WrongEnvironment(self._problems)
        folder = chosen.pop("instance", None) or instance or default_instance()
        return Environment(instance=folder, **_completed(folder, chosen))

    def _read(self, name: str, parse: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - one per type
        value = self._given.get(name)
        if value is None:
            return None
        try:
            return parse(value.strip() if isinstance(value, str) else value)
        except ValueError as error:
            shown = "" if name in _HIDDEN else f" is {str(value)!r}:"
            self._problems.append(f"{PREFIX}{name}{shown} {error}")
            return None


def default_instance() -> Path:
    """The folder `instance` beside the package."""
    return Path(__file__).resolve().parent.parent / "instance"


def _completed(folder: Path, chosen: dict[str, Any]) -> dict[str, Any]:
    """The same with a database and keys, made where none were given."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = instance_secrets(folder, wanted={"secret_key", "encryption_keys"} - set(chosen))
    except OSError as error:
        problem = (
            f"The folder {folder} cannot be written ({error.strerror}): give the bridge a folder "
            f"of its own by {PREFIX}INSTANCE, or make this one writable."
        )
        raise WrongEnvironment([problem]) from error
    return {"database_url": f"sqlite:///{folder / 'bridge.sqlite'}", **made, **chosen}


def _unknown(name: str) -> str:
    near = get_close_matches(name, variables(), n=1)
    hint = f" Did you mean {PREFIX}{near[0]}?" if near else " Remove it; the README lists all."
    return f"{PREFIX}{name} is not known.{hint}"


# --- one parser per sort of value: each raises ValueError with what is wrong and what to do ------


def _database(value: str) -> str:
    scheme, separator, rest = str(value).partition("://")
    backend = scheme.partition("+")[0]
    if backend == "postgres":
        backend = "postgresql"
    if not separator or backend not in _DATABASES:
        raise ValueError(
            "it has to begin with sqlite:/// or postgresql://, e.g. "
            "postgresql://user:password@localhost/bridge."
        )
    return f"{'postgresql+psycopg' if backend == 'postgresql' else scheme}://{rest}"


def _secret_key(value: str) -> str:
    if len(value) < _LONG_ENOUGH:
        raise ValueError(
            f"it is shorter than {_LONG_ENOUGH} characters; make one by "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`, or leave it out."
        )
    return value


def _listed(value: object) -> tuple[str, ...]:
    """Several values: separated by commas or blanks, or a list already."""
    parts = re.split(r"[\s,]+", value) if isinstance(value, str) else list(value)  # type: ignore[call-overload]
    return tuple(part for part in parts if part)


def _fernet_keys(value: object) -> tuple[str, ...]:
    keys = _listed(value)
    for position, key in enumerate(keys, 1):
        if not _FERNET_KEY.fullmatch(key):
            raise ValueError(
                f"key {position} is no Fernet key (44 characters, base64); make one by "
                "`python -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'`."
            )
    return keys


def _url(value: str) -> str:
    parts = urlsplit(value)
    try:
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("it has to be a full address such as https://bridge.example.com.")
    return value.rstrip("/")


def _base_url(value: str) -> str:
    url = _url(value)
    if urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError("it may have no query: give scheme, host and port only.")
    return url


def _api_url(value: str) -> str:
    url = _url(value)
    if not url.endswith("/api.xro/2.0"):
        raise ValueError("it has to end with /api.xro/2.0.")
    return url


def _switch(value: object) -> bool:
    words = {"on": True, "1": True, "true": True, "yes": True}
    words |= {"off": False, "0": False, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError("it has to be on or off.")
    return words[str(value).lower()]


def _log_format(value: str) -> str:
    if value not in ("console", "json"):
        raise ValueError("it has to be console or json.")
    return value


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "INSTANCE": Path,
    "DATABASE_URL": _database,
    "SECRET_KEY": _secret_key,
    "ENCRYPTION_KEYS": _fernet_keys,
    "BASE_URL": _base_url,
    "XERO_CLIENT_ID": str,
    "XERO_CLIENT_SECRET": str,
    "XERO_SCOPES": _listed,
    "XERO_AUTHORIZE_URL": _url,
    "XERO_TOKEN_URL": _url,
    "XERO_REVOKE_URL": _url,
    "XERO_CONNECTIONS_URL": _url,
    "XERO_API_URL": _api_url,
    "XERO_WEBHOOK_KEYS": _listed,
    "PERFEX_TOKEN": str,
    "SCHEDULER": _switch,
    "LOG_FORMAT": _log_format,
}

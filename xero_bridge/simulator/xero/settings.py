"""What can be set on the Xero simulator: its app registration and its limits."""

from dataclasses import dataclass, field

OPENID_SCOPES = ("openid", "profile", "email", "offline_access")
GRANULAR_SCOPES = (
    "accounting.settings",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.attachments",
)
BROAD_SCOPES = ("accounting.transactions",)
ANY_REDIRECT = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app as registered in Xero's developer portal.

    The redirect address `*` stands for every https or http://localhost address; Xero itself
    knows no such wildcard. `broad` is an app made before March 2026, which may still ask for
    the old scopes.
    """

    client_id: str = "SIMULATED-CLIENT-ID"
    client_secret: str = "simulated-client-secret"  # noqa: S105
    name: str = "Xero Bridge"
    redirect_uris: tuple[str, ...] = (ANY_REDIRECT,)
    broad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who signs in to Xero."""

    user_id: str
    email: str
    given_name: str
    family_name: str


DEMO_USER = User(
    user_id="2f6a4d0e-5f0c-4c3c-9a65-1b7f0f7f4a01",
    email="morgan@harbour-mill.example",
    given_name="Morgan",
    family_name="Hale",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Calls per organisation and app; the day's is that of the Starter tier."""

    concurrent: int = 5
    minute: int = 60
    day: int = 1000
    app_minute: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroSettings:
    """Everything a test or the demo may choose."""

    apps: tuple[App, ...] = (App(),)
    users: tuple[User, ...] = (DEMO_USER,)
    limits: Limits = field(default_factory=Limits)
    signing_key: str = "simulated-signing-key"  # Of the access tokens.
    webhook_key: str = "demo-webhook-key"


def known_scopes(app: App) -> set[str]:
    """Return the scopes an app may ask for."""
    accounting = GRANULAR_SCOPES + (BROAD_SCOPES if app.broad else ())
    twins = {f"{scope}.read" for scope in accounting}
    return {*OPENID_SCOPES, *accounting, *twins, "accounting.journals.read"}

"""Who is signed in: Flask-Security on our users, protected forms, and a limit on guessing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf.csrf import CSRFProtect

from xero_bridge.operations.rows import reading
from xero_bridge.operations.services import Services
from xero_bridge.store.identity import Role, User
from xero_bridge.web.here import services

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

#: Attempts to sign in from one address.
ATTEMPTS = "10 per minute; 60 per hour"


def _configuration(environment_is_https: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        # argon2 salts each password itself; a second salt would only be one more thing to lose.
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        # Whether an address has an account is nobody's business.
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        # A page may stay open over night: the session ends the token.
        "WTF_CSRF_TIME_LIMIT": None,
        "REMEMBER_COOKIE_SECURE": environment_is_https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    }


def init_app(app: Flask, services: Services) -> None:
    """Sign-in, sign-out and password change; settings that the app has already are kept."""
    for name, value in _configuration(services.environment.is_https).items():
        app.config.setdefault(name, value)
        if app.config[name] is None:
            app.config[name] = value
    csrf.init_app(app)
    limiter.init_app(app)
    db = app.extensions["sqlalchemy"]
    Security(app, SQLAlchemyUserDatastore(db, User, Role))
    throttled: Any = limiter.limit(ATTEMPTS, exempt_when=_is_looking)
    app.view_functions["security.login"] = throttled(app.view_functions["security.login"])
    app.jinja_env.globals["no_users"] = no_users


def _is_looking() -> bool:
    return request.method != "POST"


def no_users() -> bool:
    """Whether nobody has an account yet."""
    with reading(services()) as session:
        return session.scalar(sa.select(User.id).limit(1)) is None

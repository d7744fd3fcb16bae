"""Whether the process lives, and whether it can work: for machines, open to everybody."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from xero_bridge.core.errors import BridgeError
from xero_bridge.store.database import translated
from xero_bridge.store.migrating import is_current
from xero_bridge.web.here import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(state="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers and is up to date; 503 and a sentence otherwise."""
    problem = _problem()
    if problem:
        return jsonify(state="not ready", problem=problem), 503
    return jsonify(state="ok")


def _problem() -> str:
    engine = services().database.engine
    try:
        with translated(engine), engine.connect() as connection:
            connection.execute(sa.select(1))
        if not is_current(engine):
            return "The database is not up to date: run `flask --app app db upgrade`."
    except BridgeError as error:
        return str(error)
    except SQLAlchemyError:
        return "The database cannot be used: look into the log."
    return ""

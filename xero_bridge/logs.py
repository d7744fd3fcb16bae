"""Logs as events with fields: for a person on a console, or as JSON lines; never with a secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from xero_bridge.environment import LogFormat
from xero_bridge.remotes.redact import STARS, redact_text

#: Parts of a field's name that mark its value as secret.
_SECRET_NAMES = ("token", "authorization", "password", "passwd", "secret", "cookie", "encryption")
_SECRET_FIELDS = frozenset({"code", "state", "key", "keys", "api_key", "hash", "session_state"})
_LONGEST = 20_000
_FILE_SIZE = 1_000_000
#: Names of our handlers.
CONSOLE, _ERRORS = "xero_bridge", "xero_bridge_errors"
#: A value shorter than this is too common to be starred out wherever it appears.
_SHORTEST_SECRET = 6
#: Libraries that tell more than anybody wants to read.
_QUIET = ("apscheduler", "urllib3", "werkzeug", "alembic", "authlib")


class Redaction:
    """A processor that stars out secret fields, tokens in texts, and values known to be secret."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self._secrets = sorted({s for s in secrets if len(s) >= _SHORTEST_SECRET}, key=len)[::-1]

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The event as it may be written down."""
        for name, value in event.items():
            if not name.startswith("_"):
                event[name] = self._shown(name, value)
        return event

    def _shown(self, name: str, value: object) -> object:
        if _is_secret(name):
            return STARS
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {key: self._shown(str(key), held) for key, held in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._shown("", held) for held in value]
            case None | bool() | int() | float():
                return value
            case _:
                return self.text(str(value))

    def text(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, STARS)
        return redact_text(text, _LONGEST)


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return lowered in _SECRET_FIELDS or any(part in lowered for part in _SECRET_NAMES)


def configure_logs(
    log_format: LogFormat,
    *,
    secrets: Collection[str] = (),
    stream: TextIO | None = None,
    folder: Path | None = None,
) -> None:
    """Send everything that is logged, ours and that of libraries, through one redacted stream.

    With a folder, errors are also kept in its `errors.log` with their traces.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    console = logging.StreamHandler(stream or sys.stderr)
    console.setFormatter(_formatter(shared, _renderer(log_format, stream or sys.stderr)))
    handlers: dict[str, logging.Handler] = {CONSOLE: console}
    if folder is not None:
        errors = RotatingFileHandler(
            folder / "errors.log", maxBytes=_FILE_SIZE, backupCount=2, delay=True
        )
        errors.setLevel(logging.ERROR)
        errors.setFormatter(_formatter(shared, structlog.processors.JSONRenderer()))
        handlers[_ERRORS] = errors
    _use(handlers)


def _formatter(shared: Sequence[Processor], renderer: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def quieten(level: int = logging.CRITICAL) -> None:
    """Keep what is less grave off the console: a command tells in its own words."""
    for handler in logging.getLogger().handlers:
        if handler.name == CONSOLE:
            handler.setLevel(level)


def _renderer(log_format: LogFormat, stream: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())


def _use(handlers: Mapping[str, logging.Handler]) -> None:
    root = logging.getLogger()
    for old in [held for held in root.handlers if held.name in (CONSOLE, _ERRORS)]:
        root.removeHandler(old)
        old.close()
    for name, handler in handlers.items():
        handler.set_name(name)
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

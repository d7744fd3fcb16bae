"""Xero Bridge keeps a Perfex CRM and a Xero organisation in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from xero_bridge.core.ports import Clock
    from xero_bridge.environment import Environment


def create_app(
    settings: Environment | Mapping[str, object] | None = None, *, clock: Clock | None = None
) -> Flask:
    """The dashboard and its commands; starts no thread and touches no other host.

    `settings` are an `Environment`, a mapping of its variables without the prefix `XERO_BRIDGE_`,
    or None for those of the process. Raises `WrongEnvironment` naming every wrong value.
    """
    from xero_bridge.wiring import create_app as build

    return build(settings, clock=clock)

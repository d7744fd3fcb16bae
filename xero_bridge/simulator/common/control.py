"""The control addresses below /_control/, by which a test outside the process moves a simulator."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common.clock import SimClock
from xero_bridge.simulator.common.faults import Faults, fault_from_json

# Takes the method and the JSON body, returns what is shown as JSON.
Switch: TypeAlias = Callable[[str, dict[str, Any]], Any]


class Control:
    """Answers /_control/NAME: `faults`, `clock` and the further switches it was given."""

    def __init__(
        self, *, faults: Faults, clock: SimClock, switches: Mapping[str, Switch] | None = None
    ) -> None:
        self._faults = faults
        self._clock = clock
        self._switches: dict[str, Switch] = {
            "faults": self._fault,
            "clock": self._move,
            **(switches or {}),
        }

    def answer(self, request: Request) -> Response:
        """Carry out a control call; what is wrong with it is said in a 400 answer."""
        switch = self._switches.get(request.path.removeprefix("/_control/").strip("/"))
        if switch is None:
            return _json({"switches": sorted(self._switches)}, status=404)
        try:
            return _json(switch(request.method, _body(request)))
        except ValueError as error:
            return _json({"error": str(error)}, status=400)

    def _fault(self, method: str, body: dict[str, Any]) -> Any:
        if method == "POST":
            self._faults.add(**fault_from_json(body))
        elif method == "DELETE":
            self._faults.clear()
        return [asdict(fault) for fault in self._faults.waiting()]

    def _move(self, method: str, body: dict[str, Any]) -> Any:
        if method == "POST" and "now" in body:
            self._clock.fix(_instant(body["now"]))
        elif method == "POST":
            self._clock.move(**{name: float(amount) for name, amount in body.items()})
        elif method == "DELETE":
            self._clock.run()
        return {"now": self._clock.now().isoformat()}


def _body(request: Request) -> dict[str, Any]:
    text = request.get_data(as_text=True)
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004
    return body


def _instant(text: str) -> datetime:
    now = datetime.fromisoformat(text)
    if now.tzinfo is None:
        raise ValueError("now needs a time zone, for example 2026-08-03T09:00:00+00:00.")
    return now


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content, default=str), status, content_type="application/json")

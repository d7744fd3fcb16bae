"""The way in: `flask --app app ...`, `python app.py`, `gunicorn -c gunicorn.conf.py app:app`."""

from __future__ import annotations

import sys

from xero_bridge import create_app
from xero_bridge.environment import WrongEnvironment

try:
    app = create_app()
except WrongEnvironment as error:
    # A start with wrong settings is told in words, not as a trace.
    sys.exit("\n".join(f"Error: {problem}" for problem in error.problems))

if __name__ == "__main__":
    from xero_bridge.wiring.serving import serve

    serve(app)

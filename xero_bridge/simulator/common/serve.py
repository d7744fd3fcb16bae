"""Serves a WSGI app on the loopback address, with connections that stay open between calls."""

import io
import logging
import socket
import sys
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import WSGIApplication

LOG = logging.getLogger(__name__)
NO_BODY = ("204", "304")


class DropConnectionError(Exception):
    """Raised by an app to close the connection without any answer."""


class _HttpServer(ThreadingMixIn, TCPServer):
    """A thread per connection; knows its open connections so that it can close them."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, app: "WSGIApplication") -> None:
        self.app = app
        self.lock = Lock()
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self.lock:
            self.connections.add(request)
        try:
            super().finish_request(request, client_address)
        finally:
            with self.lock:
                self.connections.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is part of the exercise; anything else is our defect.
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            LOG.warning("The simulator failed to answer: %r", sys.exc_info()[1])


def _whole(answer: "Iterable[bytes]") -> bytes:
    """All parts of an answer; one that holds a file open is closed, as WSGI asks."""
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


class _Handler(BaseHTTPRequestHandler):
    """Turns one HTTP request into one WSGI call and writes the whole answer at once."""

    protocol_version = "HTTP/1.1"
    server: _HttpServer

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        head: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            head.append(self._head(status, headers))

        try:
            content = _whole(self.server.app(self._environ(body), start_response))
        except DropConnectionError:
            self.close_connection = True
            return
        except Exception:  # A defect of ours must answer as a server does: with a 500, not silence.
            LOG.exception("The simulator failed on %s %s", self.command, self.path)
            content = b"Internal error of the simulator; its log has the details."
            head = [self._head("500 Internal Server Error", [("Content-Type", "text/plain")])]
        self._write(head[-1], content)

    def _head(self, status: str, headers: list[tuple[str, str]]) -> bytes:
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join(lines).encode("latin-1")

    def _write(self, head: bytes, content: bytes) -> None:
        without_body = head[9:12].decode() in NO_BODY
        if not without_body and b"\r\ncontent-length:" not in head.lower():
            head += f"\r\nContent-Length: {len(content)}".encode()
        if self.command == "HEAD" or without_body:
            content = b""
        self.wfile.write(head + b"\r\n\r\n" + content)

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "REQUEST_URI": self.path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name in self.headers:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = ",".join(self.headers.get_all(name, []))
        return environ

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet: every simulator has a log of calls of its own."""


class Server:
    """A WSGI app served on 127.0.0.1; port 0 takes a free one. Also a context manager."""

    def __init__(self, app: "WSGIApplication", port: int = 0) -> None:
        self._http = _HttpServer(port, app)
        self.port: int = self._http.server_address[1]
        self.url = f"http://localhost:{self.port}"
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and close every open connection."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        with self._http.lock:
            for connection in self._http.connections:
                _hang_up(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # The other side was faster.

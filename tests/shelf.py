"""A server of files on this machine that can misbehave, for whoever downloads."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from coach.speech.fetch import Hosts

if TYPE_CHECKING:
    from types import TracebackType


@dataclass
class Shelf:
    """Files by path, and how to give them out.

    Args:
        files: what lies where.
        ranges: knows requests for a part.
        cuts: how many bytes of each of the next answers to send before the line breaks.
        lies: an untrue Content-Range to answer with.
        onward: where to send a path on to.
        code: answer with this instead.
        etag: how the state of the files is marked.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    lies: str = ""
    onward: dict[str, str] = field(default_factory=dict)
    code: int = 0
    etag: str = '"one"'
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Each request: its path, its Range, its If-Range."""
    carried: set[str] = field(default_factory=set)
    """The names of all headers that ever came."""

    def __enter__(self) -> Self:
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def at(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def hosts(self) -> Hosts:
        """The rule that lets this server be asked."""
        return Hosts(frozenset({"127.0.0.1"}), (".shelf.test",), scheme="http")

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        wanted, only_if = to.headers.get("Range", ""), to.headers.get("If-Range", "")
        self.asked.append((to.path, wanted, only_if))
        self.carried |= set(to.headers)
        if to.path in self.onward:
            to.send_response(302)
            to.send_header("Location", self.onward[to.path])
            to.end_headers()
            return
        if self.code or to.path not in self.files:
            to.send_error(self.code or 404)
            return
        data = self.files[to.path]
        begin = int(re.sub(r"\D", "", wanted) or 0)
        if wanted and self.ranges and only_if in {"", self.etag}:
            if begin >= len(data):
                to.send_error(416)
                return
            to.send_response(206)
            to.send_header("Content-Range", self.lies or f"bytes {begin}-{len(data) - 1}/{len(data)}")
            data = data[begin:]
        else:
            to.send_response(200)
        to.send_header("Content-Length", str(len(data)))
        to.send_header("ETag", self.etag)
        to.end_headers()
        to.wfile.write(data[: self.cuts.pop(0)] if self.cuts else data)
        to.close_connection = True

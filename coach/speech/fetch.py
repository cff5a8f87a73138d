"""Bring one file here over HTTPS, to the byte it should be: the only module of Coach that opens a connection.

Owns connections: which servers may be asked, where they may send us on to, how a broken download goes on. Refuses
to know models. Nothing but `coach models get` imports it, and a request carries nothing about the user: no
identity, no cookie, no count.

A download grows in ``NAME.part`` beside its place. When a connection breaks, or the user stops it, the part stays;
the next request asks for the rest alone and trusts the answer only if it says that it is exactly that. A server
that knows no ranges sends the whole again. What has the right length and the wrong digest is thrown away.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from coach import offline
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

TIMEOUT_S: Final = 30.0
"""A server that says nothing for so long is gone."""
BLOCK: Final = 1 << 18
IDLE_TRIES: Final = 3
"""So many connections in a row that bring nothing end a download; any that brings something begins the count anew."""
OK, PARTIAL, BEYOND = 200, 206, 416


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who may be asked: ``first`` by us, ``onward`` (endings of names) by a redirect as well; by ``scheme`` alone."""

    first: frozenset[str]
    onward: tuple[str, ...]
    scheme: str = "https"

    def check(self, url: str, *, redirected: bool = False) -> None:
        """Raise `Trouble` for an address that may not be asked."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        known = host in self.first or (redirected and host.endswith(self.onward))
        if parts.scheme != self.scheme or not known:
            raise Trouble(
                "Coach does not download from {scheme}://{host}.",
                "If you use a proxy, check it; otherwise try again later.",
                scheme=parts.scheme,
                host=host,
            )


HOSTS: Final = Hosts(
    frozenset({"huggingface.co", "files.pythonhosted.org"}),
    (".huggingface.co", ".hf.co", ".pythonhosted.org"),
)
"""The two that the catalogue names, and the servers that the hub keeps its big files on."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file must hash to: ``sha256``, or ``git`` for the name that a Git repository knows it by (SHA-1)."""

    kind: str
    value: str

    def fits(self, path: Path) -> bool:
        """Say whether a file is the one meant."""
        with path.open("rb") as opened:
            if self.kind == "sha256":
                return hashlib.file_digest(opened, "sha256").hexdigest() == self.value
            blob = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
            while block := opened.read(BLOCK):
                blob.update(block)
        return blob.hexdigest() == self.value


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file on its way: where from, how long, the part that is here, and how the server marked it."""

    url: str
    size: int
    part: Path
    etag: Path

    @property
    def have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0


class Web:
    """Asks servers for files.

    Args:
        hosts: who may be asked.
        timeout_s: how long to wait for an answer, in seconds.
    """

    def __init__(self, hosts: Hosts = HOSTS, timeout_s: float = TIMEOUT_S) -> None:
        self._hosts = hosts
        self._timeout_s = timeout_s
        self._opener = urllib.request.build_opener(_Redirects(hosts))

    def read(self, url: str, most: int) -> bytes:
        """Return a short answer of at most ``most`` bytes. Raises `Trouble` when there is none."""
        try:
            with self._ask(url, {}) as answer:
                data: bytes = answer.read(most + 1)
        except urllib.error.HTTPError as e:
            e.close()
            raise _refused(url, e.code) from e
        except (OSError, http.client.HTTPException) as e:
            raise _unreached(url, e) from e
        if len(data) > most:
            raise Trouble(
                "{host} answered with more than was asked for.", "Try again later.", host=_host(url)
            )
        return data

    def fetch(self, url: str, size: int, digest: Digest, into: Path, tell: Callable[[int], None]) -> None:
        """Bring a file to ``into``, going on from the part of it that is here already.

        Args:
            url: where it is.
            size: its size in bytes.
            digest: what it must hash to.
            into: where it is to be; its folder exists. ``NAME.part`` and ``NAME.etag`` beside it are ours.
            tell: is told again and again how many of its bytes are here.

        Raises:
            Trouble: no connection, an answer that is not the file, or no room on the disk. The part stays.
        """
        wanted = _Wanted(url, size, into.with_name(f"{into.name}.part"), into.with_name(f"{into.name}.etag"))
        # A part from before may be another file's: then once more, from the beginning.
        for _ in range(2 if wanted.have else 1):
            self._complete(wanted, tell)
            if digest.fits(wanted.part):
                wanted.part.replace(into)
                wanted.etag.unlink(missing_ok=True)
                return
            wanted.part.unlink()
        raise _foreign(url)

    def _complete(self, wanted: _Wanted, tell: Callable[[int], None]) -> None:
        """Make the part as long as it should be, over as many connections as it takes."""
        if wanted.have > wanted.size:
            wanted.part.unlink()
        idle, furthest = 0, wanted.have
        while (have := wanted.have) < wanted.size:
            tell(have)
            try:
                self._go_on(wanted, tell)
            except urllib.error.HTTPError as e:
                e.close()
                if e.code != BEYOND or not have:
                    raise _refused(wanted.url, e.code) from e
                wanted.part.unlink()  # the server knows no such rest: from the beginning
            except (OSError, http.client.HTTPException) as e:
                if idle + 1 >= IDLE_TRIES or isinstance(_reason(e), ssl.SSLCertVerificationError):
                    raise _unreached(wanted.url, e) from e
            idle, furthest = (0, wanted.have) if wanted.have > furthest else (idle + 1, furthest)
        tell(wanted.size)

    def _go_on(self, wanted: _Wanted, tell: Callable[[int], None]) -> None:
        """Ask once for what is missing, and write what comes."""
        have = wanted.have
        headers = {}
        if have:
            headers["Range"] = f"bytes={have}-"
            if wanted.etag.exists():
                headers["If-Range"] = wanted.etag.read_text(encoding="utf-8")
        with self._ask(wanted.url, headers) as answer:
            if not (have and answer.status == PARTIAL and _is_rest(answer, have, wanted.size)):
                if answer.status != OK:  # a part that nobody asked for: ask again, for the whole
                    wanted.part.unlink(missing_ok=True)
                    raise http.client.HTTPException(f"an answer with code {answer.status}")
                if answer.length is not None and answer.length != wanted.size:
                    raise _foreign(wanted.url)
                have = 0
                _keep_mark(answer, wanted.etag)
            _write(answer, wanted, have, tell)

    def _ask(self, url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._hosts.check(url)
        plain = {"User-Agent": "coach", "Accept-Encoding": "identity"}
        with offline.allowed("a model download", self._hosts.first | _proxies(), self._hosts.onward):
            request = urllib.request.Request(url, headers=plain | headers)  # noqa: S310 - the scheme was checked
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=self._timeout_s)
        return answer


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to servers we know, and to no others."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def redirect_request(  # noqa: PLR0917 - as the library calls it
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self._hosts.check(newurl, redirected=True)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _write(answer: http.client.HTTPResponse, wanted: _Wanted, have: int, tell: Callable[[int], None]) -> None:
    """Add an answer to the part behind its first ``have`` bytes; never more than the file has."""
    with _opened(wanted.part, "r+b" if have else "wb") as out:
        out.seek(have)
        while have < wanted.size and (block := answer.read(min(BLOCK, wanted.size - have))):
            try:
                out.write(block)
                out.flush()  # what was written counts, even if the machine dies in the next second
            except OSError as e:
                raise _unwritable(wanted.part, e) from e
            have += len(block)
            tell(have)
    if have < wanted.size:
        raise http.client.IncompleteRead(b"", wanted.size - have)


def _opened(part: Path, mode: str) -> IO[bytes]:
    try:
        return part.open(mode)
    except OSError as e:
        raise _unwritable(part, e) from e


def _is_rest(answer: http.client.HTTPResponse, have: int, size: int) -> bool:
    """Say whether an answer is what it claims to be: exactly the bytes that are missing, of a file of that size."""
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers.get("Content-Range", ""))
    return found is not None and tuple(map(int, found.groups())) == (have, size - 1, size)


def _keep_mark(answer: http.client.HTTPResponse, etag: Path) -> None:
    """Remember how the server marks this state of the file; a weak mark does not vouch for its bytes."""
    mark = answer.headers.get("ETag", "")
    try:
        if mark.startswith('"'):
            etag.write_text(mark, encoding="utf-8")
        else:
            etag.unlink(missing_ok=True)
    except OSError as e:
        raise _unwritable(etag, e) from e


def _proxies() -> set[str]:
    """Return the proxies that the user's system names, through which every download then goes."""
    return {host for url in urllib.request.getproxies().values() if (host := urlsplit(url).hostname)}


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _reason(e: Exception) -> object:
    return e.reason if isinstance(e, urllib.error.URLError) else e


def _foreign(url: str) -> Trouble:
    name = urlsplit(url).path.rpartition("/")[2]
    return Trouble(
        "What {host} sent for {name} is not the file we know, so it was thrown away.",
        "Try again later; if it stays so, report it.",
        host=_host(url),
        name=name,
    )


def _refused(url: str, code: int) -> Trouble:
    return Trouble(
        "{host} does not give the file (code {code}).", "Try again later.", host=_host(url), code=code
    )


def _unreached(url: str, e: Exception) -> Trouble:
    reason = _reason(e)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Trouble(
            "The certificate of {host} is not one that this computer trusts.",
            "Check the date of this computer, and your proxy if you use one.",
            host=_host(url),
        )
    return Trouble(
        "The connection to {host} broke, or there is none.",
        "Try again when you are online; what is here stays, and the download goes on from there.",
        host=_host(url),
    )


def _unwritable(path: Path, e: OSError) -> Trouble:
    return Trouble(
        "{folder} cannot be written: {why}.", "Free some space, and try again.", folder=path.parent, why=e
    )

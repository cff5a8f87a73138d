"""A browser of our own for tests: headless Chromium, spoken to over a pipe, without any network.

Owns the process and the few questions that tests ask: what a page's accessibility tree says, how wide it is, what the
console and the network saw, a picture of it, its print. Refuses to know what is tested.

    with Browser(folder) as browser:
        tab = browser.open(path, width=360)
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_TO_BROWSER, _FROM_BROWSER = 3, 4  # the two ends that --remote-debugging-pipe speaks on


def browser_program() -> str | None:
    """Return where a Chromium is; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Seen:
    """What went by while a page was open."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Browser:
    """A headless Chromium with a profile of its own, used as a context.

    Args:
        folder: for its profile; may be thrown away afterwards.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._session = ""
        self._rest = b""
        self.seen = Seen()

    def __enter__(self) -> Self:
        program = browser_program()
        assert program is not None, "no Chromium here"
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        line = [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--hide-scrollbars",
            f"--user-data-dir={self._folder / 'profile'}",
            "--remote-debugging-pipe",
            "about:blank",
        ]
        shell = f'exec "$@" {_TO_BROWSER}<&{to_read} {_FROM_BROWSER}>&{to_write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *line],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(self._folder)},
        )
        os.close(to_read)
        os.close(to_write)
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "CSS", "Accessibility"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setScriptExecutionDisabled", value=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(20)
        os.close(self._read)
        os.close(self._write)

    def open(self, path: Path, *, width: int = 1000, height: int = 900, scheme: str = "light") -> Seen:
        """Open a file and wait until it is there.

        Args:
            path: the page.
            width: of the window, in px.
            height: of the window, in px.
            scheme: ``light`` or ``dark``.
        """
        self.seen = Seen()
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Page.navigate", url=path.resolve().as_uri())
        self._until("Page.loadEventFired")
        return self.seen

    def width(self) -> int:
        """Return how wide the page is; wider than its window means that it must be pushed aside."""
        return int(self.ask("Page.getLayoutMetrics")["cssContentSize"]["width"])

    def tree(self) -> list[tuple[str, str]]:
        """Return the role and the name of everything that a screen reader meets."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        return [
            (_value(n.get("role")), _value(n.get("name")))
            for n in nodes
            if not n.get("ignored") and _value(n.get("role")) != "InlineTextBox"
        ]

    def count(self, selector: str) -> int:
        """Return how many elements a selector finds."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        return len(self.ask("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"])

    def shown(self, selector: str) -> int:
        """Return how many of the elements that a selector finds have a box on the page."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        found = self.ask("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        return sum(
            bool(self.ask("DOM.getContentQuads", nodeId=n)["quads"]) for n in found if self._laid_out(n)
        )

    def click(self, selector: str) -> None:
        """Click the middle of the first element that a selector finds."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.scrollIntoViewIfNeeded", nodeId=node)
        quad = self.ask("DOM.getContentQuads", nodeId=node)["quads"][0]
        x, y = sum(quad[0::2]) / 4, sum(quad[1::2]) / 4
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, to: Path) -> None:
        """Write a picture of the whole page."""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        to.write_bytes(base64.b64decode(shot["data"]))

    def paper(self) -> bytes:
        """Return the page as it would be printed, a PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def ask(self, method: str, **how: Any) -> dict[str, Any]:
        """Send one command of the DevTools protocol and return its answer."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": how}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            pass
        assert "error" not in answer, f"{method}: {answer['error']}"
        return dict(answer["result"])

    def _laid_out(self, node: int) -> bool:
        style = self.ask("CSS.getComputedStyleForNode", nodeId=node)["computedStyle"]
        return all(p["value"] != "none" for p in style if p["name"] == "display")

    def _until(self, method: str) -> None:
        while self._next().get("method") != method:
            pass

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._read, 1 << 16)
            assert part, "the browser ended"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        message = dict(json.loads(line))
        self._note(message)
        return message

    def _note(self, message: Mapping[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Log.entryAdded":
            self.seen.console.append(str(params["entry"]["text"]))
        elif method in {"Runtime.consoleAPICalled", "Runtime.exceptionThrown"}:
            self.seen.console.append(json.dumps(params))
        elif method == "Network.requestWillBeSent":
            self.seen.requests.append(str(params["request"]["url"]))


def _value(of: Mapping[str, Any] | None) -> str:
    return str((of or {}).get("value", ""))

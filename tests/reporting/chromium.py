"""Drives a headless Chromium over its DevTools pipe (NUL-separated JSON on descriptors 3 and 4)."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe", "--window-size=1366,768",
)  # fmt: skip
GONE = ("navigated or closed", "context was destroyed", "Cannot find context")
"""How DevTools says that the page of a question is there no more."""
PATIENCE = 60.0
"""Seconds until a page that does not get ready is given up; a ready one is never waited for."""


class BrowserError(Exception):
    """The browser did not answer, or the page did not become what was expected."""


class NavigatedError(BrowserError):
    """The page that was asked went away because another one was opened; the question can be put to that one."""


def chromium_program() -> str:
    """Path of Chromium; its absence fails a test, so that nobody takes an unread page for a tested one."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.fail("Chromium is missing, so no page can be tested – apt install chromium", pytrace=False)
    return found


def _start_with_pipes(command: list[str], to_read: int, to_write: int) -> subprocess.Popen[bytes]:
    """Start a program with two pipe ends as its descriptors 3 and 4; ours are closed."""
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in (to_read, to_write)]
    launch = "import os; from sys import argv as a; os.dup2(int(a[1]), 3); os.dup2(int(a[2]), 4); os.execv(a[3], a[3:])"
    process = subprocess.Popen(
        [sys.executable, "-c", launch, *map(str, high), *command], pass_fds=high,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for descriptor in (*high, to_read, to_write):
        os.close(descriptor)
    return process


class Page:
    """One tab: what it asked the network for, what it complained about, what it shows."""

    def __init__(self, profile: Path) -> None:
        child_in, self._to = os.pipe()
        self._from, child_out = os.pipe()
        command = [chromium_program(), *ARGUMENTS, f"--user-data-dir={profile}"]
        self._process = _start_with_pipes(command, child_in, child_out)
        self._unread = b""
        self._number = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._to)  # Chromium ends when its pipe does
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one DevTools command and return its result; events that come meanwhile are noted."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._number:
                if "error" in answer:
                    gone = any(words in str(answer["error"]) for words in GONE)
                    raise (NavigatedError if gone else BrowserError)(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def open(self, url: str) -> None:
        """Go to a page; use `wait_for` to know when it is ready."""
        self.call("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """Value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Return as soon as a JavaScript expression is true in the page."""
        deadline = time.monotonic() + PATIENCE
        guarded = f"(() => {{ try {{ return Boolean({expression}) }} catch {{ return false }} }})()"
        while not self._holds(guarded):
            if time.monotonic() > deadline:
                text = self.evaluate("document.body.innerText.slice(0, 500)")
                raise BrowserError(
                    f"not true within {PATIENCE} s: {expression}\ncomplaints: {self.complaints}\npage: {text}"
                )
            self._holds("new Promise(done => setTimeout(done, 50))")

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.evaluate(expression))
        except NavigatedError:
            return False  # ask the page that comes instead

    def click(self, text: str) -> None:
        """Click the first element that shows exactly this text, as soon as it is there."""
        shows = f"!element.children.length && element.textContent.trim() === {json.dumps(text)}"
        find = f"[...document.querySelectorAll('*')].find(element => {shows})"
        self.wait_for(find)
        self.evaluate(f"{find}.click()")

    def wait_for_text(self, text: str) -> None:
        """Return as soon as a person could read this text."""
        self.wait_for(f"document.body.innerText.includes({json.dumps(text)})")

    def text(self) -> str:
        """What a person can read on the page now."""
        return str(self.evaluate("document.body.innerText"))

    def screenshot(self, path: Path) -> None:
        """Save what the window shows as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def foreign_requests(self, origin: str) -> list[str]:
        """Requests to anywhere but `origin`."""
        own = (f"{origin}/", "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(self._from, 1 << 16) if ready else b""
            if not chunk:
                raise BrowserError(f"Chromium did not answer (exit status {self._process.poll()})")
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        values = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(values["request"]["url"])
            case "Runtime.consoleAPICalled" if values["type"] in ("error", "assert"):
                self.complaints.append(str([entry.get("value", entry.get("description")) for entry in values["args"]]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(values["exceptionDetails"]))
            case "Log.entryAdded" if values["entry"]["level"] == "error":
                self.complaints.append(f"{values['entry']['text']} {values['entry'].get('url', '')}")


@contextmanager
def open_page(profile: Path) -> Iterator[Page]:
    """A browser with one empty tab, ended with the block."""
    with Page(profile) as page:
        yield page

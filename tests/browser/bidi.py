"""A small client of WebDriver BiDi (w3.org/TR/webdriver-bidi): enough to open a page in Firefox, ask it something, press keys, and take its picture.

Playwright drives only a Firefox of its own; this one drives the one that is installed.
"""

import base64
import itertools
import json
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, suppress

from websockets.sync.client import connect

__all__ = ["FIREFOX", "Firefox"]

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE = 120
"""Seconds that an answer may take."""


class Firefox:
    """A Firefox without a window; a context manager."""

    def __enter__(self):
        self._stack = ExitStack()
        profile = self._stack.enter_context(tempfile.TemporaryDirectory())
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile]
        self._process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._stack.callback(self._end)
        self._socket = self._stack.enter_context(
            connect(f"{self._address()}/session", max_size=None, open_timeout=PATIENCE)
        )
        self._numbers = itertools.count(1)
        self.troubles = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def __exit__(self, *_):
        with suppress(OSError, RuntimeError):
            self.call("browser.close")
        self._stack.close()

    def _end(self):
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()

    def _address(self):
        for line in self._process.stderr:
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                return found[1]
        message = "Firefox did not say where it listens"
        raise RuntimeError(message)

    def call(self, method, **params):
        """Send a command and return its result; what the page logs meanwhile is kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=PATIENCE))
            if said.get("id") == number:
                if said["type"] == "error":
                    raise RuntimeError(said["message"])
                return said["result"]
            self._note(said)

    def _note(self, said):
        params = said.get("params", {})
        if said.get("method") == "log.entryAdded" and params["level"] == "error":
            self.troubles.append(params["text"])
        if said.get("method") == "network.beforeRequestSent":
            url = params["request"]["url"]
            if not url.startswith(("file:", "data:", "blob:", "about:")):
                self.troubles.append(url)

    def open(self, url, width=1280, height=800):
        """Show a page in a window of so many pixels."""
        self.call(
            "browsingContext.setViewport",
            context=self._context,
            viewport={"width": width, "height": height},
        )
        self.call("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def ask(self, expression):
        """Return the value of an expression, of a promise what it resolves to."""
        result = self.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"].get("value", "null"))

    def press(self, text):
        """Press keys one after the other; keys without a letter by their WebDriver codes."""
        actions = [
            {"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")
        ]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.call("input.performActions", context=self._context, actions=[source])

    def click(self, x, y):
        """Click at a place of the window."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y)}]
        presses = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        source = {"type": "pointer", "id": "mouse", "actions": [*moves, *presses]}
        self.call("input.performActions", context=self._context, actions=[source])

    def picture(self):
        """Return the window as PNG."""
        shot = self.call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(shot["data"])

"""Headless Chromium over its DevTools protocol: pages as people meet them. Where there is none, tests skip."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.pictures.chromium import browser

#: Seconds until something that was waited for counts as not coming.
PATIENCE = 60.0

_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--remote-debugging-port=0",
    # Whatever is asked of a host that is not this machine fails before it leaves it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Page:
    """One tab. `requests` are the addresses that it asked for, in their order."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._number = self._loads = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility"):
            self.tell(f"{domain}.enable")

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to one command. Raises `AssertionError` where Chromium refuses it."""
        self._number += 1
        mine = self._number
        self._wire.send(json.dumps({"id": mine, "method": method, "params": params}))
        while True:
            said = json.loads(self._wire.recv(timeout=PATIENCE))
            if said.get("id") == mine:
                assert "error" not in said, (method, said["error"])
                result: dict[str, Any] = said["result"]
                return result
            self._heard(said)

    def _heard(self, said: dict[str, Any]) -> None:
        if said.get("method") == "Network.requestWillBeSent":
            self.requests.append(said["params"]["request"]["url"])
        elif said.get("method") == "Page.loadEventFired":
            self._loads += 1
        elif said.get("method") == "Log.entryAdded":
            self.complaints.append(said["params"]["entry"]["text"])

    def open(self, address: str, *, width: int, height: int, dark: bool = False) -> None:
        """Open `address` in a window of that size (CSS pixels), and wait until it is loaded."""
        phone = width < 600
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", features=[scheme])
        before = self._loads
        self.tell("Page.navigate", url=address)
        while self._loads == before:
            self._heard(json.loads(self._wire.recv(timeout=PATIENCE)))

    def until(self, so: str) -> None:
        """Wait until the expression `so` is true. Raises `AssertionError` when it doesn't come to be."""
        came = self.run(
            f"new Promise(done => {{ const give_up = setTimeout(() => done(false), {PATIENCE * 900});"
            f" const look = () => ({so}) ? (clearTimeout(give_up), done(true)) : setTimeout(look, 10); look(); }})"
        )
        assert came, f"never so: {so}"

    def run(self, script: str) -> Any:
        """What the script answers; a promise is waited for."""
        answer = self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def forget(self) -> None:
        """What was asked for and complained of so far counts no more."""
        self.requests.clear()
        self.complaints.clear()

    def press(self, key: Literal["Tab", "Enter"]) -> None:
        """One key, down and up."""
        code, text = {"Tab": (9, ""), "Enter": (13, "\r")}[key]
        for kind in ("keyDown", "keyUp"):
            self.tell(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode=code
            )

    def names(self, role: str) -> list[str]:
        """The accessible names of everything with that role, in reading order."""
        nodes = self.tell("Accessibility.getFullAXTree")["nodes"]
        return [
            node.get("name", {}).get("value", "")
            for node in nodes
            if not node["ignored"] and node["role"]["value"] == role
        ]

    def shoot(self, png: Path, *, whole: bool = True) -> None:
        """Write what the window shows, or the whole page."""
        shot = self.tell("Page.captureScreenshot", captureBeyondViewport=whole)
        png.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def chromium() -> Iterator[Page]:
    """A fresh browser with one tab, gone with the block. Skips the test where no Chromium is installed."""
    program = browser()
    if program is None:
        pytest.skip("no Chromium on this machine (chromium, google-chrome): the page was not looked at")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stderr is not None
                heard = (line for line in process.stderr if line.startswith("DevTools listening on "))
                door = next(heard).split()[-1]
                # What it says from here on is read by nobody, but it must get rid of it.
                threading.Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
                with connect(_tab(door), max_size=None, open_timeout=PATIENCE) as wire:
                    yield Page(wire)
            finally:
                process.kill()


def _tab(door: str) -> str:
    with connect(door, open_timeout=PATIENCE) as wire:
        wire.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        while (said := json.loads(wire.recv(timeout=PATIENCE))).get("id") != 1:
            pass
    tab = next(one["targetId"] for one in said["result"]["targetInfos"] if one["type"] == "page")
    return f"{door.split('/devtools/', maxsplit=1)[0]}/devtools/page/{tab}"

"""Chromium without a window, controlled by its DevTools protocol: it opens pages, clicks, and reports what a page opens."""

import contextlib
import itertools
import json
import shutil
import subprocess
import time
import urllib.request

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Chromium:
    def __init__(self, folder):
        websocket = pytest.importorskip("websocket", reason="needs websocket-client")
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if program is None:
            pytest.skip("Chromium is not installed")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--remote-debugging-port=0",
            "--window-size=1200,4000",
        ]
        self.process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={folder}", "--remote-allow-origins=*", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        told, end = folder / "DevToolsActivePort", time.monotonic() + 60
        while not told.exists() or not told.read_text().strip():
            if time.monotonic() > end or self.process.poll() is not None:
                self.close()
                pytest.skip("Chromium does not start here")
            time.sleep(0.1)
        port = told.read_text().split()[0]
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        address = next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page")
        self.socket, self.numbers, self.events = websocket.create_connection(address, timeout=30), itertools.count(1), []
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                return message.get("result", {})
            self.events.append(message)

    def run(self, script):
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def open(self, path):
        self.call("Page.navigate", url=path.as_uri())
        end = time.monotonic() + 30
        while self.run("document.readyState") != "complete" and time.monotonic() < end:
            time.sleep(0.05)
        self.events.clear()

    def wait(self, script, seconds=30):
        """Evaluate `script` in the page until its value is true, and return this value. Fails after `seconds`."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)
        return value

    def press(self, x, y):
        """Click at the point (x, y) of the page, in pixels. Returns the addresses that the page then tried to open."""
        self.events.clear()
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        for _ in range(3):
            time.sleep(0.03)
            self.run("1")
        return [e["params"]["url"] for e in self.events if e.get("method") in ("Page.frameRequestedNavigation", "Page.windowOpen")]

    def close(self):
        with contextlib.suppress(Exception):
            self.socket.close()
        self.process.kill()
        self.process.wait()

"""Finds and starts the programs that can run TensorFlow.js: Chromium (or Chrome, Edge) and Node."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

_CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_CHROMIUM_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
        "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
        "%LocalAppData%/Google/Chrome/Application/chrome.exe",
        "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
    ),
}
_CHROMIUM_OPTIONS = (
    "--headless",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-extensions",
    "--disable-breakpad",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB, too little for a network's weights
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--password-store=basic",
    "--use-mock-keychain",
    "--enable-unsafe-swiftshader",  # WebGL on the processor where there is no graphics card
)


def find_chromium():
    """Path of Chromium, Chrome or Edge, or None; the environment variable CHROME goes first."""
    if chosen := os.environ.get("CHROME"):
        return shutil.which(chosen)
    found = (shutil.which(name) for name in _CHROMIUM_NAMES)
    usual = (shutil.which(os.path.expandvars(place)) for place in _CHROMIUM_PLACES.get(sys.platform, ()))
    return next(filter(None, (*found, *usual)), None)


def find_node(least=18):
    """Path of Node.js, or None when there is none or it is older than version `least`."""
    node = shutil.which("node")
    return node if node and node_version(node) >= least else None


def node_version(node):
    """The major version of the Node.js at path `node`, e.g. 20; 0 when it does not start."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
        return int(done.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


class Program:
    """A running browser or Node with a temporary folder of its own; `close` leaves nothing behind."""

    def __init__(self, title, command):
        """command: function that makes the command line from the temporary folder."""
        _sweep()
        self.title = title
        self.folder = Path(tempfile.mkdtemp(prefix=f"labs-browser-{os.getpid()}-"))
        guard = [sys.executable, str(Path(__file__).with_name("guard.py")), str(self.folder)]
        self._guard = subprocess.Popen(
            [*guard, *command(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends the parent, and with it the guard
        )

    @classmethod
    def chromium(cls, path, address):
        """Open `address` in a headless Chromium with an empty profile."""
        root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium has no sandbox for root
        options = (*_CHROMIUM_OPTIONS, *(["--no-sandbox"] if root else []))
        return cls("Chromium", lambda folder: [path, *options, f"--user-data-dir={folder}", address])

    @classmethod
    def node(cls, path, script, *arguments):
        """Run a script in Node.js."""
        return cls("Node.js", lambda folder: [path, str(script), *map(str, arguments)])

    def alive(self):
        """False when the program has ended."""
        return self._guard.poll() is None

    def close(self):
        """End the program with all its children, and remove its folder."""
        self._guard.stdin.close()
        try:
            self._guard.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._guard.kill()


def _sweep():
    """Remove the folders of processes that were killed together with their guard."""
    for folder in Path(tempfile.gettempdir()).glob("labs-browser-*"):
        process = folder.name.split("-")[2]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)

"""Hands jobs to js/worker.js, which runs in a browser or in Node, over HTTP on this machine.

The worker asks for a job, and the answer waits until there is one; it posts the result back. Only
127.0.0.1 is listened on, under an address with a random part, and only named files are served.
"""

import contextlib
import http.server
import json
import queue
import secrets
import threading
import time

import numpy as np

from labs.errors import LabsError
from labs.runtimes import Ended, tfjs_packages

_POLL = 20  # seconds after which the worker asks again
_TRAPS = ("memory access out of bounds", "Aborted", "unreachable")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
}


class Host:
    """A server and the program that works for it.

    start: function from the server's address to a browser.Program.
    Example: `host = Host(lambda address: Program.chromium(path, address + "page.html"))`.
    """

    def __init__(self, start, limit=60):
        self._jobs, self._results = queue.Queue(), queue.Queue()
        self._inputs = b""
        self._files = {
            "worker.js": tfjs_packages.JS / "worker.js",
            "page.html": tfjs_packages.JS / "page.html",
        }
        self._files |= {f"packages/{name}": tfjs_packages.folder() / name for name in tfjs_packages.FILES}
        self._asked = threading.Event()
        self._number = 0
        self._secret = secrets.token_hex(8)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.program = start(self.address)
        try:
            self._wait(self._asked.is_set, "started", limit)
        except LabsError:
            self.close()
            raise

    @property
    def address(self):
        """The server's address, with its secret part and a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._secret}/"

    def alive(self):
        """False when the browser or Node has ended."""
        return self.program.alive()

    def serve_folder(self, folder):
        """Make the files of `folder` (not of its subfolders) loadable; returns the address of it."""
        self._number += 1
        self._files |= {
            f"model-{self._number}/{path.name}": path for path in folder.iterdir() if path.is_file()
        }
        return f"{self.address}model-{self._number}/"

    def ask(self, kind, arrays=(), limit=600, **facts):
        """Have the worker do a job; returns (facts, list of arrays).

        Raises LabsError with the worker's own words, or when it ended or took over `limit` seconds.
        """
        self._number += 1
        number = self._number
        self._inputs = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        self._jobs.put({"id": number, "kind": kind, **facts})
        self._wait(lambda: not self._results.empty(), "answered", limit)
        answer, values = self._results.get()
        if answer.pop("id") != number:
            raise LabsError("TensorFlow.js answered another question: run it again.")
        if "error" in answer:
            if any(trap in answer["error"] for trap in _TRAPS):
                self.program.close()  # a WebAssembly memory that has been overrun answers nobody any more
            raise LabsError(f"TensorFlow.js: {answer['error']}")
        return answer, _arrays(answer.get("outputs", ()), values)

    def _wait(self, done, word, limit):
        end = time.monotonic() + limit
        while not done():
            if not self.alive() and not done():
                raise Ended(
                    f"{self.program.title} ended before it {word}: run it again, with more free memory."
                )
            if time.monotonic() > end:
                raise LabsError(f"{self.program.title} has not {word} within {limit} seconds.")
            time.sleep(0.002)

    def close(self):
        """End the program and the server."""
        self.program.close()
        self._server.shutdown()
        self._server.server_close()


def _arrays(outputs, values):
    arrays, offset = [], 0
    for output in outputs:
        count = int(np.prod(output["shape"], dtype=np.int64))
        array = np.frombuffer(values, output["dtype"], count, offset).reshape(output["shape"])
        arrays.append(array)
        offset += array.nbytes
    return arrays


def _handler(host):
    """The request handler class of a host."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps the connection open between jobs
        disable_nagle_algorithm = True  # a small answer leaves at once

        def do_GET(self):
            name = self._name()
            if name == "job":
                self._job()
            elif name == "inputs":
                self._send(200, host._inputs)
            elif name in host._files:
                path = host._files[name]
                self._send(200, path.read_bytes(), _TYPES.get(path.suffix, "application/octet-stream"))
            else:
                self._send(404)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self._name() != "result":
                return self._send(404)
            head, _, values = body.partition(b"\n")
            host._results.put((json.loads(head), values))
            self._send(204)

        def _name(self):
            secret, _, name = self.path.lstrip("/").partition("/")
            return name if secrets.compare_digest(secret, host._secret) else None

        def _job(self):
            host._asked.set()
            try:
                self._send(200, json.dumps(host._jobs.get(timeout=_POLL)).encode(), "application/json")
            except queue.Empty:
                self._send(204)

        def _send(self, status, body=b"", kind="application/octet-stream"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "no-store")
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            with contextlib.suppress(ConnectionError):  # the browser may have ended meanwhile
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    return Handler

"""A small server of static files on this machine, to look at a site before it is published."""

import http.server
import threading
from pathlib import Path

from labs.errors import LabsError

_TYPES = {  # Windows may have other ideas of .js, with which no browser runs it
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder, with the types that browsers insist on and no stale copies."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | _TYPES
    protocol_version = "HTTP/1.1"
    threads = True  # send the two headers with which a browser lets WebAssembly use threads

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # a site just built anew is seen at once
        if self.threads:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, *message):
        pass


def serve(folder, port=0, handler=Handler):
    """Serve a folder on 127.0.0.1 in the background; returns the server (`server_port`, `shutdown()`).

    port: 0 takes any free one. Example: `server = serve("site", 8000)`.
    """
    folder = str(Path(folder).resolve())
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", port), lambda *request: handler(*request, directory=folder)
    )
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def show(folder, port):
    """Serve a folder until Ctrl-C. Raises LabsError when another program has the port."""
    try:
        server = serve(folder, port)
    except OSError as error:
        raise LabsError(
            f"Port {port} cannot be used ({error.strerror}): choose another with --port."
        ) from error
    print(f"Open http://localhost:{server.server_port}/ ; Ctrl-C ends the server.", flush=True)
    threading.Event().wait()

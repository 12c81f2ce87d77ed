"""TensorFlow.js itself: eight files of five npm packages, pinned in js/package-lock.json.

npm checks each package against the lock's hash; the eight files (3 MB) are kept in the cache, so
that a classroom downloads them once: `labs fetch tfjs`.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from labs import files
from labs.errors import DataUnavailable

JS = Path(__file__).parent / "js"  # worker.js, page.html and the lock

_SCRIPTS = ("core", "converter", "backend-cpu", "backend-wasm", "backend-webgl")
FILES = {f"tf-{name}.min.js": f"tfjs-{name}/dist/tf-{name}.min.js" for name in _SCRIPTS} | {
    name: f"tfjs-backend-wasm/dist/{name}"  # the browser picks the one its processor can run
    for name in (
        "tfjs-backend-wasm.wasm",
        "tfjs-backend-wasm-simd.wasm",
        "tfjs-backend-wasm-threaded-simd.wasm",
    )
}


def folder():
    """Where the files lie or will lie: a folder of the cache, named after the lock."""
    lock = (JS / "package-lock.json").read_text(encoding="utf-8")
    return files.cache_folder() / f"tfjs-{hashlib.sha256(lock.encode()).hexdigest()[:12]}"


def installed():
    """True when every file is there."""
    return all((folder() / name).is_file() for name in FILES)


def install():
    """Download TensorFlow.js with npm, once; returns its folder.

    Raises DataUnavailable when there is no npm or npm cannot reach its registry.
    Example: `labs.runtimes.tfjs_packages.install()`, or `labs fetch tfjs`.
    """
    target = folder()
    if installed():
        return target
    with files.whole_folder(target) as partial:
        npm_ci(JS, partial, "labs fetch tfjs")
        for name, source in FILES.items():
            shutil.copyfile(partial / "node_modules" / "@tensorflow" / source, partial / name)
        shutil.rmtree(partial / "node_modules")  # 110 MB of sources that nothing here reads
    return target


def npm_ci(source, where, command):
    """Install into the folder `where` what package.json and its lock in `source` name, without development tools.

    command: what to run again once there is a network. Raises DataUnavailable.
    Example: `npm_ci(JS, folder, "labs fetch tfjs")`.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DataUnavailable(
            "TensorFlow.js is downloaded with npm: install Node.js 18 or later, which brings npm."
        )
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, where)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"],
        cwd=where,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith(("npm error", "npm ERR!"))]
        reason = reasons[0].split(" ", 2)[-1] if reasons else f"npm ended with {done.returncode}"
        raise DataUnavailable(
            f"npm could not download TensorFlow.js ({reason}): connect to the internet and run `{command}` again."
        )

"""TensorFlow.js and the face networks as the site serves them: downloaded and bundled once, kept in the cache."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from labs import files
from labs.errors import DataUnavailable, LabsError
from labs.runtimes.browser import find_node
from labs.runtimes.tfjs_packages import npm_ci

ENTRIES = ("tf", "gradients", "wasm", "webgl", "webgpu", "cpu", "face")
# Threads need two headers (labs/site/serve.py), which few static hosts send; then the browser takes the last of these.
WASM = ("tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm")
FACES = ("tiny_face_detector_model", "face_expression_model")
_TENSORFLOW = "node_modules/@tensorflow"
_FACE_API = "node_modules/@vladmandic/face-api"


def web_folder():
    """The folder web/ of a checkout, or its copy in an installed package."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent / "web", package / "_web"):
        if (folder / "package-lock.json").is_file():
            return folder
    raise DataUnavailable("The pages (web/) are missing: install labs again.")


def bundles():
    """The folder with the site's libraries, made on the first call; afterwards no network is needed.

    Raises DataUnavailable without Node.js, npm or a network.
    """
    web = web_folder()
    target = files.cache_folder() / f"site-{_fingerprint(web)}"
    if target.is_dir():
        return target
    node = find_node()
    if node is None:
        raise DataUnavailable("The site's libraries are bundled by Node.js: install Node.js 18 or later.")
    with files.whole_folder(target) as partial:
        npm_ci(web, partial, "labs site")
        shutil.copytree(web / "vendor", partial / "entries")
        _bundle(node, partial)
        for name in WASM:
            shutil.copyfile(partial / _TENSORFLOW / "tfjs-backend-wasm" / "dist" / name, partial / name)
        _copy_faces(partial)
        _copy_licences(partial)
        for leftover in ("node_modules", "entries"):
            shutil.rmtree(partial / leftover)
        for leftover in ("package.json", "package-lock.json"):
            (partial / leftover).unlink()
    return target


def _fingerprint(web):
    digest = hashlib.sha256()
    for path in [web / "package-lock.json", *sorted((web / "vendor").iterdir()), Path(__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _bundle(node, folder):
    """One file an entry, with what they share in chunks of its own: a backend is fetched when chosen."""
    asked = {  # what face-api imports -> what it gets
        "@tensorflow/tfjs/dist/index.js": "tf-of-face.js",
        "@tensorflow/tfjs-backend-webgl/dist/index.js": "nothing.js",
        "@tensorflow/tfjs-backend-wasm/dist/index.js": "nothing.js",
    }
    command = [
        node,
        "node_modules/esbuild/bin/esbuild",
        *(f"entries/{name}.js" for name in ENTRIES),
        *("--bundle", "--splitting", "--format=esm", "--minify", "--target=es2020"),
        *("--outdir=.", "--legal-comments=eof", "--log-level=error"),
        *(f"--alias:{name}=./entries/{ours}" for name, ours in asked.items()),
    ]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise LabsError(f"esbuild could not bundle the site's libraries ({reason}): run `labs site` again.")


def _copy_faces(folder):
    """The two face networks, and a list with the hash of each file for the page to check."""
    source = folder / _FACE_API / "model"
    (folder / "faces").mkdir()
    listed = {}
    for name in [f"{face}{end}" for face in FACES for end in ("-weights_manifest.json", ".bin")]:
        shutil.copyfile(source / name, folder / "faces" / name)
        path = folder / "faces" / name
        listed[name] = {"sha256": files.sha256(path), "bytes": path.stat().st_size}
    (folder / "faces" / "files.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def _copy_licences(folder):
    """The licences ask to travel with the code."""
    texts = [f"{name}\n\n{path.read_text(encoding='utf-8')}" for name, path in _licences(folder)]
    (folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")


def _licences(folder):
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    for place, package in lock["packages"].items():
        if not place or package.get("dev") or "esbuild" in place:
            continue
        found = sorted((folder / place).glob("[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*"))
        if found:
            yield f"{place.removeprefix('node_modules/')} {package['version']}", found[0]

"""labs site: saved models and web/ become a folder that any static host can serve."""

import json
import shutil
from pathlib import Path

from labs.errors import LabsError
from labs.export.card import read_card, verify_files
from labs.files import whole_folder
from labs.site.assets import hash_assets
from labs.site.vendor import bundles, web_folder


def build(models="saved_models", out="site", lessons=None):
    """Write the static site; returns the folder as a Path, whole or not at all.

    models: a folder of saved models (labs.export), or a list of such models' folders. Only what a browser
    needs is copied: card, labels and tfjs/, each checked against the card. Golden pictures stay at home,
    since they may be photographs that nobody may publish. A folder that is damaged stops the build.
    out: replaced as a whole when it is a site, refused when it is anything else.
    lessons: the folder that tools/build_lessons.py has written, to stand beside the models' pages; None for these alone.

    Raises LabsError, BadModelFolder; DataUnavailable when npm cannot fetch TensorFlow.js.
    Example: `labs.site.build(out="site")`, then `labs site --serve`.
    """
    out = Path(out)
    _refuse_strangers(out)
    folders = _model_folders(models)
    if lessons is not None and not (Path(lessons) / "lessons.json").is_file():
        raise LabsError(f"There are no built lessons in {lessons}: run `make site` (docs/site.md).")
    vendor = bundles()
    with whole_folder(out) as partial:
        shutil.copytree(web_folder() / "public", partial, dirs_exist_ok=True)
        shutil.copytree(vendor, partial / "vendor")
        if lessons is None:
            _write_json(partial / "lessons.json", {"lessons": [], "proof": []})
        else:
            shutil.copytree(lessons, partial, dirs_exist_ok=True)
        entries = [_copy_model(folder, partial / "models" / folder.name) for folder in folders]
        (partial / "models").mkdir(exist_ok=True)
        _write_json(partial / "models" / "index.json", entries)
        folder = hash_assets(partial)
        _write_json(partial / "offline.json", _offline(partial, folder))
        (partial / ".nojekyll").touch()  # GitHub Pages shall serve the files as they are
    return out


def _write_json(path, content):
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _offline(site, folder):
    """What the service worker keeps on the first visit: the pages, what runs them, and the digits (1.4 MB)."""
    kept = ["*.html", "*.svg", "*.json", "icons/*", "models/index.json", "models/mnist/**/*"]
    runs = [
        "*.css",
        "js/*",
        "vendor/tf.js",
        "vendor/cpu.js",
        "vendor/wasm.js",
        "vendor/chunk-*.js",
        "vendor/*-simd.wasm",
    ]
    kept += [f"{folder}/{pattern}" for pattern in runs]
    paths = {path for pattern in kept for path in site.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(site).as_posix() for path in paths)


def _refuse_strangers(out):
    """Never replace a folder that this command has not made."""
    if out.is_dir() and any(out.iterdir()) and not (out / "models" / "index.json").is_file():
        raise LabsError(f"{out} holds something that is no site of ours: choose another folder with --out.")


def _model_folders(models):
    if isinstance(models, str | Path):
        models = Path(models)
        if not models.is_dir():
            raise LabsError(f"There is no folder {models}: name the folder of your saved models.")
        models = sorted(path.parent for path in models.glob("*/card.json"))
    return [Path(folder) for folder in models]


def _copy_model(folder, target):
    """Copy what a browser needs; returns the model's line in models/index.json."""
    card = read_card(folder)
    wanted = [name for name in card["files"] if name == "labels.txt" or name.startswith("tfjs/")]
    verify_files(folder, {"files": {name: card["files"][name] for name in wanted}})
    for name in ["card.json", *wanted]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target / name)
    entry = {
        "name": folder.name,
        "kind": card.get(
            "kind", "probabilities" if card["labels"] or not card["preprocessing"] else "features"
        ),
        "color": (card["preprocessing"] or {}).get("color"),
        "rate": (card["preprocessing"] or {}).get("rate"),
        "shape": card["inputs"][0]["shape"],
        "labels": card["labels"],
        "bytes": sum(card["files"][name]["bytes"] for name in wanted),
    }
    problem = _problem(card)
    return entry | ({"problem": problem} if problem else {})


def _problem(card):
    """Why a browser cannot show this model, or None."""
    if "tfjs/model.json" not in card["files"]:
        return card.get("notes", {}).get("tfjs", "it was saved without the tfjs format")
    if card["preprocessing"] and not card["labels"] and card.get("kind", "picture") != "picture":
        return "it has no labels"
    return None

"""labs site: the builder, and the JavaScript that needs no browser. test_site_browser.py opens the pages."""

import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from labs import site
from labs.errors import BadModelFolder, DataUnavailable, LabsError
from labs.export.card import FORMATS, read_card, save_card, verify_files
from labs.preprocess import prepare
from labs.runtimes.browser import find_node
from labs.site import serve, vendor

ROOT = Path(__file__).resolve().parent.parent
MNIST = ROOT / "saved_models" / "mnist"
needs_node = pytest.mark.skipif(find_node() is None, reason="Node.js 18 or later is not installed")


@pytest.fixture
def libraries(monkeypatch, tmp_path):
    """A stand-in for the bundled libraries: these tests build sites that nobody opens."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    (folder / "tf.js").write_text("export {};", encoding="utf-8")
    monkeypatch.setattr(site, "bundles", lambda: folder)


@pytest.fixture
def models(tmp_path):
    """A folder with a copy of the kept digits model."""
    shutil.copytree(MNIST, tmp_path / "models" / "digits")
    return tmp_path / "models"


def index_of(folder):
    return json.loads((folder / "models" / "index.json").read_text(encoding="utf-8"))


def test_site_holds_what_a_browser_needs_and_no_pictures(libraries, models, tmp_path):
    out = site.build(models, tmp_path / "site")
    [scripts] = (out / "v").iterdir()
    assert (out / "index.html").is_file() and (scripts / "js" / "models.js").is_file()
    assert (scripts / "vendor" / "tf.js").is_file()
    digits = out / "models" / "digits"
    copied = {path.relative_to(digits).as_posix() for path in digits.rglob("*.*")}
    assert {"card.json", "labels.txt", "tfjs/model.json"} <= copied
    assert not [name for name in copied if "golden" in name or name.endswith((".keras", ".pb", ".onnx"))]
    [entry] = index_of(out)
    assert (entry["name"], entry["color"], entry["shape"]) == ("digits", "grey", [None, 28, 28, 1])
    assert 200_000 < entry["bytes"] < 300_000 and "problem" not in entry


def test_a_model_without_tfjs_is_listed_with_its_reason(libraries, models, tmp_path):
    card = read_card(models / "digits")
    files = {name: entry for name, entry in card["files"].items() if not name.startswith("tfjs/")}
    save_card(models / "digits", card | {"files": files, "notes": {"tfjs": "loops cannot be written"}})
    [entry] = index_of(site.build(models, tmp_path / "site"))
    assert entry["problem"] == "loops cannot be written"


def test_kept_models_are_small_and_explain_what_is_left_out():
    for name in ("cifar10", "cats_vs_dogs"):
        folder = ROOT / "saved_models" / name
        card = read_card(folder)
        verify_files(folder, card)
        assert sum(entry["bytes"] for entry in card["files"].values()) < 6_000_000
        written = {file.partition("/")[0] for file in card["files"]}
        assert {file for file in FORMATS if file not in written} <= set(card["notes"])
        assert "test_accuracy" in card["metrics"]


def test_kept_models_are_named_in_both_languages():
    """A visitor reads names, data and figures, not folders; web/test holds that both languages have the same keys."""
    words = (ROOT / "web" / "public" / "js" / "words.js").read_text(encoding="utf-8")
    for path in sorted((ROOT / "saved_models").glob("*/card.json")):
        name = path.parent.name
        wanted = [
            f"model_{name}",
            f"source_{name}",
            *(f"metric_{key}" for key in read_card(path.parent)["metrics"]),
        ]
        assert [key for key in wanted if words.count(f"    {key}: ") != 2] == [], name


def test_lessons_stand_beside_the_models(libraries, models, tmp_path):
    with pytest.raises(LabsError, match="make site"):
        site.build(models, tmp_path / "site", tmp_path / "none")
    (tmp_path / "lessons" / "ko").mkdir(parents=True)
    (tmp_path / "lessons" / "lessons.json").write_text('{"lessons": [], "proof": []}', encoding="utf-8")
    (tmp_path / "lessons" / "ko" / "index.html").touch()
    assert (site.build(models, tmp_path / "site", tmp_path / "lessons") / "ko" / "index.html").is_file()


def test_what_is_kept_for_the_lab_room_is_there_and_small(libraries, tmp_path):
    out = site.build(ROOT / "saved_models", tmp_path / "site")
    kept = json.loads((out / "offline.json").read_text(encoding="utf-8"))
    assert {"index.html", "draw.html", "sw.js"} - set(kept) == {"sw.js"}
    assert "models/mnist/tfjs/model.json" in kept and "models/hangul/card.json" not in kept
    assert sum((out / name).stat().st_size for name in kept) < 2_000_000


def test_what_runs_the_pages_lies_where_its_hash_says(libraries, models, tmp_path):
    """Another byte, another address; a page asks at once for all that its modules import, and for the model that it opens with."""
    first = site.build(models, tmp_path / "first")
    (tmp_path / "libraries" / "tf.js").write_text('import "./chunk-A.js";', encoding="utf-8")
    (tmp_path / "libraries" / "chunk-A.js").write_text("", encoding="utf-8")
    (models / "digits").rename(models / "mnist")
    second = site.build(models, tmp_path / "second")
    [one], [other] = ((out / "v").iterdir() for out in (first, second))
    assert one.name != other.name and f'"v/{other.name}/"' in (second / "sw.js").read_text(encoding="utf-8")
    home = (second / "index.html").read_text(encoding="utf-8")
    wanted = re.findall(r'(?:href|src)="((?:v|models)/[^"?]+)', home)
    assert {f"v/{other.name}/{name}" for name in ("js/words.js", "vendor/chunk-A.js")} < set(wanted)
    assert "models/mnist/tfjs/model.json" in wanted
    missing = {name for name in wanted if not (second / name).is_file()}
    assert missing == {f"v/{other.name}/vendor/cpu.js"}  # the stand-in has none
    assert 'href="models/mnist' not in (first / "index.html").read_text(encoding="utf-8")


def test_every_page_keeps_to_its_own_host(libraries, models, tmp_path):
    out = site.build(models, tmp_path / "site")
    for page in out.glob("*.html"):
        policies = re.findall(r'Content-Security-Policy" content="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(policies) == 1 and policies[0].startswith("default-src 'self';"), page.name
        assert "http" not in policies[0]


def test_no_models_make_a_site_all_the_same(libraries, tmp_path):
    (tmp_path / "models").mkdir()
    assert index_of(site.build(tmp_path / "models", tmp_path / "site")) == []


def test_a_damaged_model_stops_the_build_and_the_old_site_stays(libraries, models, tmp_path):
    out = site.build(models, tmp_path / "site")
    shard = next((models / "digits" / "tfjs").glob("*.bin"))
    shard.write_bytes(shard.read_bytes()[:-1] + b"x")
    with pytest.raises(BadModelFolder, match=r"shard1of1\.bin"):
        site.build(models, out)
    assert index_of(out) and not list(tmp_path.glob("*.partial"))


def test_a_folder_of_something_else_is_never_replaced(libraries, models, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(LabsError, match="no site of ours"):
        site.build(models, tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").is_file()
    with pytest.raises(LabsError, match="There is no folder"):
        site.build(tmp_path / "none", tmp_path / "site")


@needs_node
def test_libraries_without_a_network_say_so_and_leave_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("LABS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(DataUnavailable, match="labs site"):
        vendor.bundles()
    assert not list((tmp_path / "cache").iterdir())


def test_server_knows_the_types_of_modules(tmp_path):
    (tmp_path / "a.js").write_text("1", encoding="utf-8")
    (tmp_path / "a.wasm").write_bytes(b"")
    server = serve.serve(tmp_path)
    address = f"http://127.0.0.1:{server.server_port}/"
    assert urllib.request.urlopen(address + "a.js").headers["Content-Type"] == "text/javascript"
    assert urllib.request.urlopen(address + "a.wasm").headers["Content-Type"] == "application/wasm"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address + "../secret")
    with pytest.raises(LabsError, match="--port"):
        serve.show(tmp_path, server.server_port)
    server.shutdown()


def test_locks_name_no_host():
    for lock in (ROOT / "web" / "package-lock.json", ROOT / "web" / "test" / "package-lock.json"):
        text = lock.read_text(encoding="utf-8")
        assert "resolved" not in text and "registry" not in text


@needs_node
def test_units_of_the_pages():
    done = subprocess.run(
        [find_node(), "--test", "test"], cwd=ROOT / "web", capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout[-4000:]


def card(height, width, channels):
    return {"inputs": [{"name": "input", "shape": [None, height, width, channels]}], "preprocessing": {}}


@needs_node
def test_pictures_are_prepared_as_in_python(tmp_path):
    random = np.random.default_rng(0)
    sizes = [(112, 112, 28, 28), (56, 56, 28, 28), (20, 20, 28, 28), (13, 17, 32, 32), (90, 61, 28, 28)]
    sizes += [(333, 517, 64, 64), (20, 1000, 28, 28), (300, 30, 32, 32), (160, 120, 96, 96)]
    cases, expected = [], []
    for i, (width, height, to_width, to_height) in enumerate(sizes):
        picture = random.integers(0, 256, (height, width, 3), np.uint8)
        target = card(to_height, to_width, 1 + 2 * (i % 2))
        cases.append(
            {
                "card": target,
                "width": width,
                "height": height,
                "channels": 3,
                "data": picture.ravel().tolist(),
            }
        )
        expected.append(prepare(picture, target).ravel())
    golden = np.load(MNIST / "golden.npz", allow_pickle=False)["x"]
    for picture in golden:
        cases.append(
            {
                "card": card(28, 28, 1),
                "width": 28,
                "height": 28,
                "channels": 1,
                "data": picture.ravel().tolist(),
            }
        )
        expected.append(picture.ravel())
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(
        [find_node(), ROOT / "tests" / "site_prepare.mjs", path], capture_output=True, text=True, check=True
    )
    for case, ours, truth in zip(cases, json.loads(done.stdout), expected, strict=True):
        difference = np.abs(np.float32(ours) - truth)
        # A mean that lies on the edge between two values may fall to either side.
        assert difference.max() <= 1 and (difference > 0).mean() < 0.005, (case["width"], case["height"])

"""The search page's compareHist, in JavaScript, says what OpenCV's says."""

import json
import shutil
import subprocess

import cv2
import numpy as np
import pytest

from labs.data import cifar10
from labs.files import bundled
from labs.search import METHODS, describe

MODULE = bundled("README.md").parent.parent / "web" / "public" / "js" / "histogram.js"
PROGRAM = """
const { describe, search, METHODS } = await import(process.argv[1]);
const pictures = JSON.parse(require("fs").readFileSync(0, "utf8"));
const rows = pictures.map((data) => describe({ data, channels: 3 }));
const answers = Object.fromEntries(METHODS.map((method) => [method, search(rows, rows[0], rows.length, method)]));
console.log(JSON.stringify({ rows: rows.map((row) => [...row]), answers }));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
def test_javascript_compares_as_opencv():
    pictures = np.concatenate([cifar10.sample()[0][0][:60], np.full((2, 32, 32, 3), 9, "uint8")])
    done = subprocess.run(
        ["node", "-e", f"(async () => {{ {PROGRAM} }})()", MODULE.as_uri()],
        input=json.dumps([picture.ravel().tolist() for picture in pictures]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    said, rows = json.loads(done.stdout), describe(pictures)
    assert np.allclose(said["rows"], rows, atol=1e-6)
    assert set(said["answers"]) == set(METHODS)
    for method, answers in said["answers"].items():
        code = getattr(cv2, f"HISTCMP_{method}")
        for answer in answers:
            expected = cv2.compareHist(rows[0], rows[answer["number"]], code)
            assert answer["score"] == pytest.approx(expected, rel=1e-4, abs=5e-4), method
        assert answers[0]["number"] == 0

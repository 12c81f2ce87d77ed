"""What lab 07 promises of its own code: the ball within a fifth of a pixel, 24 coins, two flags with one histogram."""

import os

import cv2
import matplotlib
import numpy as np
import pytest
from load_tool import load_tool

import labs
from labs.data import open_photos
from labs.files import bundled

ROOT = bundled("README.md").parent.parent
builder = load_tool("build_notebooks")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the lesson's cells that contain the given words, in their order, and gives their variables."""
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    source = builder.read_source(ROOT / "notebooks" / "src" / "07_opencv_image_search.py")
    cells = [content for kind, content, _ in source.cells if kind == "code"]

    def run(*words):
        space = {"cv2": cv2, "np": np, "os": os, "labs": labs, "open_photos": open_photos}
        for word in words:
            (cell,) = [cell for cell in cells if word in cell]
            exec(compile(cell, word, "exec"), space)
        return space

    return run


def test_the_ball_is_followed_to_a_fifth_of_a_pixel(run):
    space = run("wall = cv2", "frames = [wall", "def write_video", "for letters, ending", "def centres")
    mask, blueness = space["errors"].T
    assert len(space["found"]) == 90 and blueness.max() < 0.2 and mask.max() < 0.5


def test_every_coin_is_found(run):
    assert len(run("coins = open_photos", "contours, _ =")["large"]) == 24


def test_two_flags_have_one_histogram(run):
    assert run("def notes_histogram", "one, two =")["same"] == pytest.approx(1)

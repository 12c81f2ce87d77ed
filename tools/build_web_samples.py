"""Makes web/public/samples and web/public/emoji: openly licensed pictures for the web pages to try.

    pip install scikit-image
    python tools/build_web_samples.py

Needs npm. Origins and licences are written into web/public/samples/README.md by hand; keep both in step.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import emoji  # noqa: E402  (tools/emoji.py)

import labs  # noqa: E402
from labs.data import stereo  # noqa: E402
from labs.data.sheets import Composer  # noqa: E402
from labs.files import whole_file  # noqa: E402
from labs.hangul import CLEAN, Renderer, bundled_faces  # noqa: E402

PUBLIC = ROOT / "web" / "public"
NOTO = "@iconify-json/noto@1.2.9"
DRAWINGS = {"dog": "dog-face", "car": "automobile"}
EMOJI = {
    "neutral": "neutral-face",
    "happy": "grinning-face-with-big-eyes",
    "sad": "crying-face",
    "angry": "angry-face",
    "fearful": "fearful-face",
    "disgusted": "nauseated-face",
    "surprised": "face-with-open-mouth",
}


def main():
    noto = emoji.Emoji(NOTO)
    for name, icon in DRAWINGS.items():
        write_text(PUBLIC / "samples" / f"{name}.svg", sized(noto.svg(icon)))
    for name, icon in EMOJI.items():
        write_text(PUBLIC / "emoji" / f"{name}.svg", sized(noto.svg(icon)))
    write_picture("cat.jpg", skimage.data.chelsea()[..., ::-1])  # Stefan van der Walt, CC0
    write_picture("face.jpg", skimage.data.astronaut()[:300, 90:390, ::-1])  # NASA, public domain
    write_picture("digit.jpg", on_paper(digit(), 7))
    write_picture("syllable.jpg", on_paper(syllable("한"), 8))
    write_picture("notice.jpg", notice())
    write_picture("leaflet.jpg", leaflet())
    write_sheets()
    write_rooms()


def write_rooms():
    """Two rendered rooms and how near each pixel is (lab 17)."""
    for name, number in (("room", 15), ("room2", 9)):
        pair = stereo.scene(number, "test", 288, 480)
        write_picture(f"{name}.jpg", pair.left[..., ::-1])
        near = np.rint(255 * pair.disparity / pair.disparity.max()).astype(np.uint8)
        with whole_file(PUBLIC / "samples" / f"{name}-depth.png") as partial:
            partial.write_bytes(cv2.imencode(".png", near)[1].tobytes())


def write_sheets():
    """Two composed photographs of sheets, of the test part (lab 13)."""
    for name, number, sides in (("sheet.jpg", 3, (480, 640)), ("sheet2.jpg", 4, (640, 480))):
        photo = Composer("test", "sample", *sides).photo(number)
        write_picture(name, photo.picture[..., ::-1])


def sized(svg):
    """A browser that makes pixels of a drawing asks for its size."""
    return svg.replace("<svg ", '<svg width="128" height="128" ', 1) + "\n"


def digit():
    """A handwritten 5 of MNIST, white on black."""
    dataset = labs.load("mnist", "sample")
    return dataset.x_test[np.flatnonzero(dataset.y_test == 5)[3]][..., 0]


def syllable(text):
    return Renderer(bundled_faces("test", "handwriting")[:1], text, CLEAN).picture(0, 0)


def on_paper(ink, seed):
    """White on black -> dark blue ink on paper that a lamp lights from one side."""
    random = np.random.default_rng(seed)
    sheet = np.zeros((360, 480), np.float32)
    large = cv2.resize(ink.astype(np.float32) / 255, (220, 220), interpolation=cv2.INTER_CUBIC)
    sheet[70:290, 140:360] = np.clip(cv2.GaussianBlur(large, (0, 0), 2) * 1.4, 0, 1)
    light = np.linspace(0.95, 0.68, 480)[None, :] * np.linspace(1, 0.9, 360)[:, None]
    paper = np.array([205, 225, 232]) * light[..., None] + random.normal(0, 2.5, (360, 480, 1))
    pen = np.array([95, 45, 35]) * light[..., None]  # blue, green, red
    return np.clip(paper + sheet[..., None] * (pen - paper), 0, 255).astype(np.uint8)


def notice():
    """A printed notice in Korean and English, photographed under a lamp; blue, green, red."""
    sheet = Image.new("RGB", (720, 460), (238, 234, 222))
    lines = (
        ("도서관 이용 안내", 46),
        ("여는 시간 09:00 - 21:00", 34),
        ("Opening hours: Monday to Friday", 28),
        ("음식물 반입 금지", 34),
        ("전화 02-1234-5678", 30),
    )
    written(sheet, lines, bundled_faces("test", "print"), (30, 36, 60))
    light = np.linspace(1, 0.72, 720)[None, :, None] * np.linspace(0.97, 1, 460)[:, None, None]
    noise = np.random.default_rng(9).normal(0, 3, (460, 720, 1))
    return np.clip(np.asarray(sheet)[..., ::-1] * light + noise, 0, 255).astype(np.uint8)


def leaflet():
    """A handwritten leaflet that lies askew on an open photograph of grass; blue, green, red."""
    sheet = Image.new("RGB", (520, 300), (250, 246, 235))
    lines = (("가을 음악회", 58), ("10월 25일 토요일 7시", 38), ("Free concert, all welcome", 34))
    written(sheet, lines, bundled_faces("test", "handwriting"), (120, 40, 40))
    ground = cv2.resize(cv2.imread(str(ROOT / "data" / "photos_open" / "grass.jpg")), (760, 560))
    paper = np.asarray(sheet)[..., ::-1].astype(np.uint8)
    turn = cv2.getRotationMatrix2D((260, 150), 8, 1.1) + np.array([[0, 0, 120], [0, 0, 130]])
    return cv2.warpAffine(
        paper, turn, (760, 560), dst=ground.copy(), borderMode=cv2.BORDER_TRANSPARENT, flags=cv2.INTER_AREA
    )


def written(sheet, lines, faces, ink):
    """Lines of (text, size) below each other, each in another face."""
    pen, y = ImageDraw.Draw(sheet), 28
    for number, (text, size) in enumerate(lines):
        pen.text((44, y), text, font=ImageFont.truetype(str(faces[number % len(faces)].path), size), fill=ink)
        y += int(1.75 * size)


def write_picture(name, pixels):
    with whole_file(PUBLIC / "samples" / name) as partial:
        partial.write_bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


def write_text(path, text):
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

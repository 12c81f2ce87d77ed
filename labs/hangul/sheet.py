"""A sheet to fill in by hand: printed as PDF, photographed, and cut into labelled pictures.

Each corner has an ArUco mark, whose number says the page and the corner, so that a photo from
any side is put straight and knows which syllables it shows.
"""

import csv
from pathlib import Path

import numpy as np

from labs.errors import BadImage, LabsError
from labs.files import bundled, whole_file, whole_folder
from labs.hangul.fields import INK, SIZE

PAGE = (210.0, 297.0)  # mm: A4
COLUMNS, ROWS = 11, 15
CELL, STRIP = 14.0, 3.5  # mm: the square to write in, and the strip above it for the printed syllable
LEFT, TOP = 28.0, 24.0  # mm: where the first cell's strip begins
MARK, EDGE = 12.0, 8.0  # mm: an ArUco mark, and its distance from the page's edge
PER_PAGE = COLUMNS * ROWS
PIXELS = 8  # a millimetre, in the straightened page


def write_sheet(path, syllables):
    """Write the PDF of empty cells, 165 a page; returns the number of pages.

    Example: `write_sheet("sheet.pdf", common(256))`. At most 62 pages (LabsError).
    """
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    pages = -(-len(syllables) // PER_PAGE)
    if pages > 62:
        raise LabsError(
            f"{len(syllables)} syllables need {pages} pages, the marks count to 62: split the list."
        )
    letters = FontProperties(fname=bundled("fonts/LabsGothic.ttf"))
    with whole_file(path) as partial, PdfPages(partial) as pdf:
        for page in range(pages):
            figure = Figure(figsize=(PAGE[0] / 25.4, PAGE[1] / 25.4))
            axes = figure.add_axes((0, 0, 1, 1), xlim=(0, PAGE[0]), ylim=(PAGE[1], 0))
            axes.axis("off")
            _draw_page(axes, page, syllables[page * PER_PAGE :][:PER_PAGE], letters)
            axes.text(105, 15, f"{page + 1} / {pages}", font=letters, size=9, ha="center", va="center")
            pdf.savefig(figure)
    return pages


def _draw_page(axes, page, syllables, letters):
    from matplotlib.patches import Rectangle

    for corner, (x, y) in enumerate(_mark_places()):
        mark = _mark(4 * page + corner)
        axes.imshow(mark, cmap="gray", extent=(x, x + MARK, y + MARK, y), interpolation="nearest", zorder=2)
    axes.set(xlim=(0, PAGE[0]), ylim=(PAGE[1], 0), aspect="auto")
    for place, syllable in enumerate(syllables):
        x, y = _cell(place)
        axes.add_patch(Rectangle((x, y), CELL, CELL, fill=False, linewidth=0.5, edgecolor="0.6"))
        axes.text(x + 0.3, y - 0.6, syllable, font=letters, size=7, color="0.35", va="baseline")


def page_image(syllables, page=0):
    """An empty page as a straight scan of it: uint8 (2376, 1680), PIXELS a millimetre, without the small print."""
    import cv2

    paper = np.full((round(PAGE[1] * PIXELS), round(PAGE[0] * PIXELS)), 255, np.uint8)
    size = round(MARK * PIXELS)
    for corner, place in enumerate(_mark_places()):
        x, y = (round(side * PIXELS) for side in place)
        mark = cv2.resize(_mark(4 * page + corner), (size, size), interpolation=cv2.INTER_NEAREST)
        paper[y : y + size, x : x + size] = mark
    for place in range(len(syllables[page * PER_PAGE :][:PER_PAGE])):
        x, y = cell_corner(place)
        cv2.rectangle(paper, (x, y), (x + round(CELL * PIXELS), y + round(CELL * PIXELS)), 150, 1)
    return paper


def cell_corner(place):
    """Left and top of a cell's square in `page_image`, in pixels; places count from 0, row by row."""
    return tuple(round(side * PIXELS) for side in _cell(place))


def _mark_places():
    far_x, far_y = PAGE[0] - EDGE - MARK, PAGE[1] - EDGE - MARK
    return [(EDGE, EDGE), (far_x, EDGE), (far_x, far_y), (EDGE, far_y)]


def _cell(place):
    """Left and top of a cell's square, in mm."""
    row, column = divmod(place, COLUMNS)
    return LEFT + column * CELL, TOP + row * (CELL + STRIP) + STRIP


def _dictionary():
    import cv2

    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250)


def _mark(number):
    import cv2

    return cv2.aruco.generateImageMarker(_dictionary(), number, 6)


def cut(photo, syllables):
    """The filled cells of a photographed page: uint8 (n, 64, 64, 1) white on black, and n label numbers.

    `photo`: a path, or a BGR or grey uint8 array. Empty cells are left out. Raises BadImage when
    the marks are not found, LabsError when the page is not one of these syllables' sheets.
    """
    grey = _grey(photo)
    straight, page = straighten(grey)
    if page * PER_PAGE >= len(syllables):
        raise LabsError(
            f"The photo shows page {page + 1}, and {len(syllables)} syllables have fewer: give the sheet's list."
        )
    ink = whiten(straight)
    images, labels = [], []
    for place, label in enumerate(range(page * PER_PAGE, min(len(syllables), (page + 1) * PER_PAGE))):
        x, y = cell_corner(place)
        inside = round(0.8 * PIXELS)  # keeps clear of the printed frame
        square = ink[
            y + inside : y + round(CELL * PIXELS) - inside, x + inside : x + round(CELL * PIXELS) - inside
        ]
        if (image := centre(square)) is not None:
            images.append(image)
            labels.append(label)
    return np.array(images, np.uint8).reshape(-1, SIZE, SIZE, 1), np.array(labels, np.int64)


def _grey(photo):
    import cv2

    if not isinstance(photo, np.ndarray):
        data = np.fromfile(photo, np.uint8) if Path(photo).exists() else np.empty(0, np.uint8)
        photo = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
        if photo is None:
            raise BadImage("The photo cannot be read: give the path of a JPEG or PNG file.")
    return cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY) if photo.ndim == 3 else photo


def straighten(grey):
    """The page seen from straight above, PIXELS a millimetre, and its number (from 0)."""
    import cv2

    detector = cv2.aruco.ArucoDetector(_dictionary(), cv2.aruco.DetectorParameters())
    corners, numbers, _ = detector.detectMarkers(grey)
    found = {} if numbers is None else dict(zip(numbers.ravel().tolist(), corners, strict=True))
    pages = [number // 4 for number in found]
    page = max(set(pages), key=pages.count) if pages else 0
    found = {number % 4: marks for number, marks in found.items() if number // 4 == page}
    if len(found) < 3:
        raise BadImage(
            f"{len(found)} of the 4 corner marks were found: photograph the whole sheet, sharp and evenly lit."
        )
    seen, real = [], []
    for corner, marks in found.items():
        x, y = _mark_places()[corner]
        real += [(x, y), (x + MARK, y), (x + MARK, y + MARK), (x, y + MARK)]
        seen += marks.reshape(4, 2).tolist()
    matrix, _ = cv2.findHomography(np.array(seen), np.array(real) * PIXELS)
    return cv2.warpPerspective(
        grey, matrix, (round(PAGE[0] * PIXELS), round(PAGE[1] * PIXELS)), borderValue=255
    ), page


def whiten(page):
    """Ink white, paper black: the paper's own brightness is divided out, so shadows vanish."""
    import cv2

    small = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (0, 0), 8)
    paper = cv2.resize(paper, page.shape[::-1])
    even = cv2.GaussianBlur(255 - cv2.divide(page, paper, scale=255), (0, 0), 1.2)
    # Black or blue ink leaves a third of the light or less; a grey frame or a fold leaves more.
    return np.clip((even.astype(np.int16) - 70) * 3, 0, 255).astype(np.uint8)


def centre(square):
    """The ink moved to the middle of 64x64 at the size the network knows; None for an empty cell."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats((square > 127).astype(np.uint8))
    boxes = [stat[:4] for stat in stats[1:count] if stat[cv2.CC_STAT_AREA] >= 12]  # smaller ones are dust
    if not boxes or sum(int(stat[cv2.CC_STAT_AREA]) for stat in stats[1:count]) < 60:
        return None
    left, top = np.min([box[:2] for box in boxes], axis=0)
    right, bottom = np.max([box[:2] + box[2:] for box in boxes], axis=0)
    zoom = float(np.clip(INK / max(right - left, bottom - top), 0.35, 1.0))
    move = SIZE / 2 - zoom * np.array([left + right, top + bottom]) / 2
    matrix = np.array([[zoom, 0, move[0]], [0, zoom, move[1]]])
    soft = cv2.GaussianBlur(square, (0, 0), max(0.3, 0.4 / zoom))  # against aliasing when shrinking
    return cv2.warpAffine(soft, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)


def save(folder, images, labels, syllables):
    """Write the pictures as PNG with labels.csv (file, syllable), as `load_cut` reads them."""
    import cv2

    with (
        whole_folder(folder) as partial,
        open(partial / "labels.csv", "w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow(["file", "syllable"])
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            name = f"{number:04d}.png"
            cv2.imencode(".png", image)[1].tofile(partial / name)
            table.writerow([name, syllables[label]])


def load_cut(folder):
    """What `save` wrote: uint8 (n, 64, 64, 1) and a list of n syllables."""
    import cv2

    with open(Path(folder) / "labels.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = [
        cv2.imdecode(np.fromfile(Path(folder) / row["file"], np.uint8), cv2.IMREAD_GRAYSCALE) for row in rows
    ]
    return np.array(pictures, np.uint8).reshape(-1, SIZE, SIZE, 1), [row["syllable"] for row in rows]

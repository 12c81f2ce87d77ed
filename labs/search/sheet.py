"""The answers of a search as one HTML page that needs nothing else: the pictures are inside it."""

import base64
import html
import io

from labs.data.photos import decode, printable, read_file
from labs.errors import BadImage
from labs.files import whole_file

_SIDE = 160
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; }}
ol {{ display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }}
figure {{ margin: 0; width: {side}px; overflow-wrap: anywhere; }}
img {{ max-width: {side}px; max-height: {side}px; display: block; }}
</style>
<h1>{title}</h1>
<figure>{query}<figcaption>query</figcaption></figure>
<ol>
{answers}
</ol>
</html>
"""


def write(path, title, query, folder, answers):
    """Write the page `path`. query: a file; folder: where the answers [(name, score)] lie, best first."""
    rows = [
        f"<li><figure>{_picture(folder / name)}<figcaption>{number}. {html.escape(printable(name))}<br>{score:.4f}"
        "</figcaption></figure></li>"
        for number, (name, score) in enumerate(answers, 1)
    ]
    page = _PAGE.format(title=html.escape(title), side=_SIDE, query=_picture(query), answers="\n".join(rows))
    with whole_file(path) as partial:
        partial.write_text(page, encoding="utf-8")


def _picture(path):
    """An <img> with a small JPEG of the file inside, or a sentence when the file is gone since."""
    from PIL import Image

    try:
        picture = Image.fromarray(decode(read_file(path)))
    except BadImage as reason:
        return f"<p>{html.escape(str(reason))}</p>"
    picture.thumbnail((_SIDE, _SIDE))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}">'

"""Google Cloud Vision's text detection, by its REST interface: one request a picture, paid for by the key's owner."""

import base64
import json
import os
import urllib.error
import urllib.request

import numpy as np

from labs.errors import LabsError
from labs.ocr.engines import Engine, Word

ADDRESS = "https://vision.googleapis.com/v1/images:annotate"
LARGEST = 75_000_000  # pixels that the service takes


class Vision(Engine):
    """DOCUMENT_TEXT_DETECTION with hints for Korean and English; the key stands in GOOGLE_VISION_KEY.

    Pictures leave this machine: ask whose they are.
    """

    title = "Google Vision"

    def __init__(self, key=None, address=ADDRESS, seconds=60):
        self._key = key or os.environ.get("GOOGLE_VISION_KEY")
        if not self._key:
            raise LabsError(
                "Google Vision needs a key: set GOOGLE_VISION_KEY (cloud.google.com/vision, paid by the picture)."
            )
        self._address, self._seconds = address, seconds

    def words(self, picture):
        pages = self._ask(picture).get("fullTextAnnotation", {}).get("pages", [])
        found = [
            word
            for page in pages
            for block in page.get("blocks", [])
            for paragraph in block.get("paragraphs", [])
            for word in paragraph.get("words", [])
        ]
        return [_word(word) for word in found]

    def texts(self, crops):
        return [" ".join(word.text for word in self.words(crop)) for crop in crops]

    def _ask(self, picture):
        import cv2

        if picture.shape[0] * picture.shape[1] > LARGEST:
            raise LabsError("Google Vision takes at most 75 megapixels: shrink the picture.")
        png = cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))[1].tobytes()
        asked = {
            "image": {"content": base64.b64encode(png).decode("ascii")},
            "features": [{"type": "DOCUMENT_TEXT_DETECTION"}],
            "imageContext": {"languageHints": ["ko", "en"]},
        }
        request = urllib.request.Request(
            self._address,
            json.dumps({"requests": [asked]}).encode("ascii"),
            {"Content-Type": "application/json; charset=utf-8", "X-Goog-Api-Key": self._key},
        )
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as reply:
                answer = json.load(reply)["responses"][0]
        except urllib.error.HTTPError as error:
            raise LabsError(
                f"Google Vision refused ({error.code}: {_reason(error)}): check GOOGLE_VISION_KEY."
            ) from error
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise LabsError(
                f"Google Vision gave no answer ({error}): try again, or another engine."
            ) from error
        if "error" in answer:
            raise LabsError(
                f"Google Vision could not read it ({answer['error'].get('message', 'no reason given')})."
            )
        return answer


def _word(word):
    text = "".join(symbol.get("text", "") for symbol in word.get("symbols", []))
    ends = word.get("boundingBox", {}).get("vertices", [])  # a coordinate that is 0 is left out
    return Word(text, float(word.get("confidence", 0)), tuple((v.get("x", 0), v.get("y", 0)) for v in ends))


def _reason(error):
    try:
        return json.load(error)["error"]["message"]
    except (ValueError, KeyError, TypeError, OSError):
        return error.reason

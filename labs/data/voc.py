"""Annotations in the form of Pascal VOC: an XML file beside each picture, with the boxes of its objects."""

import xml.etree.ElementTree as ElementTree

import numpy as np

from labs.data.objects import objects, overlap
from labs.errors import LabsError

LARGEST_FILE = 1_000_000  # bytes; an annotation has some hundred a box
TWICE = 0.8  # two boxes of one class that overlap so much are one object
_EDGES = ("xmin", "ymin", "xmax", "ymax")


def read_voc(content, labels):
    """Return an annotation's Objects, the picture's (width, height), and a list of remarks on what was mended.

    Boxes come back as they stand in the file, in pixels, those that reach over the picture's edge
    cut there. An empty box, one that lies outside and one that is there twice are left out, and a
    sentence says so. A file that cannot be trusted (no XML, no size, a class that `labels` does not
    have, an edge that is no number) raises LabsError. No objects are no error, but worth a sentence.

    Example: `objects, size, remarks = read_voc(Path("BloodImage_00338.xml").read_bytes(), labels)`.
    """
    root = _parse(content)
    width, height = (_number(root, f"size/{name}") for name in ("width", "height"))
    if width < 1 or height < 1:
        raise LabsError(f"the picture's size is {width:g} x {height:g}: write its pixels into <size>")
    boxes, classes, remarks = [], [], []
    for number, item in enumerate(root.iter("object"), 1):
        label = (item.findtext("name") or "").strip()
        if label not in labels:
            raise LabsError(
                f"object {number} is of class {label[:40]!r}, which is not among {', '.join(labels)}: correct it"
            )
        box = np.array([_number(item, f"bndbox/{edge}") for edge in _EDGES])
        inside = np.clip(box, 0, [width, height, width, height])
        where = f"object {number} ({label} {' '.join(f'{edge:g}' for edge in box)})"
        if np.any(box[2:] <= box[:2]):
            remarks.append(f"{where} is empty and was left out")
        elif np.any(inside[2:] <= inside[:2]):
            remarks.append(f"{where} lies outside the picture and was left out")
        elif _twice(inside, labels.index(label), boxes, classes):
            remarks.append(f"{where} is there twice and was left out")
        else:
            if np.any(inside != box):
                remarks.append(f"{where} reaches over the edge and was cut there")
            boxes.append(inside)
            classes.append(labels.index(label))
    if not boxes:
        remarks.append("there is no object in it")
    return objects(boxes, classes), (int(width), int(height)), remarks


def _parse(content):
    if len(content) > LARGEST_FILE:
        raise LabsError("it is larger than 1 MB: no annotation is")
    if (
        b"<!DOCTYPE" in content or b"<!ENTITY" in content
    ):  # how XML is made to explode, or to read other files
        raise LabsError("it declares entities, which no annotation needs: remove its DOCTYPE")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # LookupError: an unknown encoding
        raise LabsError(f"it is no XML, or not all of it ({error})") from None
    if root.tag != "annotation":
        raise LabsError(f"it is XML but no annotation of Pascal VOC (it begins with <{root.tag[:40]}>)")
    return root


def _number(element, path):
    text = (element.findtext(path) or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise LabsError(
            f"<{path.replace('/', '><')}> is {text[:40]!r}, not a number"
            if text
            else f"<{path.replace('/', '><')}> is missing"
        )
    return value


def _twice(box, label, boxes, classes):
    same = [other for other, its_label in zip(boxes, classes, strict=True) if its_label == label]
    return bool(same) and overlap([box], same).max() > TWICE

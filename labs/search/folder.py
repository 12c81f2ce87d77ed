"""The index of a folder of pictures: one file, whole or not at all, that grows where it was interrupted."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from labs.data.arrays import DAMAGED
from labs.data.photos import decode, folder_files
from labs.errors import BadImage, LabsError
from labs.files import whole_file

SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp")
FORMAT = 1
_SAVE_SECONDS = 30  # a kill costs no more work than this


@dataclass
class Index:
    """What is known of a folder's pictures.

    names: paths below the folder; facts: int64 (n, 2), bytes and time of change of each file; rows: (n, numbers);
    dropped: {name: [bytes, time, reason]} of what cannot be read; version: of the describer that made `rows`.
    """

    folder: str
    version: str
    names: list = field(default_factory=list)
    facts: np.ndarray = None
    rows: np.ndarray = None
    dropped: dict = field(default_factory=dict)

    def save(self, path):
        """Write all of it into one .npz file without pickles."""
        head = {"format": FORMAT, "folder": self.folder, "version": self.version}
        text = json.dumps({**head, "names": self.names, "dropped": self.dropped})
        with whole_file(path) as partial, open(partial, "wb") as file:
            np.savez(file, head=np.frombuffer(text.encode(), "uint8"), facts=self.facts, rows=self.rows)

    @classmethod
    def load(cls, path, folder, version):
        """The index in `path`, which must be that of `folder` and `version`; LabsError says what to do when it is not."""
        way_out = "remove it, or name another file with --index"
        try:
            with np.load(path, allow_pickle=False) as file:
                head = json.loads(bytes(file["head"]))
                facts, rows = file["facts"], file["rows"]
            names, dropped, found = head["names"], head["dropped"], (head["format"], head["version"])
            whole = facts.shape == (len(names), 2) and rows.ndim == 2 and len(rows) == len(names)
            whole = whole and facts.dtype == np.int64 and rows.dtype.kind == "f" and np.isfinite(rows).all()
        except DAMAGED:
            whole = False
        if not whole:
            raise LabsError(f"{path} is no index of labs, or damaged: {way_out}.")
        if found != (FORMAT, version):
            raise LabsError(f"{path} is an index by {found[1]!r}, not by {version!r}: {way_out}.")
        if head["folder"] != folder:
            raise LabsError(f"{path} is the index of {head['folder']}, not of {folder}: {way_out}.")
        return cls(folder, version, names, facts, rows, dropped)


@dataclass
class Work:
    """What `update` did: how many files it read, kept as they were, could not read, and found gone."""

    read: int = 0
    kept: int = 0
    dropped: int = 0
    gone: int = 0


def update(folder, path, describer, progress=lambda done, total: None):
    """Bring the index file `path` in step with `folder` and return (Index, Work).

    Only new and changed files are read (told by size and time). The file is saved every 30 seconds and at the
    end, also when interrupted: the next call goes on from there. progress(done, total) is called now and then.

    Example: `index, work = update("photos", "photos.npz", ByHistogram())`.
    """
    folder = Path(folder).expanduser().resolve()
    if not folder.is_dir():
        raise LabsError(f"There is no folder {folder}: name one with pictures in it.")
    index = Index(str(folder), describer.version)
    if Path(path).exists():
        index = Index.load(path, str(folder), describer.version)
    files = {name: read for name, read in folder_files(folder) if name.lower().endswith(SUFFIXES)}
    now = {name: _facts(folder / name) for name in files}
    place = {name: number for number, name in enumerate(index.names)}
    old = [name for name in now if name in place and tuple(index.facts[place[name]]) == now[name]]
    bad = {name: index.dropped[name] for name in now if tuple(index.dropped.get(name, ())[:2]) == now[name]}
    todo = sorted(set(now) - set(old) - set(bad))
    work = Work(kept=len(old) + len(bad), gone=len((set(place) | set(index.dropped)) - set(now)))
    if not (todo or work.gone) and index.names:
        return index, work
    pictures = [(name, now[name], index.rows[place[name]]) for name in old]
    dropped, saved = dict(bad), time.monotonic()
    try:
        for first in range(0, len(todo), describer.batch):
            batch = todo[first : first + describer.batch]
            pictures.extend(_read(files, now, batch, dropped, describer))
            progress(first + len(batch), len(todo))
            if time.monotonic() - saved > _SAVE_SECONDS:
                _joined(index, pictures, dropped).save(path)
                saved = time.monotonic()
    finally:
        index = _joined(index, pictures, dropped)
        if pictures or dropped:
            index.save(path)
    work.read, work.dropped = len(index.names) - len(old), len(index.dropped) - len(bad)
    if not index.names:
        raise LabsError(
            f"{folder} has no picture that can be read ({', '.join(SUFFIXES)}): name another folder."
        )
    return index, work


def _joined(index, pictures, dropped):
    """The index of `pictures` [(name, facts, row)], for the same folder and version."""
    names, facts, rows = zip(*pictures, strict=True) if pictures else ((), np.empty((0, 2)), np.empty((0, 1)))
    return Index(index.folder, index.version, list(names), np.array(facts, "int64"), np.array(rows), dropped)


def _read(files, now, batch, dropped, describer):
    """(name, facts, row) of the batch's good pictures; the others are noted in `dropped`."""
    names, looks = [], []
    for name in batch:
        try:
            looks.append(describer.look(decode(files[name]())))  # the photo itself is let go at once
            names.append(name)
        except BadImage as reason:
            dropped[name] = [*now[name], str(reason)]
    return (
        [(name, now[name], row) for name, row in zip(names, describer.rows(looks), strict=True)]
        if looks
        else []
    )


def _facts(path):
    """Size and time of a file, looked at before it is read: what changes meanwhile is read again next time."""
    try:
        status = path.stat()
    except OSError:  # gone, or a link to nowhere: reading it says so
        return 0, 0
    return status.st_size, status.st_mtime_ns

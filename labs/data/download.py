"""Downloads that go on where they stopped: pooch checks the hash, `_Resume` moves the bytes."""

import contextlib
import os
import re
from pathlib import Path

from labs.errors import DataUnavailable, LabsError

_CONNECT_SECONDS = 4  # a classroom without internet should hear so soon
_SILENT_SECONDS = 30  # between two pieces of the file


def download(url, path, sha256, title):
    """Return `path`, downloading it from `url` unless the file is there with that sha256 (or "md5:...", where that is published).

    An interrupted download is kept as a hidden .part file and the next call goes on from there.
    DataUnavailable when there is no connection, when the transfer stops, or when what came is
    not the file that `sha256` names; `path` itself is whole or absent.

    Example: `download("https://.../mnist.npz", folder / "mnist.npz", "731c5ac6...", "MNIST")`.
    """
    import pooch

    pooch.get_logger().setLevel("WARNING")
    path = Path(path)
    try:
        pooch.retrieve(
            url,
            sha256 if ":" in sha256 else f"sha256:{sha256}",
            path.name,
            path.parent,
            downloader=_Resume(path, title),
        )
    except ValueError as error:  # pooch's word for a hash that differs; it has removed the file
        raise DataUnavailable(
            f"What came for {title} is not the official file (its sha256 differs) and was removed: try again, or look "
            f"whether a proxy or a login page answers in place of {url.split('/')[2]}."
        ) from error
    except OSError as error:
        raise LabsError(
            f"Cannot write {path}: {error.strerror or error}; set LABS_CACHE to a folder with free space."
        ) from error
    return path


class _Resume:
    """The downloader that pooch calls: asks for the bytes that the .part file still lacks."""

    def __init__(self, path, title):
        self.path, self.title = path, title

    def __call__(self, url, output_file, pooch):
        with _part_of(self.path) as part:
            self._complete(url, part)
            os.replace(part, output_file)

    def _complete(self, url, part):
        import requests

        try:
            with self._open(url, part) as response:
                response.raise_for_status()
                resumed = response.status_code == requests.codes.partial_content
                done = part.stat().st_size if resumed else 0
                total = done + int(response.headers.get("Content-Length") or 0)
                done = self._receive(response, part, done, total)
        except requests.RequestException as error:
            raise self._unavailable(error) from error
        if done < total:  # older urllib3 ends quietly when the connection does
            raise self._stopped(done, total)

    def _open(self, url, part):
        """The answer to a request for the missing bytes; for the whole file when they cannot be had."""
        import requests

        # `identity`: Content-Length then counts the file's own bytes.
        headers = {"Accept-Encoding": "identity"}
        options = {"stream": True, "timeout": (_CONNECT_SECONDS, _SILENT_SECONDS)}
        have = part.stat().st_size if part.exists() else 0
        if have:
            response = requests.get(url, headers={**headers, "Range": f"bytes={have}-"}, **options)
            begins = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
            ignored = response.status_code == requests.codes.ok
            if ignored or (
                response.status_code == requests.codes.partial_content and begins and int(begins[1]) == have
            ):
                return response
            response.close()
        return requests.get(url, headers=headers, **options)

    def _receive(self, response, part, done, total):
        """Append the answer to `part` (or begin it, when `done` is 0) and return the bytes there are now."""
        import requests
        from tqdm import tqdm

        progress = {
            "desc": self.title,
            "initial": done,
            "total": total or None,
            "unit": "B",
            "unit_scale": True,
        }
        with open(part, "ab" if done else "wb") as file, tqdm(**progress) as bar:
            try:
                for piece in response.iter_content(1 << 16):
                    file.write(piece)
                    done += len(piece)
                    bar.update(len(piece))
            except requests.RequestException as error:
                raise self._stopped(done, total) from error
        return done

    def _stopped(self, done, total):
        return DataUnavailable(
            f"The download of {self.title} stopped after {done / 1e6:.1f} of {total / 1e6:.1f} MB: "
            "run it again, and it goes on from there."
        )

    def _unavailable(self, error):
        code = getattr(error.response, "status_code", None)
        reason = f"the server answered {code}" if code else "no connection"
        return DataUnavailable(
            f"{self.title} is not on this machine and cannot be downloaded ({reason}): set LABS_DATA to a folder that has "
            f'{self.path.name} (`labs fetch --to FOLDER` on another machine fills one), or ask for size="sample".'
        )


@contextlib.contextmanager
def _part_of(path):
    """Give a .part file that is ours alone, begun by what an interrupted download left.

    Two notebooks may download at once, so a running download has its process number in the name.
    """
    import psutil

    mine, free = (path.with_name(f".{path.name}.{end}") for end in (f"{os.getpid()}.part", "part"))
    for left in path.parent.glob(f".{path.name}.*part"):
        owner = left.name.split(".")[-2]
        if not (owner.isdigit() and psutil.pid_exists(int(owner))):
            with contextlib.suppress(FileNotFoundError):  # another process was faster
                os.replace(left, mine)
    try:
        yield mine
    finally:
        if mine.exists():
            os.replace(mine, free)

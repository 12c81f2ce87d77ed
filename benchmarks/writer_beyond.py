"""Syllables that saved_models/writer has never been meant for: those of the 11,172 that are not among its 2,350.

    python benchmarks/writer_beyond.py                          # print: the system's NanumGothic (fonts-nanum)
    python benchmarks/writer_beyond.py --face "Noto Sans CJK KR"

No bundled face has these syllables, so there is no true hand to compare with, and saved_models/hangul_2350 does not know
them. The judge, saved_models/reader, was not made for them either and misreads some of the print.
Its scores are of jamo, and three of them added up are a syllable's, also of one that it does not list. Beside them: as
many held-out syllables of the list in the same face, and the print itself.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from labs.hangul import CLEAN, Renderer, common, machine_faces  # noqa: E402
from labs.hangul.fonts import draws_all  # noqa: E402
from labs.ocr.crop import line_picture  # noqa: E402

EVERY = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
HANDS = ("pen", "brush", "style", "story")


def judge():
    """A function picture (64, 64, 1) -> the syllable, of all 11,172, with the largest sum of probabilities over the steps."""
    model = onnx.load(ROOT / "saved_models" / "reader" / "model.onnx")
    convolutions = [node.output[0] for node in model.graph.node if node.op_type == "Conv"]
    scores = next(name for name in convolutions if name.startswith("jamo"))
    model.graph.output.append(onnx.helper.make_tensor_value_info(scores, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def read(picture):
        line = line_picture(255 - np.uint8(picture), 40, None).astype("float32")
        steps = session.run([scores], {session.get_inputs()[0].name: line})[0].reshape(164, -1)
        initials, vowels, finals = steps[96:115], steps[115:136], steps[136:164]  # 0 is the blank
        sums = (initials[:, None, None] + vowels[:, None] + finals).reshape(len(EVERY), -1)
        shares = np.exp(sums - np.maximum(sums.max(axis=0), steps[0]))
        shares /= shares.sum(axis=0) + np.exp(steps[0] - np.maximum(sums.max(axis=0), steps[0]))
        return EVERY[shares.sum(axis=1).argmax()]

    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="syllables of each kind")
    parser.add_argument("--face", default="NanumGothic", help="a family among the system's fonts")
    options = parser.parse_args()
    faces = [face for face in machine_faces("가힣") if face.family == options.face and draws_all(face, EVERY)]
    if not faces:
        sys.exit(
            f"No face {options.face} on this machine that draws all 11,172 syllables: --face names another."
        )
    print(f"{faces[0].family}, {options.count} syllables of each kind")
    listed, random = common(2350), np.random.default_rng(24)
    kinds = {"held out, of the list": listed[2::5], "beyond the list": sorted(set(EVERY) - set(listed))}
    read = judge()
    writer = onnxruntime.InferenceSession(
        ROOT / "saved_models" / "writer" / "model.onnx", providers=["CPUExecutionProvider"]
    )
    for kind, some in kinds.items():
        chosen = list(random.choice(some, options.count, replace=False))
        printed = Renderer(faces[:1], chosen, CLEAN).every()[0]
        written = {"print": printed}
        for hand, vector in zip(HANDS, np.eye(4, dtype="float32"), strict=True):
            inputs = {"input": np.float32(printed), "hand": np.tile(vector, (len(printed), 1, 1, 1))}
            written[hand] = writer.run(["picture"], inputs)[0].clip(0, 255)
        right = {name: np.array([read(one) for one in made]) == chosen for name, made in written.items()}
        for name, some in right.items():
            of_legible = some[right["print"]].mean()
            print(f"{kind:22} {name:6} read {some.mean():6.1%}, of those read in print {of_legible:6.1%}")


if __name__ == "__main__":
    main()

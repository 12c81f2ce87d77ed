"""How exact are the four corners that saved_models/sheet finds, on sheets of other writers, papers and tables?

    LABS_DATA=... python benchmarks/sheet.py            # 400 composed test photographs
    python benchmarks/sheet.py --size sample --test 40  # the bundled digits

A page counts as found within 1 % when its worst corner is off by less than that share of the page's diagonal.
"""

import argparse
import time

import numpy as np
import onnxruntime

import labs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=["full", "sample"], default="full")
    parser.add_argument("--test", type=int, default=400, help="photographs")
    parser.add_argument("--model", default="saved_models/sheet")
    asked = parser.parse_args()
    data = labs.load("sheets", asked.size, train=1, test=asked.test)
    network = onnxruntime.InferenceSession(f"{asked.model}/model.onnx")
    begin, spent = time.perf_counter(), time.process_time()
    found = [network.run(None, {"input": picture[None].astype("float32")})[0][0] for picture in data.x_test]
    milliseconds = (
        1000 * (time.perf_counter() - begin) / len(found),
        1000 * (time.process_time() - spent) / len(found),
    )

    truth = np.stack([sheet.corners for sheet in data.y_test])
    diagonal = np.linalg.norm(truth[:, [0, 1]] - truth[:, [2, 3]], axis=2).mean(axis=1)
    worst = np.linalg.norm(np.stack(found)[..., :2] - truth, axis=2).max(axis=1) / diagonal
    print(f"{data.source}, {len(worst)} test photographs")
    print(
        f"worst corner: median {np.median(worst):.2%} of the diagonal, 95th percentile {np.percentile(worst, 95):.2%}"
    )
    for share in (1, 2, 3, 5):
        print(f"all four within {share} %: {np.mean(worst < share / 100):.1%} of the pages")
    print(f"ONNX Runtime: {milliseconds[0]:.0f} ms a picture, {milliseconds[1]:.0f} of processor time")


if __name__ == "__main__":
    main()

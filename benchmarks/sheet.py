"""How exact are the four corners that saved_models/sheet finds, on sheets of other writers, papers and tables?

    LABS_DATA=... python benchmarks/sheet.py                # 400 composed test photographs, 320x240
    LABS_DATA=... python benchmarks/sheet.py --enlarge 3    # as large as a photograph is
    python benchmarks/sheet.py --size sample --test 40      # the bundled digits

A page counts as found within 1 % when its worst corner is off by less than that share of the page's diagonal. Side by side: the network
alone, and its corners moved to the page's edges in the full photograph (labs.kinds.page), as labs.predict does.
"""

import argparse
import time

import cv2
import numpy as np
import onnxruntime

from labs.data.sheets import Composer
from labs.kinds import page


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=["full", "sample"], default="full")
    parser.add_argument("--test", type=int, default=400, help="photographs")
    parser.add_argument("--model", default="saved_models/sheet")
    parser.add_argument("--enlarge", type=int, default=1, help="times 320x240 pixels a photograph")
    asked = parser.parse_args()
    composer = Composer("test", asked.size, 240 * asked.enlarge, 320 * asked.enlarge)
    network = onnxruntime.InferenceSession(f"{asked.model}/model.onnx")
    worst, seconds = {"network": [], "refined": []}, {"network": 0.0, "refined": 0.0}
    for number in range(asked.test):
        photo = composer.photo(number)
        small = cv2.resize(photo.picture, (320, 240), interpolation=cv2.INTER_AREA)[None].astype("float32")
        spent = [time.process_time()]
        found = {"network": network.run(None, {"input": small})[0][0, :, :2] * asked.enlarge}
        spent.append(time.process_time())
        found["refined"] = page.refine(photo.picture, found["network"])
        spent.append(time.process_time())
        truth = photo.sheet.corners
        diagonal = (np.linalg.norm(truth[0] - truth[2]) + np.linalg.norm(truth[1] - truth[3])) / 2
        for (name, corners), one in zip(found.items(), np.diff(spent), strict=True):
            worst[name].append(np.linalg.norm(corners - truth, axis=1).max() / diagonal)
            seconds[name] += one
    print(f"{asked.test} test photographs of {composer.width}x{composer.height}, worst corner of a page:")
    for name, off in worst.items():
        off = np.array(off)
        shares = ", ".join(f"{share} % {np.mean(off < share / 100):.1%}" for share in (1, 2, 3, 5))
        print(f"{name}: median {np.median(off):.2%} of the diagonal; pages within {shares}", end="; ")
        print(f"{1000 * seconds[name] / len(off):.0f} ms of processor time a picture")


if __name__ == "__main__":
    main()

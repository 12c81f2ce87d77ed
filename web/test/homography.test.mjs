import assert from "node:assert/strict";
import { test } from "node:test";
import { flatten, homography, isPage, pageSize, transform } from "../public/js/homography.js";

const square = [[0, 0], [1, 0], [1, 1], [0, 1]];
const seen = [[40, 30], [200, 50], [220, 180], [20, 150]];

test("each corner goes where it shall, and back", () => {
  const there = homography(square, seen);
  const back = homography(seen, square);
  square.forEach((corner, i) => {
    transform(there, corner).forEach((value, axis) => assert.ok(Math.abs(value - seen[i][axis]) < 1e-9));
    transform(back, seen[i]).forEach((value, axis) => assert.ok(Math.abs(value - corner[axis]) < 1e-9));
  });
});

test("the numbers are OpenCV's", () => {
  // cv2.getPerspectiveTransform(np.float32(square), np.float32(seen))
  const expected = [153.700787, -23.937008, 40.000000, 18.425197, 90.472441, 30.000000, -0.031496, -0.196850, 1.000000];
  homography(square, seen).forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-4, `${i}: ${value}`));
});

test("a page goes round in one direction", () => {
  assert.ok(isPage(seen));
  assert.ok(!isPage([seen[0], seen[2], seen[1], seen[3]]), "crossed");
  assert.ok(!isPage([[0, 0], [50, 1], [100, 0], [50, 80]]), "three in a row");
  assert.ok(!isPage([[5, 5], [5, 5], [5, 5], [5, 5]]), "one point");
  assert.ok(!isPage([...seen].reverse()), "mirrored");
});

test("a straight page is as large as it was seen, and no larger than asked", () => {
  assert.deepEqual(pageSize([[0, 0], [200, 0], [200, 100], [0, 100]]), { width: 200, height: 100 });
  assert.deepEqual(pageSize([[0, 0], [4000, 0], [4000, 2000], [0, 2000]], 1000), { width: 1000, height: 500 });
});

test("what is painted on a tilted page comes out straight", () => {
  const [width, height] = [240, 200];
  const data = new Uint8Array(width * height * 3);
  const back = homography(seen, square);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = transform(back, [x + 0.5, y + 0.5]);
      data.fill(u > 0.5 !== v > 0.5 ? 200 : 50, 3 * (y * width + x), 3 * (y * width + x) + 3); // four fields
    }
  }
  const page = flatten({ width, height, channels: 3, data }, seen, { width: 64, height: 64 });
  const at = (x, y) => page.data[3 * (y * 64 + x)];
  assert.deepEqual([at(16, 16), at(48, 16), at(16, 48), at(48, 48)], [50, 200, 50 + 150, 50]);
});

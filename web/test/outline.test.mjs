import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { outlines, path } from "../public/js/outline.js";

const picture = (width, height, bright) => ({ width, height, values: Float32Array.from({ length: width * height }, (_, i) => (bright(i % width, Math.floor(i / width)) ? 255 : 0)) });
const area = (polygon) => polygon.reduce((sum, [x, y], i) => { const [u, v] = polygon[(i + 1) % polygon.length]; return sum + (x * v - u * y) / 2; }, 0);

test("a square has one outline, and a hole turns the other way", () => {
  const [square] = outlines(picture(10, 10, (x, y) => x > 2 && x < 7 && y > 2 && y < 7));
  assert.ok(Math.abs(Math.abs(area(square)) - 15.5) < 1e-9); // four pixels wide, the corners cut
  const ring = outlines(picture(20, 20, (x, y) => Math.hypot(x - 10, y - 10) < 8 && Math.hypot(x - 10, y - 10) > 4));
  assert.equal(ring.length, 2);
  assert.ok(area(ring[0]) * area(ring[1]) < 0);
});

test("grey moves the line, the picture's edge closes it, nothing gives nothing", () => {
  const half = outlines({ width: 3, height: 1, values: Float32Array.of(0, 255, 204) }); // level 127.5
  const right = Math.max(...half[0].map(([x]) => x));
  assert.ok(Math.abs(right - (2 + (204 - 127.5) / 204)) < 1e-6);
  assert.deepEqual(outlines(picture(5, 5, () => false)), []);
  assert.equal(outlines(picture(5, 5, () => true)).length, 1);
});

test("pixels that touch at a corner stay apart, and all crossings are used once", () => {
  assert.equal(outlines(picture(4, 4, (x, y) => (x === 1 && y === 1) || (x === 2 && y === 2))).length, 2);
  const noisy = outlines(picture(32, 32, (x, y) => (x * 7 + y * 13 + x * y) % 5 < 2));
  const seen = new Set(noisy.flat().map(String));
  assert.equal(seen.size, noisy.flat().length);
});

test("a path is closed, enlarged and moved", () => {
  const text = path(outlines(picture(6, 6, (x, y) => x > 1 && x < 5 && y > 1 && y < 5)), { scale: 10, left: 100, top: 5 });
  assert.match(text, /^M1\d\d\.\d \d+\.\d(Q[\d. ]+)+Z$/);
});

test("the face that the page prints with is the bundled one", () => {
  const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url));
  assert.ok(read("web/public/fonts/print.woff2").equals(read("data/fonts/square-round.woff2")));
});

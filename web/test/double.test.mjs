import assert from "node:assert/strict";
import { test } from "node:test";
import { bicubic, paste, places, psnr, tileAt } from "../public/js/double.js";

const picture = (width, height, value) => ({ width, height, channels: 3, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => value(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3)) });
const busy = picture(31, 17, (x, y, c) => (x * 37 + y * 91 + c * 50 + x * y) % 256);

test("one colour stays itself, halved and doubled, at the edges too", () => {
  const plain = picture(8, 6, (x, y, c) => 40 + 80 * c);
  for (const [width, height] of [[4, 3], [16, 12]]) {
    const { data } = bicubic(plain, width, height);
    assert.ok(data.every((value, i) => value === 40 + 80 * (i % 3)));
  }
});

test("a slope stays a slope", () => {
  const { data } = bicubic(picture(12, 4, (x) => 12 * x), 24, 8);
  for (let x = 4; x < 20; x++) assert.equal(data[(3 * 24 + x) * 3], 6 * x - 3); // half a pixel between the middles
});

test("tiles cover a picture once: a network that repeats each pixel gives it back twice as large", () => {
  for (const margin of [0, 3]) {
    const [tile, scale] = [10, 2];
    const whole = { width: 62, height: 34, channels: 3, data: new Uint8ClampedArray(62 * 34 * 3) };
    let painted = 0;
    for (const place of places(busy, tile, margin)) {
      const { values } = tileAt(busy, place, tile, margin);
      const answer = Float32Array.from({ length: tile * tile * 12 }, (_, i) => {
        const [c, x, y] = [i % 3, Math.floor(i / 3) % 20, Math.floor(i / 60)];
        return values[((y >> 1) * tile + (x >> 1)) * 3 + c];
      });
      const { columns, rows } = paste(whole, place, { shape: [1, 20, 20, 3], values: answer }, scale, margin);
      painted += columns * rows;
    }
    assert.equal(painted, 62 * 34);
    for (let i = 0; i < whole.data.length; i++) {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % 62, Math.floor(i / 186)];
      assert.equal(whole.data[i], busy.data[((y >> 1) * 31 + (x >> 1)) * 3 + c]);
    }
  }
});

test("beyond its edge a picture goes on", () => {
  const { shape, values } = tileAt(busy, { x: 0, y: 0 }, 8, 2);
  assert.deepEqual(shape, [1, 8, 8, 3]);
  assert.deepEqual([...values.subarray(0, 3)], [...busy.data.subarray(0, 3)]);
});

test("PSNR is that of the textbook", () => {
  assert.equal(psnr(busy, busy), Infinity);
  const one = { data: new Uint8Array(100) }, other = { data: new Uint8Array(100).fill(10) };
  assert.ok(Math.abs(psnr(one, other) - 28.1308) < 1e-3);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, finderInput, inRows, quadsOf, readerInput } from "../public/js/ocr.js";

test("the text is the best class of each step without repetitions and blanks", () => {
  const rows = [[0.1, 0.9, 0], [0.4, 0.6, 0], [0.9, 0.1, 0], [0.2, 0.8, 0], [1, 0, 0], [0.3, 0, 0.7]];
  const { text, score } = decode({ shape: [1, 6, 3], values: Float32Array.from(rows.flat()) }, ["가", "나"]);
  assert.equal(text, "가가나");
  assert.ok(Math.abs(score - 0.8) < 1e-6);
  assert.deepEqual(decode({ shape: [1, 2, 3], values: Float32Array.from([1, 0, 0, 1, 0, 0]) }, ["가", "나"]), { text: "", score: 0 });
  const torn = [0.1, 0.6, 0.3, 0.1, 0.4, 0.5, 1, 0, 0]; // an s that is nearly an S
  assert.equal(decode({ shape: [1, 3, 3], values: Float32Array.from(torn) }, ["s", "S"]).text, "s");
});

test("the middle of a word grows to its rectangle, level or turned", () => {
  const [width, height] = [60, 60];
  for (const degrees of [0, 20, -30]) {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const values = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [a, d] = [(x - 30) * cos + (y - 30) * sin, (y - 30) * cos - (x - 30) * sin];
        if (Math.abs(a) <= 15 && Math.abs(d) <= 3) values[y * width + x] = 255;
      }
    }
    const [quad, ...others] = quadsOf({ width, height, values });
    assert.equal(others.length, 0);
    const [wide, tall] = [Math.hypot(quad[1][0] - quad[0][0], quad[1][1] - quad[0][1]), Math.hypot(quad[3][0] - quad[0][0], quad[3][1] - quad[0][1])];
    assert.ok(Math.abs(wide - 37) < 3 && Math.abs(tall - 13) < 3, `${wide} x ${tall}`);
    const slope = (Math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]) * 180) / Math.PI;
    assert.ok(Math.abs(slope - degrees) < 2, `${slope}`);
  }
});

test("words come in rows, also on a turned page", () => {
  const box = (x, y) => [[x, y], [x + 8, y + 1], [x + 8, y + 5], [x, y + 4]];
  const rows = inRows([box(24, 23), box(0, 0), box(12, 1.5), box(0, 20), box(12, 21.5), box(24, 3)]);
  assert.deepEqual(rows.map((row) => row.map(([[x]]) => x)), [[0, 12, 24], [0, 12, 24]]);
  assert.deepEqual(inRows([]), []);
});

test("a word is 40 pixels high, dark on light, of either polarity", () => {
  const [width, height] = [200, 60];
  const data = new Uint8Array(width * height).fill(220);
  for (let y = 22; y < 38; y++) for (let x = 40; x < 160; x++) if (x % 12 < 5) data[y * width + x] = 60;
  const quad = [[38, 20], [162, 20], [162, 40], [38, 40]];
  const one = readerInput({ width, height, data }, quad);
  const other = readerInput({ width, height, data: data.map((value) => 255 - value) }, quad);
  assert.deepEqual(one.shape, [1, 40, 228, 1]);
  assert.ok(Math.min(...one.values) < 10 && one.values[0] > 240);
  assert.ok(Math.abs(one.values[20 * 228 + 90] - other.values[20 * 228 + 90]) < 12);
});

test("the finder gets sides of whole 32 pixels", () => {
  const { shape, scale } = finderInput({ width: 1000, height: 333, channels: 1, data: new Uint8Array(333000).fill(9) });
  assert.deepEqual(shape, [1, 352, 1024, 1]);
  assert.equal(scale, 1);
  assert.deepEqual(finderInput({ width: 100, height: 50, channels: 1, data: new Uint8Array(5000) }).shape, [1, 128, 224, 1]);
});

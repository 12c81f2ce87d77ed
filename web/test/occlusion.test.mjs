import assert from "node:assert/strict";
import { test } from "node:test";
import { ownMaps } from "../public/js/heatmap.js";
import { occlusionMaps } from "../public/js/occlusion.js";

// A network whose one opinion is the brightness of the upper left 4x4 of 16x16 pixels.
const bright = (values) => {
  let sum = 0;
  for (let y = 0; y < 4; y++) for (let x = 0; x < 4; x++) sum += values[y * 16 + x] / 16;
  return [sum, 1 - sum];
};
const values = new Float32Array(256);
for (let y = 0; y < 4; y++) values.fill(1, y * 16, y * 16 + 4);
const input = { shape: [1, 16, 16, 1], values };
const ask = async (batch) => Array.from({ length: batch.shape[0] }, (_, i) => bright(batch.values.subarray(256 * i, 256 * (i + 1))));

test("covering what the network looks at makes its probability fall, and nothing else does", async () => {
  const maps = await occlusionMaps(input, bright(values), ask, { across: 8, batch: 5 });
  const { width, height, values: fall } = maps(0);
  assert.deepEqual([width, height], [8, 8]);
  const best = fall.indexOf(Math.max(...fall));
  assert.ok(best % 8 < 2 && best < 16);
  assert.ok(fall[0] > 0.9 && Math.abs(fall[63]) < 1e-6);
  assert.ok(Math.abs(maps(1).values[0] + fall[0]) < 1e-6);
  assert.ok(fall.every(Number.isFinite));
});

test("a newer question stops the covering", async () => {
  let asked = 0;
  const counted = (batch) => ((asked += batch.shape[0]), ask(batch));
  const progress = () => asked < 10;
  assert.equal(await occlusionMaps(input, bright(values), counted, { across: 8, batch: 5, progress }), null);
  assert.equal(asked, 10);
});

test("one cell, and a side that is no multiple of the cells, are covered too", async () => {
  for (const across of [1, 3, 7, 100]) {
    const maps = await occlusionMaps(input, bright(values), ask, { across });
    assert.ok(maps(0).values.every(Number.isFinite));
  }
});

test("a network's own maps are taken apart by label", () => {
  const maps = ownMaps({ shape: [1, 1, 2, 3], values: [1, 2, 3, 4, 5, 6] });
  assert.deepEqual(maps(1), { width: 2, height: 1, values: Float32Array.from([2, 5]) });
});

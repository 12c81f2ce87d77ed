import assert from "node:assert/strict";
import { test } from "node:test";
import { blurred, cut, refocus } from "../public/js/layers.js";

// A red square before a blue wall: 40 x 40 pixels.
const [width, height] = [40, 40];
const inside = (i) => i % width > 12 && i % width < 28 && i / width > 12 && i / width < 28;
const data = new Uint8ClampedArray(4 * width * height);
const near = new Float32Array(width * height);
for (let i = 0; i < near.length; i++) {
  data.set(inside(i) ? [200, 0, 0, 255] : [0, 0, 200, 255], 4 * i);
  near[i] = inside(i) ? 50 : 10;
}
const room = cut({ data, width, height }, near);
const at = (picture, x, y) => [...picture.slice(4 * (y * width + x), 4 * (y * width + x) + 3)];

test("a blur keeps the mean of a flat picture, and spreads a point", () => {
  assert.deepEqual([...blurred(new Float32Array(60).fill(3), 6, 10, 1, 2)].map((v) => Math.round(v * 1e4)), new Array(60).fill(3e4));
  const point = Float32Array.from({ length: 81 }, (_, i) => Number(i === 40));
  const soft = blurred(point, 9, 9, 1, 1);
  assert.ok(Math.abs(soft.reduce((a, b) => a + b) - 1) < 0.02 && soft[40] < 0.3 && Math.abs(soft[39] - soft[31]) < 1e-6);
});

test("without strength the picture stays as it is", () => {
  assert.deepEqual([...refocus(room, 50, 0)], [...data]);
});

test("the wall blurs without taking the square's colour, the square stays sharp", () => {
  const seen = refocus(room, 50, 8);
  assert.deepEqual(at(seen, 20, 20), [200, 0, 0]);
  assert.ok(at(seen, 10, 20)[0] <= 12 && at(seen, 10, 20)[2] >= 188, `${at(seen, 10, 20)}`);
});

test("the square blurs over a sharp wall", () => {
  const seen = refocus(room, 10, 8);
  const edge = at(seen, 12, 20);
  assert.ok(edge[0] > 30 && edge[2] > 30, `${edge}`);
  assert.ok(at(seen, 1, 1)[2] > 190, `${at(seen, 1, 1)}`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { bestClasses, hues, painted, shares } from "../public/js/masks.js";

test("at the scores' own size the mask is the largest score, the first of two that tie", () => {
  const scores = Float32Array.from([1, 2, 0, 5, 5, 1, 0, 0, 3, 9, 1, 1]);
  assert.deepEqual([...bestClasses(scores, [2, 2, 3], 2, 2)], [1, 0, 2, 0]);
});

test("scores are stretched between the middles of cells, not their classes", () => {
  const scores = Float32Array.from([4, 0, 0, 2]); // two cells, two classes: they meet at two thirds
  assert.deepEqual([...bestClasses(scores, [1, 2, 2], 1, 8)], [0, 0, 0, 0, 0, 1, 1, 1]);
  assert.deepEqual([...bestClasses(scores, [1, 2, 2], 3, 2)], [0, 1, 0, 1, 0, 1]);
});

test("shares add up, and only the chosen classes are painted", () => {
  const mask = Uint8Array.from([0, 1, 1, 2]);
  assert.deepEqual(shares(mask, 4), [0.25, 0.5, 0.25, 0]);
  const colors = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  assert.deepEqual([...painted(mask, colors, new Set([1]))], [1, 2, 3, 0, 4, 5, 6, 255, 4, 5, 6, 255, 7, 8, 9, 0]);
});

test("colours differ", () => {
  assert.equal(new Set(hues(20).map(String)).size, 20);
});

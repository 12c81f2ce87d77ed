import assert from "node:assert/strict";
import { test } from "node:test";
import { counts, overlap, readBoxes } from "../public/js/boxes.js";

const LABELS = ["RBC", "WBC"];
const rows = [[0, 0.6, 0, 0, 10, 10], [1, 0.9, 1, 0, 11, 10], [0, 0.8, 1, 0, 11, 10], [0, 0, 0, 0, 0, 0], [5, 1, 0, 0, 9, 9], [0, 0.3, 40, 40, 50, 50]];
const values = Float32Array.from(rows.flat());

test("boxes from the threshold on come best first; a class that nobody knows is left out", () => {
  const boxes = readBoxes(values, LABELS, { threshold: 0.5 });
  assert.deepEqual(boxes.map(({ label }) => label), ["WBC", "RBC", "RBC"]);
  assert.ok(Math.abs(boxes[0].score - 0.9) < 1e-6);
  assert.deepEqual([boxes[0].x0, boxes[0].y0, boxes[0].x1, boxes[0].y1], [1, 0, 11, 10]);
});

test("a better box of the same class drives out one that it overlaps", () => {
  const boxes = readBoxes(values, LABELS, { threshold: 0.1, nms: 0.5 });
  assert.deepEqual(boxes.map(({ index }) => index), [1, 0, 0]);
  assert.equal(boxes[2].x0, 40);
});

test("intersection over union", () => {
  const box = (x0, y0, x1, y1) => ({ x0, y0, x1, y1 });
  assert.equal(overlap(box(0, 0, 2, 2), box(1, 0, 3, 2)), 1 / 3);
  assert.equal(overlap(box(0, 0, 2, 2), box(2, 0, 4, 2)), 0);
});

test("every label is counted, found or not", () => {
  const boxes = readBoxes(values, LABELS, { threshold: 0.85 });
  assert.deepEqual(counts(boxes, LABELS), [{ label: "RBC", count: 0 }, { label: "WBC", count: 1 }]);
});

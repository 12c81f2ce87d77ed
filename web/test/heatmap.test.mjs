import assert from "node:assert/strict";
import { test } from "node:test";
import { activationMaps, colour, positive } from "../public/js/heatmap.js";
import { Topology } from "../public/js/topology.js";

const node = (name, op, ...input) => ({ name, op, input });
const spec = (name, ...shape) => ({ name, shape, dtype: "float32" });
const head = [node("w", "Const"), node("b", "Const"), node("logits", "MatMul", "flat", "w"), node("sum", "BiasAdd", "logits", "b"), node("output", "Softmax", "sum")];

test("evidence is found behind a global average, a flattening, and straight layers", () => {
  const mean = new Topology({ node: [node("maps", "Relu", "x"), node("flat", "Mean", "maps", "axes"), ...head] }, [spec("w", 3, 2), spec("b", 2)]);
  assert.deepEqual(mean.evidence("output"), { features: "maps", matrices: [{ name: "w", transposed: false }] });
  const two = [node("maps", "Relu", "x"), node("r", "Reshape", "maps", "s"), node("v", "Const"), node("flat", "MatMul", "r", "v"), ...head];
  assert.deepEqual(new Topology({ node: two }, [spec("w", 3, 2), spec("v", 12, 3), spec("b", 2)]).evidence("output").matrices.map(({ name }) => name), ["w", "v"]);
});

test("a layer with a bend in between has no exact map", () => {
  const nodes = [node("maps", "Relu", "x"), node("r", "Reshape", "maps", "s"), node("v", "Const"), node("m", "MatMul", "r", "v"), node("flat", "Relu", "m"), ...head];
  assert.equal(new Topology({ node: nodes }, [spec("w", 3, 2), spec("v", 12, 3), spec("b", 2)]).evidence("output"), null);
});

test("the map of a global average is the weighted sum of the features", () => {
  const features = { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] }; // two places, two channels
  const maps = activationMaps(features, [{ shape: [2, 2], values: [1, 10, 2, 20] }], 2);
  assert.deepEqual([...maps(0).values], [5, 11]);
  assert.deepEqual([...maps(1).values], [50, 110]);
});

test("a single sigmoid speaks for the second label and against the first", () => {
  const maps = activationMaps({ shape: [1, 1, 1, 1], values: [2] }, [{ shape: [1, 1], values: [3] }], 2);
  assert.deepEqual([maps(0).values[0], maps(1).values[0]], [-6, 6]);
});

test("a flattened map keeps its places, a transposed matrix means the same", () => {
  const features = { shape: [1, 1, 2, 1], values: [1, 2] };
  const straight = activationMaps(features, [{ shape: [2, 2], values: [1, 2, 3, 4] }], 2);
  const turned = activationMaps(features, [{ shape: [2, 2], values: [1, 3, 2, 4], transposed: true }], 2);
  assert.deepEqual([...straight(0).values], [1, 6]);
  assert.deepEqual([...turned(0).values], [1, 6]);
  const chain = activationMaps(features, [{ shape: [1, 2], values: [2, 5] }, { shape: [2, 1], values: [1, 3] }], 2);
  assert.deepEqual([...chain(0).values], [2, 12]);
});

test("shapes that do not fit give no map, and colours run from dark to bright", () => {
  assert.equal(activationMaps({ shape: [1, 1, 1, 3], values: [1, 1, 1] }, [{ shape: [2, 2], values: [1, 1, 1, 1] }], 2), null);
  assert.deepEqual(colour(0), [13, 8, 135]);
  assert.deepEqual(colour(1), [240, 249, 33]);
  assert.deepEqual(positive({ values: [-1, 2, 4] }), [0, 0.5, 1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../public/js/download.js";
import { isSyllable, split } from "../public/js/jamo.js";
import { latest } from "../public/js/latest.js";
import { perLabel, ranked } from "../public/js/models.js";
import { fromCanvasBytes, toChannels } from "../public/js/preprocess.js";
import { Topology } from "../public/js/topology.js";

test("one sigmoid output means the second of two labels", () => {
  assert.deepEqual(perLabel([0.75], ["cat", "dog"]), [0.25, 0.75]);
  assert.deepEqual(perLabel(Float32Array.of(0.5, 0.5), ["cat", "dog"]), [0.5, 0.5]);
});

test("the best labels come first", () => {
  const rows = ranked([0.1, 0.6, 0.3], ["a", "b", "c"], 2);
  assert.deepEqual(rows.map(({ label, index }) => [label, index]), [["b", 1], ["c", 2]]);
});

test("a syllable is taken apart", () => {
  assert.deepEqual(split("한"), ["ㅎ", "ㅏ", "ㄴ"]);
  assert.deepEqual(split("꾀"), ["ㄲ", "ㅚ", ""]);
  assert.ok(isSyllable("힣") && !isSyllable("7") && !isSyllable("ㄱ"));
});

test("the hash is SHA-256", async () => {
  const digest = await sha256(new TextEncoder().encode("abc"));
  assert.equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("while a task runs only the newest call is kept", async () => {
  const seen = [];
  let free;
  const call = latest(async (value) => {
    seen.push(value);
    await new Promise((done) => (free = done));
  }, assert.fail);
  call(1);
  call(2);
  call(3);
  free();
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(seen, [1, 3]);
});

test("transparent pixels lie on white paper, grey becomes three channels", () => {
  const { data } = fromCanvasBytes({ width: 2, height: 1, data: [10, 20, 30, 255, 0, 0, 0, 0] });
  assert.deepEqual([...data], [10, 20, 30, 255, 255, 255]);
  assert.deepEqual([...toChannels({ width: 1, height: 1, channels: 1, data: [7] }, 3).data], [7, 7, 7]);
});

test("layers carry Keras' names and count what was learnt", () => {
  const node = [
    { name: "input", op: "Placeholder" }, { name: "k", op: "Const" }, { name: "b", op: "Const" }, { name: "s", op: "Const" },
    { name: "conv/convolution", op: "Conv2D", input: ["input", "k"] }, { name: "conv/BiasAdd", op: "BiasAdd", input: ["conv/convolution", "b"] },
    { name: "net/norm/batchnorm/mul", op: "Mul", input: ["conv/BiasAdd", "b"] }, { name: "net/norm/batchnorm/add", op: "AddV2", input: ["net/norm/batchnorm/mul", "b"] },
    { name: "flat/Reshape", op: "Reshape", input: ["net/norm/batchnorm/add", "s"] },
  ];
  const specs = [{ name: "k", shape: [3, 3, 1, 4], dtype: "float32" }, { name: "b", shape: [4], dtype: "float32" }, { name: "s", shape: [2], dtype: "int32" }];
  assert.deepEqual(new Topology({ node }, specs).layers("flat/Reshape"), [
    { name: "conv", ops: ["Conv2D", "BiasAdd"], node: "conv/BiasAdd", parameters: 40 },
    { name: "net/norm", ops: ["Mul", "AddV2"], node: "net/norm/batchnorm/add", parameters: 8 },
    { name: "flat", ops: ["Reshape"], node: "flat/Reshape", parameters: 0 },
  ]);
});

test("a task that fails is told, and the next one runs", async () => {
  const told = [];
  const call = latest(async (value) => {
    if (value === 1) throw new Error("lost");
    told.push(value);
  }, (error) => told.push(error.message));
  await call(1);
  await call(2);
  assert.deepEqual(told, ["lost", 2]);
});

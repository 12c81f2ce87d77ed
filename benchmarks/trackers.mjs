// Runs what a stock converter wrote on stock TensorFlow.js in Node, for benchmarks/trackers.py:
//
//     npm ci --prefix web --ignore-scripts
//     node benchmarks/trackers.mjs layers|graph cpu|wasm FOLDER < {"shape": [...], "dtype": "...", "values": [...]}
//
// FOLDER holds model.json; prints the output as {"shape", "values"}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../web/package.json", import.meta.url));
const [kind, backend, folder] = process.argv.slice(2);
const tf = require("@tensorflow/tfjs");
if (backend === "wasm") {
  const packages = fileURLToPath(new URL("../web/node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url));
  require("@tensorflow/tfjs-backend-wasm").setWasmPaths(packages);
}
await tf.setBackend(backend);
await tf.ready();

const model = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
const shards = model.weightsManifest.flatMap((group) => group.paths.map((path) => readFileSync(join(folder, path))));
const files = {
  modelTopology: model.modelTopology,
  signature: model.signature,
  weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
  weightData: new Uint8Array(Buffer.concat(shards)).buffer,
};
const loaded = await { layers: tf.loadLayersModel, graph: tf.loadGraphModel }[kind](tf.io.fromMemory(files));
const { shape, dtype, values } = JSON.parse(readFileSync(0, "utf8"));
const inputs = tf.tensor(values, shape, dtype);
const output = await (kind === "graph" ? loaded.executeAsync(inputs) : loaded.predict(inputs));
const tensor = Array.isArray(output) ? output[0] : output;
console.log(JSON.stringify({ shape: tensor.shape, values: Array.from(await tensor.data()) }));

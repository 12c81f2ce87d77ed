// Runs TensorFlow.js jobs that labs/runtimes/tfjs.py hands out over HTTP on this machine.
// The same file runs in a page (page.html has loaded `tf`) and in Node:
//     node worker.js http://127.0.0.1:PORT/TOKEN/ PACKAGES_FOLDER
"use strict";

const inNode = typeof document === "undefined";
const models = new Map(); // address of model.json -> the model and its backend

// In Node: load the very scripts that the page loads, as modules that require each other.
function loadInNode(folder) {
  const fs = require("fs");
  const vm = require("vm");
  const loaded = { seedrandom: {} }; // needed for random numbers only, which no inference draws
  for (const name of ["core", "converter", "backend-cpu", "backend-wasm"]) {
    const filename = `${folder}/tf-${name}.min.js`;
    const script = vm.compileFunction(fs.readFileSync(filename, "utf8"), ["exports", "module", "require", "__dirname"], { filename });
    const exports = (loaded[`@tensorflow/tfjs-${name}`] = {});
    script(exports, { exports }, (wanted) => loaded[wanted] || require(wanted), folder);
  }
  const [core, converter, , wasm] = Object.values(loaded).slice(1);
  globalThis.tf = { ...core, ...converter, wasm };
}

// job: {kind: "open", backend, model}; `model` is the address of model.json and names it from now on.
async function open(job) {
  await choose(job.backend);
  models.set(job.model, { graph: await tf.loadGraphModel(job.model, { fetchFunc: whole }), backend: job.backend });
  return { model: job.model, version: tf.version_core, place: place(job.backend) };
}

// A file with its body. TensorFlow.js asks for all shards before it reads the first, and a browser
// has six connections to a server: from seven shards (28 MB) on, each would wait for the others.
async function whole(address, options) {
  const { status, headers, body } = await fetch(address, options).then(async (reply) => ({
    status: reply.status, headers: reply.headers, body: await reply.arrayBuffer(),
  }));
  return new Response(body, { status, headers });
}

// job: {kind: "close", model}
async function close(job) {
  const opened = models.get(job.model);
  models.delete(job.model);
  if (opened) {
    await choose(opened.backend);
    opened.graph.dispose();
  }
  return {};
}

async function choose(backend) {
  if (!(await tf.setBackend(backend))) throw new Error(`there is no ${backend} backend here`);
  await tf.ready();
}

// Where this runs, in words. WebGL is drawn by a graphics card, or by SwiftShader on the processor.
function place(backend) {
  if (inNode) return `Node ${process.versions.node}`;
  const browser = (navigator.userAgent.match(/(Edg|Chrome)\/(\d+)/) || ["", "browser", ""]).slice(1).join(" ");
  if (backend !== "webgl") return browser;
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl && gl.getExtension("WEBGL_debug_renderer_info");
  const card = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "";
  return `${browser} on ${card.includes("SwiftShader") ? "SwiftShader" : card || "an unnamed graphics card"}`;
}

// A model with a loop or a branch in its graph must be run asynchronously.
async function execute(graph, inputs, names) {
  const nodes = Object.values(graph.executor.graph.nodes);
  const waits = nodes.some((node) => node.category === "control" || node.category === "dynamic");
  const outputs = waits ? await graph.executeAsync(inputs, names) : graph.execute(inputs, names);
  return Array.isArray(outputs) ? outputs : [outputs];
}

function nodeNames(names, table) {
  return names.map((name) => (table && table[name] ? table[name].name : name));
}

// job: {kind: "run", model, inputs: [{name, shape, dtype}], outputs: [name], repeats}; `bytes` are
// the inputs' values. With repeats > 0 only the milliseconds of each repeat go back.
async function run(job, bytes) {
  const { graph, backend } = models.get(job.model);
  await choose(backend);
  const signature = graph.modelSignature || {};
  const outputNodes = nodeNames(job.outputs, signature.outputs);
  const inputNodes = nodeNames(job.inputs.map((input) => input.name), signature.inputs);
  const inputs = {};
  let offset = 0;
  job.inputs.forEach(({ shape, dtype }, index) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = dtype === "int32" ? new Int32Array(bytes, offset, count) : new Float32Array(bytes, offset, count);
    inputs[inputNodes[index]] = tf.tensor(values, shape, dtype);
    offset += values.byteLength;
  });
  const once = () => execute(graph, inputs, outputNodes);
  try {
    return job.repeats ? await time(once, job.repeats) : await answer(once, job.outputs);
  } finally {
    tf.dispose(inputs);
  }
}

async function answer(once, names) {
  const tensors = await once();
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  const outputs = tensors.map(({ shape, dtype }, i) => ({ name: names[i], shape, dtype: dtype === "int32" ? dtype : "float32" }));
  tf.dispose(tensors);
  // By the tensor's type, not the array's: a cast from int32 to float32 keeps its Int32Array on the backends cpu and webgl.
  const arrays = values.map((v, i) => (outputs[i].dtype === "int32" ? Int32Array : Float32Array).from(v));
  return { outputs, values: arrays };
}

async function time(once, repeats) {
  const milliseconds = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const tensors = await once();
    await Promise.all(tensors.map((tensor) => tensor.data())); // WebGL is done when the values can be read
    milliseconds.push(performance.now() - start);
    tf.dispose(tensors);
  }
  return { milliseconds };
}

// The answer is one JSON line, then the raw little-endian values of the outputs.
function packed(id, { values = [], ...facts }) {
  return new Blob([JSON.stringify({ id, ...facts }), "\n", ...values]);
}

async function serve(base, packages) {
  // In Node, WebAssembly is read from a folder; in a page, from an address.
  tf.wasm.setWasmPaths(inNode ? `${packages}/` : `${base}packages/`);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // one thread: the same sums in the same order
  for (;;) {
    const reply = await fetch(`${base}job`); // waits in the server until there is a job
    if (reply.status === 204) continue;
    const job = await reply.json();
    let result;
    try {
      const bytes = job.kind === "run" ? await (await fetch(`${base}inputs`)).arrayBuffer() : null;
      result = packed(job.id, await { open, run, close }[job.kind](job, bytes));
    } catch (error) {
      result = packed(job.id, { error: String((error && error.message) || error) });
    }
    await fetch(`${base}result`, { method: "POST", body: result });
  }
}

if (inNode) {
  const [base, packages] = process.argv.slice(2);
  loadInNode(packages);
  serve(base, packages).then(() => process.exit(0), () => process.exit(1)); // the server is gone
} else {
  serve(new URL("./", location.href).href);
}

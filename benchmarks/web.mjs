// The web pages measured: our site beside the stock converter's output on stock TensorFlow.js, and
// beside onnxruntime-web, in one run of one Chromium.
//
//     npm ci --prefix web --ignore-scripts
//     node benchmarks/web.mjs [MODEL ...]        # mnist and hangul by default; prints ratios, writes results/web.json
//
// Needs chromium and chromedriver, and the labs' Python (PYTHON=..., .venv/bin/python by default).
// First prediction: milliseconds from the start of the navigation, nothing cached, median of 5
// (of 2 for webgl and cpu).
// Bytes: what a server that compresses everything but weights (gzip) sends until then.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = process.argv.slice(2).length ? process.argv.slice(2) : ["mnist", "hangul"];
const ROUNDS = 5;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".txt": "text/plain" };

// ---- the pages of the contestants: each answers window.result = {first, milliseconds: [...]}

const measure = `
  const { shape, values } = (await (await fetch("pictures.json")).json())[name];
  const clock = async (predict) => {
    await predict();
    const first = performance.now();
    const milliseconds = [];
    for (let i = 0; i < repeats + 5; i++) {
      const start = performance.now();
      await predict();
      if (i >= 5) milliseconds.push(performance.now() - start);
    }
    return { first, milliseconds };
  };`;

const pages = {
  ours: (name, file, backend) => `<script type="module">
    const name = "${name}", repeats = ${backend === "cpu" ? 10 : 50};
    const opening = import("./js/models.js").then(({ openModel }) => openModel("${file}", { backend: "${backend}" }));
    ${measure}
    const model = await opening;
    window.result = await clock(() => model.predict({ shape, values: Float32Array.from(values) }));
  </script>`,
  stock: (name, file, backend) => `<script src="stock/tf.min.js"></script>${backend === "wasm" ? '<script src="stock/tf-backend-wasm.min.js"></script>' : ""}
  <script type="module">
    const name = "${name}", repeats = ${backend === "cpu" ? 10 : 50};
    ${backend === "wasm" ? 'tf.wasm.setWasmPaths("stock/");' : ""}
    await tf.setBackend("${backend}");
    const opening = tf.loadGraphModel("stock/${file}/model.json");
    ${measure}
    const model = await opening;
    window.result = await clock(async () => {
      const input = tf.tensor(Float32Array.from(values), shape);
      const output = model.predict(input);
      await output.data();
      tf.dispose([input, output]);
    });
  </script>`,
  onnx: (name) => `<script src="stock/ort.wasm.min.js"></script><script type="module">
    const name = "${name}", repeats = 50;
    ort.env.wasm.wasmPaths = new URL("stock/", location).href;
    ort.env.wasm.numThreads = 1;
    const opening = ort.InferenceSession.create("stock/${name}.onnx");
    ${measure}
    const session = await opening;
    window.result = await clock(() => session.run({ input: new ort.Tensor("float32", Float32Array.from(values), shape) }));
  </script>`,
};

// The real page: draw as soon as the model is ready, and wait for the bars.
const drawOnPage = `
  const done = arguments[0];
  const wait = () => {
    if (!document.body?.dataset.ready) return requestAnimationFrame(wait);
    const pad = document.getElementById("pad");
    const box = pad.getBoundingClientRect();
    const send = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true }));
    pad.setPointerCapture = () => {};
    send("pointerdown", 0.3, 0.2); send("pointermove", 0.7, 0.2); send("pointermove", 0.45, 0.8); send("pointerup", 0.45, 0.8);
    const read = () => (document.querySelector("#bars li") ? done({ first: performance.now(), milliseconds: [] }) : requestAnimationFrame(read));
    read();
  };
  wait();`;

// ---- a server that counts, and Chromium by WebDriver

let sent = 0;
const zipped = new Map();

function serve(folder) {
  const server = createServer((request, reply) => {
    const path = join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (!existsSync(path) || !extname(path)) return reply.writeHead(404).end();
    const type = TYPES[extname(path)];
    if (!zipped.has(path)) zipped.set(path, type ? gzipSync(readFileSync(path), { level: 9 }) : readFileSync(path));
    const body = zipped.get(path);
    sent += body.length;
    reply.writeHead(200, { "Content-Type": type ?? "application/octet-stream", "Content-Length": body.length, "Cache-Control": "no-store", ...(type && { "Content-Encoding": "gzip" }) });
    reply.end(body);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

async function chromium() {
  const driver = spawn("chromedriver", ["--port=9517"], { stdio: "ignore" });
  const call = async (method, path, body) => {
    const reply = await fetch(`http://127.0.0.1:9517${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await reply.json();
    if (value?.error) throw new Error(value.message);
    return value;
  };
  for (let tries = 0; tries < 100; tries++) {
    if (await call("GET", "/status").catch(() => null)) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  const args = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader", "--window-size=1000,1000"];
  const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: { browserName: "chrome", pageLoadStrategy: "none", timeouts: { script: 120000 }, "goog:chromeOptions": { args } } } });
  const run = (path, body) => call("POST", `/session/${sessionId}${path}`, body);
  return {
    async open(address, script) {
      await run("/url", { url: "about:blank" });
      await run("/url", { url: address });
      for (;;) {
        const here = await run("/execute/sync", { script: "return location.href", args: [] });
        if (here === address) break;
      }
      const poll = "const done = arguments[0]; const wait = () => window.result ? done(window.result) : setTimeout(wait, 5); wait();";
      return run("/execute/async", { script: script ?? poll, args: [] });
    },
    async close() {
      await call("DELETE", `/session/${sessionId}`);
      driver.kill();
    },
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function contestants() {
  const list = [];
  for (const name of names) {
    list.push({ model: name, who: "our page", backend: "wasm", page: `draw.html?model=${name}`, script: drawOnPage });
    for (const backend of ["wasm", "webgl", "cpu"]) {
      list.push({ model: name, who: "ours", backend, html: pages.ours(name, name, backend) });
      list.push({ model: name, who: "stock", backend, html: pages.stock(name, name, backend) });
    }
    list.push({ model: name, who: "onnxruntime-web", backend: "wasm", html: pages.onnx(name) });
    list.push({ model: name, who: "stock, float16", backend: "wasm", html: pages.stock(name, `${name}_float16`, "wasm") });
    if (name === "mnist") list.push({ model: name, who: "ours, float16", backend: "wasm", html: pages.ours(name, "mnist_float16", "wasm") });
  }
  return list;
}

const work = mkdtempSync(join(tmpdir(), "labs-web-"));
try {
  const venv = join(root, ".venv", "bin", "python");
  execFileSync(process.env.PYTHON ?? (existsSync(venv) ? venv : "python3"), [join(root, "benchmarks", "web_models.py"), work, ...names], { stdio: "inherit" });
  const site = join(work, "site");
  const modules = join(root, "web", "node_modules");
  for (const file of ["@tensorflow/tfjs/dist/tf.min.js", "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js", "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm", "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm", "onnxruntime-web/dist/ort.wasm.min.js", "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs", "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"]) {
    copyFileSync(join(modules, file), join(site, "stock", file.split("/").pop()));
  }
  const list = contestants();
  list.forEach((one, i) => {
    one.page ??= `contestant${i}.html`;
    if (one.html) writeFileSync(join(site, one.page), `<!doctype html><meta charset="utf-8"><body>${one.html}`);
    Object.assign(one, { firsts: [], frames: [] });
  });
  const server = await serve(site);
  const browser = await chromium();
  for (let round = 0; round < ROUNDS; round++) {
    console.error(`round ${round + 1} of ${ROUNDS}`);
    for (const one of list.filter(({ backend }) => backend === "wasm" || round < 2)) {
      sent = 0;
      const { first, milliseconds } = await browser.open(`http://127.0.0.1:${server.address().port}/${one.page}`, one.script);
      one.firsts.push(first);
      one.frames.push(...milliseconds);
      one.bytes = sent - (one.html ? zipped.get(join(site, "pictures.json")).length : 0);
    }
  }
  await browser.close();
  server.close();
  report(list);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function report(list) {
  const rows = list.map(({ model, who, backend, firsts, frames, bytes }) => ({
    model, who, backend, first_ms: Math.round(median(firsts)), frame_ms: frames.length ? Number(median(frames).toFixed(2)) : null, kB: Math.round(bytes / 1000),
  }));
  for (const row of rows) {
    const ours = rows.find((other) => other.model === row.model && other.who === "ours" && other.backend === row.backend);
    const ratio = (key) => (row.who === "our page" || !ours || row[key] === null ? "" : `${(row[key] / ours[key]).toFixed(2)}x`);
    Object.assign(row, { first_ratio: ratio("first_ms"), frame_ratio: ratio("frame_ms"), kB_ratio: ratio("kB") });
  }
  console.table(rows);
  console.log("Ratios are to `ours` on the same backend. webgl is SwiftShader where there is no graphics card.");
  mkdirSync(join(root, "benchmarks", "results"), { recursive: true });
  writeFileSync(join(root, "benchmarks", "results", "web.json"), `${JSON.stringify(rows, null, 1)}\n`);
}

// The web pages measured: our site beside the stock converter's output on stock TensorFlow.js, and
// beside onnxruntime-web, in one run of one Chromium.
//
//     npm ci --prefix web --ignore-scripts
//     node benchmarks/web.mjs [MODEL ...]        # mnist, hangul and mobilenet by default; prints ratios, writes results/web.json (or web_MODEL.json)
//
// Needs chromium and chromedriver, and the labs' Python (PYTHON=..., .venv/bin/python by default).
// First prediction: milliseconds from the start of the navigation, nothing cached, median of 5
// (of 2 for webgl and cpu).
// Bytes: what a server that compresses everything but weights (gzip) sends until then.
// mobilenet is Keras' MobileNet (alpha 0.75, 224 x 224, ImageNet; KERAS_HOME or a network); with it come TensorFlow.js' own MobileNet package
// and transformers.js. "threads" is a host that sends the two headers. webgpu runs where Chromium finds an adapter (here SwiftShader's).
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve, THREADS } from "./server.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = process.argv.slice(2).length ? process.argv.slice(2) : ["mnist", "hangul", "mobilenet"];
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const times = (name, backend) => (["wasm", "threads"].includes(backend) ? 50 : name === "mobilenet" ? 3 : 10); // without a graphics card
// npm install --prefix FOLDER --ignore-scripts @huggingface/transformers@4.3.1 @tensorflow-models/mobilenet@2.1.1, then ANCHORS=FOLDER/node_modules
const anchors = process.env.ANCHORS;

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
    const home = await (await fetch("index.html")).text();
    const scripts = new URL(home.match(/src="(v[^"]*)home.js"/)[1], location).href;
    const name = "${name}", repeats = ${times(name, backend)};
    const opening = import(scripts + "models.js").then(({ openModel }) => openModel("${file}", { backend: "${backend}" }));
    ${measure}
    const model = await opening;
    window.result = await clock(() => model.predict({ shape, values: Float32Array.from(values) }));
  </script>`,
  stock: (name, file, backend) => `<script src="stock/tf.min.js"></script>${backend === "wasm" ? '<script src="stock/tf-backend-wasm.min.js"></script>' : ""}
  <script type="module">
    const name = "${name}", repeats = ${times(name, backend)};
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
  demo: (name) => `<script src="stock/tf.min.js"></script><script src="stock/tf-backend-wasm.min.js"></script><script src="stock/mobilenet.min.js"></script>
  <script type="module">
    const name = "${name}", repeats = 50;
    tf.wasm.setWasmPaths("stock/");
    await tf.setBackend("wasm");
    const opening = mobilenet.load({ version: 1, alpha: 0.75, modelUrl: "stock/mobilenet_demo/model.json", inputRange: [0, 255] });
    ${measure}
    const net = await opening;
    const picture = new ImageData(shape[2], shape[1]);
    values.forEach((value, i) => (picture.data[4 * Math.floor(i / 3) + (i % 3)] = value));
    window.result = await clock(() => net.classify(picture));
  </script>`,
  transformers: (name) => `<script type="module">
    const name = "${name}", repeats = 50;
    const { env, AutoModelForImageClassification, Tensor } = await import(new URL("stock/transformers.min.js", location).href);
    Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: new URL("stock/hub/", location).href });
    env.backends.onnx.wasm.wasmPaths = new URL("stock/hub/", location).href;
    env.backends.onnx.wasm.numThreads = 1;
    const opening = AutoModelForImageClassification.from_pretrained(name, { dtype: "fp32", device: "wasm" });
    ${measure}
    const model = await opening;
    window.result = await clock(() => model({ input: new Tensor("float32", Float32Array.from(values), shape) }));
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

// ---- Chromium by WebDriver

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
  const args = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--window-size=1000,1000"];
  const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: { browserName: "chrome", pageLoadStrategy: "none", timeouts: { script: 300000 }, "goog:chromeOptions": { args } } } });
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
    const small = name !== "mobilenet";
    if (small) list.push({ model: name, who: "our page", backend: "wasm", page: `draw.html?model=${name}`, script: drawOnPage });
    list.push({ model: name, who: "ours", backend: "threads", html: pages.ours(name, name, "wasm") });
    if (!process.env.WITHOUT?.includes("webgpu")) list.push({ model: name, who: "ours", backend: "webgpu", html: pages.ours(name, name, "webgpu") });
    if (!small && anchors) {
      list.push({ model: name, who: "TensorFlow.js' MobileNet", backend: "wasm", html: pages.demo(name) });
      list.push({ model: name, who: "transformers.js", backend: "wasm", html: pages.transformers(name) });
    }
    for (const backend of ["wasm", "webgl", "cpu"]) {
      if (!small && backend === "cpu") continue; // seconds a picture
      list.push({ model: name, who: "ours", backend, html: pages.ours(name, name, backend) });
      list.push({ model: name, who: "stock", backend, html: pages.stock(name, name, backend) });
    }
    list.push({ model: name, who: "onnxruntime-web", backend: "wasm", html: pages.onnx(name) });
    list.push({ model: name, who: "stock, float16", backend: "wasm", html: pages.stock(name, `${name}_float16`, "wasm") });
    if (name === "mnist") list.push({ model: name, who: "ours, float16", backend: "wasm", html: pages.ours(name, "mnist_float16", "wasm") });
  }
  return list;
}

// The two packages as they come; transformers.js wants its files in folders of the hub's form.
function layOutAnchors(stock) {
  copyFileSync(join(anchors, "@tensorflow-models/mobilenet/dist/mobilenet.min.js"), join(stock, "mobilenet.min.js"));
  copyFileSync(join(anchors, "@huggingface/transformers/dist/transformers.min.js"), join(stock, "transformers.min.js"));
  const hub = join(stock, "hub");
  cpSync(join(anchors, "onnxruntime-web/dist"), hub, { recursive: true, filter: (file) => !file.endsWith(".map") });
  mkdirSync(join(hub, "mobilenet", "onnx"), { recursive: true });
  writeFileSync(join(hub, "mobilenet", "config.json"), JSON.stringify({ model_type: "mobilenet_v1", architectures: ["MobileNetV1ForImageClassification"] }));
  copyFileSync(join(stock, "mobilenet.onnx"), join(hub, "mobilenet", "onnx", "model.onnx"));
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
  if (anchors) layOutAnchors(join(site, "stock"));
  const list = contestants();
  list.forEach((one, i) => {
    one.page ??= `contestant${i}.html`;
    if (one.html) writeFileSync(join(site, one.page), `<!doctype html><meta charset="utf-8"><body>${one.html}`);
    Object.assign(one, { firsts: [], frames: [] });
  });
  const fresh = { "Cache-Control": "no-store" };
  const hosts = { plain: await serve(site, fresh), threads: await serve(site, { ...THREADS, ...fresh }) };
  const browser = await chromium();
  for (let round = 0; round < ROUNDS; round++) {
    console.error(`round ${round + 1} of ${ROUNDS}`);
    for (const one of list.filter(({ backend }) => ["wasm", "threads"].includes(backend) || round < 2)) {
      const host = hosts[one.backend] ?? hosts.plain;
      host.sent = 0;
      const { first, milliseconds } = await browser.open(`${host.address}${one.page}`, one.script);
      one.firsts.push(first);
      one.frames.push(...milliseconds);
      one.bytes = host.sent - (one.html ? host.weight("pictures.json") : 0);
    }
  }
  await browser.close();
  for (const host of Object.values(hosts)) host.close();
  report(list);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function report(list) {
  const rows = list.map(({ model, who, backend, firsts, frames, bytes }) => ({
    model, who, backend, first_ms: Math.round(median(firsts)), frame_ms: frames.length ? Number(median(frames).toFixed(2)) : null, kB: Math.round(bytes / 1000),
  }));
  for (const row of rows) {
    const ours = rows.find((other) => other.model === row.model && other.who === "ours" && other.backend === (["threads", "webgpu"].includes(row.backend) ? "wasm" : row.backend));
    const ratio = (key) => (row.who === "our page" || !ours || row[key] === null ? "" : `${(row[key] / ours[key]).toFixed(2)}x`);
    Object.assign(row, { first_ratio: ratio("first_ms"), frame_ratio: ratio("frame_ms"), kB_ratio: ratio("kB") });
  }
  console.table(rows);
  console.log("Ratios are to `ours` on the same backend, of threads and webgpu to wasm. webgl is SwiftShader where there is no graphics card.");
  mkdirSync(join(root, "benchmarks", "results"), { recursive: true });
  writeFileSync(join(root, "benchmarks", "results", process.argv.length > 2 ? `web_${names.join("_")}.json` : "web.json"), `${JSON.stringify(rows, null, 1)}\n`);
}

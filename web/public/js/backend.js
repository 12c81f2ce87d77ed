// TensorFlow.js and its backends: each is a file of its own, loaded when it is first wanted.
import { Fault } from "./fault.js";

export const BACKENDS = ["wasm", "webgl", "webgpu", "cpu"]; // the order in which a page tries them

const loaders = {
  wasm: async () => (await import("../vendor/wasm.js")).setWasmPaths(new URL("../vendor/", import.meta.url).href),
  webgl: () => import("../vendor/webgl.js"),
  webgpu: () => import("../vendor/webgpu.js"),
  cpu: () => import("../vendor/cpu.js"),
};

export const tensorflow = () => import("../vendor/tf.js");

// What a page offers: WebGPU only where the browser has heard of it.
export const offered = () => BACKENDS.filter((name) => name !== "webgpu" || navigator.gpu);

// Make `name` the backend of what follows; Fault when this browser cannot.
export async function use(name) {
  const tf = await tensorflow();
  if (name === "webgl" && !hasWebGL()) throw new Fault("webglMissing");
  if (name === "webgpu" && !(await hasWebGPU())) throw new Fault("webgpuMissing");
  if (name === "wasm" && !globalThis.WebAssembly) throw new Fault("wasmMissing");
  try {
    await loaders[name]();
    if (await tf.setBackend(name)) return tf;
  } catch (error) {
    console.warn(error);
  }
  throw new Fault("backendFailed", { name });
}

// The chosen backend, or the first of the list that works here: {tf, name, fault of the chosen one}.
export async function choose(wanted = BACKENDS[0]) {
  let fault = null;
  for (const name of [wanted, ...BACKENDS.filter((other) => other !== wanted)]) {
    try {
      return { tf: await use(name), name, fault };
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault;
}

function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

// A browser that knows WebGPU may still have no adapter for it: then TensorFlow.js would only say "null".
async function hasWebGPU() {
  return Boolean(await navigator.gpu?.requestAdapter().catch(() => null));
}

// TensorFlow.js as the pages use it: the graph runner, without training. esbuild bundles these
// entries so that each backend is a file of its own, downloaded only when it is chosen.
export { loadGraphModel } from "@tensorflow/tfjs-converter";
export { dispose, engine, env, getBackend, io, memory, ready, removeBackend, setBackend, tensor, version_core } from "@tensorflow/tfjs-core";

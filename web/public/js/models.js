// The saved models of this site: their cards, their files (checked), and what they say of a picture.
import { choose, tensorflow, use } from "./backend.js";
import { canHash, download, sha256, text } from "./download.js";
import { Fault } from "./fault.js";
import { Topology } from "./topology.js";

const root = "models/"; // beside the page; where the modules lie is the builder's affair

// Every model of the site: [{name, kind, color, rate, shape, labels, bytes, problem}], as `labs site` listed them.
export async function listModels() {
  return JSON.parse(await text(`${root}index.json`));
}

// The page that shows a model of the list, or null: by what it answers and, for labels, by what it takes.
const PAGE_OF = { boxes: "detect", mask: "segment", text: "read", points: "scan" };
export function pageOf({ name, kind = "probabilities", color, rate }) {
  if (name === "teller") return "describe"; // the eyes; `teller_step` goes with them
  if (rate) return "listen";
  if (kind === "picture") return { undefined: "write", null: "write", rgb: "enlarge" }[color] ?? null; // of a picture and a hand; of a photograph
  if (kind !== "probabilities") return (color && PAGE_OF[kind]) ?? null;
  return { grey: "draw", rgb: "photo" }[color] ?? null;
}

// Whether a model says with what probability a picture is of each label.
export function givesLabels({ kind = "probabilities", color }) {
  return Boolean(color) && kind === "probabilities";
}

// A model with its card and labels, on the first backend that works or the one wanted.
// progress(part): 0..1 of the download. Raises Fault.
export async function openModel(name, { backend, signal, progress = () => {} } = {}) {
  const runner = choose(backend); // TensorFlow.js comes while the weights come
  runner.catch(() => {});
  const card = await readCard(name, signal);
  const files = Object.entries(card.files).filter(([file]) => file.startsWith("tfjs/"));
  const bytes = await fetchAll(name, [...files, ["labels.txt", card.files["labels.txt"]]], signal, progress);
  const model = new Model(name, card, bytes);
  const { name: backendName, fault } = await runner;
  await model.useBackend(backendName);
  model.fault = fault; // why the wanted backend is not the one in use
  return model;
}

export async function readCard(name, signal) {
  const source = await text(`${root}${name}/card.json`, null, { signal });
  let card;
  try {
    card = JSON.parse(source);
  } catch {
    throw new Fault("fileAltered", { name: `${name}/card.json` });
  }
  if (canHash()) {
    const blank = source.replace(card.sha256, "0".repeat(64)); // the card bears the hash of its own text
    const digest = await sha256(new TextEncoder().encode(blank));
    if (digest !== card.sha256) throw new Fault("fileAltered", { name: `${name}/card.json` });
  }
  return card;
}

async function fetchAll(name, files, signal, progress) {
  const total = files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const arrived = new Map();
  const tell = () => progress([...arrived.values()].reduce((a, b) => a + b, 0) / total);
  const pairs = files.map(async ([file, expected]) => {
    const count = (bytes) => (arrived.set(file, bytes), tell());
    const version = expected.sha256.slice(0, 12); // a model made anew is never mixed with the one in the browser's cache
    return [file, await download(`${root}${name}/${file}?${version}`, expected, { signal, progress: count })];
  });
  return new Map(await Promise.all(pairs));
}

class Model {
  constructor(name, card, files) {
    const decode = (file) => new TextDecoder().decode(files.get(file));
    this.name = name;
    this.card = card;
    this.labels = decode("labels.txt").trimEnd().split("\n");
    const { modelTopology, weightsManifest, signature } = JSON.parse(decode("tfjs/model.json"));
    this.signature = signature;
    this.artifacts = {
      modelTopology,
      signature,
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: weightsManifest.flatMap((group) => group.paths).map((path) => files.get(`tfjs/${path}`)),
    };
    this.topology = new Topology(modelTopology, this.artifacts.weightSpecs);
  }

  // Put the weights where this backend keeps them.
  async useBackend(backend) {
    const tf = await use(backend);
    await this.dispose();
    this.graph = await tf.loadGraphModel({ load: async () => this.artifacts });
    this.backend = backend;
  }

  nodeName(output) {
    return (this.signature.outputs[output]?.name ?? output).split(":")[0];
  }

  // Run the network. input: {shape, values} of prepare(), for several inputs {name: {shape, values}}; names: outputs, or any node of the graph.
  // Returns [{shape, values}] in the order of the names.
  run(input, names) {
    return (this.running = this.execute(input, names));
  }

  async execute(given, names) {
    const { tensor, dispose } = await tensorflow();
    const named = given.values ? { [this.card.inputs[0].name]: given } : given;
    const tensorOf = ([name, { shape, values }]) => [this.signature.inputs[name].name, tensor(values, shape)];
    const input = Object.fromEntries(Object.entries(named).map(tensorOf));
    const nodes = names.map((node) => this.nodeName(node));
    const outputs = this.topology.waits ? await this.graph.executeAsync(input, nodes) : this.graph.execute(input, nodes);
    const tensors = [outputs].flat();
    try {
      return await Promise.all(tensors.map(async (t) => ({ shape: t.shape, values: await t.data() })));
    } finally {
      dispose([input, tensors]);
    }
  }

  // One probability a label, and the milliseconds that the network took.
  async predict(input) {
    const start = performance.now();
    const [{ values }] = await this.run(input, [this.card.outputs[0].name]);
    return { probabilities: perLabel(values, this.labels), milliseconds: performance.now() - start };
  }

  // The values of a constant of the graph, e.g. the weights of a layer.
  async constant(name) {
    const [tensor] = this.graph.weights[name];
    return { shape: tensor.shape, values: await tensor.data() };
  }

  // Give the weights back, once what runs on them has ended.
  async dispose() {
    await this.running?.catch(() => {});
    this.graph?.dispose();
    this.graph = null;
  }
}

// One sigmoid output means the second of two labels.
export function perLabel(values, labels) {
  return values.length === 1 && labels.length === 2 ? [1 - values[0], values[0]] : Array.from(values);
}

// The best labels first: [{label, probability, index}].
export function ranked(probabilities, labels, top = labels.length) {
  return labels
    .map((label, index) => ({ label, probability: probabilities[index], index }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

// The graph of a saved model: its layers, and the way back from the answer to the last feature maps.

const STRUCTURE = new Set(["Const", "Placeholder", "Identity", "NoOp"]);
const PARTED = new Set(["batchnorm", "separable_conv2d"]);
const BIAS = ["BiasAdd", "AddV2", "Add"];
const WAITING = new Set(["While", "StatelessWhile", "If", "StatelessIf", "Switch", "Merge", "Enter", "Exit", "LoopCond", "NonMaxSuppressionV5", "Where"]);

// Keras names a node "layer/operation", in a nested network "network/layer/operation"; a few operations have parts.
function layerName(node) {
  const path = node.split("/").slice(0, -1);
  if (PARTED.has(path.at(-1))) path.pop();
  return path.join("/") || node;
}

export class Topology {
  // topology, specs: `modelTopology` and the weights' names, shapes and types of model.json.
  constructor(topology, specs) {
    this.nodes = new Map(topology.node.map((node) => [node.name, node]));
    this.specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.waits = topology.node.some((node) => WAITING.has(node.op)); // such a graph runs asynchronously
  }

  // The nodes that a node takes its inputs from, control inputs left out.
  inputs(node) {
    return (node.input ?? []).filter((name) => !name.startsWith("^")).map((name) => this.nodes.get(name.split(":")[0]));
  }

  // A constant behind an Identity is still that constant.
  constant(node) {
    while (node?.op === "Identity") [node] = this.inputs(node);
    return node?.op === "Const" ? this.specs.get(node.name) : undefined;
  }

  // The layers before and with `output`, in order: [{name, ops, node, parameters}]. What Keras made as one
  // layer carries one name before the slash; `node` is where its result comes out.
  layers(output) {
    const layers = [];
    for (const node of this.ordered(output)) {
      if (STRUCTURE.has(node.op)) continue;
      const name = layerName(node.name);
      if (layers.at(-1)?.name !== name) layers.push({ name, ops: [], parameters: 0 });
      const layer = layers.at(-1);
      layer.node = node.name;
      layer.ops.push(node.op);
      layer.parameters += this.inputs(node).reduce((sum, input) => sum + this.numbers(input), 0);
    }
    return layers;
  }

  // How many learnt numbers a constant holds; whole numbers are shapes and axes.
  numbers(node) {
    const spec = this.constant(node);
    return spec && spec.dtype === "float32" && spec.shape.length ? spec.shape.reduce((a, b) => a * b, 1) : 0;
  }

  // Every node before its users, ending with `output`.
  ordered(output) {
    const done = new Set();
    const list = [];
    const stack = [[this.nodes.get(output), false]];
    while (stack.length) {
      const [node, ready] = stack.pop();
      if (!node || (done.has(node) && !ready)) continue;
      if (ready) list.push(node);
      else {
        done.add(node);
        stack.push([node, true], ...this.inputs(node).reverse().map((input) => [input, false]));
      }
    }
    return list;
  }

  // Where a class activation map can be read: {features, matrices}, the last feature maps and the fully
  // connected layers after them, last first; null when something with a bend stands between.
  // Source: Zhou et al., Learning Deep Features for Discriminative Localization, CVPR 2016.
  evidence(output) {
    const matrices = [];
    let node = this.back(this.nodes.get(output), ["Softmax", "Sigmoid", ...BIAS]);
    while (node?.op === "MatMul") {
      const [data, matrix] = this.inputs(node);
      const weights = this.constant(matrix);
      if (!weights) return null;
      matrices.push({ name: weights.name, transposed: Boolean(node.attr?.transpose_b?.b) });
      node = this.back(data, [...BIAS, "Squeeze"]); // layers without activation are one straight line
    }
    if (node?.op === "Reshape") {
      const before = this.back(this.inputs(node)[0], []);
      if (before?.op === "Mean") node = before; // a mean that kept its axes, then flattened
    }
    if (!matrices.length || !["Mean", "Reshape"].includes(node?.op)) return null;
    return { features: this.inputs(node)[0].name, matrices };
  }

  // The node of the scores, before softmax or sigmoid make probabilities of them.
  scores(output) {
    return this.back(this.nodes.get(output), ["Softmax", "Sigmoid"]).name;
  }

  // The node that the last fully connected layer takes its numbers from; the scores' node when there is no such layer.
  beforeLast(output) {
    const node = this.back(this.nodes.get(output), ["Softmax", "Sigmoid", ...BIAS]);
    return node?.op === "MatMul" ? this.inputs(node)[0].name : this.scores(output);
  }

  // Step back over nodes that leave the values in their places.
  back(node, through) {
    while (node && [...through, "Identity"].includes(node.op)) {
      node = this.inputs(node).find((input) => !this.constant(input));
    }
    return node;
  }
}

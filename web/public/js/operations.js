// TensorFlow's operations in a textbook's words.
import { language } from "./language.js";
import { operations } from "./words.js";

const SMALL = new Set(["BiasAdd", "Mul", "AddV2", "Sub", "Pad", "Squeeze", "Reshape"]); // part of something larger

// operationNames(["Conv2D", "BiasAdd", "Relu"]) is "convolution, ReLU".
export function operationNames(ops) {
  const large = ops.filter((op) => !SMALL.has(op));
  const named = (large.length ? large : ops).map((op) => operations[language()][op] ?? op);
  return [...new Set(named)].join(", ");
}

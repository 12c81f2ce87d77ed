// What face-api asks for as "@tensorflow/tfjs": the core that the other pages use as well, with methods on tensors.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
export * from "@tensorflow/tfjs-core";

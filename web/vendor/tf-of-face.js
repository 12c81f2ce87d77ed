// What face-api asks for as "@tensorflow/tfjs": the core that the other pages use as well.
export * from "@tensorflow/tfjs-core";

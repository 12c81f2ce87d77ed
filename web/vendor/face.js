// The face finder and the reader of expressions of @vladmandic/face-api (MIT), on our TensorFlow.js.
export { detectSingleFace, nets, TinyFaceDetectorOptions } from "@vladmandic/face-api/dist/face-api.esm-nobundle.js";

// The two networks of face-api: where a face is, and which of seven expressions it has.
import { choose, use } from "./backend.js";
import { download, text } from "./download.js";

const root = new URL("../vendor/faces/", import.meta.url).href;
const NETS = { tinyFaceDetector: "tiny_face_detector_model", faceExpressionNet: "face_expression_model" };

// Download both, checked; a model for modelBar. progress(part): 0..1.
export async function openFaces(name, { backend, signal, progress = () => {} } = {}) {
  const runner = choose(backend);
  runner.catch(() => {});
  const listed = JSON.parse(await text(`${root}files.json`, null, { signal }));
  const total = Object.values(listed).reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const files = {};
  for (const [file, expected] of Object.entries(listed)) {
    files[file] = await download(`${root}${file}`, expected, { signal, progress: (bytes) => progress((done + bytes) / total) });
    done += expected.bytes;
  }
  const { name: backendName, fault } = await runner;
  const faces = new Faces(name, files);
  await faces.useBackend(backendName);
  faces.fault = fault;
  return faces;
}

class Faces {
  constructor(name, files) {
    Object.assign(this, { name, files });
  }

  async useBackend(backend) {
    this.tf = await use(backend);
    this.faceApi = await import("../vendor/face.js");
    for (const [net, file] of Object.entries(NETS)) {
      const [{ weights }] = JSON.parse(new TextDecoder().decode(this.files[`${file}-weights_manifest.json`]));
      this.faceApi.nets[net].loadFromWeightMap(this.tf.io.decodeWeights(this.files[`${file}.bin`], weights));
    }
    this.backend = backend;
  }

  // The most prominent face of a canvas: {box, expressions: [{label, probability}] best first}, or null.
  async look(canvas) {
    const options = new this.faceApi.TinyFaceDetectorOptions({ inputSize: 224, scoreThreshold: 0.4 });
    const found = await this.faceApi.detectSingleFace(canvas, options).withFaceExpressions();
    if (!found) return null;
    const expressions = found.expressions.asSortedArray().map(({ expression, probability }) => ({ label: expression, probability }));
    return { box: found.detection.box, expressions };
  }

  dispose() {}
}

// The listening page: a digit said into the microphone, or a recording; its spectrogram, the digit, and pictures of it.
import { showBars } from "./bars.js";
import { find, make } from "./elements.js";
import { Fault } from "./fault.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { openModel, pageOf, ranked } from "./models.js";
import { openPage } from "./page.js";
import { decode, pixelsOf, showPixels } from "./picture.js";
import { prepare } from "./preprocess.js";
import { decodeSound, fit, wavFile } from "./sound.js";

const RECORDINGS = ["0_george_2", "2_lucas_2", "4_jackson_2", "6_nicolas_2", "7_theo_3", "9_yweweler_2"];
const SECONDS = 2; // of a recording by microphone
const [SIDE, ROWS, COLUMNS] = [28, 10, 4]; // of samples/digits.png: pictures of a digit in a row
const NEAREST = 4;
openPage();
const fail = (error) => bar.fail(error);
const show = latest(listen, fail);
let sound = null; // the file that was opened
let pictures = null; // what the network of lab 05 says of each picture
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "listen", none: "noSoundModel", onModel: () => show() });

find("samples").append(...RECORDINGS.map(sampleButton));
find("file").addEventListener("change", () => open(find("file").files[0]));
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
document.addEventListener("drop", (event) => open(event.dataTransfer?.files[0]));
find("record").addEventListener("click", () => record().catch(fail));

function sampleButton(name, number) {
  const label = make("span");
  put(label, "listenSample", { number: number + 1 });
  const button = make("button", { type: "button", class: "sample" }, label);
  button.addEventListener("click", async () => open(await (await fetch(`samples/spoken_${name}.wav`)).blob()));
  return button;
}

function open(file) {
  if (!file) return;
  bar.fault.replaceChildren();
  sound = file;
  show();
}

async function listen() {
  const { model } = bar;
  if (!model || !sound) return;
  const { rate } = model.card.preprocessing;
  const length = model.card.inputs[0].shape[2];
  const values = fit(await decodeSound(sound, rate), rate, length);
  const input = { shape: [1, 1, length, 1], values };
  const { probabilities, milliseconds } = await model.predict(input);
  bar.measured(milliseconds);
  find("results").hidden = false;
  drawWave(values);
  await drawSpectrogram(model, input);
  URL.revokeObjectURL(find("player").src);
  find("player").src = URL.createObjectURL(wavFile(values, rate));
  showBars(find("bars"), model.labels.map((label, index) => ({ label, index, probability: probabilities[index] })));
  const [best] = ranked(probabilities, model.labels, 1);
  put(find("answer"), "listenHears", { label: best.label, percent: (100 * best.probability).toFixed(1) });
  await showNearest(probabilities);
}

function drawWave(values) {
  const canvas = find("wave"), context = canvas.getContext("2d");
  const { width, height } = canvas;
  const loudest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  context.clearRect(0, 0, width, height);
  context.fillStyle = "#6d61e8";
  for (let x = 0; x < width; x++) {
    const part = values.subarray(Math.floor((x * values.length) / width), Math.floor(((x + 1) * values.length) / width));
    const [low, high] = [Math.min(...part), Math.max(...part)].map((value) => (0.48 * height * value) / loudest);
    context.fillRect(x, height / 2 - high, 1, Math.max(high - low, 1));
  }
}

// What the network makes of the waveform first: the node that takes the logarithm, frames by bands.
async function drawSpectrogram(model, input) {
  const node = model.artifacts.modelTopology.node.find(({ op }) => op === "Log");
  if (!node) return void (find("spectrogram").hidden = true);
  const [{ shape, values }] = await model.run(input, [node.name]);
  const [frames, bands] = shape.slice(-2);
  const sorted = Float32Array.from(values).sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const data = new Uint8Array(frames * bands * 3);
  for (let band = 0; band < bands; band++) {
    for (let frame = 0; frame < frames; frame++) {
      const part = (values[frame * bands + band] - low) / (high - low || 1);
      data.set(glow(part), 3 * ((bands - 1 - band) * frames + frame));
    }
  }
  showPixels(find("spectrogram"), { width: frames, height: bands, channels: 3, data });
}

// Black, violet, orange, white.
function glow(part) {
  return [Math.min(1, 1.7 * part), Math.max(0, 1.6 * part - 0.55), part < 0.4 ? 1.2 * part : Math.max(0.1, 3 * part - 2)].map((value) => 255 * Math.min(value, 1));
}

// The pictures of which lab 05's network thinks most nearly what this one thinks of the sound.
async function showNearest(heard) {
  pictures ??= readPictures();
  const near = (await pictures).map(({ canvas, probabilities }) => ({ canvas, likeness: cosine(probabilities, heard) }));
  near.sort((a, b) => b.likeness - a.likeness);
  find("pictures").replaceChildren(...near.slice(0, NEAREST).map(({ canvas }) => make("span", { class: "sample" }, canvas)));
}

async function readPictures() {
  const [reader, sheet] = await Promise.all([openModel("mnist"), decode(await (await fetch("samples/digits.png")).blob())]);
  const found = [];
  for (let number = 0; number < ROWS * COLUMNS; number++) {
    const tile = new OffscreenCanvas(SIDE, SIDE);
    tile.getContext("2d").drawImage(sheet, -SIDE * (number % COLUMNS), -SIDE * Math.floor(number / COLUMNS));
    const picture = pixelsOf(tile.transferToImageBitmap());
    const canvas = make("canvas");
    showPixels(canvas, picture);
    found.push({ canvas, probabilities: (await reader.predict(prepare(picture, reader.card))).probabilities });
  }
  return found;
}

function cosine(a, b) {
  const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

// Two seconds of the microphone.
async function record() {
  bar.fault.replaceChildren();
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new Fault("soundInsecure");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: false });
  } catch (error) {
    throw new Fault(["NotAllowedError", "SecurityError"].includes(error.name) ? "soundRefused" : "soundNone");
  }
  const button = find("record");
  button.disabled = true;
  put(button, "listenRecording");
  const recorder = new MediaRecorder(stream), pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const ended = new Promise((done) => recorder.addEventListener("stop", done));
  recorder.start();
  setTimeout(() => recorder.stop(), 1000 * SECONDS);
  await ended;
  for (const track of stream.getTracks()) track.stop();
  button.disabled = false;
  put(button, "listenRecord");
  open(new Blob(pieces, { type: recorder.mimeType }));
}

// The face-to-emoji page: the expression of the face before the camera, as an emoji.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { openFaces } from "./faces.js";
import { film } from "./film.js";
import { put, say } from "./language.js";
import { modelBar } from "./modelbar.js";
import { openPage } from "./page.js";
import { decode } from "./picture.js";
import { Rate } from "./webcam.js";

openPage();
const rate = new Rate();
const KEEP = 0.6; // how much of the last frames' answer stays in each new one
let smooth = null;
const frame = document.createElement("canvas");
const bar = modelBar({ list: async () => [{ name: "face-api" }], open: openFaces, onModel() {} });
const { webcam, stop } = film(bar, see, clear);
find("sample").addEventListener("click", lookAtSample);

function clear() {
  show(null);
  find("frames").textContent = "";
}

// Without a camera: the face of a photograph.
async function lookAtSample() {
  if (webcam.running) stop();
  frame.getContext("2d").clearRect(0, 0, frame.width, frame.height);
  const photo = await decode(await (await fetch("samples/face.jpg")).blob());
  Object.assign(frame, { width: photo.width, height: photo.height });
  frame.getContext("2d").drawImage(photo, 0, 0);
  smooth = null;
  show(bar.model && (await bar.model.look(frame)), frame);
}

async function see() {
  if (!bar.model) return;
  const { videoWidth: width, videoHeight: height } = webcam.video;
  Object.assign(frame, { width, height });
  frame.getContext("2d", { willReadFrequently: true }).drawImage(webcam.video, 0, 0);
  const start = performance.now();
  const face = await bar.model.look(frame);
  bar.measured(performance.now() - start);
  put(find("frames"), "frames", { rate: rate.tick() });
  show(face);
}

// Frames flicker; a running mean of the probabilities does not. A new face starts anew.
function steady(expressions) {
  const before = smooth ?? new Map();
  const rows = expressions.map(({ label, probability }) => ({
    label,
    probability: KEEP * (before.get(label) ?? probability) + (1 - KEEP) * probability,
  }));
  smooth = new Map(rows.map(({ label, probability }) => [label, probability]));
  return rows.sort((a, b) => b.probability - a.probability);
}

// The emoji, the bars, and a frame around the face; `background` is a still picture under the frame.
function show(face, background) {
  const overlay = find("overlay");
  Object.assign(overlay, { width: frame.width, height: frame.height });
  overlay.classList.toggle("mirrored", webcam.running && webcam.mirrored);
  if (background) overlay.getContext("2d").drawImage(background, 0, 0);
  find("results").hidden = false;
  find("face").hidden = !face;
  if (!face) {
    smooth = null;
    find("bars").replaceChildren();
    return put(find("answer"), "emojiNone");
  }
  const { x, y, width, height } = face.box;
  const context = overlay.getContext("2d");
  Object.assign(context, { strokeStyle: "#ffd54a", lineWidth: 4 });
  context.strokeRect(x, y, width, height);
  const rows = steady(face.expressions);
  const [best] = rows;
  const source = `emoji/${best.label}.svg`;
  if (find("face").getAttribute("src") !== source) find("face").src = source;
  put(find("answer"), best.label);
  showBars(find("bars"), rows.map((row) => ({ ...row, label: say(row.label) })));
}

// The face-to-emoji page: the expression of the face before the camera, as an emoji.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { openFaces } from "./faces.js";
import { put, say } from "./language.js";
import { modelBar } from "./modelbar.js";
import { openPage } from "./page.js";
import { Rate, Webcam } from "./webcam.js";

openPage();
const webcam = new Webcam(find("video"));
const rate = new Rate();
const frame = document.createElement("canvas");
const bar = modelBar({ list: async () => [{ name: "face-api" }], open: openFaces, onModel() {} });
find("start").addEventListener("click", () => (webcam.running ? stop() : film(() => webcam.start())));
find("flip").addEventListener("click", () => film(() => webcam.flip()));
addEventListener("pagehide", () => webcam.stop());

async function film(begin) {
  bar.fault.replaceChildren();
  try {
    await begin();
  } catch (error) {
    stop();
    return bar.fail(error);
  }
  put(find("start"), "cameraStop");
  find("flip").hidden = false;
  await webcam.watch(see);
}

function stop() {
  webcam.stop();
  put(find("start"), "cameraStart");
  find("flip").hidden = true;
  show(null);
  find("answer").textContent = "";
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

// The emoji, the bars, and a frame around the face.
function show(face) {
  const overlay = find("overlay");
  Object.assign(overlay, { width: frame.width, height: frame.height });
  overlay.classList.toggle("mirrored", webcam.mirrored);
  find("face").hidden = !face;
  if (!face) {
    find("bars").replaceChildren();
    return put(find("answer"), "emojiNone");
  }
  const { x, y, width, height } = face.box;
  const context = overlay.getContext("2d");
  Object.assign(context, { strokeStyle: "#ffd54a", lineWidth: 4 });
  context.strokeRect(x, y, width, height);
  const [best] = face.expressions;
  const source = `emoji/${best.label}.svg`;
  if (find("face").getAttribute("src") !== source) find("face").src = source;
  put(find("answer"), best.label);
  showBars(find("bars"), face.expressions.map((row) => ({ ...row, label: say(row.label) })));
}

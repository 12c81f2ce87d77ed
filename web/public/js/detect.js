// The detection page: what is where, in a picture or live; the slider says how sure the network has to be.
import { colorOf, counts, drawBoxes, readBoxes } from "./boxes.js";
import { CELLS, onPicture, SHEETS } from "./choose.js";
import { find, make } from "./elements.js";
import { film } from "./film.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { pageOf } from "./models.js";
import { openPage } from "./page.js";
import { pixelsOf } from "./picture.js";
import { prepare } from "./preprocess.js";
import { showPicture, showVideo } from "./stage.js";
import { Rate } from "./webcam.js";

const LARGEST = 1280; // pixels of the longer side of what is shown
openPage();
const rate = new Rate();
const fail = (error) => bar.fail(error);
const show = latest(look, fail);
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "detect", none: "noBoxModel", onModel: start });
const { webcam, stop } = film(bar, see, clear);
webcam.facing = "environment";
let bitmap = null; // the picture as it came
let answer = null; // what the network said of it, or of the latest frame

const offered = [...CELLS, ...SHEETS];
onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), offered, fail }, (opened) => {
  if (webcam.running) stop();
  bar.fault.replaceChildren();
  bitmap = opened;
  showPicture(bitmap, LARGEST);
  show();
});
find("threshold").addEventListener("input", draw);
document.addEventListener("languagechange", draw);

function start(model) {
  find("threshold").value = model.card.decode?.threshold ?? 0.3;
  return show();
}

async function look() {
  if (!bar.model || !bitmap || webcam.running) return;
  await ask(bitmap);
  draw();
}

// Every frame of the camera.
async function see() {
  if (!bar.model) return;
  showVideo();
  await ask(webcam.video);
  if (!webcam.running) return;
  put(find("frames"), "frames", { rate: rate.tick() });
  draw();
}

async function ask(source) {
  const { model } = bar;
  const [, height, width] = model.card.inputs[0].shape;
  const picture = pixelsOf(source, { limit: Math.max(640 * 480, height * width) });
  const start = performance.now();
  const [{ values }] = await model.run(prepare(picture, model.card), ["boxes"]);
  bar.measured(performance.now() - start);
  answer = { values, width: source.videoWidth || source.width, height: source.videoHeight || source.height, mirror: source === webcam.video && webcam.mirrored };
}

function draw() {
  const { model } = bar;
  const threshold = Number(find("threshold").value);
  find("sure").textContent = `${Math.round(100 * threshold)} %`;
  if (!model || !answer) return;
  find("results").hidden = false;
  const boxes = readBoxes(answer.values, model.labels, { ...model.card.decode, threshold });
  const canvas = find("boxes");
  const shrink = Math.min(1, LARGEST / Math.max(answer.width, answer.height));
  [canvas.width, canvas.height] = [Math.round(answer.width * shrink), Math.round(answer.height * shrink)];
  drawBoxes(canvas, boxes, model.card.inputs[0].shape.slice(1, 3), { mirror: answer.mirror, name: sayLabel });
  put(find("answer"), boxes.length ? "boxesFound" : "boxesNone", { count: boxes.length });
  find("counts").replaceChildren(...counts(boxes, model.labels).map(row));
}

function row({ label, count }, index) {
  const mark = make("span", { class: "mark" });
  mark.style.background = colorOf(index);
  return make("li", {}, mark, `${sayLabel(label)}: ${count}`);
}

function clear() {
  answer = null;
  find("frames").textContent = "";
  find("boxes").getContext("2d").clearRect(0, 0, find("boxes").width, find("boxes").height);
}

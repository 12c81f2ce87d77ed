// The segmentation page: a class for each pixel of a photo or of the camera, and what is chosen stays sharp.
import { onPicture, STREETS } from "./choose.js";
import { find, make } from "./elements.js";
import { film } from "./film.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { bestClasses, hues, painted, shares } from "./masks.js";
import { modelBar } from "./modelbar.js";
import { pageOf } from "./models.js";
import { openPage } from "./page.js";
import { pixelsOf } from "./picture.js";
import { prepare } from "./preprocess.js";
import { showPicture, showVideo } from "./stage.js";
import { Rate } from "./webcam.js";

const LARGEST = 1280; // pixels of the longer side of what is shown
const LONGER = { photo: 640, film: 320 }; // of the mask
const SHARP = ["car", "pedestrian", "bicyclist", "person", "pet"]; // what stays sharp until the visitor chooses
openPage();
const rate = new Rate();
const fail = (error) => bar.fail(error);
const show = latest(look, fail);
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "segment", none: "noMaskModel", onModel: start });
const { webcam, stop } = film(bar, see, clear);
webcam.facing = "environment";
let bitmap = null; // the picture as it came
let answer = null; // {mask, width, height, mirror, frame} of it, or of the latest frame
let sharp = new Set(); // classes
let under = null; // the class under the pointer

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), offered: STREETS, fail }, (opened) => {
  if (webcam.running) stop();
  bar.fault.replaceChildren();
  bitmap = opened;
  showPicture(bitmap, LARGEST);
  show();
});
for (const name of ["opacity", "blur"]) find(name).addEventListener("input", draw);
for (const name of ["pointermove", "pointerdown"]) find("stage").addEventListener(name, point);
find("stage").addEventListener("pointerleave", () => sayUnder((under = null)));
document.addEventListener("languagechange", draw);

function start(model) {
  sharp = new Set(model.labels.flatMap((label, number) => (SHARP.includes(label) ? [number] : [])));
  answer = under = null;
  makeLegend(model.labels);
  return show();
}

async function look() {
  if (!bar.model || !bitmap || webcam.running) return;
  await ask(bitmap, LONGER.photo, false);
  draw();
}

// Every frame of the camera.
async function see() {
  if (!bar.model) return;
  showVideo();
  await ask(webcam.video, LONGER.film, webcam.mirrored);
  if (!webcam.running) return;
  put(find("frames"), "frames", { rate: rate.tick() });
  draw();
}

async function ask(source, longer, mirror) {
  const { model } = bar;
  const [, height, width] = model.card.inputs[0].shape;
  const picture = pixelsOf(source, { limit: Math.max(640 * 480, height * width) });
  const frame = source === webcam.video ? new OffscreenCanvas(picture.width, picture.height) : source;
  if (frame !== source) frame.getContext("2d").drawImage(source, 0, 0, frame.width, frame.height); // the camera goes on
  const begin = performance.now();
  const [{ values, shape }] = await model.run(prepare(picture, model.card), ["scores"]);
  bar.measured(performance.now() - begin);
  const shrink = longer / Math.max(frame.width, frame.height);
  const size = [Math.round(frame.height * shrink), Math.round(frame.width * shrink)];
  answer = { mask: bestClasses(values, shape.slice(1), ...size), height: size[0], width: size[1], mirror, frame };
}

function draw() {
  for (const [name, unit] of [["opacity", " %"], ["blur", ""]]) find(`${name}Value`).textContent = `${find(name).value}${unit}`;
  const { model } = bar;
  if (!model || !answer) return;
  const { mask, width, height, mirror } = answer;
  const colors = model.card.decode?.colors ?? hues(model.labels.length);
  find("results").hidden = false;
  for (const name of ["mask", "focus"]) {
    [find(name).width, find(name).height] = [width, height];
    find(name).style.transform = mirror ? "scaleX(-1)" : "";
  }
  find("mask").getContext("2d").putImageData(new ImageData(painted(mask, colors), width, height), 0, 0);
  find("mask").style.opacity = find("opacity").value / 100;
  focus(Number(find("blur").value), colors);
  const parts = shares(mask, model.labels.length);
  const seen = parts.map((part, number) => ({ part, number })).filter(({ part }) => part > 0).sort((a, b) => b.part - a.part);
  put(find("answer"), "masksSeen", { count: seen.length, label: sayLabel(model.labels[seen[0].number]), percent: Math.round(100 * seen[0].part) });
  legend(seen, colors, model.labels);
  sayUnder();
}

// The picture again, coarse where a class is not chosen.
function focus(strength, colors) {
  const { frame, mask, width, height } = answer;
  const context = find("focus").getContext("2d");
  if (!strength) return;
  const [small, chosen, cut] = [new OffscreenCanvas(Math.ceil(width / strength), Math.ceil(height / strength)), new OffscreenCanvas(width, height), new OffscreenCanvas(width, height)];
  small.getContext("2d").drawImage(frame, 0, 0, small.width, small.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
  chosen.getContext("2d").putImageData(new ImageData(painted(mask, colors, sharp), width, height), 0, 0);
  const pen = cut.getContext("2d");
  pen.drawImage(frame, 0, 0, width, height);
  pen.globalCompositeOperation = "destination-in";
  pen.drawImage(chosen, 0, 0);
  context.drawImage(cut, 0, 0);
}

// A row a class, made once: a button that is rebuilt with each frame of the camera could not be pressed.
function makeLegend(labels) {
  find("legend").replaceChildren(...labels.map((label, number) => {
    const button = make("button", { type: "button", class: "quiet" }, make("span", { class: "mark" }), make("span"));
    button.dataset.label = label;
    button.addEventListener("click", () => {
      if (!sharp.delete(number)) sharp.add(number);
      draw();
    });
    return make("li", {}, button);
  }));
}

function legend(seen, colors, labels) {
  const rank = new Map(seen.map(({ number }, place) => [number, place]));
  for (const [number, row] of [...find("legend").children].entries()) {
    row.hidden = !rank.has(number);
    if (row.hidden) continue;
    const [button, { part }] = [row.firstChild, seen[rank.get(number)]];
    row.style.order = rank.get(number);
    button.setAttribute("aria-pressed", String(sharp.has(number)));
    button.firstChild.style.background = `rgb(${colors[number]})`;
    button.lastChild.textContent = `${sayLabel(labels[number])} ${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
  }
}

function point({ clientX, clientY }) {
  if (!answer || !bar.model) return;
  const { left, top, width, height } = find("mask").getBoundingClientRect();
  const [across, y] = [(clientX - left) / width, Math.floor(((clientY - top) / height) * answer.height)];
  const x = Math.floor((answer.mirror ? 1 - across : across) * answer.width);
  under = answer.mask[y * answer.width + x] ?? under;
  sayUnder();
}

function sayUnder() {
  if (under === null) return find("under").replaceChildren();
  put(find("under"), "maskUnder", { label: sayLabel(bar.model.labels[under]) });
}

function clear() {
  answer = null;
  find("frames").textContent = "";
  for (const name of ["mask", "focus"]) find(name).getContext("2d").clearRect(0, 0, find(name).width, find(name).height);
}

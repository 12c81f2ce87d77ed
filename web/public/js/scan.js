// The scanner: a page's corners in a photograph or live, the page put straight, and a file to keep.
import { onPicture, SHEETS } from "./choose.js";
import { refine } from "./edges.js";
import { find } from "./elements.js";
import { film } from "./film.js";
import { flatten, isPage, pageSize } from "./homography.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { pageOf } from "./models.js";
import { openPage } from "./page.js";
import { pixelsOf, showPixels } from "./picture.js";
import { prepare } from "./preprocess.js";
import { showPicture, showVideo } from "./stage.js";
import { Rate } from "./webcam.js";

const LARGEST = 4e6; // pixels of a photograph that is put straight
const SURE = 0.3; // the least score of a corner
openPage();
const rate = new Rate();
const fail = (error) => bar.fail(error);
const show = latest(look, fail);
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "scan", none: "noScanModel", onModel: () => show() });
const { webcam, stop } = film(bar, see, clear);
webcam.facing = "environment";
let bitmap = null; // the picture as it came
let corners = null; // of the page in what is shown, as shares of its width and height; null when there is none

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), offered: SHEETS, fail }, (opened) => {
  if (webcam.running) stop();
  bar.fault.replaceChildren();
  bitmap = opened;
  show();
});
find("capture").addEventListener("click", () => keep(webcam.running ? webcam.video : bitmap).catch(fail));

async function look() {
  if (!bar.model || !bitmap || webcam.running) return;
  showPicture(bitmap);
  await ask(bitmap);
  outline(bitmap.width, bitmap.height);
  if (corners) await keep(bitmap);
}

// Every frame of the camera.
async function see() {
  if (!bar.model) return;
  showVideo();
  await ask(webcam.video);
  if (!webcam.running) return;
  put(find("frames"), "frames", { rate: rate.tick() });
  outline(webcam.video.videoWidth, webcam.video.videoHeight, webcam.mirrored);
}

async function ask(source) {
  const { model } = bar;
  const [, height, width] = model.card.inputs[0].shape;
  const picture = pixelsOf(source, { limit: Math.max(640 * 480, height * width) });
  const start = performance.now();
  const [{ values, shape }] = await model.run(prepare(picture, model.card), ["points"]);
  bar.measured(performance.now() - start);
  const points = [0, 1, 2, 3].map((i) => Array.from(values.slice(i * shape[2], (i + 1) * shape[2])));
  const sure = points.every(([, , score]) => score === undefined || score > SURE);
  const found = points.map(([x, y]) => [x / width, y / height]);
  corners = sure && isPage(points) ? exact(picture, model.card, found) : null;
  find("capture").disabled = !corners;
  find("results").hidden = false;
  put(find("answer"), corners ? "pageFound" : "pageNone");
}

// The corners, shares of the picture's sides, moved to the page's edges where the card says so.
function exact(picture, card, found) {
  if (card.decode?.refine !== "page") return found;
  const size = [picture.width, picture.height];
  const places = refine(picture, found.map((place) => place.map((share, axis) => share * size[axis])));
  const moved = places.map((place) => place.map((value, axis) => value / size[axis]));
  return isPage(places) ? moved : found;
}

function outline(width, height, mirror = false) {
  const canvas = find("outline");
  Object.assign(canvas, { width, height });
  if (!corners) return;
  const context = canvas.getContext("2d");
  const places = corners.map(([x, y]) => [(mirror ? 1 - x : x) * width, y * height]);
  context.lineWidth = Math.max(2, width / 160);
  context.strokeStyle = "#ff3c1e";
  context.fillStyle = "#ff3c1e33";
  context.beginPath();
  for (const place of places) context.lineTo(...place);
  context.closePath();
  context.fill();
  context.stroke();
}

// Put the page of what is shown straight and offer it as a file.
async function keep(source) {
  if (!source || !corners) return;
  const picture = pixelsOf(source, { limit: LARGEST });
  const places = exact(picture, bar.model.card, corners).map(([x, y]) => [x * picture.width, y * picture.height]);
  const page = flatten(picture, places, pageSize(places));
  showPixels(find("page"), page);
  find("kept").hidden = false;
  const file = await new Promise((done) => find("page").toBlob(done, "image/png"));
  URL.revokeObjectURL(find("download").href);
  find("download").href = URL.createObjectURL(file);
}

function clear() {
  corners = null;
  find("frames").textContent = "";
  find("capture").disabled = true;
  find("outline").getContext("2d").clearRect(0, 0, find("outline").width, find("outline").height);
}

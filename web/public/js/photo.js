// The photo page: what is in a picture, and which part of it spoke for the answer.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { Fault } from "./fault.js";
import { FeatureMaps } from "./featuremaps.js";
import { activationMaps, paint, positive } from "./heatmap.js";
import { networkInput } from "./input.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { perLabel, ranked } from "./models.js";
import { openPage } from "./page.js";
import { onPicture } from "./choose.js";
import { pixelsOf, showPixels } from "./picture.js";

openPage();
const show = latest(classify, (error) => bar.fail(error));
const bar = modelBar({ accepts: ({ color }) => color, none: "noPhotoModel", onModel: start });
const featureMaps = new FeatureMaps(find("layer"), find("maps"), find("mapsCount"), () => show(false));
let bitmap = null; // the picture as it came
let picture = null; // its pixels
let evidence = null; // class -> map, of the latest answer
let rows = [];
let chosen = 0;

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), fail: (error) => bar.fail(error) }, (opened) => {
  bitmap = opened;
  picture = pixelsOf(bitmap);
  bar.fault.replaceChildren();
  show(true);
});

function start(model) {
  find("samples").dataset.color = model.card.preprocessing.color;
  featureMaps.list(model.topology.layers(model.nodeName(model.card.outputs[0].name)));
  return show(true);
}

async function classify(fresh) {
  const { model } = bar;
  if (!model || !picture) return;
  const input = networkInput(picture, model);
  find("results").hidden = !input;
  if (!input) return bar.fail(new Fault("noInk"));
  showPicture(input);
  const output = model.card.outputs[0].name;
  const place = model.topology.evidence(model.nodeName(output));
  const names = [output, ...(place ? [place.features] : []), ...featureMaps.wanted()];
  const start = performance.now();
  const [answer, ...maps] = await model.run(input, names);
  bar.measured(performance.now() - start);
  evidence = place && activationMaps(maps.shift(), await matricesOf(model, place), model.labels.length);
  featureMaps.show(maps[0]);
  rows = ranked(perLabel(answer.values, model.labels), model.labels, 5);
  if (fresh) chosen = rows[0].index;
  showRows();
  explain(chosen);
  put(find("answer"), "says1", { label: sayLabel(rows[0].label), percent: (100 * rows[0].probability).toFixed(1) });
}

function matricesOf(model, { matrices }) {
  return Promise.all(matrices.map(async ({ name, transposed }) => ({ ...(await model.constant(name)), transposed })));
}

// The picture as it came; for a model of ink what was found on the paper, since that is where its map belongs.
function showPicture({ shape: [, height, width, channels], values }) {
  const canvas = find("picture");
  const ink = channels === 1;
  canvas.classList.toggle("ink", ink);
  if (ink) return showPixels(canvas, { width, height, channels, data: values });
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.round(side * Math.min(1, 640 / Math.max(bitmap.width, bitmap.height))));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}

function showRows() {
  showBars(find("bars"), rows, { onChoose: evidence && explain, chosen });
}

// Show what spoke for one label.
function explain(index) {
  chosen = index;
  find("why").hidden = !evidence;
  find("heat").hidden = !evidence;
  find("noMap").hidden = Boolean(evidence);
  for (const button of find("bars").querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
  if (!evidence) return;
  const row = rows.findIndex((one) => one.index === index);
  find("bars").querySelectorAll("button")[row]?.setAttribute("aria-pressed", "true");
  find("whyLabel").textContent = sayLabel(bar.model.labels[index]);
  paint(find("heat"), evidence(index));
}

find("strength").addEventListener("input", () => (find("heat").style.opacity = find("strength").value));
find("heat").style.opacity = find("strength").value;

// Point at the picture: how strongly that place spoke for the label.
find("stage").addEventListener("pointermove", (event) => {
  if (!evidence) return;
  const { left, top, width, height } = find("picture").getBoundingClientRect();
  const map = evidence(chosen);
  const x = Math.floor(((event.clientX - left) / width) * map.width);
  const y = Math.floor(((event.clientY - top) / height) * map.height);
  const inside = x >= 0 && y >= 0 && x < map.width && y < map.height;
  put(find("place"), inside ? "evidenceAt" : "whyHint", { percent: inside ? Math.round(100 * positive(map)[y * map.width + x]) : "" });
});
document.addEventListener("languagechange", () => rows.length && (showRows(), explain(chosen)));

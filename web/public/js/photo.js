// The photo page: what is in a picture, and which part of it spoke for the answer.
import { showBars } from "./bars.js";
import { find, make } from "./elements.js";
import { Fault } from "./fault.js";
import { FeatureMaps } from "./featuremaps.js";
import { gradCam, layersWithPlaces } from "./gradcam.js";
import { activationMaps, ownMaps, paint, positive } from "./heatmap.js";
import { networkInput } from "./input.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { givesLabels, perLabel, ranked } from "./models.js";
import { neighbourSearch } from "./neighbours.js";
import { occlusionMaps } from "./occlusion.js";
import { openPage } from "./page.js";
import { onPicture } from "./choose.js";
import { operationNames } from "./operations.js";
import { pixelsOf, showPixels } from "./picture.js";

openPage();
const show = latest(classify, (error) => bar.fail(error));
const bar = modelBar({ accepts: givesLabels, none: "noPhotoModel", onModel: start });
const featureMaps = new FeatureMaps(find("layer"), find("maps"), find("mapsCount"), () => (follow(), show(false)));
const METHODS = { cam: "byCam", gradCam: "byGradCam", occlusion: "byOcclusion" };
for (const [value, word] of Object.entries(METHODS)) {
  const option = make("option", { value });
  put(option, word);
  find("method").append(option);
}
let bitmap = null; // the picture as it came
let picture = null; // its pixels
let evidence = null; // class -> map or a promise of it, of the latest answer
let painted = null; // the map that is shown
let places = []; // the layers that Grad-CAM can be asked of
let placesOf = null; // whose
let rows = [];
let chosen = 0;
let calls = 0; // a newer picture, model or method stops the covering of an older one

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), fail: (error) => bar.fail(error) }, (opened) => {
  bitmap = opened;
  picture = pixelsOf(bitmap);
  calls += 1;
  bar.fault.replaceChildren();
  find("found").hidden = true;
  show(true);
});

function start(model) {
  find("samples").dataset.color = model.card.preprocessing.color;
  find("neighbours").hidden = model.card.preprocessing.color === "grey";
  featureMaps.list(model.topology.layers(model.nodeName(model.card.outputs[0].name)));
  find("depth").max = Math.max(0, find("layer").options.length - 1);
  follow();
  const exact = Boolean(model.topology.evidence(model.nodeName(model.card.outputs[0].name)));
  const possible = { cam: exact, gradCam: hasMaps(model) || !model.topology.waits, occlusion: true };
  for (const option of find("method").options) option.disabled = !possible[option.value];
  find("method").value = exact ? "cam" : possible.gradCam ? "gradCam" : "occlusion";
  calls += 1;
  return show(true);
}

// Which layers have places is seen by running the network: the slider has those after a ReLU or a pooling, and
// starts at the last.
async function findPlaces(model, input) {
  if (placesOf === model.graph) return;
  const all = await layersWithPlaces(model, input, featureMaps.layers);
  const bent = all.filter(({ ops }) => ops.some((op) => /Relu|Pool/.test(op)));
  places = bent.length ? bent : all;
  placesOf = model.graph;
  const slider = find("mapLayer");
  slider.max = Math.max(0, places.length - 1);
  slider.value = slider.max;
}

// The maps of the chosen layer, each made when it is asked for; the last layer's by the network itself where it can.
function mapsByGradient(model, input, own) {
  const number = Number(find("mapLayer").value);
  if (own && number >= places.length - 1) return ownMaps(own);
  const made = new Map();
  return places.length ? (label) => made.get(label) ?? made.set(label, gradCam(model, input, places[number].node, label)).get(label) : null;
}

function nameLayer() {
  const layer = places[find("mapLayer").value];
  find("depthOfMap").hidden = find("method").value !== "gradCam" || places.length < 2;
  find("mapLayerName").textContent = layer && !find("depthOfMap").hidden ? `${Number(find("mapLayer").value) + 1} / ${places.length} · ${operationNames(layer.ops)}` : "";
}

// Whether the network gives a map for every label, as labs.explain.grad_cam_network makes it.
function hasMaps({ card, labels }) {
  const { shape } = card.outputs.find(({ name }) => name === "maps") ?? { shape: [] };
  return shape.length === 4 && shape[3] === labels.length;
}

function follow() {
  find("depth").value = find("layer").selectedIndex;
}

find("depth").addEventListener("input", () => {
  find("layer").selectedIndex = find("depth").value;
  show(false);
});
for (const [name, event] of [["method", "change"], ["mapLayer", "input"]]) {
  find(name).addEventListener(event, () => {
    calls += 1;
    nameLayer();
    show(false);
  });
}

async function classify(fresh) {
  const { model } = bar;
  if (!model || !picture) return;
  const input = networkInput(picture, model);
  find("results").hidden = !input;
  if (!input) return bar.fail(new Fault("noInk"));
  showPicture(input);
  const output = model.card.outputs[0].name;
  const method = find("method").value;
  const place = method === "cam" ? model.topology.evidence(model.nodeName(output)) : null;
  const source = place ? [place.features] : method === "gradCam" && hasMaps(model) ? ["maps"] : [];
  const names = [output, ...source, ...featureMaps.wanted()];
  const start = performance.now();
  const [answer, ...maps] = await model.run(input, names);
  bar.measured(performance.now() - start);
  const given = source.length ? maps.shift() : null;
  if (method === "gradCam") await findPlaces(model, input);
  nameLayer();
  evidence = method === "gradCam" ? mapsByGradient(model, input, given) : place && activationMaps(given, await matricesOf(model, place), model.labels.length);
  featureMaps.show(maps[0]);
  const probabilities = perLabel(answer.values, model.labels);
  rows = ranked(probabilities, model.labels, 5);
  if (fresh) chosen = rows[0].index;
  showRows();
  put(find("answer"), "says1", { label: sayLabel(rows[0].label), percent: (100 * rows[0].probability).toFixed(1) });
  await explain(chosen);
  if (method === "occlusion") await coverUp(model, input, probabilities);
}

// Ask for the picture again and again with a part covered.
async function coverUp(model, input, probabilities) {
  const call = calls;
  const output = model.card.outputs[0].name;
  const ask = async (batch) => {
    const [{ values }] = await model.run(batch, [output]);
    const size = values.length / batch.shape[0];
    return Array.from({ length: batch.shape[0] }, (_, i) => perLabel(values.slice(i * size, (i + 1) * size), model.labels));
  };
  const progress = (part) => (put(find("working"), "covering", { percent: Math.round(100 * part) }), call === calls);
  const maps = await occlusionMaps(input, probabilities, ask, { progress });
  find("working").removeAttribute("data-word");
  find("working").textContent = "";
  if (!maps) return;
  evidence = maps;
  showRows();
  await explain(chosen);
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
async function explain(index) {
  chosen = index;
  find("why").hidden = !evidence;
  find("heat").hidden = !evidence;
  find("noMap").hidden = Boolean(evidence) || find("method").value === "occlusion";
  for (const button of find("bars").querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
  if (!evidence) return;
  const row = rows.findIndex((one) => one.index === index);
  find("bars").querySelectorAll("button")[row]?.setAttribute("aria-pressed", "true");
  find("whyLabel").textContent = sayLabel(bar.model.labels[index]);
  const asked = evidence;
  painted = null;
  const map = await Promise.resolve(asked(index)).catch((error) => void console.warn(error)); // no way back on this backend
  if (asked !== evidence || chosen !== index) return; // asked again meanwhile
  find("why").hidden = find("heat").hidden = !map;
  find("noMap").hidden = Boolean(map);
  if (map) paint(find("heat"), (painted = map));
}

find("strength").addEventListener("input", () => (find("heat").style.opacity = find("strength").value));
find("heat").style.opacity = find("strength").value;

// Point at the picture: how strongly that place spoke for the label.
find("stage").addEventListener("pointermove", (event) => {
  if (!painted) return;
  const { left, top, width, height } = find("picture").getBoundingClientRect();
  const map = painted;
  const x = Math.floor(((event.clientX - left) / width) * map.width);
  const y = Math.floor(((event.clientY - top) / height) * map.height);
  const inside = x >= 0 && y >= 0 && x < map.width && y < map.height;
  put(find("place"), inside ? "evidenceAt" : "whyHint", { percent: inside ? Math.round(100 * positive(map)[y * map.width + x]) : "" });
});
document.addEventListener("languagechange", () => rows.length && (showRows(), nameLayer(), explain(chosen)));

neighbourSearch({ asked: () => picture && bar.model && { model: bar.model, picture, bitmap }, fail: (error) => bar.fail(error) });

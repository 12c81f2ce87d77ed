// The inside page: the layers of a network and what each makes of the picture.
import { onPicture } from "./choose.js";
import { find, make } from "./elements.js";
import { channelPictures } from "./featuremaps.js";
import { frameOf, strokesPicture } from "./ink.js";
import { networkInput } from "./input.js";
import { isSyllable } from "./jamo.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { givesLabels } from "./models.js";
import { operationNames } from "./operations.js";
import { openPage } from "./page.js";
import { Pad } from "./pad.js";
import { pixelsOf, showPixels } from "./picture.js";
import { prepare } from "./preprocess.js";

const SHOWN = 32;
openPage();
const look = latest(walk, (error) => bar.fail(error));
const pad = new Pad(find("pad"), look);
find("clear").addEventListener("click", () => pad.clear());
const bar = modelBar({ accepts: givesLabels, none: "noPhotoModel", onModel: start });
let picture = null;
let boxes = []; // [{node, place, note}] in the order of the layers

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), fail: (error) => bar.fail(error) }, (bitmap) => {
  picture = pixelsOf(bitmap);
  look();
});
document.addEventListener("languagechange", () => bar.model && start(bar.model));

function start(model) {
  const ink = model.card.preprocessing.color === "grey";
  find("ink").hidden = !ink;
  find("photo").hidden = ink;
  find("samples").dataset.color = model.card.preprocessing.color;
  if (ink && !pad.strokes.length) pad.show(example(model.labels[0]));
  const layers = model.topology.layers(model.nodeName(model.card.outputs[0].name));
  const learnt = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  put(find("total"), "total", { layers: layers.length, count: learnt.toLocaleString() });
  boxes = layers.map(box);
  find("layers").replaceChildren(...boxes.map(({ item }) => item));
  return walk();
}

// One layer's box, its pictures still missing.
function box({ name, ops, node, parameters }) {
  const [place, shape, note] = [make("div", { class: "maps" }), make("span", { class: "shape" }), make("p", { class: "note" })];
  const learnt = make("span");
  put(learnt, parameters ? "parameters" : "noParameters", { count: parameters.toLocaleString() });
  const title = make("h3", {}, operationNames(ops), " ", make("small", {}, name.split("/").at(-1)));
  const item = make("li", { class: "card layer" }, title, make("p", { class: "facts" }, shape, learnt), place, note);
  return { node, item, place, shape, note };
}

async function walk() {
  const { model } = bar;
  const input = model && currentInput(model);
  if (!input) return;
  const [, height, width, channels] = input.shape;
  showPixels(find("seen"), { width, height, channels, data: input.values });
  const start = performance.now();
  const results = await model.run(input, boxes.map(({ node }) => node));
  bar.measured(performance.now() - start);
  results.forEach((result, i) => fill(boxes[i], result));
}

// The drawing for a model of ink, else the chosen picture.
function currentInput(model) {
  const [, height, width] = model.card.inputs[0].shape;
  if (model.card.preprocessing.color !== "grey") return picture && networkInput(picture, model);
  const ink = strokesPicture(pad.strokes, width, height, frameOf(model.labels));
  return ink && prepare(ink, model.card);
}

// What is on the pad before anyone has drawn: a 2, or 가.
function example(label) {
  const lines = isSyllable(label)
    ? [[[60, 80], [150, 80], [125, 190]], [[200, 45], [200, 235]], [[200, 135], [245, 135]]]
    : [[[90, 90], [110, 60], [150, 50], [185, 70], [190, 105], [160, 150], [100, 210], [90, 225], [200, 225]]];
  return lines.map((line) => line.map(([x, y]) => ({ x, y })));
}

function fill({ place, shape, note }, result) {
  shape.textContent = result.shape.slice(1).join(" × ");
  if (result.shape.length === 4) {
    const count = result.shape[3];
    place.replaceChildren(...channelPictures(result, SHOWN));
    put(note, "maps", { shown: Math.min(SHOWN, count), count });
  } else {
    const row = { shape: [1, 1, result.values.length, 1], values: result.values };
    place.replaceChildren(...channelPictures(row, 1));
    place.firstChild.classList.add("vector");
    put(note, "vectorShown", { count: result.values.length });
  }
}

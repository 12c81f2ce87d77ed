// The nearest neighbours of a picture among open photographs and drawings: in pixels, and in what a network makes of them.
import { find, make } from "./elements.js";
import { put } from "./language.js";
import { decode, pixelsOf, showPixels } from "./picture.js";
import { prepare } from "./preprocess.js";

const SIDE = 80; // pixels of a picture in samples/neighbours.jpg
const SHOWN = 6;

// Let the page's button look for the neighbours: the network has to see every one of them once, so only when it is asked.
// asked(): {model, picture, bitmap} or nothing; fail(error).
export function neighbourSearch({ asked, fail }) {
  const known = new WeakMap(); // a model's graph -> the features of the sheet's pictures
  let sheet = null;
  const search = async () => {
    const { model, picture, bitmap } = asked() ?? {};
    if (!model) return;
    sheet ??= await pictures();
    const say = (part) => (put(find("searching"), "searchingPieces", { percent: Math.round(100 * part) }), asked()?.model === model);
    const rows = known.get(model.graph) ?? (await features(model, sheet, { progress: say }));
    find("searching").removeAttribute("data-word");
    find("searching").textContent = "";
    if (!rows || asked()?.model !== model) return;
    known.set(model.graph, rows);
    const [own] = await features(model, [picture]);
    const { data } = await square(bitmap);
    if (asked()?.picture !== picture) return;
    show("nearFeatures", sheet, nearest(rows, own, SHOWN));
    show("nearPixels", sheet, nearest(sheet.map((one) => one.data), data, SHOWN));
    find("found").hidden = false;
  };
  find("findNeighbours").addEventListener("click", () => search().catch(fail));
}

function show(place, sheet, found) {
  const item = ({ number, score }) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    showPixels(canvas, sheet[number]);
    return make("li", { class: "sample" }, canvas, make("span", {}, score.toFixed(3)));
  };
  find(place).replaceChildren(...found.map(item));
}

// The middle square of a picture, as large as those of the sheet.
async function square(bitmap) {
  const side = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2].map(Math.floor);
  return pixelsOf(await createImageBitmap(bitmap, left, top, side, side, { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "medium" }));
}

// The pictures of the sheet: [{width, height, channels, data}].
async function pictures() {
  const sheet = await decode(await (await fetch("samples/neighbours.jpg")).blob());
  const all = [];
  for (let y = 0; y < sheet.height; y += SIDE) {
    for (let x = 0; x < sheet.width; x += SIDE) all.push(pixelsOf(await createImageBitmap(sheet, x, y, SIDE, SIDE)));
  }
  return all;
}

// What stands before the last layer: a row of numbers for each picture, `batch` of them at a time.
// progress(part): 0..1, returns false to stop; then null.
async function features(model, asked, { batch = 12, progress = () => true } = {}) {
  const node = model.topology.beforeLast(model.nodeName(model.card.outputs[0].name));
  const rows = [];
  for (let first = 0; first < asked.length; first += batch) {
    if (progress(first / asked.length) === false) return null;
    const inputs = asked.slice(first, first + batch).map((picture) => prepare(picture, model.card));
    const [, ...shape] = inputs[0].shape;
    const values = new Float32Array(inputs.length * inputs[0].values.length);
    inputs.forEach((input, i) => values.set(input.values, i * input.values.length));
    const [answer] = await model.run({ shape: [inputs.length, ...shape], values }, [node]);
    const size = answer.values.length / inputs.length;
    inputs.forEach((_, i) => rows.push(answer.values.slice(i * size, (i + 1) * size)));
  }
  return rows;
}

// The `count` rows that point most nearly into the direction of `asked`: [{number, score}], the cosine.
export function nearest(rows, asked, count) {
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const length = Math.sqrt(dot(asked, asked)) || 1;
  return rows
    .map((row, number) => ({ number, score: dot(asked, row) / length / (Math.sqrt(dot(row, row)) || 1) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

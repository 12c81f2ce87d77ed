// The page on which a network redraws a photograph, twice as large or in another manner: before and after, one over the other, with a divider to move.
import { onPicture } from "./choose.js";
import { bicubic, paste, places, psnr, tileAt } from "./double.js";
import { find, make } from "./elements.js";
import { put } from "./language.js";
import { modelBar } from "./modelbar.js";
import { pageOf } from "./models.js";
import { openPage } from "./page.js";
import { pixelsOf, showPixels } from "./picture.js";

const PHOTOS = [
  { file: "cat.jpg", word: "catPhoto", color: "rgb" },
  { file: "face.jpg", word: "facePhoto", color: "rgb" },
  { file: "room.jpg", word: "roomDrawing", color: "rgb" },
];
const LARGEST = { enlarge: 400_000, compare: 1_000_000 }; // pixels of the picture that comes in; a larger one is shrunk
const MARGIN = 16; // of a network whose card has none

openPage();
const fail = (error) => bar.fail(error);
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "enlarge", none: "noEnlarger", onModel: draw });
let bitmap = null;
let turn = 0; // of the newest picture, model or task: an older one stops

onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), offered: PHOTOS, fail }, (opened) => {
  bitmap = opened;
  return draw();
});
find("task").addEventListener("change", draw);
find("divider").addEventListener("input", divide);
find("zoom").addEventListener("change", () => (find("stage").style.setProperty("--zoom", find("zoom").value)));
for (const name of ["pointerdown", "pointermove"]) find("stage").addEventListener(name, follow);
find("save").addEventListener("click", () => find("after").toBlob(save));

// Divide the two pictures where the slider stands.
function divide() {
  const part = `${find("divider").value}%`;
  find("after").style.clipPath = `inset(0 0 0 ${part})`;
  find("line").style.left = part;
}

function follow(event) {
  if (!event.buttons) return;
  const { left, width } = find("stage").getBoundingClientRect();
  find("divider").value = (100 * (event.clientX - left)) / width;
  divide();
}

async function draw() {
  const mine = (turn += 1);
  const { model } = bar;
  if (!model || !bitmap) return;
  bar.fault.replaceChildren();
  try {
    await enlarge(model, () => mine === turn);
  } catch (error) {
    if (mine === turn) fail(error);
  }
}

async function enlarge(model, current) {
  const tile = model.card.inputs[0].shape[1];
  const scale = model.card.outputs[0].shape[1] / tile;
  const paints = scale === 1; // as large as it was, in another manner
  find("tasks").hidden = paints;
  const compare = !paints && find("task").value === "compare";
  const margin = model.card.decode?.margin ?? MARGIN;
  let given = pixelsOf(bitmap, { limit: LARGEST[compare ? "compare" : "enlarge"] });
  const shrunk = given.width < bitmap.width;
  const truth = compare ? evenly(given, scale) : null;
  if (compare) given = bicubic(truth, truth.width / scale, truth.height / scale);
  const before = bicubic(given, scale * given.width, scale * given.height);
  const after = { ...before, data: before.data.slice() };
  find("results").hidden = false;
  for (const name of ["before", "after"]) showPixels(find(name), before);
  find("stage").style.setProperty("--aspect", before.width / before.height);
  find("save").disabled = true;
  divide();
  const todo = places(given, tile, margin);
  const began = performance.now();
  find("tiles").max = todo.length;
  for (const [done, place] of todo.entries()) {
    put(find("answer"), "enlarging", { done, count: todo.length });
    find("tiles").hidden = false;
    find("tiles").value = done;
    const start = performance.now();
    const [answer] = await model.run(tileAt(given, place, tile, margin), ["picture"]);
    if (!current()) return;
    bar.measured(performance.now() - start);
    show(after, paste(after, place, answer, scale, margin));
  }
  find("tiles").hidden = true;
  find("save").disabled = false;
  const sizes = { from: `${given.width}×${given.height}`, to: `${after.width}×${after.height}`, seconds: ((performance.now() - began) / 1000).toFixed(1) };
  if (!compare) return put(find("answer"), shrunk ? "enlargedShrunk" : paints ? "painted" : "enlarged", sizes);
  const [base, reached] = [psnr(before, truth), psnr(after, truth)];
  put(find("answer"), "enlargedCompared", { ...sizes, base: base.toFixed(2), reached: reached.toFixed(2), gain: (reached - base).toFixed(2) });
}

// The picture without the last row or column where its sides are no multiples.
function evenly({ width, height, channels, data }, scale) {
  const [w, h] = [width - (width % scale), height - (height % scale)];
  const out = new Uint8Array(w * h * channels);
  for (let y = 0; y < h; y++) out.set(data.subarray(y * width * channels, (y * width + w) * channels), y * w * channels);
  return { width: w, height: h, channels, data: out };
}

// Paint the part of the picture that a tile has just brought.
function show({ width, channels, data }, { left, top, columns, rows }) {
  const image = new ImageData(columns, rows);
  for (let row = 0, to = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, to += 4) {
      const from = ((top + row) * width + left + column) * channels;
      image.data.set(data.subarray(from, from + 3), to);
      image.data[to + 3] = 255;
    }
  }
  find("after").getContext("2d").putImageData(image, left, top);
}

function save(blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: `${bar.model.card.name}.png` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

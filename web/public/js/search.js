// The search page: which pieces of the open photographs have the colours of a picture.
import { onPicture } from "./choose.js";
import { find, make } from "./elements.js";
import { describe, METHODS, search } from "./histogram.js";
import { put } from "./language.js";
import { openPage } from "./page.js";
import { decode, pixelsOf, showPixels } from "./picture.js";

const SIDE = 64; // pixels of a piece in samples/pieces.jpg
const SHOWN = 12;

openPage();
const fault = find("fault");
const method = find("method");
method.append(...METHODS.map((name) => make("option", { value: name }, name)));
method.addEventListener("change", show);
onPicture({ drop: find("drop"), button: find("file"), samples: find("samples"), fail }, (bitmap) => ask(pixelsOf(bitmap, { limit: 1e6 })));
let query = null;
const pieces = collection().catch(fail);
pieces.then(() => (document.body.dataset.ready = "yes"));

// The pieces of the collection, cut from one file: pixels and histogram of each.
async function collection() {
  const sheet = await decode(await (await fetch("samples/pieces.jpg")).blob());
  const all = [];
  for (let y = 0; y < sheet.height; y += SIDE) {
    for (let x = 0; x < sheet.width; x += SIDE) {
      const pixels = pixelsOf(await createImageBitmap(sheet, x, y, SIDE, SIDE));
      all.push({ pixels, row: describe(pixels) });
    }
  }
  return all;
}

function ask(pixels) {
  fault.replaceChildren();
  query = pixels;
  showPixels(find("picture"), pixels);
  return show();
}

async function show() {
  const all = await pieces;
  if (!all || !query) return;
  const start = performance.now();
  const best = search(all.map(({ row }) => row), describe(query), SHOWN, method.value);
  put(find("answer"), "searched", { count: all.length, ms: (performance.now() - start).toFixed(1) });
  find("answers").replaceChildren(...best.map(({ number, score }) => answer(all[number].pixels, score)));
  find("results").hidden = false;
}

// A piece with its score; pressed, it asks the next question.
function answer(pixels, score) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  showPixels(canvas, pixels);
  const button = make("button", { type: "button", class: "sample" }, canvas, make("span", {}, score.toFixed(3)));
  button.addEventListener("click", () => ask(pixels));
  return make("li", {}, button);
}

function fail(error) {
  put(fault, error.key ?? "unexpected", error.values ?? { message: error.message });
}

// The page that reads: the words of a photo, where they stand, and their text to copy.
import { onPicture, TEXTS } from "./choose.js";
import { find, make } from "./elements.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { openModel } from "./models.js";
import { decode, finderInput, inRows, quadsOf, readerInput } from "./ocr.js";
import { openPage } from "./page.js";
import { pixelsOf } from "./picture.js";
import { toChannels } from "./preprocess.js";

const LEAST = 0.5; // what both networks together trust less was a texture
const STRIDE = 2; // the finder's map is half as large as its picture

openPage();
const show = latest(read, (error) => bar.fail(error));
const bar = modelBar({ accepts: ({ kind }) => kind === "text", none: "noReader", onModel: start });
let finder = null;
let bitmap = null;
let words = []; // [{text, score, quad, row}]

const ways = { drop: find("drop"), button: find("file"), samples: find("samples"), offered: TEXTS, fail: (error) => bar.fail(error) };
onPicture(ways, (opened) => {
  bitmap = opened;
  bar.fault.replaceChildren();
  show();
});

async function start(reader) {
  if (finder?.backend !== reader.backend) {
    const next = await openModel("finder", { backend: reader.backend });
    await finder?.dispose();
    finder = next;
  }
  return show();
}

async function read() {
  const reader = bar.model;
  if (!reader || !finder || !bitmap) return;
  put(find("working"), "reading");
  const start = performance.now();
  const picture = pixelsOf(bitmap, { limit: 6e6 });
  const rows = await findWords(picture);
  const grey = toChannels(picture, 1);
  words = [];
  for (const [row, quads] of rows.entries()) {
    for (const quad of quads) {
      const [answer] = await reader.run(readerInput(grey, quad), ["text"]);
      const { text, score } = decode(answer, reader.labels);
      if (text.trim() && score * quad.trust >= LEAST) words.push({ text, score: score * quad.trust, quad, row });
    }
  }
  bar.measured(performance.now() - start);
  find("results").hidden = false;
  paint(picture);
  list();
}

async function findWords(picture) {
  const input = finderInput(picture);
  const [{ shape, values }] = await finder.run(input, ["picture"]);
  const quads = quadsOf({ height: shape[1], width: shape[2], values });
  const placed = quads.map((quad) => Object.assign(quad.map((point) => point.map((value) => (value * STRIDE) / input.scale)), { trust: quad.trust }));
  return inRows(placed);
}

// The picture with the outlines of its words.
function paint({ width, height }, chosen = null) {
  const canvas = find("picture");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0, width, height);
  context.lineWidth = Math.max(2, width / 400);
  for (const word of words) {
    context.strokeStyle = word === chosen ? "#ffd000" : "#e02040";
    context.beginPath();
    word.quad.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.stroke();
  }
}

// The text, a line of the picture a line; a word shows where it stands.
function list() {
  const lines = [];
  for (const word of words) (lines[word.row] ??= []).push(word);
  const paragraphs = lines.filter(Boolean).map((line) => make("p", {}, ...line.flatMap((word) => [span(word), " "])));
  find("text").replaceChildren(...paragraphs);
  put(find("answer"), words.length ? "wordsRead" : "nothingRead", { count: words.length });
  put(find("working"), "readingDone");
}

function span(word) {
  const element = make("span", { title: `${Math.round(100 * word.score)} %` }, word.text);
  const { width, height } = find("picture");
  element.addEventListener("pointerenter", () => paint({ width, height }, word));
  element.addEventListener("pointerleave", () => paint({ width, height }));
  return element;
}

find("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(find("text").innerText);
    put(find("working"), "copied");
  } catch {
    getSelection().selectAllChildren(find("text")); // then the browser's own way is left
  }
});

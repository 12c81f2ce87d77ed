// The page that writes: text in print, a syllable a picture, and a network that writes each in a hand.
import { find, make } from "./elements.js";
import { isSyllable } from "./jamo.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { outlines, path } from "./outline.js";
import { openPage } from "./page.js";
import { pointsOf, printed, SIZE } from "./printed.js";

const FAMILY = "Labs Round Square"; // a print face of the training, which every browser can draw
const ADVANCE = 46, GAP = 22, LINE = 66, MARGIN = 20; // pixels of the network: a syllable, a blank, a line, around the paper
const BATCH = 16;
const INK = "#1d2a44";

openPage();
const write = latest(writeAll, (error) => bar.fail(error));
const bar = modelBar({ accepts: ({ kind, color }) => kind === "picture" && !color, none: "noWriter", onModel: start });
const font = new FontFace(FAMILY, "url(fonts/print.woff2)").load().then((face) => document.fonts.add(face));
let drawing = { width: 0, height: 0, ink: "", letters: [] };

for (const name of ["letters", "mix", "variation"]) find(name).addEventListener("input", write);
for (const name of ["hand", "other"]) find(name).addEventListener("change", write);
find("png").addEventListener("click", () => find("paper").toBlob((blob) => save(blob, "png")));
find("svg").addEventListener("click", () => save(new Blob([asSvg()], { type: "image/svg+xml" }), "svg"));
document.addEventListener("languagechange", rename);

async function start(model) {
  if (find("hand").options.length !== model.labels.length) {
    for (const name of ["hand", "other"]) find(name).replaceChildren(...model.labels.map((label) => make("option", { value: label })));
    find("other").selectedIndex = 1;
    rename();
  }
  await font;
  return write();
}

function rename() {
  for (const option of document.querySelectorAll("#hand option, #other option")) option.textContent = sayLabel(option.value);
}

async function writeAll() {
  for (const name of ["mix", "variation"]) find(`${name}Value`).textContent = `${find(name).value} %`;
  const model = bar.model;
  if (!model || !find("hand").options.length) return;
  const places = layOut(find("letters").value, Number(find("paper").dataset.line));
  const syllables = places.filter(({ letter }) => isSyllable(letter));
  find("results").hidden = !syllables.length;
  if (!syllables.length) return put(find("answer"), "writeNone");
  const start = performance.now();
  const paths = [];
  for (let i = 0; i < syllables.length; i += BATCH) paths.push(...(await inHand(model, syllables.slice(i, i + BATCH))));
  bar.measured((performance.now() - start) / syllables.length);
  put(find("answer"), "written", { count: syllables.length });
  drawing = { ...paperOf(places), ink: paths.join(""), letters: places.filter(({ letter }) => !isSyllable(letter)) };
  paint();
}

// The paths of some syllables as the network writes them.
async function inHand(model, syllables) {
  const variation = Number(find("variation").value) / 100;
  const input = new Float32Array(syllables.length * SIZE * SIZE);
  syllables.forEach(({ letter, number }, i) => input.set(printed(letter, FAMILY, variation, wander(number)), i * SIZE * SIZE));
  const hand = handVector(model.labels.length);
  const hands = Float32Array.from({ length: syllables.length * hand.length }, (_, i) => hand[i % hand.length]);
  const given = {
    input: { shape: [syllables.length, SIZE, SIZE, 1], values: input },
    hand: { shape: [syllables.length, 1, 1, hand.length], values: hands },
  };
  const [{ values }] = await model.run(given, ["picture"]);
  return syllables.map(({ x, y }, i) => {
    const picture = { width: SIZE, height: SIZE, values: values.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE) };
    return path(outlines(picture), { left: x - (SIZE - ADVANCE) / 2, top: y });
  });
}

// The chosen hand, some of it given to the other one.
function handVector(count) {
  const part = Number(find("mix").value) / 100;
  const vector = new Float32Array(count);
  vector[find("hand").selectedIndex] += 1 - part;
  vector[find("other").selectedIndex] += part;
  return vector;
}

// Four numbers of -1 to 1 that belong to the place of a syllable in the text: the same text is written the same.
function wander(number) {
  return [1, 2, 3, 4].map((which) => 2 * (Math.abs(Math.sin(number * 12.9898 + which * 78.233) * 43758.5453) % 1) - 1);
}

// Where each letter stands: [{letter, number, x, y}]; lines break between words where they can.
export function layOut(text, across) {
  const places = [];
  let [x, y] = [0, 0];
  const width = (letter) => (isSyllable(letter) ? ADVANCE : letter === " " ? GAP : otherWidth(letter));
  for (const [number, line] of text.split("\n").entries()) {
    if (number) [x, y] = [0, y + LINE];
    for (const word of line.match(/ +|[^ ]+/g) ?? []) {
      const needed = [...word].reduce((sum, letter) => sum + width(letter), 0);
      if (x && x + needed > across && needed <= across) [x, y] = [0, y + LINE];
      for (const letter of word) {
        if (letter === " " && !x) continue;
        if (x && x + width(letter) > across) [x, y] = [0, y + LINE];
        if (letter !== " ") places.push({ letter, number: places.length, x, y });
        x += width(letter);
      }
    }
  }
  return places.map((place) => ({ ...place, x: place.x + MARGIN, y: place.y + MARGIN }));
}

// What is no syllable keeps its print.
function printFont() {
  return `${0.8 * pointsOf(FAMILY)}px "${FAMILY}", sans-serif`;
}

function otherWidth(letter) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.font = printFont();
  return context.measureText(letter).width + 2;
}

function paperOf(places) {
  const line = Number(find("paper").dataset.line);
  return { width: line + 2 * MARGIN, height: Math.max(...places.map(({ y }) => y)) + SIZE + MARGIN };
}

function paint() {
  const canvas = find("paper");
  const zoom = Number(canvas.dataset.zoom);
  [canvas.width, canvas.height] = [drawing.width * zoom, drawing.height * zoom];
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(zoom, zoom);
  context.fillStyle = INK;
  context.fill(new Path2D(drawing.ink), "evenodd");
  context.font = printFont();
  for (const { letter, x, y } of drawing.letters) context.fillText(letter, x + 1, y + 0.75 * SIZE);
  canvas.setAttribute("aria-label", find("letters").value);
}

function asSvg() {
  const { width, height, ink, letters } = drawing;
  const escaped = (letter) => letter.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const print = letters.map(({ letter, x, y }) => `<text x="${(x + 1).toFixed(1)}" y="${(y + 0.75 * SIZE).toFixed(1)}">${escaped(letter)}</text>`);
  const group = `<g fill="${INK}" font-family="sans-serif" font-size="${(0.8 * pointsOf(FAMILY)).toFixed(1)}"><path fill-rule="evenodd" d="${ink}"/>${print.join("")}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${group}</svg>\n`;
}

function save(blob, kind) {
  const link = make("a", { href: URL.createObjectURL(blob), download: `hand.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The page that describes: a scene with five facts to choose, a sentence in two languages, and where each word was looked for.
import { find, make } from "./elements.js";
import { put, sayLabel } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { openModel, pageOf } from "./models.js";
import { openPage } from "./page.js";
import { decode, pixelsOf, showPixels } from "./picture.js";
import { prepare, toChannels } from "./preprocess.js";
import { compose, FACTS, glued, sentence, shares, text } from "./scenes.js";
import { tell } from "./teller.js";

const LANGUAGES = ["en", "ko"];
const [TILE, EACH] = [28, 4]; // of samples/digits.png: pixels, and pictures of each digit
const PAUSE = 650; // milliseconds a word, when the sentences are played
openPage();
const describe = latest(tellAll, (error) => bar.fail(error));
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "describe", none: "noTeller", onModel: start });
let step = null;
let scene = null; // {picture, boxes}
let chosen = null; // the word that stays shown when nothing is pointed at
let playing = null;

for (const [name, values] of Object.entries(FACTS)) {
  find(name).append(...values.map((value) => make("option", { value })));
  find(name).addEventListener("change", draw);
}
rename();
document.addEventListener("languagechange", rename);
find("another").addEventListener("click", shuffle);
find("play").addEventListener("click", play);
const digits = readDigits();
shuffle();

async function start(eyes) {
  if (step?.backend !== eyes.backend) {
    const next = await openModel("teller_step", { backend: eyes.backend });
    await step?.dispose();
    step = next;
  }
  return describe();
}

async function readDigits() {
  const sheet = pixelsOf(await decode(await (await fetch("samples/digits.png")).blob()));
  const { data } = toChannels(sheet, 1);
  return (digit, number) => {
    const tile = new Uint8Array(TILE * TILE);
    for (let i = 0; i < tile.length; i++) tile[i] = data[(digit * TILE + Math.floor(i / TILE)) * TILE * EACH + number * TILE + (i % TILE)];
    return tile;
  };
}

function shuffle() {
  for (const [name, values] of Object.entries(FACTS)) find(name).selectedIndex = Math.floor(Math.random() * values.length);
  return draw();
}

function facts() {
  return Object.keys(FACTS).map((name) => find(name).selectedIndex);
}

async function draw() {
  try {
    const tileOf = await digits;
    scene = compose(facts(), tileOf(find("digit").selectedIndex, Math.floor(Math.random() * EACH)));
    showPixels(find("scene"), scene.picture);
    await describe();
  } catch (error) {
    bar.fail(error);
  }
}

async function tellAll() {
  if (!bar.model || !step || !scene) return;
  const [{ picture }, truth] = [scene, facts()];
  const began = performance.now();
  const told = await tell(bar.model, step, prepare(picture, bar.model.card), LANGUAGES);
  bar.measured(performance.now() - began);
  stop();
  look(null);
  LANGUAGES.forEach((language, i) => {
    find(language).replaceChildren(...told[i].flatMap(({ word, weights }, number) => [number && !glued(word) ? " " : "", button(word, weights)]));
    const [said, right] = [text(told[i].map(({ word }) => word)), text(sentence(truth, language))];
    put(find(`${language}Verdict`), said === right ? "describeRight" : "describeWrong", { right });
  });
  find("results").hidden = false;
}

function button(word, weights) {
  const element = make("button", { type: "button", class: "word", "aria-pressed": "false" }, word);
  const shown = { element, word, weights };
  for (const event of ["pointerenter", "focus"]) element.addEventListener(event, () => look(shown));
  for (const event of ["pointerleave", "blur"]) element.addEventListener(event, () => look(chosen));
  element.addEventListener("click", () => {
    stop();
    choose(chosen?.element === element ? null : shown);
  });
  element.shown = shown;
  return element;
}

function choose(shown) {
  chosen?.element.setAttribute("aria-pressed", "false");
  chosen = shown;
  chosen?.element.setAttribute("aria-pressed", "true");
  look(chosen);
}

// Darken what the network did not look at for this word; null shows the whole picture.
function look(shown) {
  const canvas = find("where");
  canvas.hidden = !shown;
  if (!shown) return put(find("looks"), "describeHint");
  const { word, weights } = shown;
  const places = Math.sqrt(weights.length), most = Math.max(...weights);
  [canvas.width, canvas.height] = [places, places];
  const context = canvas.getContext("2d"), image = context.createImageData(places, places);
  weights.forEach((weight, i) => (image.data[4 * i + 3] = 180 * (1 - weight / most)));
  context.putImageData(image, 0, 0);
  const { shape, digit } = shares(weights, scene.boxes);
  put(find("looks"), "describeLooks", { word, shape: Math.round(100 * shape), digit: Math.round(100 * digit) });
}

// Every word in turn.
function play() {
  if (stop()) return choose(null);
  const words = [...document.querySelectorAll(".word")];
  put(find("play"), "describeStop");
  const next = () => {
    const element = words.shift();
    choose(element?.shown ?? null);
    if (element) playing = setTimeout(next, PAUSE);
    else stop();
  };
  next();
}

// Whether something was playing.
function stop() {
  const was = playing !== null;
  clearTimeout(playing);
  playing = null;
  put(find("play"), "describePlay");
  return was;
}

function rename() {
  for (const option of document.querySelectorAll("#facts option")) option.textContent = sayLabel(option.value);
}

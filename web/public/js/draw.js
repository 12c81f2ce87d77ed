// The drawing page: strokes by mouse, pen, finger or keyboard, read while they are drawn.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { frameOf, strokesPicture } from "./ink.js";
import { isSyllable, split } from "./jamo.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { modelBar } from "./modelbar.js";
import { pageOf, ranked } from "./models.js";
import { openPage } from "./page.js";
import { Pad } from "./pad.js";
import { showPixels } from "./picture.js";
import { prepare } from "./preprocess.js";

openPage();
const read = latest(readStrokes, (error) => bar.fail(error));
const pad = new Pad(find("pad"), read);
find("clear").addEventListener("click", () => pad.clear());
find("undo").addEventListener("click", () => pad.undo());
document.addEventListener("languagechange", () => read(false));
const bar = modelBar({ accepts: (entry) => pageOf(entry) === "draw", none: "noInkModel", onModel: start });

function start(model) {
  put(find("task"), isSyllable(model.labels[0]) ? "drawSyllable" : "drawDigit");
  return readStrokes(false);
}

// What the model says of the strokes so far; a finished stroke is also read out.
async function readStrokes(finished) {
  const model = bar.model;
  if (!model) return;
  const [, height, width] = model.card.inputs[0].shape;
  const picture = strokesPicture(pad.strokes, width, height, frameOf(model.labels));
  find("results").hidden = !picture;
  find("hint").hidden = Boolean(picture);
  if (!picture) return void (find("answer").textContent = "");
  showPixels(find("seen"), picture);
  const { probabilities, milliseconds } = await model.predict(prepare(picture, model.card));
  bar.measured(milliseconds);
  const few = model.labels.length <= 10;
  const best = ranked(probabilities, model.labels, 5);
  const rows = few ? model.labels.map((label, index) => ({ label, index, probability: probabilities[index] })) : best;
  showBars(find("bars"), rows.map((row) => ({ ...row, note: parts(row.label) })));
  find("read").textContent = best[0].label;
  if (finished) put(find("answer"), "reads", { label: best[0].label, percent: (100 * best[0].probability).toFixed(1) });
}

function parts(label) {
  return isSyllable(label) ? split(label).filter(Boolean).join(" ") : "";
}

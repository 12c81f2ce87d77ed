// The drawing field of the first page: it reads a digit that is already there, then the visitor's.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { frameOf, strokesPicture } from "./ink.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { openModel, ranked } from "./models.js";
import { Pad } from "./pad.js";
import { prepare } from "./preprocess.js";

// A three, as a hand draws it: x, y in units of the pad, 280 across.
const THREE = [[88, 82], [108, 60], [140, 52], [172, 60], [186, 88], [174, 118], [136, 134], [172, 146], [194, 176], [186, 208], [154, 228], [116, 226], [86, 204]];

// Open the model `name` and read what is drawn. Raises Fault when the model cannot be had.
export async function tryOut(name) {
  let model = null;
  const read = latest(async (finished) => {
    const picture = model && strokesPicture(pad.strokes, model.card.inputs[0].shape[2], model.card.inputs[0].shape[1], frameOf(model.labels));
    if (!picture) return find("read").replaceChildren();
    const { probabilities } = await model.predict(prepare(picture, model.card));
    const best = ranked(probabilities, model.labels, 3);
    find("read").textContent = best[0].label;
    showBars(find("bars"), best);
    if (finished) put(find("answer"), "reads", { label: best[0].label, percent: (100 * best[0].probability).toFixed(1) });
  }, console.error);
  const pad = new Pad(find("pad"), read);
  const example = [smooth(smooth(THREE.map(([x, y]) => ({ x, y }))))];
  pad.show(example);
  for (const event of ["pointerdown", "keydown"]) {
    find("pad").addEventListener(event, () => pad.strokes === example && pad.show([]), { capture: true });
  }
  find("clear").addEventListener("click", () => pad.clear());
  model = await openModel(name, { backend: "cpu" }); // of the backends the one that is here first; it reads a digit in 10 ms
  await read(true);
}

// Cut the corners of a stroke. Source: Chaikin, An algorithm for high-speed curve generation, 1974.
function smooth(stroke) {
  const between = (a, b, part) => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
  return [stroke[0], ...stroke.slice(1).flatMap((b, i) => [between(stroke[i], b, 0.25), between(stroke[i], b, 0.75)]), stroke.at(-1)];
}

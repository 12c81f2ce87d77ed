// The camera page: every frame classified, here and nowhere else.
import { showBars } from "./bars.js";
import { find } from "./elements.js";
import { film } from "./film.js";
import { networkInput } from "./input.js";
import { put, sayLabel } from "./language.js";
import { modelBar } from "./modelbar.js";
import { givesLabels, ranked } from "./models.js";
import { openPage } from "./page.js";
import { pixelsOf } from "./picture.js";
import { Rate } from "./webcam.js";

const ENOUGH = 256 * 256; // pixels of a frame
openPage();
const rate = new Rate();
const bar = modelBar({ accepts: givesLabels, none: "noPhotoModel", onModel: start });
const { webcam } = film(bar, see);

function start(model) {
  find("paper").hidden = model.card.preprocessing.color !== "grey";
  if (model.card.preprocessing.color !== "grey" && !webcam.running) webcam.facing = "environment";
}

async function see() {
  const { model } = bar;
  if (!model) return;
  const [, height, width] = model.card.inputs[0].shape;
  const picture = pixelsOf(webcam.video, { crop: "square", limit: Math.max(ENOUGH, height * width) });
  const input = networkInput(picture, model);
  find("results").hidden = false;
  put(find("frames"), "frames", { rate: rate.tick() });
  if (!input) {
    find("bars").replaceChildren();
    return put(find("answer"), "nothingSeen");
  }
  const { probabilities, milliseconds } = await model.predict(input);
  bar.measured(milliseconds);
  const best = ranked(probabilities, model.labels, 5);
  showBars(find("bars"), best);
  put(find("answer"), "says1", { label: sayLabel(best[0].label), percent: (100 * best[0].probability).toFixed(0) });
}

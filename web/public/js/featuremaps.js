// The feature maps of a chosen layer, as small grey pictures.
import { make } from "./elements.js";
import { put } from "./language.js";
import { operationNames } from "./operations.js";

const SHOWN = 64; // maps of a layer; more would be too small to see

export class FeatureMaps {
  // select: gets the layers; place: gets the maps; count: gets their number; changed(): another layer is wanted.
  constructor(select, place, count, changed) {
    Object.assign(this, { select, place, count, layers: [] });
    select.addEventListener("change", changed);
    document.addEventListener("languagechange", () => this.name());
  }

  list(layers) {
    this.layers = layers.filter(({ ops }) => ops.some((op) => /Conv2D|Pool|Relu|Conv2d/.test(op)));
    this.select.replaceChildren(...this.layers.map(({ node }) => make("option", { value: node })));
    this.name();
  }

  name() {
    [...this.select.options].forEach((option, i) => (option.textContent = `${i + 1}. ${operationNames(this.layers[i].ops)} · ${this.layers[i].name.split("/").at(-1)}`));
  }

  // The nodes to run besides the answer.
  wanted() {
    return this.select.value ? [this.select.value] : [];
  }

  show(maps) {
    const spatial = maps?.shape.length === 4;
    this.place.replaceChildren(...(spatial ? channelPictures(maps, SHOWN) : []));
    if (!spatial) return void (this.count.textContent = "");
    const [, height, width, channels] = maps.shape;
    put(this.count, "mapsShown", { shown: Math.min(SHOWN, channels), count: channels, width, height });
  }
}

// One canvas a channel, each from its own darkest to its own brightest value.
export function channelPictures({ shape, values }, most) {
  const [, height, width, channels] = shape;
  return Array.from({ length: Math.min(most, channels) }, (_, channel) => {
    const canvas = make("canvas", { width, height, class: "map", "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    let low = Infinity, high = -Infinity;
    for (let i = channel; i < values.length; i += channels) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    for (let i = 0; i < width * height; i++) {
      const grey = high > low ? (255 * (values[i * channels + channel] - low)) / (high - low) : 0;
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
    return canvas;
  });
}

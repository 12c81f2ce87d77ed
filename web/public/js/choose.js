// Ways to give a page a picture: drop, paste, choose a file, or take a sample.
import { make } from "./elements.js";
import { put } from "./language.js";
import { decode, firstFile } from "./picture.js";

const SAMPLES = [
  { file: "cat.jpg", word: "catPhoto", color: "rgb" },
  { file: "dog.svg", word: "dogDrawing", color: "rgb" },
  { file: "car.svg", word: "carDrawing", color: "rgb" },
  { file: "digit.jpg", word: "digitPaper", color: "grey" },
  { file: "syllable.jpg", word: "syllablePaper", color: "grey" },
];
export const TEXTS = [
  { file: "notice.jpg", word: "noticeBoard", color: "grey" },
  { file: "leaflet.jpg", word: "leaflet", color: "grey" },
];
export const CELLS = [
  { file: "cells.jpg", word: "cellsPhoto", color: "rgb" },
  { file: "cells2.jpg", word: "cellsPhoto", color: "rgb" },
];
export const SHEETS = [
  { file: "sheet.jpg", word: "sheetPhoto", color: "rgb" },
  { file: "sheet2.jpg", word: "sheetPhoto", color: "rgb" },
];
export const STREETS = [
  { file: "street.jpg", word: "streetDrawing", color: "rgb" },
  { file: "street2.jpg", word: "streetDrawing", color: "rgb" },
];

// drop: the element to drop on; button: <input type=file>; samples: where the samples' buttons go.
// offered: what these buttons give. take(ImageBitmap) gets each picture, fail(error) what went wrong.
export function onPicture({ drop, button, samples, fail, offered = SAMPLES }, take) {
  const open = async (file) => {
    if (!file) return;
    try {
      take(await decode(file));
    } catch (error) {
      fail(error);
    }
  };
  button.addEventListener("change", () => open(firstFile(button.files)));
  document.addEventListener("paste", (event) => open(firstFile(event.clipboardData?.files)));
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragenter", () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => open(firstFile(event.dataTransfer?.files)));
  samples.append(...offered.map((sample) => sampleButton(sample, open)));
}

function sampleButton({ file, word, color }, open) {
  const address = `samples/${file}`;
  const label = make("span");
  put(label, word);
  const button = make("button", { type: "button", class: "sample", "data-color": color }, make("img", { src: address, alt: "", loading: "lazy" }), label);
  button.addEventListener("click", async () => open(await (await fetch(address)).blob()));
  return button;
}

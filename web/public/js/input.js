// From a picture's pixels to the input of a model: photographs as they are, ink as it was learnt.
import { frameOf, paperPicture } from "./ink.js";
import { prepare } from "./preprocess.js";

// {shape, values}, or null when a model of ink finds none on the paper.
export function networkInput(picture, model) {
  if (model.card.preprocessing.color !== "grey") return prepare(picture, model.card);
  const [, height, width] = model.card.inputs[0].shape;
  const ink = paperPicture(picture, width, height, frameOf(model.labels));
  return ink && prepare(ink, model.card);
}

// Grad-CAM at a layer of choice: its feature maps, each weighed by the mean of the score's gradient to it.
// Source: Selvaraju et al., Grad-CAM, ICCV 2017, section 3; the same maps as labs.explain.grad_cam.
import { tensorflow } from "./backend.js";

const load = async () => ({ ...(await tensorflow()), ...(await import("../vendor/gradients.js")) });

// The layers of `layers` (Topology.layers) whose result has places, by running the network once on `input`;
// none for a graph with control flow, which has no way back.
export async function layersWithPlaces(model, { shape, values }, layers) {
  if (model.topology.waits) return [];
  const { tensor, tidy } = await load();
  if (!model.graph) return []; // another model has come meanwhile
  const nodes = layers.map(({ node }) => node);
  const shapes = tidy(() => [model.graph.execute(feed(model, tensor(values, shape)), nodes)].flat().map((result) => result.shape));
  return layers.filter((_, i) => shapes[i].length === 4 && shapes[i][1] * shapes[i][2] > 1);
}

// The map of one label at the layer that comes out at `node`: {width, height, values}, nothing negative; null when
// the model is no longer there. Raises an error for an operation that has no gradient on this backend.
export async function gradCam(model, { shape, values }, node, label) {
  const { grad, mean, mul, relu, sum, tensor, tidy } = await load();
  if (!model.graph) return null;
  const scores = model.topology.scores(model.nodeName(model.card.outputs[0].name));
  const heat = tidy(() => {
    const maps = model.graph.execute(feed(model, tensor(values, shape)), node);
    const score = (given) => {
      const all = model.graph.execute({ [node]: given }, scores); // the graph from this layer on
      return sum(mul(all, tensor(oneOf(label, all.shape[1]), [1, all.shape[1]])));
    };
    return relu(sum(mul(maps, mean(grad(score)(maps), [1, 2], true)), -1));
  });
  const [, height, width] = heat.shape;
  const map = { width, height, values: await heat.data() };
  heat.dispose();
  return map;
}

function feed(model, input) {
  const [{ name }] = model.card.inputs;
  return { [model.signature.inputs[name].name]: input };
}

// What the score of a label is made of; a single sigmoid speaks for the second of two.
function oneOf(label, count) {
  return count === 1 ? [label === 0 ? -1 : 1] : Array.from({ length: count }, (_, i) => Number(i === label));
}

// A model's card as a page: what it takes and says, its data, its figures, its files.
import { find, make } from "./elements.js";
import { Fault } from "./fault.js";
import { language, put, say, sayModel, sayOr } from "./language.js";
import { listModels, pageOf, readCard } from "./models.js";
import { openPage } from "./page.js";

const READ_BY = { "model.keras": "Keras", saved_model: "TensorFlow", "frozen.pb": "OpenCV", "model.onnx": "ONNX Runtime, OpenCV", tfjs: "TensorFlow.js" };

openPage();
const name = new URLSearchParams(location.search).get("model") ?? "mnist";
try {
  const entry = (await listModels()).find((one) => one.name === name);
  if (!entry) throw new Fault("fileMissing", { name: `${name}/card.json`, status: 404 });
  const card = await readCard(name);
  document.addEventListener("languagechange", () => show(card, entry));
  show(card, entry);
} catch (error) {
  put(find("fault"), error.key ?? "unexpected", error.values ?? { message: error.message });
}
document.body.dataset.ready = "model";

function show(card, { kind, color, rate, shape, labels, problem }) {
  find("name").textContent = sayModel(name);
  const page = pageOf({ name, kind, color, rate });
  find("use").hidden = !page || Boolean(problem);
  find("use").href = `${page}.html?model=${encodeURIComponent(name)}`;
  const ours = sayOr(`source_${name}`, null);
  const source = ours ?? make("span", { lang: "en" }, card.source ?? "");
  const metrics = Object.entries(card.metrics ?? {}).map(([metric, value]) => make("div", {}, `${sayOr(`metric_${metric}`, metric)} ${figure(metric, value)}`));
  const facts = {
    cardTakes: color ? say("pixels", { width: shape[2] ?? "?", height: shape[1] ?? "?", color: say(color) }) : rate ? say("takesSound", { seconds: shape[2] / rate }) : say("other"),
    cardAnswers: kind === "features" ? say("features") : say("labelsCount", { count: labels.toLocaleString() }),
    cardData: source,
    cardMeasured: metrics,
    cardParameters: card.parameters?.toLocaleString() ?? "?",
    cardPrecision: card.precision,
    cardMade: new Date(card.created).toLocaleDateString(language()),
    cardLicence: say(ours ? "cardLicenceText" : "cardLicenceOwn"),
  };
  find("facts").replaceChildren(...Object.entries(facts).flatMap(([key, value]) => [make("dt", {}, say(key)), make("dd", {}, ...[value].flat())]));
  find("formats").replaceChildren(...Object.keys(READ_BY).map((format) => row(format, card)));
}

function figure(metric, value) {
  if (metric.includes("percent_of")) return `${value.toFixed(2)} %`;
  if (metric.startsWith("psnr")) return `${value.toFixed(2)} dB`;
  if (/^(ssim|loss)/.test(metric)) return value.toFixed(3);
  return value >= 0 && value <= 1 ? `${(100 * value).toFixed(1)} %` : String(value);
}

function row(format, card) {
  const files = Object.entries(card.files).filter(([file]) => file === format || file.startsWith(`${format}/`));
  const bytes = files.reduce((sum, [, entry]) => sum + entry.bytes, 0);
  const size = files.length ? `${Math.round(bytes / 1024).toLocaleString()} kB` : say("cardNotKept");
  return make("tr", {}, make("th", { scope: "row" }, make("code", {}, format)), make("td", {}, READ_BY[format]), make("td", {}, size));
}

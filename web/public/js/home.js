// The first page: what there is to try, and the models of this site.
import { find, make } from "./elements.js";
import { put, say } from "./language.js";
import { listModels } from "./models.js";
import { openPage } from "./page.js";

openPage();
let entries = [];
document.addEventListener("languagechange", show);
try {
  entries = await listModels();
  show();
} catch (error) {
  put(find("fault"), error.key ?? "unexpected", error.values ?? { message: error.message });
}
document.body.dataset.ready = "home";

function show() {
  find("models").replaceChildren(...entries.map(row));
}

function row({ name, color, shape, labels, bytes, problem }) {
  const input = color ? say("pixels", { width: shape[2] ?? "?", height: shape[1] ?? "?", color: say(color) }) : say("other");
  const size = `${Math.round(bytes / 1024).toLocaleString()} kB`;
  const page = color === "grey" ? "draw" : color === "rgb" ? "photo" : null;
  const title = page && !problem ? make("a", { href: `${page}.html?model=${encodeURIComponent(name)}` }, name) : name;
  const says = problem ? say("notForBrowser", { reason: problem }) : say("labelsCount", { count: labels });
  return make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, input), make("td", {}, says), make("td", {}, problem ? "" : size));
}

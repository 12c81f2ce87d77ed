// The bar over each page: which model, which backend, how far its download is, and what went wrong.
import { offered } from "./backend.js";
import { canHash } from "./download.js";
import { find, make } from "./elements.js";
import { Fault } from "./fault.js";
import { put, say, sayModel } from "./language.js";
import { listModels, openModel } from "./models.js";

// accepts(entry): whether a model of the site suits this page; none: what to say when none does;
// onModel(model): a model is ready, or has moved to another backend. `bar.model` is the one in use, or null.
// list and open say where models come from: the site's saved models, unless the page has its own.
export function modelBar({ accepts = () => true, none, onModel, list = listModels, open = openModel }) {
  const bar = new ModelBar(onModel, open);
  bar.fill(list, accepts, none).catch((error) => bar.fail(error));
  return bar;
}

class ModelBar {
  constructor(onModel, open) {
    this.onModel = onModel;
    this.openModel = open;
    this.model = null;
    this.times = [];
    this.select = make("select", { id: "model" });
    this.backend = make("select", { id: "backend" }, ...offered().map((name) => make("option", { value: name }, name)));
    this.progress = make("progress", { max: 1, value: 0, "data-word-label": "loading" });
    this.cancel = make("button", { type: "button", class: "quiet", "data-word": "cancel" });
    this.status = make("p", { id: "status", role: "status" });
    this.about = make("a", { href: "model.html", "data-word": "card", hidden: "" }); // what the model says of itself
    this.speed = make("p", { id: "speed" });
    this.fault = make("div", { id: "fault", role: "alert" });
    this.loading = make("div", { class: "loading", hidden: "" }, this.progress, this.cancel);
    find("bar").append(
      make("label", {}, make("span", { "data-word": "model" }), this.select),
      make("label", {}, make("span", { "data-word": "backend" }), this.backend),
      this.about,
      this.loading,
      make("div", { class: "facts" }, this.status, this.speed),
      this.fault,
    );
    for (const element of find("bar").querySelectorAll("[data-word]")) put(element, element.dataset.word);
    this.progress.setAttribute("aria-label", say("loading"));
    this.select.addEventListener("change", () => this.open(this.select.value));
    this.backend.addEventListener("change", () => this.change(this.backend.value));
    this.cancel.addEventListener("click", () => this.stop?.abort());
    document.addEventListener("languagechange", () => this.rename());
  }

  async fill(list, accepts, none) {
    const entries = (await list()).filter((entry) => !entry.problem && accepts(entry)).sort((a, b) => a.bytes - b.bytes);
    this.select.append(...entries.map(({ name }) => make("option", { value: name }, sayModel(name))));
    if (!entries.length) throw new Fault(none);
    const wanted = new URLSearchParams(location.search).get("model");
    if (entries.some(({ name }) => name === wanted)) this.select.value = wanted;
    await this.open(this.select.value);
  }

  // Download a model and hand it to the page; a newer choice stops an older download.
  async open(name) {
    this.stop?.abort();
    const stop = (this.stop = new AbortController());
    this.wait(true);
    this.clear();
    try {
      const progress = (part) => (this.progress.value = part);
      const model = await this.openModel(name, { backend: this.wanted, signal: stop.signal, progress });
      if (stop !== this.stop) return model.dispose();
      const before = this.model;
      await this.ready(model);
      await before?.dispose();
      if (model.fault) this.fail(model.fault);
    } catch (error) {
      if (stop === this.stop) this.fail(error, () => this.open(name));
    } finally {
      if (stop === this.stop) this.wait(false);
    }
  }

  async change(backend) {
    this.wanted = backend;
    if (!this.model) return this.open(this.select.value);
    const model = this.model;
    this.model = null; // no picture is asked of it while its weights move
    this.wait(true);
    this.clear();
    try {
      await model.useBackend(backend);
    } catch (error) {
      this.fail(error);
      await model.useBackend(model.backend);
    }
    await this.ready(model);
    this.wait(false);
  }

  async ready(model) {
    this.model = model;
    this.times = [];
    this.backend.value = model.backend;
    this.rename();
    document.body.dataset.ready = `${model.name} ${model.backend}`; // for tests and benchmarks
    await this.onModel(model);
  }

  // Say the models' names in the page's language.
  rename() {
    for (const option of this.select.options) option.textContent = sayModel(option.value);
    if (!this.model) return;
    const { name, backend, card } = this.model;
    put(this.status, canHash() ? "ready" : "readyUnchecked", { model: sayModel(name), backend });
    this.about.hidden = !card;
    this.about.href = `model.html?model=${encodeURIComponent(name)}`;
  }

  // Milliseconds of a prediction: the median of the latest is shown.
  measured(milliseconds) {
    this.times = [...this.times, milliseconds].slice(-15);
    const median = [...this.times].sort((a, b) => a - b)[Math.floor(this.times.length / 2)];
    put(this.speed, "speed", { ms: median.toFixed(1), rate: Math.round(1000 / Math.max(median, 0.1)) });
  }

  wait(on) {
    this.loading.hidden = !on;
    this.progress.value = 0;
    document.body.setAttribute("aria-busy", String(on));
  }

  clear() {
    this.fault.replaceChildren();
    delete document.body.dataset.ready;
    put(this.status, "loading");
    this.speed.textContent = "";
  }

  // Show what went wrong, with a button to try again where that can help.
  fail(error, again) {
    if (!(error instanceof Fault)) console.error(error);
    const message = make("p");
    if (error instanceof Fault) put(message, error.key, error.values);
    else put(message, "unexpected", { message: error.message });
    this.fault.replaceChildren(message);
    if (!this.model) this.status.replaceChildren();
    if (again) {
      const button = make("button", { type: "button" });
      put(button, "again");
      button.addEventListener("click", again);
      this.fault.append(button);
    }
  }
}

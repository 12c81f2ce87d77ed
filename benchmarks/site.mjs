// The built site measured as a visitor meets it: Lighthouse, the first page over a slow network, the camera page.
//
//     make site && npm ci --prefix web/test --ignore-scripts
//     npm run lighthouse --prefix web              # prints tables, writes benchmarks/results/site.json
//
// Needs Chromium (CHROME_PATH, /usr/bin/chromium by default); npx brings Lighthouse. Each page three times, the median counts.
// On a machine that is busy with something else: chrt -r 5 npm run lighthouse ... gives the browser what an idle one has.
// Slow: 1.5 Mbit/s, 150 ms a request, the processor slowed down four times, a phone's window, nothing cached.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { serve, THREADS } from "./server.mjs";

const LIGHTHOUSE = "lighthouse@12.8.2"; // 13 needs Node.js 22
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const PAGES = ["index.html", "index.html?language=ko", "draw.html", "photo.html", "en/05_mnist_export_pb.html", "ko/05_mnist_export_pb.html"];
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const site = join(root, "site");
const chromium = process.env.CHROME_PATH ?? "/usr/bin/chromium";
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const run = promisify(execFile); // the server answers while Lighthouse runs
if (!existsSync(join(site, "lessons.json"))) throw new Error("There is no site: run `make site` first.");

async function lighthouse(address, form) {
  const folder = mkdtempSync(join(tmpdir(), "labs-lighthouse-"));
  const file = join(folder, "report.json");
  try {
    const options = ["--quiet", "--output=json", `--output-path=${file}`, "--chrome-flags=--headless=new --no-sandbox"];
    if (form === "desktop") options.push("--preset=desktop");
    await run("npx", ["--yes", LIGHTHOUSE, address, ...options], { env: { ...process.env, CHROME_PATH: chromium } });
    const { categories, audits } = JSON.parse(readFileSync(file, "utf8"));
    const score = (name) => Math.round(100 * categories[name].score);
    return {
      performance: score("performance"),
      accessibility: score("accessibility"),
      practices: score("best-practices"),
      paint_ms: Math.round(audits["largest-contentful-paint"].numericValue),
      blocked_ms: Math.round(audits["total-blocking-time"].numericValue),
      shift: Number(audits["cumulative-layout-shift"].numericValue.toFixed(3)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Milliseconds until the page has its words, and until the network has read the digit that is there.
async function slowly(launch, host) {
  const browser = await launch({ executablePath: chromium, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 412, height: 823, isMobile: true, deviceScaleFactor: 1.75 });
    const devtools = await page.createCDPSession();
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1.5e6 / 8, uploadThroughput: 0.75e6 / 8 });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.evaluateOnNewDocument(() => {
      const look = () => {
        if (document.body?.dataset.words) globalThis.words ??= performance.now();
        if (document.getElementById("read")?.textContent) globalThis.digit ??= performance.now();
        else setTimeout(look, 10);
      };
      look();
    });
    host.sent = 0;
    await page.goto(`${host.address}index.html`, { waitUntil: "domcontentloaded" });
    await page.waitForFunction(() => globalThis.digit, { timeout: 60000, polling: 50 });
    return { ...(await page.evaluate(() => ({ words_ms: Math.round(globalThis.words), digit_ms: Math.round(globalThis.digit) }))), kB: Math.round(host.sent / 1000) };
  } finally {
    await browser.close();
  }
}

// Frames a second of the camera page with the pets' network at 224 x 224 on wasm, and milliseconds of a prediction; Chromium's own test picture films.
async function camera(launch, host) {
  const devices = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=60"];
  const browser = await launch({ executablePath: chromium, args: ["--no-sandbox", ...devices] });
  try {
    const page = await browser.newPage();
    await page.goto(`${host.address}camera.html?model=cats_vs_dogs&language=en`);
    await page.waitForFunction(() => document.body.dataset.ready, { timeout: 60000 });
    await page.click("#start");
    await new Promise((done) => setTimeout(done, 8000));
    return await page.evaluate(() => ({ threads: crossOriginIsolated, frames: document.getElementById("frames").textContent, prediction: document.getElementById("speed").textContent }));
  } finally {
    await browser.close();
  }
}

const host = await serve(site);
const isolated = await serve(site, THREADS);
const { launch } = await import(pathToFileURL(join(root, "web/test/node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js")).href);
const slow = [];
for (let round = 0; round < ROUNDS; round++) slow.push(await slowly(launch, host));
console.table(slow);
const films = [await camera(launch, host), await camera(launch, isolated)];
console.table(films);
const rows = [];
for (const page of process.argv.slice(2).length ? process.argv.slice(2) : PAGES) {
  for (const form of ["mobile", "desktop"]) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await lighthouse(host.address + page, form));
    rows.push({ page, form, ...Object.fromEntries(Object.keys(rounds[0]).map((key) => [key, median(rounds.map((one) => one[key]))])) });
    console.error(JSON.stringify(rows.at(-1)));
  }
}
console.table(rows);
mkdirSync(join(root, "benchmarks", "results"), { recursive: true });
writeFileSync(join(root, "benchmarks", "results", "site.json"), `${JSON.stringify({ slow, camera: films, lighthouse: rows }, null, 1)}\n`);
host.close();
isolated.close();

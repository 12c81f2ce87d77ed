// The service worker: after one visit the site opens without a network, as an installed app does in the lab room.
// Pages and models are asked of the network first, so that nobody sees an old site; what was seen once is kept.
// Scripts lie in a folder named after their hash and are the same for ever: those come from what is kept.
// offline.json, which `labs site` writes, lists what is kept at once: the pages, TensorFlow.js and the digits.
const CACHE = "vision-labs";
const SCRIPTS = "unbuilt"; // `labs site` writes the folder's name here: with it a new site brings a new worker

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), forgetOldScripts()])));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  const files = await (await fetch("offline.json", { cache: "no-cache" })).json();
  await cache.addAll(files);
}

async function forgetOldScripts() {
  const cache = await caches.open(CACHE);
  const old = (await cache.keys()).filter(({ url }) => isScript(url) && !url.includes(`/${SCRIPTS}`));
  await Promise.all(old.map((request) => cache.delete(request)));
}

function isScript(url) {
  return url.startsWith(`${self.registration.scope}v/`);
}

async function answer(request) {
  const cache = await caches.open(CACHE);
  if (isScript(request.url)) {
    const kept = await cache.match(bare(request.url));
    if (kept) return kept;
  }
  try {
    const reply = await fetch(request);
    if (reply.status === 200) cache.put(bare(request.url), reply.clone()).catch(() => {}); // a full disk keeps less
    return reply;
  } catch (error) {
    const kept = await cache.match(bare(request.url));
    if (kept) return kept;
    throw error;
  }
}

// draw.html?model=hangul is the file draw.html; a folder is its index.html.
function bare(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/\/$/, "/index.html");
}

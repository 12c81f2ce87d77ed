// The service worker: after one visit the site opens without a network, as an installed app does in the lab room.
// What comes over the network is always preferred, so that nobody sees an old site; what was seen once is kept.
// offline.json, which `labs site` writes, lists what is kept at once: the pages, TensorFlow.js and the digits.
const CACHE = "vision-labs";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  const files = await (await fetch("offline.json", { cache: "no-cache" })).json();
  await cache.addAll(files);
}

async function answer(request) {
  const cache = await caches.open(CACHE);
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

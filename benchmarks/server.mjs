// A static host for the measurements: compresses what hosts compress, counts what it sends, never reads a file twice.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".txt": "text/plain", ".webmanifest": "application/manifest+json" };
const PICTURES = { ".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg" };
export const THREADS = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

// headers: sent with every file, e.g. THREADS. Returns {address, sent, weight(path), close()}; `sent` counts bytes and may be set to 0.
export async function serve(folder, headers = {}) {
  const bodies = new Map();
  const body = (path) => {
    if (!bodies.has(path)) bodies.set(path, extname(path) in TYPES ? gzipSync(readFileSync(path), { level: 9 }) : readFileSync(path));
    return bodies.get(path);
  };
  const host = { sent: 0, weight: (name) => body(join(folder, name)).length };
  const server = createServer((request, reply) => {
    let path = join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
    if (!existsSync(path)) return reply.writeHead(404).end();
    const type = TYPES[extname(path)];
    const bytes = body(path);
    host.sent += bytes.length;
    reply.writeHead(200, {
      "Content-Type": type ?? PICTURES[extname(path)] ?? "application/octet-stream",
      "Content-Length": bytes.length,
      "Cache-Control": "max-age=600", // as GitHub Pages says
      ...(type && { "Content-Encoding": "gzip" }),
      ...headers,
    });
    reply.end(request.method === "HEAD" ? undefined : bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(host, { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() });
}

// Downloads with progress, a way to stop, and the hash that the model's card promises.
import { Fault } from "./fault.js";

// The bytes of one file: ArrayBuffer. expected: {bytes, sha256} of the card; progress(bytes so far).
// Raises Fault when the file is missing, was altered, or the download was stopped.
export async function download(address, expected, { signal, progress = () => {} } = {}) {
  const name = address.split("?")[0].split("/").slice(-2).join("/");
  const reply = await reach(address, signal);
  if (!reply.ok) throw new Fault("fileMissing", { name, status: reply.status });
  const bytes = await body(reply, signal, progress);
  if (expected && bytes.byteLength !== expected.bytes) throw new Fault("fileAltered", { name });
  if (expected && canHash() && (await sha256(bytes)) !== expected.sha256) throw new Fault("fileAltered", { name });
  return bytes;
}

export async function text(address, expected, options) {
  return new TextDecoder().decode(await download(address, expected, options));
}

// Browsers compute hashes only for pages that came by https or from this machine.
export function canHash() {
  return Boolean(globalThis.crypto?.subtle);
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function reach(address, signal) {
  try {
    return await fetch(address, { signal });
  } catch {
    throw new Fault(signal?.aborted ? "stopped" : "unreachable", { name: fileOf(address) });
  }
}

async function body(reply, signal, progress) {
  const reader = reply.body.getReader();
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      progress((size += value.length));
    }
  } catch {
    throw new Fault(signal?.aborted ? "stopped" : "unreachable", { name: fileOf(reply.url) });
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole.buffer;
}

function fileOf(address) {
  return address.split("?")[0].split("/").pop();
}

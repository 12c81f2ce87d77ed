// From a recording to what a network that hears takes: labs/sound.py in JavaScript.
import { Fault } from "./fault.js";

const FULL = 32767; // the loudest 16-bit sample
const SILENT = 100 / FULL, CLIPPED = 0.01, QUIET = 0.1; // as labs/sound.py has them

// The samples of a sound file at `rate`, channels mixed: Float32Array of -1..1. The browser decodes and resamples.
export async function decodeSound(blob, rate) {
  let buffer;
  try {
    buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(await blob.arrayBuffer());
  } catch {
    throw new Fault("soundUnreadable");
  }
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  return Float32Array.from({ length: buffer.length }, (_, i) => channels.reduce((sum, channel) => sum + channel[i], 0) / channels.length);
}

// `length` samples of 16 bits, the spoken part among them: Float32Array. Fault where nobody speaks, it is clipped, or lasts longer.
export function fit(samples, rate, length) {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (loudest < SILENT) throw new Fault("soundSilent");
  if (samples.filter((sample) => Math.abs(sample) > 0.999).length > CLIPPED * samples.length) throw new Fault("soundClipped");
  const [first, end] = spoken(samples, rate);
  if (end - first > length) throw new Fault("soundLong", { seconds: ((end - first) / rate).toFixed(1), most: length / rate });
  return middle(samples, rate, length).map((sample) => Math.min(Math.max(Math.round(sample * FULL), -FULL - 1), FULL));
}

// Where speech begins and ends: from the first to the last 10 ms with a tenth of the loudest ones' strength.
export function spoken(samples, rate) {
  const size = Math.max(1, Math.round(rate / 100));
  const strength = Array.from({ length: Math.ceil(samples.length / size) }, (_, frame) => {
    const part = samples.subarray(frame * size, (frame + 1) * size);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / size);
  });
  const most = Math.max(...strength);
  const sorted = [...strength].sort((a, b) => a - b);
  const noise = Math.min(3 * sorted[Math.floor(0.1 * (sorted.length - 1))], 0.3 * most);
  const loud = (value) => value >= Math.max(QUIET * most, noise);
  return [strength.findIndex(loud) * size, Math.min((strength.findLastIndex(loud) + 1) * size, samples.length)];
}

// All samples with zeros on both sides, or, of a longer recording, those around its spoken part.
export function middle(samples, rate, length) {
  const out = new Float32Array(length);
  if (samples.length <= length) {
    out.set(samples, Math.floor((length - samples.length) / 2));
    return out;
  }
  const [first, end] = spoken(samples, rate);
  const start = Math.min(Math.max(Math.floor((first + end) / 2) - Math.floor(length / 2), 0), samples.length - length);
  return samples.slice(start, start + length);
}

// A .wav file of 16-bit numbers, one channel, for <audio>.
export function wavFile(values, rate) {
  const view = new DataView(new ArrayBuffer(44 + 2 * values.length));
  const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF"), text(8, "WAVEfmt "), text(36, "data");
  const numbers = [[4, 36 + 2 * values.length], [16, 16], [24, rate], [28, 2 * rate], [40, 2 * values.length]];
  for (const [at, number] of numbers) view.setUint32(at, number, true);
  for (const [at, number] of [[20, 1], [22, 1], [32, 2], [34, 16]]) view.setUint16(at, number, true);
  values.forEach((value, i) => view.setInt16(44 + 2 * i, value, true));
  return new Blob([view], { type: "audio/wav" });
}

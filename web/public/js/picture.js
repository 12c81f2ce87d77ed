// Pictures in and out: files, canvases, video frames to pixels, and pixels to a small canvas.
import { Fault } from "./fault.js";
import { fromCanvasBytes } from "./preprocess.js";

const LARGEST = 16e6; // pixels that every phone's canvas can hold

// Decode a file; a phone's rotation is honoured. Returns an ImageBitmap, Fault when it is no picture.
export async function decode(file) {
  if (file.type && !file.type.startsWith("image/")) throw new Fault("noPicture", { name: file.name ?? "" });
  try {
    const bitmap = await (file.type === "image/svg+xml" ? decodeDrawing(file) : createImageBitmap(file, { imageOrientation: "from-image" }));
    if (bitmap.width && bitmap.height) return bitmap;
  } catch {
    // said below
  }
  throw new Fault("noPicture", { name: file.name ?? "" });
}

async function decodeDrawing(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const enlarge = 512 / Math.max(width, height);
    return await createImageBitmap(image, { resizeWidth: Math.round(width * enlarge), resizeHeight: Math.round(height * enlarge) });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

// The pixels of anything that a canvas can draw. crop: "square" takes the middle square.
export function pixelsOf(source, { crop, limit = LARGEST, mirror = false } = {}) {
  const [fullWidth, fullHeight] = [source.videoWidth || source.width, source.videoHeight || source.height];
  const square = Math.min(fullWidth, fullHeight);
  const [cutWidth, cutHeight] = crop === "square" ? [square, square] : [fullWidth, fullHeight];
  const shrink = Math.min(1, Math.sqrt(limit / (cutWidth * cutHeight)));
  const [width, height] = [Math.max(1, Math.round(cutWidth * shrink)), Math.max(1, Math.round(cutHeight * shrink))];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (mirror) context.setTransform(-1, 0, 0, 1, width, 0);
  context.drawImage(source, (fullWidth - cutWidth) / 2, (fullHeight - cutHeight) / 2, cutWidth, cutHeight, 0, 0, width, height);
  return fromCanvasBytes(context.getImageData(0, 0, width, height));
}

// Paint a picture pixel by pixel; CSS enlarges it.
export function showPixels(canvas, { width, height, channels, data }) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[i * channels + (channels === 3 ? c : 0)];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// The pictures of a paste, a drop or a file choice: the first file that says it is one, else the first.
export function firstFile(files) {
  const list = [...(files ?? [])];
  return list.find((file) => file.type.startsWith("image/")) ?? list[0];
}

// Where a page shows what it looks at: a picture that was given, or the camera.
import { find } from "./elements.js";

// Show a picture, its longer side at most `longest` pixels.
export function showPicture(bitmap, longest = Infinity) {
  const canvas = find("picture");
  const shrink = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  [canvas.width, canvas.height] = [Math.round(bitmap.width * shrink), Math.round(bitmap.height * shrink)];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  find("stage").classList.remove("video");
  find("stage").style.aspectRatio = "";
  canvas.hidden = false;
  find("video").hidden = true;
}

// Show the camera.
export function showVideo() {
  find("picture").hidden = true;
  find("video").hidden = false;
  find("stage").classList.add("video");
}

// A photo as it is sent: drawn upright and small enough that a slow Wi-Fi carries it. The kiosk draws it anew.

const LONGEST = 2048;
const QUALITY = 0.9;

/** Draws what can be drawn (a video, a bitmap) on a canvas, at most 2048 dots long. */
export function draw(source, width, height, canvas) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
}

/** Draws a file on a canvas; tells whether this browser knows its kind. */
export async function drawFile(file, canvas) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    draw(bitmap, bitmap.width, bitmap.height, canvas);
    bitmap.close();
    return true;
  } catch {
    return false;
  }
}

/** Returns a canvas as JPEG. */
export function jpegOf(canvas) {
  return new Promise((tell) => { canvas.toBlob(tell, "image/jpeg", QUALITY); });
}

// The camera panel: barcodes before this device's camera, or in a photo that the kiosk reads. Loaded when first opened.

import { randomKey } from "./random-key.js";
import { sendersHeaders, sendScan } from "./scans.js";
import { openCamera, stopTracks } from "./video.js";
import { inWords } from "./words.js";

const LOOK_MS = 100;
const MOST_PHOTO_BYTES = 12 * 1024 * 1024;
const PHOTO_MS = 20_000;

const panel = document.getElementById("camera");
const video = panel.querySelector("video");
const said = panel.querySelector(".said");
const list = panel.querySelector(".codes");
const file = panel.querySelector("input");
const canvas = document.createElement("canvas");
const station = encodeURIComponent(document.body.dataset.station);

let page = null;
let stream = null;
let worker = null;
let round = 0; // what was begun in an earlier round has no say any more

export async function start(given) {
  page = given;
  stop();
  const mine = round;
  list.replaceChildren();
  show(null);
  const opened = await openCamera(1280, 720, say);
  if (mine !== round) stopTracks(opened);
  else if (opened !== null) {
    stream = opened;
    video.srcObject = opened;
    show(video);
    await video.play().catch(() => {});
    look(mine);
  }
}

/** Stops the camera: no light stays on, and nothing is looked at any more. */
export function stop() {
  round += 1;
  stopTracks(stream);
  stream = null;
  video.srcObject = null;
  worker?.terminate();
  worker = null;
}

function say(text) {
  said.textContent = inWords(text);
}

function show(part) {
  video.hidden = part !== video;
  list.hidden = part !== list;
}

/** Looks until the same barcodes are seen twice running: one look alone can misread a line. */
async function look(mine) {
  say("Hold the barcode before the camera.");
  let before = "";
  while (mine === round) {
    const codes = await read();
    if (mine !== round) return;
    const seen = codes.map(({ identifier, base64 }) => identifier + base64).sort().join(" ");
    if (seen !== "" && seen === before) {
      stop();
      take(codes);
      return;
    }
    before = seen;
    await new Promise((wake) => { setTimeout(wake, LOOK_MS); });
  }
}

async function read() {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return [];
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0);
  const image = pen.getImageData(0, 0, canvas.width, canvas.height);
  worker ??= new Worker("/static/camera-worker.js");
  const { codes, fault } = await new Promise((tell) => {
    worker.onmessage = ({ data }) => tell(data);
    worker.onerror = () => tell({ fault: "worker" });
    worker.postMessage(image, [image.data.buffer]);
  });
  if (fault) say("This browser cannot read barcodes from the camera. Take or choose a photo.");
  return (codes ?? []).map(({ identifier, name, bytes }) => ({ identifier, name, base64: base64Of(bytes) }));
}

function base64Of(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function take(codes) {
  if (codes.length === 1) send(codes[0]);
  else choose(codes);
}

function send({ identifier, base64 }) {
  sendScan({ base64: btoa(identifier + atob(base64)) });
  page.close();
}

function choose(codes) {
  say(inWords("{count} barcodes. Which one?", { count: codes.length }));
  list.replaceChildren(...codes.map((code) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const text = document.createElement("b");
    const name = document.createElement("small");
    button.type = "button";
    button.className = "button row";
    text.className = "number";
    text.textContent = visible(code.base64);
    name.textContent = `${code.name} ${code.identifier}`;
    button.append(text, name);
    button.addEventListener("click", () => send(code));
    item.append(button);
    return item;
  }));
  show(list);
}

/** The text of a barcode with control characters as their pictures. */
function visible(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  return text.replace(/[\0-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)));
}

file.addEventListener("change", async () => {
  const photo = file.files[0];
  file.value = "";
  if (!photo) return;
  stop();
  show(null);
  const mine = round;
  if (photo.size > MOST_PHOTO_BYTES) {
    say("The photo is larger than 12 megabytes. Take a smaller one.");
    return;
  }
  say("Reading the photo.");
  const answer = await sent(photo);
  if (mine !== round) return;
  if (answer === null) say("The kiosk does not answer. It is not sure that this photo was taken.");
  else if (!answer.ok) say(answer.text);
  else if (answer.isChoice) choose(JSON.parse(answer.text).codes);
  else {
    page.show(answer.text);
    page.close();
  }
});

async function sent(photo) {
  const headers = { ...sendersHeaders(randomKey()), "Content-Type": photo.type || "application/octet-stream" };
  for (let tries = 2; tries > 0; tries -= 1) {
    try {
      const signal = AbortSignal.timeout(PHOTO_MS);
      const answer = await fetch(`/station/${station}/photo`, { method: "POST", body: photo, headers, signal });
      const type = answer.headers.get("Content-Type") ?? "";
      return { ok: answer.ok, isChoice: type.startsWith("application/json"), text: await answer.text() };
    } catch {
      // Sent again under the same key, it is not counted again.
    }
  }
  return null;
}

// The photo panel: this device's camera takes a picture, a person looks at it, keeps it or takes another.

import { draw, drawFile, jpegOf } from "./picture.js";
import { randomKey } from "./random-key.js";
import { sendersHeaders } from "./scans.js";
import { openCamera, stopTracks } from "./video.js";
import { inWords } from "./words.js";

const PHOTO_MS = 20_000;

const panel = document.getElementById("photo");
const video = panel.querySelector("video");
const canvas = panel.querySelector("canvas");
const said = panel.querySelector(".said");
const file = panel.querySelector("input");
const buttons = Object.fromEntries(["take", "keep", "again"].map((does) => [does, panel.querySelector(`[data-does=${does}]`)]));
const station = encodeURIComponent(document.body.dataset.station);

let page = null;
let stream = null;
let since = ""; // the question that the photo is for
let photo = null; // what is sent if it is kept
let key = "";
let round = 0; // what was begun in an earlier round has no say any more

export async function start(given) {
  page = given;
  since = document.querySelector("#frame .screen").dataset.since;
  await film();
}

/** Stops the camera: no light stays on, and a photo that was not kept is gone. */
export function stop() {
  round += 1;
  stopTracks(stream);
  stream = null;
  video.srcObject = null;
  photo = null;
  canvas.width = 0;
}

async function film() {
  stop();
  const mine = round;
  show("film");
  buttons.take.disabled = true;
  const opened = await openCamera(1920, 1080, say);
  if (mine !== round) {
    stopTracks(opened);
    return;
  }
  if (opened === null) {
    show("nothing");
    return;
  }
  stream = opened;
  video.srcObject = opened;
  await video.play().catch(() => {});
  if (mine !== round) return;
  buttons.take.disabled = false;
  say("Hold still, then take it.");
}

/** Shows the camera's picture, the photo that was taken, or neither. */
function show(part) {
  video.hidden = part !== "film";
  canvas.hidden = part !== "photo";
  buttons.take.hidden = part !== "film";
  buttons.keep.hidden = part !== "photo" && part !== "file";
  buttons.again.hidden = part === "film";
}

function say(text) {
  said.textContent = inWords(text);
}

async function take() {
  draw(video, video.videoWidth, video.videoHeight, canvas);
  const taken = jpegOf(canvas);
  stopTracks(stream);
  stream = null;
  const mine = round;
  const blob = await taken;
  if (mine === round) offer(blob, "photo");
}

function offer(blob, part) {
  photo = blob;
  key = randomKey();
  show(part);
  say(part === "file" ? "This browser cannot show the photo. Keep it?" : "Keep it?");
}

async function keep() {
  if (photo === null) return;
  const mine = round;
  buttons.keep.disabled = true;
  say("The kiosk takes the photo.");
  const answer = await sent();
  buttons.keep.disabled = false;
  if (mine !== round) return;
  if (answer === null) say("The kiosk does not answer. Keep it once more.");
  else if (!answer.ok) refused(answer);
  else {
    page.show(answer.text);
    page.close();
  }
}

function refused({ text, isFinal }) {
  if (isFinal) {
    photo = null;
    show("nothing");
  }
  say(text);
}

async function sent() {
  const headers = { ...sendersHeaders(key), "Content-Type": photo.type || "application/octet-stream" };
  const url = `/station/${station}/photos?since=${encodeURIComponent(since)}`;
  for (let tries = 2; tries > 0; tries -= 1) {
    try {
      const signal = AbortSignal.timeout(PHOTO_MS);
      const answer = await fetch(url, { method: "POST", body: photo, headers, signal });
      return { ok: answer.ok, isFinal: answer.status < 500, text: await answer.text() };
    } catch {
      // Sent again under the same key, it is kept once.
    }
  }
  return null;
}

buttons.take.addEventListener("click", take);
buttons.keep.addEventListener("click", keep);
buttons.again.addEventListener("click", film);
file.addEventListener("change", async () => {
  const chosen = file.files[0];
  file.value = "";
  if (!chosen) return;
  stop();
  const mine = round;
  const isShown = await drawFile(chosen, canvas);
  if (mine !== round) return;
  const blob = isShown ? await jpegOf(canvas) : chosen;
  if (mine === round) offer(blob, isShown ? "photo" : "file");
});

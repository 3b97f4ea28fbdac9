// A phone's page: a photo is made smaller and sent as soon as it is taken. Without this script the form does it.

import { drawFile, jpegOf } from "./picture.js";
import { signed } from "./signs.js";

const SEND_MS = 60_000;

document.body.classList.add("scripted");

function say(level, text) {
  const main = document.querySelector("main");
  const words = main.querySelector(".words") ?? main.insertBefore(document.createElement("p"), main.querySelector(".lead"));
  words.className = `words ${level}`;
  words.setAttribute("role", "status");
  words.replaceChildren(...signed(level, text));
}

async function made(file) {
  const canvas = document.createElement("canvas");
  const blob = await drawFile(file, canvas) ? await jpegOf(canvas) : null;
  return blob !== null && blob.size < file.size ? blob : file;
}

async function send(file) {
  const form = new FormData();
  form.append("photo", await made(file), "photo");
  const answer = await fetch(location.href, { method: "POST", body: form, signal: AbortSignal.timeout(SEND_MS) });
  const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (main === null) throw new Error(String(answer.status));
  document.querySelector("main").replaceWith(main);
}

document.addEventListener("change", async ({ target }) => {
  const file = target.files?.[0];
  if (!file) return;
  for (const input of document.querySelectorAll("input")) input.disabled = true;
  say("wait", "Sending. Stay on this page.");
  try {
    await send(file);
  } catch {
    say("stop", "It did not arrive. Go nearer to the Wi-Fi and take it again: it is kept once.");
    for (const input of document.querySelectorAll("input")) input.disabled = false;
    target.value = "";
  }
});

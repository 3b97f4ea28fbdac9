// The page's own part: what htmx does not do. Screens come from the server; nothing here knows a flow.

import { hideAfar, showAfar, startAfar } from "./afar.js";
import { startAmbience } from "./ambience.js";
import { keepFocus, startFocus } from "./focus.js";
import { follow, startLately } from "./lately.js";
import { close, closeFor, isScanInto, startPanels } from "./panels.js";
import { clearPin, followPin, startPin } from "./pin.js";
import { randomKey } from "./random-key.js";
import { sendScan, startScans } from "./scans.js";
import { head, put, spoil } from "./screen.js";
import { signed } from "./signs.js";
import { play, startSounds } from "./sounds.js";
import { startTouch } from "./touch.js";
import { startWedge } from "./wedge.js";

const LONG = 64; // as of what the kiosk says itself
const FLASH_MS = 2000;
const HELD_MS = 2000;
const SILENT_MS = 12000; // the server says something every five seconds
const RETRY_MS = 2000;

const body = document.body;
const frame = document.getElementById("frame");
const lost = document.getElementById("lost");
const said = document.getElementById("said");
const station = encodeURIComponent(body.dataset.station);

let shown = facts(frame.querySelector(".screen"));
let shownHtml = "";
let held = null;
let isTouched = false;
let touchTimer = 0;
let flashTimer = 0;
let source = null;
let heardAt = Date.now();
let isBroken = false;
let phoneAsked = frame.querySelector("[data-asked]")?.dataset.asked ?? ""; // a command asks for the code, too

// Screens ---------------------------------------------------------------------------------------------

function facts(screen) {
  const { session, revision, boot, level, since, screen: name } = screen.dataset;
  const about = since + name + (screen.querySelector(".what h1")?.innerHTML ?? "");
  return { session, revision: Number(revision), boot, level, name, about };
}

/** Draws a screen that is newer than the one that is shown; two connections bring them. */
function show(html, { isAnswer = false } = {}) {
  if (html === shownHtml) return;
  const root = head(html);
  if (!root) return;
  if (root.dataset.boot !== body.dataset.boot || root.dataset.language !== document.documentElement.lang) {
    location.reload(); // the kiosk was started anew, or speaks another language: the page around the screen does too
    return;
  }
  if (root.dataset.session === shown.session && Number(root.dataset.revision) < shown.revision) return;
  if (isTouched && !isAnswer) held = html; // nothing moves under a finger
  else draw(html, root);
}

function draw(html, root) {
  shownHtml = html;
  const changed = put(html, root);
  const screen = frame.querySelector(".screen");
  const before = shown;
  shown = facts(screen);
  tickClock();
  followPin(screen);
  keepFocus();
  if (shown.about !== before.about) closeFor();
  const phone = screen.querySelector("[data-asked]");
  if (phone?.dataset.asked && phone.dataset.asked !== phoneAsked) phone.click();
  phoneAsked = phone?.dataset.asked ?? "";
  if (shown.session !== before.session || shown.revision !== before.revision) {
    if (!isLampOnly(before, changed)) {
      if (shown.level) signal(shown.level, words(screen));
      else hideAfar();
    }
  }
  // It asks for the layout that is painted next, and so comes last.
  if (changed.has("what")) screen.querySelector(".steps .current, .steps .next")?.scrollIntoView({ block: "nearest" });
}

function isLampOnly(before, changed) {
  return changed.size > 0 && shown.name === before.name && ["what", "doing", "bar"].every((part) => !changed.has(part));
}

function words(screen) {
  return Array.from(screen.querySelectorAll(".message :is(.word, .sentence)"), (part) => part.textContent).join(": ");
}

/** Tells eyes near and far, ears and a screen reader; the reader's text stands outside of what is drawn anew. */
function signal(level, text) {
  play(level);
  said.textContent = "";
  said.textContent = text;
  frame.classList.add("flash");
  clearTimeout(flashTimer);
  flashTimer = setTimeout(() => frame.classList.remove("flash"), FLASH_MS);
  // It asks for the layout that is painted next, the flash's too.
  showAfar(level, frame.querySelector(".message"));
}

/** Says something in the bottom bar that no screen of the server says. */
function notice(level, text) {
  const bar = frame.querySelector(".bar");
  const message = frame.querySelector(".message");
  if (!bar || !message) return;
  bar.className = `bar ${level}`;
  message.replaceChildren(...signed(level, text));
  message.classList.toggle("long", message.querySelector(".sentence").textContent.length > LONG);
  spoil("bar");
  signal(level, words(message.parentElement));
}

frame.addEventListener("htmx:sseBeforeMessage", (event) => {
  event.preventDefault();
  heardAt = Date.now();
  show(event.detail.data);
});

body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (target !== frame || xhr.status >= 400) return;
  event.detail.shouldSwap = false;
  show(xhr.responseText, { isAnswer: true });
});

// htmx listens to no button of a screen: to set up a hundred elements with each screen takes longer than to draw them.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[hx-disable] :is([hx-post], [hx-get])");
  if (!button || button.disabled) return;
  const verb = button.hasAttribute("hx-post") ? "post" : "get";
  htmx.ajax(verb, button.getAttribute(`hx-${verb}`), { source: button, target: button.getAttribute("hx-target") ?? frame });
});

// Fingers ---------------------------------------------------------------------------------------------

function released() {
  clearTimeout(touchTimer);
  // The click comes after the release, and must find the button it was meant for.
  setTimeout(() => {
    isTouched = false;
    if (held === null) return;
    const html = held;
    held = null;
    show(html);
  }, 50);
}

frame.addEventListener("pointerdown", () => {
  isTouched = true;
  clearTimeout(touchTimer);
  touchTimer = setTimeout(released, HELD_MS);
});
for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, released);

// Requests --------------------------------------------------------------------------------------------

body.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, parameters } = event.detail;
  if (verb !== "post") return;
  headers["Idempotency-Key"] = randomKey();
  if (parameters.verb && parameters.revision === undefined) parameters.revision = String(shown.revision);
});

body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr?.getResponseHeader("Kiosk-Stale") !== "true") return;
  notice("ask", "The screen had changed. Look again, then press.");
});
body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  notice("stop", type.startsWith("text/plain") ? xhr.responseText : "The kiosk did not take this.");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  body.addEventListener(name, () => notice("stop", "The kiosk does not answer. It is not sure that this was taken."));
}

// Connection ------------------------------------------------------------------------------------------

body.addEventListener("htmx:sseOpen", (event) => {
  if (source !== event.detail.source) {
    source = event.detail.source;
    source.addEventListener("alive", () => { heardAt = Date.now(); });
    follow(source);
  }
  heardAt = Date.now();
  isBroken = false;
  lost.hidden = true;
});
body.addEventListener("htmx:sseError", () => { isBroken = true; });

/** Without a stream the screen is asked for; only where that fails too the connection is lost. */
async function watch() {
  if (!isBroken && Date.now() - heardAt < SILENT_MS) return;
  try {
    const answer = await fetch(`/station/${station}/screen`, { signal: AbortSignal.timeout(RETRY_MS * 2) });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (source?.readyState === EventSource.OPEN && Date.now() - heardAt >= SILENT_MS) location.reload();
    lost.hidden = true;
    show(html);
  } catch {
    lost.hidden = false;
  }
}

setInterval(watch, RETRY_MS);
window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Clock -----------------------------------------------------------------------------------------------

// As the kiosk writes times in this language: by CLDR's pattern, with plain spaces.
const clocks = new Map();

function clockTime(pattern, now) {
  const { lang } = document.documentElement;
  const key = `${lang} ${pattern}`;
  if (!clocks.has(key)) {
    const hour = pattern.includes("HH") ? "2-digit" : "numeric";
    const hourCycle = pattern.includes("H") ? "h23" : "h12";
    clocks.set(key, new Intl.DateTimeFormat(lang, { hour, minute: "2-digit", hourCycle }));
  }
  return clocks.get(key).format(now).replace(/\s/g, " ");
}

function tickClock() {
  for (const element of document.querySelectorAll("[data-clock]")) {
    const now = clockTime(element.dataset.clock, new Date());
    // The same text set again would have the bar around it styled and laid out with every screen.
    if (element.textContent !== now) element.textContent = now;
  }
}

tickClock();
setInterval(tickClock, 5000);
// Camera and photos -----------------------------------------------------------------------------------

const loaded = {};

for (const name of ["camera", "photo"]) {
  body.addEventListener(`${name}:opened`, async () => {
    loaded[name] ??= import(`./${name}.js`);
    const { start } = await loaded[name];
    if (body.dataset.open === name) start({ show, close });
  });
  body.addEventListener(`${name}:closed`, async () => (await loaded[name])?.stop());
}
// A code is for those who stand here now.
for (const name of ["phone", "person"]) {
  body.addEventListener(`${name}:closed`, () => document.querySelector(`#${name} .answer`).replaceChildren());
}
window.addEventListener("pagehide", close);

// Before all that listens to keys: what it keeps for itself, such as the Tab behind a scan, no person pressed.
startWedge((text) => {
  clearPin();
  sendScan({ json: JSON.stringify(text) });
}, undefined, isScanInto);
startLately();
startPanels();
startSounds();
startTouch();
startFocus();
startAfar();
startAmbience({ notice });
startScans({ show, notice });
startPin();
followPin(frame.querySelector(".screen"));

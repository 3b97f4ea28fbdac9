// Scans that the page itself makes: typed by a scanner that is a keyboard, seen by a camera, found in a photo.
// They are sent one after the other, each under a key of its own: sent again they are not counted again.

import { randomKey } from "./random-key.js";

const body = document.body;
const url = `/station/${encodeURIComponent(body.dataset.station)}/scan`;
const KEPT = `scans of ${body.dataset.station}`;
const KEPT_MS = 30_000; // a scan that turns up later than this would surprise a person who scanned again
const ANSWER_MS = 5000;
const AGAIN_MS = 1000;
const TRIES = 5;

let page = null;
let pending = [];
let isSending = false;

/** The headers under which the kiosk takes what this page sends. */
export function sendersHeaders(key) {
  return { ...JSON.parse(body.getAttribute("hx-headers")), "HX-Request": "true", "Idempotency-Key": key };
}

/** Sends a scan: `json`, a JSON string, or `base64`. */
export function sendScan(fields) {
  pending.push({ fields, key: randomKey(), at: Date.now(), tries: 0 });
  keep();
  send();
}

/** Scans that a page which loaded itself again had not got rid of are sent now. */
export function startScans(given) {
  page = given;
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  pending = kept.filter((scan) => Date.now() - scan.at < KEPT_MS);
  keep();
  send();
}

function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(pending));
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (pending.length > 0) {
    const scan = pending[0];
    scan.tries += 1;
    keep();
    const isOver = await delivered(scan);
    if (isOver) pending.shift();
    else await new Promise((wake) => { setTimeout(wake, AGAIN_MS); });
    keep();
  }
  isSending = false;
}

/** Whether there is nothing more to do about a scan. */
async function delivered({ fields, key, tries }) {
  try {
    const headers = sendersHeaders(key);
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), headers, signal });
    const text = await answer.text();
    if (answer.ok) page.show(text);
    else if (answer.status === 403 && tries < TRIES) return reloaded();
    else page.notice("stop", text);
    return true;
  } catch {
    if (tries < TRIES) return false;
    page.notice("stop", "The kiosk does not answer. It is not sure that this scan was taken.");
    return true;
  }
}

/** The kiosk was started anew and knows this page's token no more; nothing was taken. */
function reloaded() {
  location.reload();
  return new Promise(() => {});
}

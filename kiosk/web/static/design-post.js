// How the pages of designs talk to the kiosk.

import { signed } from "./signs.js";
import { inWords } from "./words.js";

const GONE = "The kiosk does not answer. Nothing was changed.";
const OUTDATED = "The kiosk was started anew. Copy your text, then load this page again.";

/** Sends JSON, or a file as it is; answers `{ok, status, json, text}`, never throws. */
export async function post(url, content, key = "") {
  const isFile = content instanceof Blob;
  const headers = { "X-CSRF-Token": document.body.dataset.token, "HX-Request": "true" };
  if (!isFile) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(url, { method: "POST", headers, body: isFile ? content : JSON.stringify(content) });
    const text = answer.status === 403 ? inWords(OUTDATED) : await answer.text();
    const json = answer.ok ? JSON.parse(text) : null;
    return { ok: answer.ok, status: answer.status, json, text };
  } catch {
    return { ok: false, status: 0, json: null, text: inWords(GONE) };
  }
}

/** Says one sentence on the page: `good`, `ask` or `stop`. */
export function say(level, text) {
  const said = document.getElementById("said");
  said.className = `told ${level}`;
  said.replaceChildren(...signed(level, text));
  said.hidden = false;
}

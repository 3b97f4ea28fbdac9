// A field of an office page that is touched opens keys: a touchscreen has no keyboard. A phone has one of its own.

import { press, reset } from "./board.js";
import { isPhone } from "./handset.js";

const keys = document.getElementById("keys");
const shown = document.getElementById("keys-value");

let field = null;
let isByTouch = false;

function close() {
  keys.hidden = true;
  shown.value = "";
  field = null;
}

function open(touched) {
  const label = touched.closest("label")?.querySelector("span");
  field = touched;
  keys.querySelector("label").textContent = label?.textContent ?? touched.getAttribute("aria-label");
  shown.type = touched.type === "password" ? "password" : "text";
  if (touched.maxLength > 0) shown.maxLength = touched.maxLength;
  else shown.removeAttribute("maxlength");
  shown.value = "";
  reset(keys);
  const isDigits = touched.inputMode === "numeric" || touched.dataset.typed === "digits";
  for (const key of keys.querySelectorAll("[data-key], [data-layers]")) {
    key.disabled = isDigits && !/^[0-9]$/.test(key.dataset.key ?? "");
  }
  keys.hidden = false;
  shown.focus({ preventScroll: true });
}

/** A name is typed in capitals, as the keys are, and is written as names are. */
function asName(text) {
  return text.toLowerCase().replace(/(^|[ .-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

function enter() {
  const { form, dataset } = field;
  field.value = dataset.typed === "name" ? asName(shown.value) : shown.value;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  const next = dataset.typed === "badge" ? form.elements.pin : null; // after the badge comes the PIN
  close();
  if (next && !next.value) open(next);
  else if ("enters" in dataset) form.requestSubmit();
}

window.addEventListener("pointerdown", (event) => { isByTouch = event.pointerType !== "mouse"; }, { capture: true });
document.addEventListener("click", (event) => {
  if (isByTouch && !isPhone.matches && event.target.matches?.("input[data-typed]")) open(event.target);
});
keys.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || press(button, shown)) return;
  if ("closes" in button.dataset) close();
});
keys.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
keys.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  enter();
});

// The page of operators at a touchscreen: a field that is touched opens keys, since there is no keyboard.

import { randomKey } from "./random-key.js";

const keys = document.getElementById("keys");
const shown = document.getElementById("keys-value");
const isTouch = matchMedia("(pointer: coarse)").matches;

let field = null;

function close() {
  keys.hidden = true;
  field = null;
}

/** A name is typed in capitals, as the keys are, and is written as names are. */
function asName(text) {
  return text.toLowerCase().replace(/(^|[ .-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

document.addEventListener("focusin", (event) => {
  if (!isTouch || !event.target.matches?.("input[data-typed]")) return;
  field = event.target;
  field.blur();
  keys.querySelector("label").textContent = field.closest("label").querySelector("span").textContent;
  shown.type = field.type;
  shown.value = "";
  keys.hidden = false;
});

keys.addEventListener("click", (event) => {
  const key = event.target.closest("button");
  if (!key) return;
  if (key.dataset.key) shown.value += key.dataset.key;
  else if ("erase" in key.dataset) shown.value = shown.value.slice(0, -1);
  else if ("ok" in key.dataset) {
    field.value = (field.dataset.typed === "name" ? asName(shown.value) : shown.value).slice(0, field.maxLength);
    close();
  } else close();
  if (keys.hidden) shown.value = "";
});

document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "post") event.detail.headers["Idempotency-Key"] = randomKey();
});

// A scanner that types ends with Enter: after the badge comes the PIN.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.dataset?.typed !== "badge") return;
  const next = event.target.form.elements.pin;
  if (!next || next.value) return;
  event.preventDefault();
  next.focus();
});

// Enter in a field does what the first button of its form does.
document.addEventListener("submit", (event) => event.preventDefault());

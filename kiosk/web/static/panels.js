// Keypad, keyboard, camera, photos, labels and scan pad: panels a person opens. At most one is open; body[data-open] names it.

import { press, reset } from "./board.js";
import { leadIn, leadOut } from "./focus.js";
import { isPhone } from "./handset.js";

const body = document.body;
const forms = { keypad: document.getElementById("keypad"), keyboard: document.getElementById("keyboard") };
const command = document.getElementById("command");
const views = Object.fromEntries(["camera", "photo", "phone", "person", "ambience"].map((name) => [name, document.getElementById(name)]));
const LONG_PRESS_MS = 700;
const NUMBER = /^-?[0-9]+([.,][0-9]+)?$/;

export function close() {
  if (body.dataset.open in views) body.dispatchEvent(new Event(`${body.dataset.open}:closed`));
  delete body.dataset.open;
  for (const panel of [command, ...Object.values(views), ...Object.values(forms)]) panel.hidden = true;
  leadOut();
}

/** Shows the barcode that does the same as a button. */
function showCommand(text) {
  close();
  body.dataset.open = "command";
  command.querySelector("img").src = `/command.png?text=${encodeURIComponent(text)}`;
  command.querySelector("p").textContent = text;
  command.hidden = false;
}

function startLongPress() {
  let timer = 0;
  let wasLong = false;
  document.addEventListener("pointerdown", (event) => {
    const button = event.target.closest("[data-command]");
    wasLong = false;
    if (!button) return;
    timer = setTimeout(() => {
      wasLong = true;
      showCommand(button.dataset.command);
    }, LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => clearTimeout(timer));
  document.addEventListener("click", (event) => {
    if (!wasLong) return;
    wasLong = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}

/** Closes what was about the old subject; the labels and the scan pad stay open. */
export function closeFor() {
  if (body.dataset.open in forms || ["photo", "phone"].includes(body.dataset.open)) close();
}

function open(button) {
  const name = button.dataset.opens;
  const wasOpen = body.dataset.open === name;
  close();
  if (wasOpen) return;
  body.dataset.open = name;
  if (name in views) {
    views[name].hidden = false;
    body.dispatchEvent(new Event(`${name}:opened`));
  }
  const form = forms[name];
  if (!form) {
    leadIn(button);
    return;
  }
  form.querySelector("label").textContent = button.dataset.title;
  const input = entry(form);
  input.value = "";
  input.placeholder = button.dataset.value ?? "";
  if (form === forms.keypad) {
    form.elements.verb.value = button.dataset.verb;
    form.querySelector("[data-signs]").hidden = button.dataset.kind !== "signed";
    form.querySelector("[data-decimal]").disabled = button.dataset.kind === "digits";
  }
  reset(form);
  // A phone's own keyboard is the better one on a phone, which has no room for this one.
  forms.keyboard.querySelector("input").inputMode = isPhone.matches ? "text" : "none";
  form.hidden = false;
  leadIn(button);
  input.focus({ preventScroll: true });
}

/** Whether what a scanner typed into the open keypad or keyboard is a scan; a number is one for the keypad. */
export function isScanInto(field, text) {
  return field.form === forms.keyboard || (field.form === forms.keypad && !NUMBER.test(text));
}

function entry(form) {
  return form.querySelector("input:not([type=hidden])");
}

function isComplete(form) {
  const value = entry(form).value;
  return form === forms.keypad ? NUMBER.test(value) : value !== "";
}

export function startPanels() {
  if ("barcodes" in body.dataset) startLongPress();
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    const form = target.closest("form");
    if (target.dataset.opens) open(target);
    else if ("closes" in target.dataset) close();
    else if (form && press(target, entry(form))) return;
    else if ("signs" in target.dataset) entry(form).value = entry(form).value.replace(/^(-?)/, (sign) => (sign ? "" : "-"));
    else if (target.classList.contains("tab")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("submit", (event) => {
    if (isComplete(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (Object.values(forms).includes(event.detail.elt) && event.detail.successful) close();
    // A tap on the pad shows what it did where the pad covers the screen.
    if (event.detail.elt.closest(".pad .cards, .pad .papers") && event.detail.successful && body.dataset.open === "pad") close();
  });
}

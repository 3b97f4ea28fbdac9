// Where the focus of the keyboard goes when what had it is drawn anew or closed: to the same button, else to the
// first that can be pressed. Only for who uses keys: a finger leaves no button behind that a scanner's Enter presses.

const frame = document.getElementById("frame");

const FIRST = ":is(.doing, .slot, .what) button:not(:disabled)";

let isByKeys = false;
let last = null;

/** A selector of a button that is drawn anew, null for what is none. */
function nameOf(element) {
  const button = element.closest("button, a");
  if (!button || !frame.contains(button)) return null;
  const named = ["data-command", "data-opens", "href"].find((name) => button.hasAttribute(name));
  return named ? `[${named}="${CSS.escape(button.getAttribute(named))}"]` : FIRST;
}

/** Gives the focus back, if it was lost. */
export function keepFocus() {
  const { activeElement } = document;
  const isLost = activeElement === document.body || activeElement.closest("[hidden]");
  if (!isByKeys || !last || !isLost || document.body.dataset.open) return;
  const found = frame.querySelector(last) ?? frame.querySelector(FIRST);
  found?.focus({ preventScroll: true });
}

export function startFocus() {
  window.addEventListener("keydown", (event) => { if (event.key === "Tab") isByKeys = true; }, { capture: true });
  window.addEventListener("pointerdown", () => { isByKeys = false; }, { capture: true });
  frame.addEventListener("focusin", (event) => { last = nameOf(event.target); });
}

// Where the focus of the keyboard goes when what had it is drawn anew or closed: to the same button, else to the
// first that can be pressed. What is open over the screen takes it and keeps it until it is closed, since it covers
// the rest. Only for who uses keys: a finger leaves no button behind that a scanner's Enter presses.

const frame = document.getElementById("frame");

const FIRST = ":is(.doing, .slot, .what) button:not(:disabled)";
const STOPS = ":is(a[href], button, input, [tabindex='0']):not(:disabled, [type=hidden])";
const DRAWN = { jobs: ".screen > .jobs", pad: ".pad" };

let isByKeys = false;
let last = null;
let opener = null;

function isShown(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

/** A selector of a button that is drawn anew, null for what is none. */
function nameOf(element) {
  const button = element.closest("button, a");
  if (!button || !frame.contains(button)) return null;
  const named = ["data-command", "data-opens", "href"].find((name) => button.hasAttribute(name));
  const part = button.closest(".screen > *")?.classList[0];
  if (!named || !part) return FIRST;
  return `:is(.${part}, .${part} *)[${named}="${CSS.escape(button.getAttribute(named))}"]`;
}

/** Gives the focus back, if it was lost. */
export function keepFocus() {
  const { activeElement } = document;
  const isLost = activeElement === document.body || !isShown(activeElement);
  if (!isByKeys || !last || !isLost) return;
  const { panel, stops } = opened();
  const same = [...frame.querySelectorAll(last)].filter((button) => !panel || panel.contains(button));
  const found = same.find(isShown) ?? (panel ? stops[0] : frame.querySelector(FIRST));
  found?.focus({ preventScroll: true });
}

/** What is open over the screen, and what of it can have the focus. */
function opened() {
  const name = document.body.dataset.open;
  const panel = name ? document.querySelector(DRAWN[name] ?? `#${name}`) : null;
  return { panel, stops: panel ? [...panel.querySelectorAll(STOPS)].filter(isShown) : [] };
}

/** Takes the focus into what a button has opened. */
export function leadIn(button) {
  opener = nameOf(button);
  if (isByKeys) opened().stops[0]?.focus({ preventScroll: true });
}

/** Takes the focus back to the button, once what it opened is closed. */
export function leadOut() {
  last = opener ?? last;
  opener = null;
  keepFocus();
}

/** Keeps Tab within what is open. */
function turn(event) {
  const { panel, stops } = event.key === "Tab" ? opened() : { stops: [] };
  if (!stops.length) return;
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (panel.contains(document.activeElement) && document.activeElement !== from) return;
  event.preventDefault();
  to.focus();
}

export function startFocus() {
  window.addEventListener("keydown", (event) => { if (event.key === "Tab") isByKeys = true; }, { capture: true });
  window.addEventListener("keydown", turn);
  window.addEventListener("pointerdown", () => { isByKeys = false; }, { capture: true });
  frame.addEventListener("focusin", (event) => { last = nameOf(event.target); });
}

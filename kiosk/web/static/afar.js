// For who reads from two metres: what was said last in large letters, over all but the bars. It goes by itself; whoever
// touches the screen stands before it, and is shown nothing in front of what they are about to touch.

const GOES_MS = { good: 2000, wait: 2000, offline: 4000, ask: 6000, stop: 6000 };
const NEAR_MS = 10000;
const CLICK_MS = 50; // after the release
const HELD_MS = 2000; // a browser's own menu keeps the release of a mouse for itself

const afar = document.getElementById("afar");
const pin = document.getElementById("pin");

let touchedAt = -Infinity;
let isTouched = false;
let timer = 0;

export function hideAfar() {
  if (isTouched) return; // gone under a finger, it would leave the tap to the button behind it
  clearTimeout(timer);
  afar.hidden = true;
}

/** Shows what stands in the bar. */
export function showAfar(level, message) {
  hideAfar();
  const isNear = isTouched || performance.now() - touchedAt < NEAR_MS;
  // A PIN is entered at the screen, whoever scanned the badge.
  if (document.documentElement.dataset.distance !== "far" || isNear || document.body.dataset.open || !pin.hidden) return;
  afar.className = `afar ${level}`;
  afar.replaceChildren(...Array.from(message.children, (part) => part.cloneNode(true)));
  afar.hidden = false;
  for (const size of ["large", "middle", "small"]) {
    afar.dataset.size = size;
    if (afar.scrollHeight <= afar.clientHeight) break;
  }
  timer = setTimeout(hideAfar, GOES_MS[level] ?? GOES_MS.stop);
}

function released() {
  if (!isTouched) return;
  setTimeout(() => {
    isTouched = false;
    hideAfar();
  }, CLICK_MS);
}

export function startAfar() {
  window.addEventListener("pointerdown", ({ target }) => {
    // The scan pad is the demo's scanner, and stands beside the screen.
    if (!target.closest?.(".pad")) touchedAt = performance.now();
  }, { capture: true });
  afar.addEventListener("pointerdown", () => {
    isTouched = true;
    clearTimeout(timer);
    timer = setTimeout(released, HELD_MS);
  });
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, released);
  // Keys that move the focus move it on what is seen.
  window.addEventListener("keydown", (event) => { if (event.key === "Tab") hideAfar(); }, { capture: true });
  // A panel that a new screen closes says nothing against what that screen says.
  new MutationObserver(() => { if (document.body.dataset.open) hideAfar(); }).observe(document.body, { attributeFilter: ["data-open"] });
}

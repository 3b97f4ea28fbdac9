// For who reads from two metres: what was said last in large letters, over all but the bars. It goes by itself; whoever
// touches the screen stands before it, and is shown nothing in front of what they are about to touch.

const GOES_MS = { good: 2000, wait: 2000, offline: 4000, ask: 6000, stop: 6000 };
const NEAR_MS = 10000;

const afar = document.getElementById("afar");

let touchedAt = -Infinity;
let timer = 0;

export function hideAfar() {
  clearTimeout(timer);
  afar.hidden = true;
}

/** Shows what stands in the bar. */
export function showAfar(level, message) {
  hideAfar();
  const isNear = performance.now() - touchedAt < NEAR_MS;
  if (document.documentElement.dataset.distance !== "far" || isNear || document.body.dataset.open) return;
  afar.className = `afar ${level}`;
  afar.replaceChildren(...Array.from(message.children, (part) => part.cloneNode(true)));
  afar.hidden = false;
  for (const size of ["large", "middle", "small"]) {
    afar.dataset.size = size;
    if (afar.scrollHeight <= afar.clientHeight) break;
  }
  timer = setTimeout(hideAfar, GOES_MS[level] ?? GOES_MS.stop);
}

export function startAfar() {
  window.addEventListener("pointerdown", () => { touchedAt = performance.now(); }, { capture: true });
  afar.addEventListener("click", hideAfar);
  // Keys that move the focus move it on what is seen.
  window.addEventListener("keydown", (event) => { if (event.key === "Tab") hideAfar(); }, { capture: true });
  new MutationObserver(hideAfar).observe(document.body, { attributeFilter: ["data-open"] });
}

// What happened at this station last, beside the frame of a wide page: told after the screen, so that it holds up none.

const list = document.getElementById("lately");
const desk = document.getElementById("desk");
const isWide = matchMedia("(min-width: 1200px)");
const RELEASE_MS = 50; // the click comes after the release, and must find the line it was meant for

let isTouched = false;
let held = null;

function draw(html) {
  if (isTouched) {
    held = html; // nothing moves under a finger
    return;
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.command : null;
  list.innerHTML = html;
  if (focused === null) return;
  const same = list.querySelector(`[data-command="${CSS.escape(focused)}"]`) ?? list.querySelector("button");
  same?.focus({ preventScroll: true });
}

function released() {
  setTimeout(() => {
    isTouched = false;
    if (held !== null) draw(held);
    held = null;
  }, RELEASE_MS);
}

/** Listens to what a stream tells of it. */
export function follow(source) {
  source.addEventListener("lately", (event) => draw(event.data));
}

/** Asks for it where the page is wide: before htmx opens the stream, which it does when all scripts have run. */
export function startLately() {
  if (isWide.matches) desk.setAttribute("sse-connect", `${desk.getAttribute("sse-connect")}&wide`);
  isWide.addEventListener("change", () => location.reload());
  list.addEventListener("pointerdown", () => { isTouched = true; });
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, released);
}

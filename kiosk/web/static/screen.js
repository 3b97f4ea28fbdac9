// Puts the server's screens into the frame. A screen is drawn as a whole, and sent as a whole; of what is shown only
// the parts that say something else are made anew: the others keep their pictures, their focus and their layout.

const frame = document.getElementById("frame");
// The frame's own template begins each part with one of these; what it shows is escaped, and has no "<".
const PARTS = /(?=<(?:header|nav|section|aside|footer) class=")/;
const template = document.createElement("template");

let shown = [];

function parsed(html) {
  template.innerHTML = html;
  return template.content;
}

/** What the first tag of a screen says of it; null where it is no screen. */
export function head(html) {
  return parsed(`${html.slice(0, html.indexOf(">") + 1)}</div>`).querySelector(".screen");
}

/** Draws a screen whose first tag is `root`; returns the names of the parts that are other than before. */
export function put(html, root) {
  const parts = html.split(PARTS);
  const screen = frame.querySelector(".screen");
  if (!screen || parts.length !== shown.length) return putWhole(html, parts);
  for (const { name, value } of root.attributes) if (screen.getAttribute(name) !== value) screen.setAttribute(name, value);
  const changed = new Set();
  const fresh = parsed(parts.filter((part, at) => at > 0 && part !== shown[at]).join(""));
  for (const element of [...fresh.children]) {
    const [name] = element.classList;
    screen.querySelector(`:scope > .${name}`).replaceWith(element);
    changed.add(name);
  }
  template.innerHTML = "";
  shown = parts;
  return changed;
}

function putWhole(html, parts) {
  frame.innerHTML = html;
  shown = parts;
  return new Set(Array.from(frame.querySelectorAll(".screen > *"), (part) => part.classList[0]));
}

/** A part that was written over is drawn anew with the next screen. */
export function spoil(name) {
  const isIt = new RegExp(`^<\\w+ class="${name}\\b`);
  shown = shown.map((part) => (isIt.test(part) ? "" : part));
}

// The text of a design: line numbers, and a fault beside its line.

import { inWords } from "./words.js";

const LINE_PX = 20;
const PADDING_PX = 8;

const source = document.getElementById("source");
const gutter = document.getElementById("gutter");
const band = document.getElementById("band");
const beside = document.getElementById("beside");
let fault = null;
let numbered = 0;

export function number() {
  const count = source.value.split("\n").length;
  if (count === numbered) return;
  numbered = count;
  gutter.textContent = Array.from({ length: count }, (_, index) => index + 1).join("\n");
}

function place() {
  gutter.style.transform = `translateY(${-source.scrollTop}px)`;
  if (!fault) return;
  const top = PADDING_PX + (Math.max(1, fault.line) - 1) * LINE_PX - source.scrollTop;
  band.hidden = fault.line === 0;
  band.style.top = `${top}px`;
  const last = Math.max(0, source.clientHeight - beside.offsetHeight);
  beside.style.top = `${Math.min(last, Math.max(0, fault.line ? top : PADDING_PX))}px`;
}

/** Shows a fault `{line, text}`, or that there is none. */
export function showFault(given) {
  fault = given;
  band.hidden = !given;
  beside.hidden = !given;
  beside.textContent = given ? (given.line ? inWords("Line {line}: {text}", given) : given.text) : "";
  place();
}

export function showLine(line) {
  const top = (line - 1) * LINE_PX;
  if (top < source.scrollTop || top > source.scrollTop + source.clientHeight - 3 * LINE_PX) {
    source.scrollTop = Math.max(0, top - 2 * LINE_PX);
  }
}

/** Puts another text in place of the one that is shown, where it stands. */
export function replaceText(text) {
  const { scrollTop, scrollLeft } = source;
  source.value = text;
  source.scrollTop = scrollTop;
  source.scrollLeft = scrollLeft;
  number();
}

source.addEventListener("scroll", place);
new ResizeObserver(place).observe(source);
number();

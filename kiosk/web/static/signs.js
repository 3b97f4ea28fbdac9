// What scripts say, with the sign and the word that its state has everywhere; the page brings those along.

import { inWords } from "./words.js";

const signs = document.getElementById("signs").content;

/** The elements of a sentence at `good`, `ask`, `stop`, `wait` or `offline`. */
export function signed(level, text) {
  const parts = signs.querySelector(`.${level}`).cloneNode(true);
  parts.querySelector(".sentence").textContent = inWords(text);
  return [...parts.children];
}

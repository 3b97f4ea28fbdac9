// The frame of the office's pages: their light, which theme.js turns with and keeps for this screen, and no menu or file
// that takes their place.

import { stayHere } from "./touch.js";

const root = document.documentElement;
const choice = document.getElementById("light");

choice.value = root.dataset.light;
choice.addEventListener("change", () => { root.dataset.light = choice.value; });
stayHere();

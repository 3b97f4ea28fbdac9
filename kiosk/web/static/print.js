// The page of a workstation: whatever has the focus, a scan goes into the search, and changes nothing on its way there.

import { startWedge } from "./wedge.js";

const PAUSE_MS = 100; // a scanner makes none

const form = document.getElementById("search");
const field = document.getElementById("q");
let before = null; // the value of copies, label or printer, from before the keys that are coming in
let lastAt = -Infinity;

function find(text) {
  const other = document.activeElement;
  if (before !== null && other.name) other.value = before;
  field.value = text;
  form.requestSubmit();
}

addEventListener("keydown", ({ target, timeStamp, key, ctrlKey, altKey, metaKey }) => {
  if (timeStamp - lastAt > PAUSE_MS) before = target === field ? null : (target.value ?? null);
  lastAt = timeStamp;
  // What is typed where nothing can be typed is looked for, at any speed; Enter then presses no button.
  if (!target.matches("input, select") && key.length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey) {
    field.focus();
    field.select();
  }
}, { capture: true });
startWedge(find, (element) => element === field);
field.focus();
field.select();

document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { target, requestConfig } = detail;
  // What was found belongs to what stands in the field; the next thing that is typed takes its place.
  if (target.id === "found" && document.activeElement === field) field.select();
  if (target.id === "label" && requestConfig.elt.matches(".things .button")) {
    for (const thing of document.querySelectorAll(".things .button")) {
      thing.setAttribute("aria-current", String(thing === requestConfig.elt));
    }
  }
  // On a phone the label is beneath what was found, and its outcome beneath the label; news of it moves nothing.
  const isHidden = target.getBoundingClientRect().top > innerHeight - 96;
  const isNews = requestConfig.elt.matches(".outcome");
  if (target.id !== "found" && !isNews && isHidden) target.scrollIntoView({ block: target.id === "done" ? "nearest" : "start" });
});

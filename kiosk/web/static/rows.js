// Who uses keys keeps their place in a list that draws itself anew. What says the same stays as it is (idiomorph); where
// what had the focus is gone, the button that stands in its place gets it: in its row, else in what the row was in.

const BUTTONS = ":is(a[href], button, input, select, summary):not(:disabled)";

let isByKeys = false;
let place = []; // the named parts that the focus is in, from the smallest on, and which of its buttons has it

function placeOf(element) {
  const found = [];
  for (let part = element.closest("[id]"); part; part = part.parentElement.closest("[id]")) {
    found.push([part.id, [...part.querySelectorAll(BUTTONS)].indexOf(element)]);
  }
  return found;
}

function refocus() {
  if (!isByKeys || document.activeElement !== document.body) return;
  for (const [id, at] of place) {
    const part = document.getElementById(id);
    const buttons = part?.querySelectorAll(BUTTONS) ?? [];
    const heir = at < 0 ? part : buttons[Math.min(at, buttons.length - 1)];
    heir?.focus({ preventScroll: true });
    if (heir) return;
  }
}

window.addEventListener("keydown", (event) => { if (event.key === "Tab") isByKeys = true; }, { capture: true });
window.addEventListener("pointerdown", () => { isByKeys = false; }, { capture: true });
for (const list of document.querySelectorAll("[data-live]")) {
  list.addEventListener("focusin", (event) => { place = placeOf(event.target); });
  // Who went away left their place; what the list took out is out of the document by then.
  list.addEventListener("focusout", ({ target }) => {
    setTimeout(() => { if (target.isConnected && !list.contains(document.activeElement)) place = []; });
  });
  new MutationObserver(refocus).observe(list, { childList: true, subtree: true });
}

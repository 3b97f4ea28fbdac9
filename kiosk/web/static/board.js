// Keys on the screen: what they write into their field, and the three things that a letter's key can be.

const LAYERS = { upper: ["abc", "lower"], lower: ["#+=", "sign"], sign: ["ABC", "upper"] };

function show(panel, layer) {
  const turn = panel.querySelector("[data-layers]");
  if (!turn) return;
  panel.dataset.layer = layer;
  [turn.textContent] = LAYERS[layer];
  for (const key of panel.querySelectorAll("[data-upper]")) {
    key.dataset.key = key.dataset[layer];
    key.textContent = key.dataset.key;
  }
}

/** Brings the capitals back. */
export function reset(panel) {
  show(panel, "upper");
}

/** Does what a key on the screen does; false where the button is none. */
export function press(button, field) {
  const { selectionStart: from, selectionEnd: to } = field;
  if (button.dataset.key) field.setRangeText(button.dataset.key, from, to, "end");
  else if ("erase" in button.dataset) field.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
  else if ("layers" in button.dataset) {
    const panel = button.closest(".panel");
    show(panel, LAYERS[panel.dataset.layer ?? "upper"][1]);
  } else return false;
  return true;
}

// A key must not take the cursor out of the field.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".key")) event.preventDefault();
});

// The PIN's keypad: beside the screen that asks for it, since a screen that is drawn anew must not lose a digit.
// What is typed stands in a field that is never in focus, and leaves this page only as the form's own value.

const panel = document.getElementById("pin");
const field = document.getElementById("pin-value");
const answer = panel.querySelector(".answer");
const MOST_DIGITS = 12;

let about = "";
let timer = 0;

/** Forgets what was typed, also the digit that a scan began with before it was known to be one. */
export function clearPin() {
  field.value = "";
}

/** Counts the seconds down that the next PIN has to wait. */
function count() {
  const left = answer.querySelector("[data-wait]");
  if (!left) return;
  const seconds = Number(left.textContent) - 1;
  if (seconds > 0) left.textContent = String(seconds);
  else answer.replaceChildren();
}

/** Opens or closes the keypad, as the screen that was drawn asks for a PIN or not. */
export function followPin(screen) {
  const asked = screen.querySelector("[data-pin]");
  const now = asked ? `${asked.dataset.who} ${asked.dataset.pin}` : "";
  if (now === about) return;
  about = now;
  clearPin();
  answer.replaceChildren();
  panel.hidden = !asked;
  panel.elements.who.value = asked?.dataset.who ?? "";
  clearInterval(timer);
  if (asked) timer = setInterval(count, 1000);
}

function typed(event) {
  if (panel.hidden || document.body.dataset.open || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.("input, textarea, select")) return;
  if (/^[0-9]$/.test(event.key)) {
    if (field.value.length < MOST_DIGITS) field.value += event.key;
  } else if (event.key === "Backspace") field.value = field.value.slice(0, -1);
  else if (event.key === "Enter" && !event.target.closest?.("button")) panel.requestSubmit();
  else return;
  event.preventDefault();
}

export function startPin() {
  document.addEventListener("keydown", typed);
  panel.addEventListener("htmx:afterRequest", clearPin);
}

// The pages on which people decide: what they send counts once, and Enter goes on.

import "./keys.js";
import { randomKey } from "./random-key.js";

document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "post") event.detail.headers["Idempotency-Key"] = randomKey();
});

// A scanner that types ends with Enter: after the badge comes the PIN.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.dataset?.typed !== "badge") return;
  const next = event.target.form.elements.pin;
  if (!next || next.value) return;
  event.preventDefault();
  next.focus();
});

// Enter in a field does what the first button of its form does.
document.addEventListener("submit", (event) => event.preventDefault());

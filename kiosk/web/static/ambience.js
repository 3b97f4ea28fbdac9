// What a person chose for the light and the noise around this screen, and for who reads it from afar: it turns at once, and is kept for the station.

import { sendersHeaders } from "./scans.js";
import { play } from "./sounds.js";

const root = document.documentElement;
const panel = document.getElementById("ambience");
const url = `/station/${encodeURIComponent(document.body.dataset.station)}/ambience`;

function mark() {
  for (const button of panel.querySelectorAll("[data-sets]")) {
    button.setAttribute("aria-pressed", String(root.dataset[button.dataset.sets] === button.dataset.to));
  }
}

export function startAmbience({ notice }) {
  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-sets]");
    if (!button) return;
    root.dataset[button.dataset.sets] = button.dataset.to;
    mark();
    if (button.dataset.sets === "volume") play("good");
    const { light, volume, distance } = root.dataset;
    const chosen = new URLSearchParams({ light, volume, distance });
    try {
      const answer = await fetch(url, { method: "POST", body: chosen, headers: sendersHeaders() });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      notice("stop", "This holds until the page is loaded again: the kiosk could not keep it.");
    }
  });
}

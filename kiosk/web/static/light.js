// The light of the office's pages, chosen in their frame; theme.js turns with it, and keeps it for this screen.

const root = document.documentElement;
const choice = document.getElementById("light");

choice.value = root.dataset.light;
choice.addEventListener("change", () => { root.dataset.light = choice.value; });

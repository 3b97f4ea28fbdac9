// Light or dark, before anything is drawn. A station's page says which light it stands in; the pages of the office
// follow the station that was last on this screen.

(() => {
  const root = document.documentElement;
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  root.dataset.light ??= localStorage.getItem("light") ?? "auto";

  function turn() {
    const { light } = root.dataset;
    root.dataset.theme = light === "dim" || (light === "auto" && isDark.matches) ? "dark" : "light";
    localStorage.setItem("light", light);
  }

  turn();
  isDark.addEventListener("change", turn);
  new MutationObserver(turn).observe(root, { attributeFilter: ["data-light"] });
})();

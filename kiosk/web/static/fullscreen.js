// On a screen that shows nothing else, the keys that are the browser's own do nothing: a new window would lie over the
// page, and on a touchscreen nobody could close it. What a scanner types is read all the same.

(() => {
  const alone = matchMedia("(display-mode: fullscreen)");
  const isBrowsers = ({ key, ctrlKey, altKey, metaKey }) =>
    ctrlKey || altKey || metaKey || /^(F[0-9]{1,2}|Browser.*|Launch.*|ContextMenu|Print(Screen)?)$/.test(key);
  addEventListener(
    "keydown",
    (event) => {
      if (alone.matches && isBrowsers(event)) event.preventDefault();
    },
    { capture: true },
  );
})();

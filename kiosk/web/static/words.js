// What scripts say, in the language of the page: it brings the texts along. What it does not know stays as it is.

const texts = JSON.parse(document.body.dataset.words ?? "{}");

export function inWords(text, values = {}) {
  return (texts[text] ?? text).replace(/\{([a-z]+)\}/g, (place, name) => String(values[name] ?? place));
}

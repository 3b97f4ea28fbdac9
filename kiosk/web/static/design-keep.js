// What a design's page does to the site's folder beside saving: a picture added, a design taken away.

import { post, say } from "./design-post.js";
import { inWords } from "./words.js";

const SURE_MS = 5000;
const WIDTH_MM = 20;

/** Lets a picture be chosen; `insert` is given the element that shows it. */
export function startPictures(url, insert) {
  const input = document.getElementById("add-picture");
  input?.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const answer = await post(`${url}/pictures/${encodeURIComponent(file.name)}`, file);
    if (!answer.ok) {
      say("stop", `${file.name}: ${answer.text}`);
      return;
    }
    insert(elementOf(answer.json));
    say("good", inWords("{file} is kept beside the designs, and stands at the end of the text.", answer.json));
  });
}

function elementOf(kept) {
  const height = Number(((WIDTH_MM * kept.height) / kept.width).toFixed(3));
  const lines = ["[[image]]", "x_mm = 1", "y_mm = 1", `width_mm = ${WIDTH_MM}`, `height_mm = ${height}`, `file = "${kept.file}"`];
  return `\n${[...lines, ...(kept.has_greys ? ["dither = true"] : [])].join("\n")}\n`;
}

/** Lets the design be deleted by two presses within five seconds. */
export function startDeleting(url, base, leave) {
  const button = document.getElementById("delete");
  const words = button?.querySelector("span");
  const usual = words?.textContent;
  let timer = 0;
  button?.addEventListener("click", async () => {
    if (!timer) {
      words.textContent = button.dataset.sure;
      timer = setTimeout(() => {
        timer = 0;
        words.textContent = usual;
      }, SURE_MS);
      return;
    }
    const answer = await post(`${url}/delete`, { base: base() });
    if (!answer.ok) say("stop", answer.text);
    else leave(answer.json.is_packaged ? location.href : `/labels${document.body.dataset.query}`);
  });
}

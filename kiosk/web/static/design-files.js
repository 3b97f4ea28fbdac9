// The list of designs and the versions of one: files in, versions back.

import { post, say } from "./design-post.js";
import { inWords } from "./words.js";

const body = document.body;
const input = document.getElementById("import");
const replace = document.getElementById("replace");
let held = null;

async function takeIn(file, isReplacing) {
  const name = file.name.replace(/\.(toml|zip)$/i, "");
  const url = `/labels/${encodeURIComponent(name)}/import${isReplacing ? "?replace=1" : ""}`;
  replace.hidden = true;
  const answer = await post(url, file);
  if (answer.ok) {
    location.href = `/labels/${encodeURIComponent(answer.json.name)}${body.dataset.query}`;
    return;
  }
  if (answer.status === 409) {
    held = file;
    replace.hidden = false;
    say("ask", inWords("There is a design {name} already. Replace it, or leave it.", { name }));
    return;
  }
  say("stop", `${file.name}: ${answer.text}`);
}

input?.addEventListener("change", () => {
  const [file] = input.files;
  input.value = "";
  if (file) takeIn(file, false);
});
replace?.addEventListener("click", () => held && takeIn(held, true));

for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", async () => {
    const { name, base } = body.dataset;
    const version = Number(button.dataset.restore);
    const answer = await post(`/labels/${encodeURIComponent(name)}/restore`, { version, base });
    if (answer.ok) location.href = `/labels/${encodeURIComponent(name)}/versions${body.dataset.query}`;
    else say("stop", answer.text);
  });
}

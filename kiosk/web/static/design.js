// The workbench: what is typed or dragged is checked and drawn by the kiosk, and shown beside the text.

import { isMoving, show, startBoard } from "./design-board.js";
import { post, say } from "./design-post.js";
import { startDeleting, startPictures } from "./design-keep.js";
import { showTables, startRows, typedRows } from "./design-rows.js";
import { number, replaceText, showFault, showLine } from "./design-text.js";
import { randomKey } from "./random-key.js";
import { inWords } from "./words.js";

const TYPED_MS = 250;
const JOB_TRIES = 40;
const JOB_MS = 500;
const JOB_WORDS = {
  queued: "The test waits for {printer}.",
  held: "The test waits: {printer} is paused.",
  sending: "The test is being sent to {printer}.",
  sent: "The test was sent to {printer}. Look whether it came out.",
  confirmed: "The test came out of {printer}.",
  unknown: "Sending broke off. Look whether {printer} printed the test.",
  failed: "{printer} did not print the test. The page Printers says why.",
};

const body = document.body;
const element = (id) => document.getElementById(id);
const [source, target, fields, undo] = ["source", "target", "fields", "undo"].map(element);
const url = `/labels/${encodeURIComponent(body.dataset.name)}`;

let values = null; // null: the samples
let saved = source.value;
let typedTimer = 0;
let isDrawing = false;
let isStale = false;
let steps = [];
let arranging = Promise.resolve();

// Drawing ---------------------------------------------------------------------------------------------

/** One draft is asked for at a time; what changed meanwhile is asked for next. */
async function draw() {
  if (isDrawing) {
    isStale = true;
    return;
  }
  isDrawing = true;
  do {
    isStale = false;
    const answer = await post(`${url}/draft`, { source: source.value, target: target.value, values });
    if (!answer.ok) showFault({ line: 0, text: answer.text });
    else if (!isStale && !isMoving()) await shown(answer.json);
  } while (isStale);
  isDrawing = false;
}

async function shown(draft) {
  showFault(draft.fault);
  await show(draft);
  if (draft.fields.length) showFields(draft.fields);
  if (draft.fields.length) showTables(draft.tables);
  body.dataset.drawn = String(Number(body.dataset.drawn ?? 0) + 1);
  const isPrinter = "printer" in (target.selectedOptions[0]?.dataset ?? {});
  element("print").disabled = !isPrinter || Boolean(draft.fault);
  element("print").title = isPrinter ? "" : inWords("Choose a printer to print a test.");
  if (draft.png && !draft.fault && !draft.is_exact) say("ask", inWords("This printer sets the label itself: its dots can differ."));
}

function showFields(given) {
  const names = given.map((field) => field.name).join("\n");
  if (fields.dataset.names !== names) {
    fields.dataset.names = names;
    fields.replaceChildren(...given.map(fieldOf));
  }
  for (const field of given) {
    const input = fields.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (input !== document.activeElement) input.value = field.value;
  }
}

function fieldOf(field) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.name = field.name;
  input.maxLength = 7089;
  label.append(`${field.name}${field.is_required ? " *" : ""}`, input);
  return label;
}

function typedValues() {
  const inputs = [...fields.querySelectorAll("input")];
  return { ...values, ...Object.fromEntries(inputs.map((input) => [input.name, input.value])), ...typedRows() };
}

function later(change = () => {}) {
  clearTimeout(typedTimer);
  typedTimer = setTimeout(() => {
    change();
    draw();
  }, TYPED_MS);
}

// Arranging -------------------------------------------------------------------------------------------

function moved(name, dots) {
  arranging = arranging.then(() => arrange(name, dots));
}

async function arrange(name, dots) {
  const before = source.value;
  if (!Object.keys(dots).length) {
    draw(); // what was drawn under the finger was not shown
    return;
  }
  const answer = await post(`${url}/arrange`, { source: before, target: target.value, element: name, dots });
  if (!answer.ok) say("stop", answer.text);
  else if (source.value === before) {
    steps.push(before);
    undo.disabled = false;
    replaceText(answer.json.source);
  }
  draw();
}

undo.addEventListener("click", () => {
  const before = steps.pop();
  undo.disabled = !steps.length;
  if (before !== undefined) replaceText(before);
  draw();
});

// Saving, printing, samples ---------------------------------------------------------------------------

async function save() {
  const name = element("name").value.trim();
  const isOther = name !== body.dataset.name;
  const text = source.value;
  const sent = { source: text, base: isOther ? "" : body.dataset.base };
  const answer = await post(`/labels/${encodeURIComponent(name)}/save`, sent);
  if (!answer.ok) {
    say("stop", isOther && answer.status === 409 ? inWords("There is a design {name} already. Open it, or save under another name.", { name }) : answer.text);
    return;
  }
  saved = text;
  if (isOther) location.href = `/labels/${encodeURIComponent(name)}${body.dataset.query}`;
  body.dataset.base = answer.json.digest;
  say("good", inWords("Saved as version {version}. Labels are made of it from now on.", { version: answer.json.version }));
}

async function print() {
  const sent = { source: source.value, printer: target.value, values: values ?? typedValues() };
  element("print").disabled = true;
  const answer = await post(`${url}/print`, sent, randomKey());
  element("print").disabled = false;
  if (!answer.ok) say("stop", answer.text);
  else await follow(answer.json.jobs[0]);
}

async function follow(job) {
  for (let tries = 0; tries < JOB_TRIES; tries += 1) {
    const answer = await fetch(`/api/v1/jobs/${encodeURIComponent(job)}`, {
      headers: { "X-CSRF-Token": body.dataset.token },
    }).catch(() => null);
    if (!answer?.ok) return;
    const { state, printer } = await answer.json();
    const level = state === "confirmed" ? "good" : state === "unknown" || state === "failed" ? "stop" : "ask";
    say(level, inWords(JOB_WORDS[state] ?? state, { printer }));
    if (!["queued", "sending"].includes(state)) return;
    await new Promise((done) => setTimeout(done, JOB_MS));
  }
}

async function fetchSample(asked) {
  const answer = await post(`${url}/sample`, asked);
  if (!answer.ok) {
    say("stop", answer.text);
    return;
  }
  values = answer.json.values;
  say("good", inWords("These are the values of a real one."));
  draw();
}

const fetchCode = () => element("code").value && fetchSample({ text: element("code").value });

source.addEventListener("input", () => {
  number();
  later();
});
fields.addEventListener("input", () => later(() => { values = typedValues(); }));
target.addEventListener("change", draw);
element("fetch").addEventListener("click", fetchCode);
element("code").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // a scanner ends what it types with Return
  fetchCode();
});
element("fill").addEventListener("submit", (event) => event.preventDefault());
element("samples").addEventListener("click", () => { values = null; draw(); });
for (const button of document.querySelectorAll("[data-station]")) {
  button.addEventListener("click", () => fetchSample({ station: button.dataset.station }));
}
element("save")?.addEventListener("click", save);
element("print").addEventListener("click", print);
addEventListener("beforeunload", (event) => {
  if (source.value !== saved) event.preventDefault();
});

startRows(() => later(() => { values = typedValues(); }));
startPictures(url, (text) => {
  steps.push(source.value);
  undo.disabled = false;
  replaceText(source.value + text);
  draw();
});
startDeleting(url, () => body.dataset.base, (where) => {
  saved = source.value;
  location.href = where;
});
startBoard(moved, (box) => box.line && showLine(box.line));
draw();

// The label's picture, and on it the boxes of its elements, to be dragged, resized and nudged in whole dots.

import { inWords } from "./words.js";

const WAYS = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NUDGED_MS = 200;

const board = document.getElementById("board");
const sheet = document.getElementById("sheet");
const canvas = document.getElementById("picture");
const layer = document.getElementById("boxes");
const zoom = document.getElementById("zoom");
const where = document.getElementById("where");

let draft = { width: 1, height: 1, boxes: [] };
let scale = 1;
let chosen = "";
let moving = null;
let nudgeTimer = 0;
let onMoved = () => {};
let onChosen = () => {};

export function startBoard(moved, chose) {
  onMoved = moved;
  onChosen = chose;
}

export const isMoving = () => moving !== null || nudgeTimer !== 0;

async function paint(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
}

/** Shows what the kiosk drew; without a picture the last one stays, pale. */
export async function show(given) {
  sheet.classList.toggle("rough", Boolean(given.fault && given.png));
  sheet.classList.toggle("old", !given.png);
  if (given.png) await paint(given.png);
  if (given.boxes.length || given.png) draft = given;
  if (!given.boxes.length && !given.png) draft = { ...draft, boxes: [] };
  fit();
}

function fit() {
  const free = board.clientWidth - 32;
  scale = Number(zoom.value) || Math.min(free / canvas.width, (innerHeight * 0.56) / Math.min(canvas.height, draft.height), 4);
  canvas.style.width = sheet.style.width = `${canvas.width * scale}px`;
  canvas.style.height = `${canvas.height * scale}px`;
  canvas.style.imageRendering = scale >= 1 ? "pixelated" : "auto";
  draw();
}

function draw() {
  const hadFocus = layer.contains(document.activeElement);
  const drawn = draft.boxes.filter((box) => box.is_drawn).sort((a, b) => b.width * b.height - a.width * a.height);
  layer.replaceChildren(...drawn.map(elementOf));
  if (hadFocus) layer.querySelector(".chosen")?.focus({ preventScroll: true });
  tell();
}

function elementOf(box) {
  const element = document.createElement("div");
  element.className = "element";
  element.tabIndex = 0;
  element.dataset.name = box.name;
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", inWords("{name}, line {line}", box));
  element.classList.toggle("fixed", !box.keys.length);
  if (box.name === chosen) {
    element.classList.add("chosen");
    for (const way of waysOf(box)) {
      const handle = document.createElement("span");
      handle.className = "handle";
      handle.dataset.way = way;
      element.append(handle);
    }
  }
  put(element, box);
  return element;
}

function waysOf(box) {
  if (box.keys.includes("size_mm")) return ["se"];
  const [isWide, isHigh] = [box.keys.includes("width_mm"), box.keys.includes("height_mm")];
  return WAYS.filter((way) => (isWide || !/[ew]/.test(way)) && (isHigh || !/[ns]/.test(way)));
}

function put(element, box) {
  element.style.left = `${box.x * scale}px`;
  element.style.top = `${box.y * scale}px`;
  element.style.width = `${box.width * scale}px`;
  element.style.height = `${box.height * scale}px`;
}

function tell() {
  const box = draft.boxes.find((one) => one.name === chosen);
  if (box) {
    where.textContent = box.keys.length
      ? inWords("{name}: {x} × {y}, {width} × {height} dots", box)
      : inWords("{name}: {x} × {y}, {width} × {height} dots. Move it in the text: it is not written so that it can be dragged.", box);
  }
}

function choose(name) {
  chosen = name;
  draw();
  const box = draft.boxes.find((one) => one.name === name);
  layer.querySelector(".chosen")?.focus({ preventScroll: true });
  if (box) onChosen(box);
}

/** The box after a drag by so many dots; within the label. */
function dragged(box, way, dx, dy) {
  const after = { ...box };
  if (way === "move") {
    if (box.keys.includes("x_mm")) after.x = clamp(box.x + dx, box.origin[0], draft.width - box.width);
    if (box.keys.includes("y_mm")) after.y = clamp(box.y + dy, box.origin[1], draft.height - box.height);
    return after;
  }
  if (box.keys.includes("size_mm")) {
    const most = Math.min(draft.width - box.x, draft.height - box.y);
    after.width = after.height = clamp(box.width + (Math.abs(dx) > Math.abs(dy) ? dx : dy), 1, most);
    return after;
  }
  if (way.includes("e")) after.width = clamp(box.width + dx, 1, draft.width - box.x);
  if (way.includes("s")) after.height = clamp(box.height + dy, 1, draft.height - box.y);
  if (way.includes("w")) {
    after.x = clamp(box.x + dx, box.origin[0], box.x + box.width - 1);
    after.width = box.width + box.x - after.x;
  }
  if (way.includes("n")) {
    after.y = clamp(box.y + dy, box.origin[1], box.y + box.height - 1);
    after.height = box.height + box.y - after.y;
  }
  return after;
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}

/** What changed, by the names that the numbers have in the file. */
function changesOf(before, after) {
  const now = {
    x_mm: after.x - after.origin[0],
    y_mm: after.y - after.origin[1],
    width_mm: after.width,
    height_mm: after.height,
    size_mm: after.width,
  };
  const was = {
    x_mm: before.x - before.origin[0],
    y_mm: before.y - before.origin[1],
    width_mm: before.width,
    height_mm: before.height,
    size_mm: before.width,
  };
  return Object.fromEntries(before.keys.filter((key) => now[key] !== was[key]).map((key) => [key, now[key]]));
}

function settle(before, after) {
  onMoved(before.name, changesOf(before, after));
}

function replaceBox(after) {
  draft = { ...draft, boxes: draft.boxes.map((box) => (box.name === after.name ? after : box)) };
  const element = layer.querySelector(".chosen");
  if (element) put(element, after);
  tell();
}

layer.addEventListener("pointerdown", (event) => {
  const element = event.target.closest(".element");
  if (!element || event.button !== 0) return;
  event.preventDefault();
  const way = event.target.dataset.way ?? "move";
  if (element.dataset.name !== chosen) choose(element.dataset.name);
  else element.focus({ preventScroll: true });
  const box = draft.boxes.find((one) => one.name === chosen);
  moving = { before: box, way, x: event.clientX, y: event.clientY };
  layer.setPointerCapture(event.pointerId);
});

layer.addEventListener("pointermove", (event) => {
  if (!moving) return;
  const dx = Math.round((event.clientX - moving.x) / scale);
  const dy = Math.round((event.clientY - moving.y) / scale);
  replaceBox(dragged(moving.before, moving.way, dx, dy));
});

function drop(isKept) {
  if (!moving) return;
  const { before } = moving;
  const after = draft.boxes.find((one) => one.name === before.name);
  moving = null;
  if (isKept) settle(before, after);
  else replaceBox(before);
}

layer.addEventListener("pointerup", () => drop(true));
layer.addEventListener("pointercancel", () => drop(false));

layer.addEventListener("focusin", (event) => {
  const name = event.target.dataset?.name;
  if (name && name !== chosen && !moving) choose(name);
});

let nudgedFrom = null;

layer.addEventListener("keydown", (event) => {
  const box = draft.boxes.find((one) => one.name === chosen);
  const [dx, dy] = KEYS[event.key] ?? [0, 0];
  if (!box || (!dx && !dy)) return;
  event.preventDefault();
  nudgedFrom ??= box;
  replaceBox(dragged(box, event.shiftKey ? "es" : "move", dx, dy));
  clearTimeout(nudgeTimer);
  nudgeTimer = setTimeout(() => {
    const before = nudgedFrom;
    nudgedFrom = null;
    nudgeTimer = 0;
    settle(before, draft.boxes.find((one) => one.name === before.name));
  }, NUDGED_MS);
});

zoom.addEventListener("change", fit);
new ResizeObserver(fit).observe(board);

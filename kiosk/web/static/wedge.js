// A scanner that is a keyboard types its barcodes into the page. It types faster than people do, and ends with Enter.
// What a person types stays what it is; what a scanner types goes to the kiosk, and presses no button on its way.
//
// Only a fallback: the browser keeps some keys for itself (Ctrl+W, Ctrl+N, Ctrl+T outside of kiosk mode).

const SILENCE_MS = 100; // between two keys, by their own times: a scanner without a suffix has ended
const LATE_MS = 250; // where no key comes any more: on a busy machine some are on their way for longer than the silence
const FAST_MS = 40; // on average; a keyboard scanner takes 2 to 16 ms a key, a person 80 and more
const FEWEST = 4; // characters that are a scan without an Enter behind them
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "CapsLock", "NumLock", "Meta"]);
const SEPARATORS = new Set(["\x1c", "\x1d", "\x1e", "\x1f"]);
const UNKNOWN = "\ufffd";

const CONTROLS = new Map([["6", "\x1e"], ["-", "\x1f"]]);
for (const key of "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_@") {
  CONTROLS.set(key, String.fromCharCode(key.charCodeAt(0) & 0x1f));
}

let text = "";
let strokes = 0;
let firstAt = 0;
let lastAt = 0;
let endedAt = -Infinity;
let altDigits = "";
let timer = 0;
let take = null;
let isSpared = isTextField;
let isScanInto = () => false;
let valueBefore = "";
const swallowed = new Set();

function isTextField(element) {
  return element.isContentEditable || element.matches?.("textarea, select, input:not([type=button], [type=submit], [type=file], [type=checkbox], [type=radio])");
}

/** The character of a key, null where it has none; Ctrl combinations are control characters. */
function characterOf(event) {
  if (event.getModifierState("AltGraph")) return [...event.key].length === 1 ? event.key : null;
  if (event.metaKey || event.altKey) return null;
  if (event.ctrlKey) return CONTROLS.get(event.key.toUpperCase()) ?? null;
  return [...event.key].length === 1 ? event.key : null;
}

function isEnd(event) {
  return event.key === "Enter" || event.key === "Tab" || (event.ctrlKey && event.key.toUpperCase() === "M");
}

/** Whether the keys so far, with one more at this moment, came at a scanner's speed. */
function isFast(at) {
  return strokes > 0 && (at - firstAt) / strokes <= FAST_MS;
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  swallowed.add(event.code);
}

function forget() {
  clearTimeout(timer);
  text = "";
  altDigits = "";
  strokes = 0;
}

function stroke(at) {
  if (strokes === 0) firstAt = at;
  strokes += 1;
  heard(at);
}

function heard(at) {
  lastAt = at;
  clearTimeout(timer);
  timer = setTimeout(fellSilent, LATE_MS);
}

function fellSilent() {
  const typed = text;
  const isScan = [...typed].length >= FEWEST && (lastAt - firstAt) / (strokes - 1) <= FAST_MS;
  forget();
  if (isScan) take(typed);
}

function ended(at) {
  const typed = text;
  forget();
  endedAt = at;
  take(typed);
}

/** A field gets what is typed into it; only where the end of it tells that it was a scan, it is taken back. */
function watch(event, at) {
  if (event.repeat || MODIFIERS.has(event.key)) return;
  const field = event.target;
  const character = characterOf(event);
  if (isEnd(event)) {
    const isScan = [...text].length >= FEWEST && isFast(at) && isScanInto(field, text);
    if (!isScan) return forget();
    field.value = valueBefore;
    swallow(event);
    ended(at);
  } else if (character === null) {
    forget();
  } else {
    if (strokes === 0) [firstAt, valueBefore] = [at, field.value];
    else if (event.ctrlKey && isFast(at)) swallow(event);
    text += character;
    strokes += 1;
    lastAt = at;
  }
}

function down(event) {
  const at = event.timeStamp;
  if (strokes > 0 && at - lastAt > SILENCE_MS) isSpared(event.target) ? forget() : fellSilent();
  if (isSpared(event.target)) {
    watch(event, at);
    return;
  }
  if (event.repeat) {
    if (swallowed.has(event.code)) swallow(event);
    return;
  }
  if (MODIFIERS.has(event.key)) {
    if (strokes > 0) heard(at);
    return;
  }
  if (event.altKey && /^Numpad[0-9]$/.test(event.code)) {
    altDigits += event.code.at(-1);
    stroke(at);
    swallow(event);
    return;
  }
  const character = characterOf(event);
  const isAfterEnd = strokes === 0 && at - endedAt <= SILENCE_MS;
  if (isAfterEnd && (isEnd(event) || character === "\n")) {
    swallow(event); // CR LF
  } else if (isEnd(event)) {
    if (text === "" || !isFast(at)) forget();
    else {
      swallow(event);
      ended(at);
    }
  } else if (isFast(at)) {
    text += character ?? UNKNOWN;
    stroke(at);
    swallow(event);
  } else if (character === null || (event.ctrlKey && !SEPARATORS.has(character))) {
    forget();
  } else {
    // The first, or slow so far: the end of it will tell whose it is.
    text += character;
    stroke(at);
    if (event.ctrlKey) swallow(event);
  }
}

function up(event) {
  if (event.key === "Alt" && altDigits !== "") {
    text += String.fromCharCode(Number(altDigits) & 0xff);
    altDigits = "";
    stroke(event.timeStamp);
    event.preventDefault();
  }
  if (swallowed.delete(event.code)) event.preventDefault();
}

/**
 * Listens for scanners; `onScan` is given what they typed. What `isField` holds for is typed into, by scanners too,
 * but for what `isScan`, given the field and the text, says is a scan all the same.
 */
export function startWedge(onScan, isField = isTextField, isScan = () => false) {
  take = onScan;
  isSpared = isField;
  isScanInto = isScan;
  window.addEventListener("keydown", down, { capture: true });
  window.addEventListener("keyup", up, { capture: true });
}

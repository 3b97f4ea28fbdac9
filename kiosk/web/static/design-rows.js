// The rows of a design's tables, typed as sample data: one line of inputs a row.

import { inWords } from "./words.js";

const [LEAST_CHARACTERS, MOST_CHARACTERS] = [6, 32];
const tables = document.getElementById("tables");
let changed = () => {};
let known = new Map(); // table to its columns and required ones

/** Begins to listen; `onChange` is told after every change of a row. */
export function startRows(onChange) {
  changed = onChange;
}

/** Shows rows as the kiosk drew them; a table in which somebody types is left alone. */
export function showTables(given) {
  const shape = JSON.stringify(given.map((table) => [table.name, table.columns]));
  if (tables.dataset.shape !== shape) {
    tables.dataset.shape = shape;
    tables.replaceChildren(...given.map(tableOf));
  }
  known = new Map(given.map((table) => [table.name, table]));
  for (const table of given) {
    const body = bodyOf(table.name);
    if (body.contains(document.activeElement)) continue;
    if (JSON.stringify(rowsIn(body)) !== JSON.stringify(table.rows.map(filled))) fill(body, table);
  }
}

/** Returns the rows of every table, by name. */
export function typedRows() {
  const bodies = [...tables.querySelectorAll("tbody")];
  return Object.fromEntries(bodies.map((body) => [body.dataset.table, rowsIn(body)]));
}

const bodyOf = (name) => tables.querySelector(`[data-table="${CSS.escape(name)}"]`);
const filled = (row) => Object.fromEntries(Object.entries(row).filter(([, text]) => text));

function rowsIn(body) {
  return [...body.rows].map((row) => {
    const inputs = [...row.querySelectorAll("input")].filter((input) => input.value);
    return Object.fromEntries(inputs.map((input) => [input.name, input.value]));
  });
}

function fill(body, table) {
  body.replaceChildren(...table.rows.map((row) => rowOf(table, row)));
}

function tableOf(table) {
  const section = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = table.name;
  const grid = document.createElement("table");
  const head = grid.createTHead().insertRow();
  const lengths = table.columns.map((column) => longest(table, column));
  const all = lengths.reduce((sum, length) => sum + length, 0);
  for (const [index, column] of table.columns.entries()) {
    const cell = document.createElement("th");
    cell.textContent = column + (table.required.includes(column) ? " *" : "");
    cell.style.width = `${Math.round((100 * lengths[index]) / all)}%`;
    head.append(cell);
  }
  head.append(document.createElement("th"));
  const body = grid.createTBody();
  body.dataset.table = table.name;
  const add = document.createElement("button");
  add.type = "button";
  add.className = "tool";
  add.textContent = inWords("Add a row");
  add.addEventListener("click", () => {
    body.append(rowOf(known.get(table.name), Object.fromEntries(table.required.map((name) => [name, "1"]))));
    body.lastElementChild.querySelector("input").focus();
    changed();
  });
  section.append(heading, grid, add);
  return section;
}

/** Returns how much room a column wants, in characters. */
function longest(table, column) {
  const texts = table.rows.map((row) => (row[column] ?? "").length);
  return Math.min(MOST_CHARACTERS, Math.max(LEAST_CHARACTERS, column.length, ...texts));
}

function rowOf(table, row) {
  const line = document.createElement("tr");
  for (const column of table.columns) {
    const input = document.createElement("input");
    input.name = column;
    input.maxLength = 7089;
    input.value = row[column] ?? "";
    input.setAttribute("aria-label", `${table.name}: ${column}`);
    input.addEventListener("input", changed);
    line.insertCell().append(input);
  }
  const away = document.createElement("button");
  away.type = "button";
  away.className = "tool away";
  away.textContent = "×";
  away.setAttribute("aria-label", inWords("Remove this row"));
  away.addEventListener("click", () => {
    line.remove();
    changed();
  });
  line.insertCell().append(away);
  return line;
}

"use strict";

// Texts of numbers, and elements. Whatever comes from the store becomes text nodes and attributes, never markup.

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

function formatBytes(bytes) {
  if (bytes === null || bytes === undefined) return "?";
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${bytes < 0 ? "−" : ""}${value.toFixed(digits)} ${units[unit]}`;
}

function formatCount(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function formatTime(text) {
  const time = new Date(text);
  const pad = (part) => String(part).padStart(2, "0");
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

// Attributes whose value is a function are listeners; null and false leave an attribute out.
function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") target.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) target.setAttribute(name, String(value));
  }
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

function drawing(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(made, attributes);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

function card(id, title, hint, ...children) {
  return element(
    "section",
    { class: "card", id, "aria-labelledby": `${id}-title` },
    element("h3", { id: `${id}-title` }, title),
    hint ? element("p", { class: "hint" }, hint) : null,
    ...children,
  );
}

// A text that fits about so many pixels.
function shorten(text, width, letter) {
  const letters = Math.max(1, Math.floor(width / letter));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

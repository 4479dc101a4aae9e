// How boxes, groups and lines look: their sizes, and their SVG.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const ROWS = { name: { size: 13, height: 18, weight: 600 }, small: { size: 11, height: 15, weight: 400 } };
const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

function textWidth(text, { size, weight }) {
  const key = `${weight} ${size}px ${text}`;
  if (!widths.has(key)) {
    pen.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

function svg(kind, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, kind);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// -- boxes ----------------------------------------------------------------------------------------

function rowsOf(item, backward) {
  if (item.of) return [{ text: short(nameIn(item), 24), look: "small" }];
  const times = item.count > 1 ? ` \u00d7 ${thousands(item.count)}` : "";
  const step = item.leaf && item.data.before ? ` (${plain(item.data.before)})` : ""; // new, gone
  const rows = [{ text: short(nameIn(item), 34) + times + step, look: "name" }];
  const small = (text) => text && rows.push({ text: short(text, 46), look: "small" });
  const gradient = item.leaf ? number(item.data.gradient) : item.gradient;
  if (item.leaf) {
    const { name = "", shape, dtype, lines = [] } = item.data;
    const unusual = dtype && dtype !== "float32" ? dtype : "";
    small([name, written(shape), unusual].filter(Boolean).join(" \u00b7 "));
    for (const line of lines) small(line);
  } else {
    small(item.kind === item.label ? "" : item.kind);
    small(contents(item));
  }
  const said = scene.backward && item.leaf && item.data.lines; // among its lines
  if (backward && gradient !== null && !said) small(`\u03b4 ${item.leaf ? "" : "\u2264 "}${figure(gradient)}`);
  return rows;
}

function contents(group) {
  const parts = [];
  if (group.operations) parts.push(`${thousands(group.operations)} op${group.operations > 1 ? "s" : ""}`);
  if (group.parameters) parts.push(`${thousands(group.parameters)} parameters`);
  return parts.join(", ") || `${group.inside} boxes`;
}

function boxOf(item, backward) {
  const rows = rowsOf(item, backward);
  let height = item.of ? 5 : 12;
  let width = 0;
  for (const { text, look } of rows) {
    height += ROWS[look].height;
    width = Math.max(width, textWidth(text, ROWS[look]));
  }
  const round = item.role === "input" || item.role === "data";
  const rim = item.of ? 14 : round ? 32 : 22;
  return { rows, width: Math.ceil(Math.max(34, width + rim)), height, spread: !item.leaf, ordered: isOrdered(item) };
}

// A box with the tags on its right; so that lines stay straight, as much is kept free on its left.
const GAP = 26; // a tag's arrow
function withTags(item, box, tags, backward) {
  if (!tags.length) return { ...box, inset: 0, tags: [] };
  const sized = tags.map((tag) => ({ tag, box: boxOf(tag, backward) }));
  const inset = GAP + Math.max(...sized.map((one) => one.box.width));
  const step = sized[0].box.height + 4;
  return { ...box, inset, step, tags: sized, room: Math.max(box.height, step * tags.length - 4) };
}

// Shapes tell the roles apart where colours cannot.
function outline(item, width, height) {
  const role = item.role;
  const radius = { op: 7, output: 3, constant: 3, module: 6, parameter: 0 }[role] ?? height / 2;
  if (item.of) return [svg("rect", { width, height, rx: 4, class: "shape" })];
  const rect = (x, y, look) =>
    svg("rect", { x, y, width, height, rx: Math.min(radius, 18), class: look });
  const parts = [];
  if (role === "module") parts.push(rect(4, 4, "shape behind"));
  parts.push(rect(0, 0, "shape"));
  if (role === "parameter") parts.push(svg("rect", { x: 0, y: 0, width: 4, height, class: "band" }));
  return parts;
}

function described(item) {
  const { shape, dtype } = item.data;
  const parts = [plain(item.label), scene.roles[item.role]];
  if (!item.leaf) parts.push(plain(item.kind), contents(item));
  if (shape) parts.push(`shape ${written(shape)}`, dtype);
  const group = item.parent;
  if (group && group !== whole) parts.push(`in ${plain(group.label)}`);
  return parts.filter(Boolean).join(", ");
}

function drawBox(item, box) {
  const element = svg("g", {
    class: `box ${item.role}${item.of ? " tag" : ""}`, role: "button", tabindex: -1,
    "aria-label": described(item), "data-id": (item.of ?? item).id,
  });
  if (!item.leaf) element.setAttribute("aria-expanded", "false");
  element.append(...outline(item, box.width, box.height));
  let y = item.of ? 2.5 : 6;
  for (const { text, look } of box.rows) {
    y += ROWS[look].height;
    element.append(svg("text", { x: box.width / 2, y: y - 4.5, class: look }, text));
  }
  return element;
}

// -- groups ---------------------------------------------------------------------------------------

function titleOf(group) {
  const times = group.count > 1 ? ` \u00d7 ${thousands(group.count)}` : "";
  return { label: short(nameIn(group), 34) + times, kind: group.kind === group.label ? "" : short(group.kind, 30) };
}

function titleWidth(group) {
  const { label, kind } = titleOf(group);
  const head = { size: 12, weight: 600 };
  return textWidth(label, head) + (kind ? textWidth(kind, ROWS.small) + 8 : 0) + 34;
}

function drawTitle(group) {
  const { label, kind } = titleOf(group);
  const width = textWidth(label, { size: 12, weight: 600 });
  return svg(
    "g",
    {
      class: "title", role: "button", tabindex: -1, "aria-expanded": "true", "data-id": group.id,
      "aria-label": described(group),
    },
    svg("rect", { x: 5, y: 4, width: titleWidth(group) - 6, height: 20, rx: 4, class: "plate" }),
    svg("path", { d: "M10 14h8", class: "sign" }),
    svg("text", { x: 23, y: 18, class: "head" }, label),
    svg("text", { x: 23 + width + 7, y: 18, class: "kind" }, kind),
  );
}

// -- lines ----------------------------------------------------------------------------------------

// A line leaves and arrives along the stream, and bends in between.
function curve(points, across) {
  const at = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  let d = `M${at(points[0])}`;
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1], points[i]];
    const half = across ? (q[0] - p[0]) / 2 : (q[1] - p[1]) / 2;
    const [a, b] = across ? [[p[0] + half, p[1]], [q[0] - half, q[1]]] : [[p[0], p[1] + half], [q[0], q[1] - half]];
    d += `C${at(a)} ${at(b)} ${at(q)}`;
  }
  return d;
}

function drawLine(line, route, { across: turned, backward, scale }) {
  const across = turned || Boolean(line.from.of); // tags stand beside
  const points = route.points.map((point) => [...point]);
  if (backward) points.reverse();
  const end = points[points.length - 1];
  const before = points[points.length - 2];
  const main = across ? 0 : 1;
  const ahead = Math.sign(end[main] - before[main]) || 1;
  const look = backward ? scale.look(line) : { width: line.count > 1 ? 1.9 : 1.3 };
  const size = 5 + look.width;
  end[main] -= ahead * size; // the line ends where the head begins
  const tip = [...end];
  tip[main] += ahead * size;
  const wing = (sign) => (across ? [end[0], end[1] + sign * size * 0.5] : [end[0] + sign * size * 0.5, end[1]]);
  const head = [tip, wing(1), wing(-1)].map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const element = svg(
    "g",
    { class: `line${line.data ? " data" : ""} ${look.name ?? ""}` },
    svg("path", { d: curve(points, across), "stroke-width": look.width.toFixed(2) }),
    svg("polygon", { points: head }),
  );
  if (look.color) element.style.color = look.color;
  element.append(svg("title", {}, lineWords(line).join("\n")));
  const words = lineLabel(line, backward);
  if (route.label && words) {
    element.append(svg("text", { x: route.label[0] + 4 + look.width / 2, y: route.label[1] + 3.5, class: "along" }, words));
  }
  return element;
}

function lineLabel(line, backward) {
  if (!backward) return short(line.label, 20);
  const derivative = line.derivative && `\u2202 ${line.derivative}`;
  return [derivative, line.gradient === null ? "" : figure(line.gradient)]
    .filter(Boolean).map((text) => short(text, 20)).join("   ");
}

function lineWords(line) {
  const words = [`${plain(line.from.label)} \u2192 ${plain(line.to.label)}`];
  if (line.shape) words.push(written(line.shape));
  if (line.count > 1) words.push(`${thousands(line.count)} edges`);
  if (line.data) words.push("no gradient comes back along it");
  if (line.derivative) words.push(`local derivative ${plain(line.derivative)}`);
  if (line.gradient !== null) words.push(`gradient ${figure(line.gradient)} (root mean square)`);
  return words;
}

// The size of gradients as width and colour: each decade adds the same.
class GradientScale {
  constructor(values) {
    const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
    let low = logs.reduce((a, b) => Math.min(a, b), Infinity);
    let high = logs.reduce((a, b) => Math.max(a, b), -Infinity);
    this.any = values.length > 0;
    if (!logs.length) [low, high] = [-2, 2];
    const room = Math.max(0, 4 - (high - low)) / 2; // a healthy net is of one colour, not of all
    this.low = Math.floor(low - room);
    this.high = Math.ceil(high + room);
  }

  share(value) {
    return Math.min(1, Math.max(0, (Math.log10(value) - this.low) / (this.high - this.low)));
  }

  look({ gradient }) {
    if (gradient === null) return { width: 1, name: "without" };
    if (!Number.isFinite(gradient)) return { width: 5, name: "bad" };
    if (gradient === 0) return { width: 1, name: "zero" };
    const share = this.share(gradient);
    return { width: 1 + 5 * share, color: this.color(share) };
  }

  // From blue over grey to orange: told apart by all eyes, on white and on black.
  color(share) {
    const stops = [[44, 116, 205], [137, 143, 156], [226, 92, 16]];
    const at = share * 2;
    const [from, to] = at < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]];
    const part = at < 1 ? at : at - 1;
    return `rgb(${from.map((c, i) => Math.round(c + (to[i] - c) * part)).join(",")})`;
  }
}

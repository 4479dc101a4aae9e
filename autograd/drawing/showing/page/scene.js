// What there is to show: the scene as a tree of groups, and what is to be seen of it now.
"use strict";

const scene = JSON.parse(document.getElementById("scene").textContent);
const READABLE = 32; // boxes at first
const MOST = 2500; // boxes at once
const MANY = 5; // lines from one leaf
const tagIds = new Map();
const WIDEST = 120; // boxes directly in one group; more are cut into parts

// Items: nodes and groups alike, by id. A node has its number, groups and parts follow.
const items = [];
const nodes = scene.nodes.map((node, id) => {
  const item = { id, leaf: true, label: node.label, role: node.role, count: node.count ?? 1, data: node };
  items.push(item);
  return item;
});
const whole = addGroup("", { label: scene.title }, null); // around everything; always open
const groups = [];
for (const group of scene.groups) {
  groups.push(addGroup(group.kind ?? "", group, groups[group.parent] ?? whole));
}
const links = scene.edges.map((edge) => ({ ...edge, from: nodes[edge.start], to: nodes[edge.end] }));
for (const node of nodes) Object.assign(node, { from: [], to: [] });
for (const link of links) {
  link.to.from.push(link);
  link.from.to.push(link);
}
for (const node of nodes) if (groups[node.data.group]) node.parent = groups[node.data.group];
for (const node of nodes) place(node, node.parent ?? home(node));
inOrderOfMaking();
cutIntoParts();
const all = sortedByDepth(); // groups, outer ones first
const deepest = Math.max(...all.map((group) => group.depth + 1));
count();

function addGroup(kind, data, parent) {
  const item = {
    id: items.length, leaf: false, label: data.label, kind, role: "module", count: data.count ?? 1,
    data, children: [], open: parent === null,
  };
  items.push(item);
  if (parent) place(item, parent);
  return item;
}

function place(item, parent) {
  item.parent = parent;
  parent.children.push(item);
}

function inOrderOfMaking() {
  for (const node of nodes) {
    for (let one = node; one && one.first === undefined; one = one.parent) one.first = node.id;
  }
  for (const group of [whole, ...groups]) {
    group.children.sort((a, b) => (a.first ?? Infinity) - (b.first ?? Infinity));
  }
}

function sortedByDepth() {
  const order = [whole];
  whole.depth = 0;
  for (const group of order) {
    for (const child of group.children) {
      if (child.leaf) continue;
      child.depth = group.depth + 1;
      order.push(child);
    }
  }
  return order;
}

// Where a leaf that lies in no group is shown: constants, parameters and what bears the name of a
// module in the innermost group that holds all their users; the inputs of the whole stay outside.
function home(node) {
  if (node.from.length || !node.to.length || ["input", "output"].includes(node.role)) return whole;
  let around = null;
  for (const link of node.to) {
    const groups = path(link.to);
    if (around === null) around = groups;
    let same = 0;
    while (same < around.length && around[same] === groups[same]) same++;
    around = around.slice(0, same);
  }
  const named = around.findIndex((group) => node.label.startsWith(`${group.label}.`));
  const own = node.role !== "data" || node.label === "data" || named >= 0;
  return (own && around[around.length - 1]) || whole;
}

// A level with very many boxes is cut, in the order of making, into parts that fold. Where labels
// repeat (the steps of a loop), a part ends where a repetition does.
function cutIntoParts() {
  for (const group of [whole, ...groups]) {
    let level = 0;
    while (group.children.length > WIDEST) {
      const children = group.children;
      const length = level++ ? 50 : partLength(children);
      const number = new Map(children.map((child, i) => [child.id, Math.floor(i / length)]));
      const apart = (child) => {
        if (!child.leaf || child.from.length) return false; // what many parts use lies in none
        return new Set(child.to.map((link) => number.get(childOf(link.to, group)?.id))).size > 1;
      };
      group.children = [];
      let part = null;
      for (let i = 0; i < children.length; i++) {
        if (i % length === 0) {
          const name = { label: `part ${Math.floor(i / length) + 1}`, details: {}, part: true };
          part = addGroup("", name, group);
        }
        place(children[i], apart(children[i]) ? group : part);
      }
      if (group.children.length >= children.length) break; // nothing was gained
    }
  }
}

function childOf(item, group) {
  while (item && item.parent !== group) item = item.parent;
  return item;
}

function partLength(children) {
  const names = children.map((child) => child.label.replace(/\d+/g, "#"));
  for (let period = 2; period <= Math.min(100, names.length / 3); period++) {
    let same = 0;
    for (let i = period; i < names.length; i++) if (names[i] === names[i - period]) same++;
    if (same > 0.9 * (names.length - period)) return period * Math.ceil(20 / period);
  }
  return Math.min(100, Math.max(20, Math.ceil(names.length / 50)));
}

// What is in each group, at any depth.
function count() {
  for (const group of [...all].reverse()) {
    Object.assign(group, { operations: 0, parameters: 0, inside: 0, gradient: null });
    for (const child of group.children) {
      const gradient = child.leaf ? number(child.data.gradient) : child.gradient;
      group.gradient = larger(group.gradient, gradient);
      if (!child.leaf) {
        for (const what of ["operations", "parameters", "inside"]) group[what] += child[what];
        continue;
      }
      group.inside += 1;
      if (child.role === "op") group.operations += child.count;
      if (child.role === "parameter" && child.data.shape) {
        group.parameters += child.data.shape.reduce((a, b) => a * b, 1);
      }
    }
  }
}

function path(item) {
  const around = [];
  for (let group = item.parent; group && group !== whole; group = group.parent) around.push(group);
  return around.reverse();
}

// Within a box the path of the box goes without saying: "weight", not "encoder.0.weight".
function nameIn(item) {
  const before = `${item.parent?.label}.`;
  return item.label.startsWith(before) ? item.label.slice(before.length) : item.label;
}

// -- what is seen ---------------------------------------------------------------------------------

// The box that stands for an item: itself, or the outermost folded group around it.
function standIn(item) {
  let seen = item;
  for (let group = item.parent; group; group = group.parent) if (!group.open) seen = group;
  return seen;
}

function visible() {
  const open = [];
  const boxes = [];
  const waiting = [whole];
  for (const group of waiting) {
    open.push(group);
    for (const child of group.children) (child.leaf || !child.open ? boxes : waiting).push(child);
  }
  const merged = new Map();
  const stands = new Map();
  const seen = (node) => stands.get(node) ?? stands.set(node, standIn(node)).get(node);
  for (const link of links) {
    const [from, to] = [seen(link.from), seen(link.to)];
    if (from === to) continue;
    const key = `${from.id} ${to.id} ${to.leaf ? link.place ?? 0 : ""}`;
    const line = merged.get(key);
    if (line) line.links.push(link);
    else merged.set(key, { from, to, place: to.leaf ? link.place ?? 0 : 0, links: [link] });
  }
  const lines = [...merged.values()];
  for (const line of lines) summarise(line);
  return { open, boxes, lines, tags: tagged(lines) };
}

// A leaf that many boxes use stands once; beyond its first use a tag with its name beside the box
// says it, instead of a line through the whole drawing. Gives the tags by the boxes they stand at.
function tagged(lines) {
  const uses = new Map();
  for (const line of lines) {
    if (line.from.leaf && !line.from.from.length) uses.set(line.from, [...(uses.get(line.from) ?? []), line]);
  }
  const tags = new Map();
  for (const [leaf, list] of uses) {
    if (list.length <= MANY) continue;
    for (const line of list.slice(1)) {
      const key = `${leaf.id} ${line.to.id} ${line.place}`;
      if (!tagIds.has(key)) tagIds.set(key, items.length + tagIds.size);
      const { label, role, data } = leaf;
      line.from = {
        id: tagIds.get(key), leaf: true, of: leaf, label, role, count: 1, data, parent: line.to.parent,
      };
      tags.set(line.to, [...(tags.get(line.to) ?? []), line.from]);
    }
  }
  return tags;
}

function summarise(line) {
  const first = line.links[0];
  line.data = line.links.every((link) => link.data);
  line.count = line.links.reduce((sum, link) => sum + (link.count ?? 1), 0);
  line.gradient = meanSquare(line.links);
  const same = (of) => line.links.every((link) => of(link) === of(first));
  line.label = same((link) => link.label ?? "") ? first.label ?? "" : "";
  line.derivative = same((link) => link.derivative ?? "") ? first.derivative ?? "" : "";
  line.shape = same((link) => String(link.shape)) ? first.shape : undefined;
}

// Where the order of operands says nothing, lines need not cross for it.
const EITHER = new Set(["+", "*", "==", "!=", "add", "mul", "maximum", "minimum", "&", "|", "^"]);
function isOrdered(item) {
  return item.leaf && item.role === "op" && !EITHER.has(item.label);
}

// JSON has no NaN and no infinities; they come as text.
function number(value) {
  return value === undefined || value === null ? null : Number(value);
}

// The root mean square over all their elements, of which each gives its own.
function meanSquare(parts) {
  let [total, elements] = [0, 0];
  for (const { gradient, shape = [] } of parts) {
    if (gradient === undefined) continue;
    const size = shape.reduce((a, b) => a * b, 1);
    total += number(gradient) ** 2 * size;
    elements += size;
  }
  return elements ? Math.sqrt(total / elements) : null;
}

// NaN counts as larger than any number: it must not be lost.
function larger(one, other) {
  if (one === null || other === null) return one ?? other;
  return Number.isNaN(one) || one >= other ? one : other;
}

function openTo(depth) {
  for (const group of all) group.open = group === whole || group.depth < depth;
}

function boxesAt(depth) {
  let boxes = 0;
  for (const group of all) {
    if (group !== whole && group.depth >= depth) continue;
    for (const child of group.children) if (child.leaf || child.depth >= depth) boxes++;
  }
  return boxes;
}

// How deep the page is unfolded at first: as far as was asked for, else as it can be read.
function firstDepth() {
  if (scene.depth !== null) return scene.depth + 1;
  let depth = 1;
  while (depth < deepest && boxesAt(depth + 1) <= READABLE) depth++;
  if (depth < deepest && boxesAt(depth) < 6 && boxesAt(depth + 1) <= WIDEST) depth++;
  return depth;
}

// The level to which everything is open, as far as that can be said.
function depthNow() {
  const closed = all.filter((group) => !group.open && group.parent?.open !== false);
  return closed.length ? Math.min(...closed.map((group) => group.depth)) : deepest;
}

function unfoldWayTo(item) {
  for (const group of path(item)) group.open = true;
}

// -- words ----------------------------------------------------------------------------------------

// Names, labels and lines come from anywhere: what cannot be seen, or turns text around, is shown
// by a sign of its own.
function plain(text) {
  return String(text)
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421")
    .replace(/[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) =>
      `\u27e8U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

function short(text, most = 38) {
  const signs = [...plain(text)];
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}\u2026` : signs.join("");
}

function written(shape) {
  if (!shape) return "";
  if (shape.length === 0) return "scalar";
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function figure(value) {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return value.toExponential(1).replace(/e([+-])(\d)$/, "e$10$2");
}

function thousands(value) {
  return value.toLocaleString("en-US");
}

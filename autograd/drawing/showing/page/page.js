// What a reader does: pointer, keys, search, buttons.
"use strict";

const byId = (id) => document.getElementById(id);

function say(words) {
  byId("said").textContent = words;
}

function select(item, { focus = false } = {}) {
  state.current = item && onStage(item);
  tabStop();
  if (focus && state.current) drawn.get(state.current).focus({ preventScroll: true });
  mark();
  tell(state.current);
}

// Unfolds the way to an item, and shows it.
async function goTo(item) {
  const hidden = onStage(item) !== item;
  unfoldWayTo(item);
  if (hidden && !(await show({ anchor: standIn(item) }))) return;
  select(item, { focus: true });
  bringIntoView(item, { middle: true });
}

async function toggle(group) {
  if (group.leaf || group === whole) return;
  group.open = !group.open;
  if (!(await show({ anchor: group }))) return void (group.open = !group.open);
  depthShown();
  select(group, { focus: true });
  say(`${plain(group.label)} ${group.open ? "unfolded" : "folded"}`);
}

async function toDepth(depth) {
  const before = all.map((group) => group.open);
  openTo(depth);
  if (!(await show({ fit: true }))) all.forEach((group, i) => (group.open = before[i]));
  depthShown();
  select(state.current);
}

function depthShown() {
  byId("depth").value = `${depthNow() - 1} / ${deepest - 1}`;
  byId("depth").title = `Unfolded to level ${depthNow() - 1} of ${deepest - 1}`;
}

// -- pointer --------------------------------------------------------------------------------------

const itemAt = (target) => {
  const element = target.closest?.("[data-id]");
  return element ? items[element.dataset.id] : null;
};
const pointers = new Map();
let moved = 0;
let toggled = 0;

drawing.addEventListener("pointerdown", (event) => {
  if (event.button > 0) return;
  if (!pointers.size) moved = 0;
  pointers.set(event.pointerId, [event.clientX, event.clientY]);
});
addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = [event.clientX, event.clientY];
  const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
  if (others.length) {
    const { left, top } = stage.getBoundingClientRect();
    const apart = (point) => Math.hypot(point[0] - others[0][0], point[1] - others[0][1]) || 1;
    zoomBy(apart(now) / apart(before), (now[0] + others[0][0]) / 2 - left, (now[1] + others[0][1]) / 2 - top);
  }
  const share = others.length ? 2 : 1;
  panBy((now[0] - before[0]) / share, (now[1] - before[1]) / share);
  moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
  pointers.set(event.pointerId, now);
  stage.classList.toggle("moving", moved > 4);
});
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    stage.classList.remove("moving");
    if (moved > 4) hover(event);
  });
}
drawing.addEventListener("click", (event) => {
  if (moved > 4) return;
  const item = itemAt(event.target);
  const recent = event.detail > 1 && event.timeStamp - toggled < 700; // the rest of a double click
  const onTitle = event.target.closest(".title");
  if (item && !item.leaf && !recent && (!item.open || onTitle || event.detail === 2)) {
    toggled = event.timeStamp;
    toggle(item);
  } else if (!recent) {
    select(item && (item.leaf || !item.open || onTitle) ? item : null);
  }
});
drawing.addEventListener("wheel", (event) => {
  event.preventDefault();
  const { left, top } = stage.getBoundingClientRect();
  const lines = event.deltaMode === 1 ? 20 : 1;
  if (event.shiftKey) panBy(-event.deltaY * lines || -event.deltaX, 0);
  else zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - left, event.clientY - top);
}, { passive: false });
function hover({ target, pointerType }) {
  if (pointerType === "touch" || pointers.size) return;
  const item = itemAt(target);
  const shown = item && drawn.has(item) && (item.leaf || !item.open || target.closest(".title"));
  mark(shown ? item : state.current);
  tell(shown ? item : state.current);
}
drawing.addEventListener("pointerover", hover);
drawing.addEventListener("pointerleave", () => {
  mark();
  tell(state.current);
});
drawing.addEventListener("focusin", (event) => {
  const item = itemAt(event.target);
  if (!item || item === state.current || pointers.size) return;
  select(item);
  bringIntoView(item);
});

// -- keys -----------------------------------------------------------------------------------------

// The box that an arrow leads to: along an edge, or else beside.
function neighbour(item, key) {
  const along = { down: ["ArrowDown", "ArrowRight"], up: ["ArrowUp", "ArrowLeft"] };
  const which = state.across ? 1 : 0;
  const center = (one) => {
    const [x, y, width, height] = state.places[one.id];
    const head = !one.leaf && one.open ? 24 : height;
    return [x + width / 2, y + head / 2];
  };
  const [main, side] = state.across ? [0, 1] : [1, 0];
  const here = center(item);
  const nearest = (list, far) => list.map((one) => [far(center(one)), one]).sort((a, b) => a[0] - b[0])[0]?.[1];
  const forward = key === along.down[which];
  const back = key === along.up[which];
  if (forward || back) {
    const lines = state.lines.filter((line) => (forward ? line.from.of ?? line.from : line.to) === item);
    const ends = lines.map((line) => (forward ? line.to : line.from.of ?? line.from)).filter((one) => drawn.has(one));
    if (ends.length) return nearest(ends, (point) => Math.abs(point[side] - here[side]));
  }
  const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  const axis = key === "ArrowDown" || key === "ArrowUp" ? 1 : 0;
  const there = [...drawn.keys()].filter((one) => one !== item && !one.of && sign * (center(one)[axis] - here[axis]) > 4);
  return nearest(there, (point) =>
    Math.abs(point[axis] - here[axis]) + 3 * Math.abs(point[1 - axis] - here[1 - axis]));
}

drawing.addEventListener("keydown", (event) => {
  const item = itemAt(event.target);
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    const next = neighbour(item, event.key);
    if (next) {
      select(next, { focus: true });
      bringIntoView(next);
    }
  } else if (event.key === "Enter" || event.key === " ") {
    if (item.leaf) select(item);
    else toggle(item);
  } else if (event.key === "Backspace") {
    if (item.parent && item.parent !== whole) toggle(item.parent);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

const SHORTCUTS = {
  "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8), 0: () => fitIn({ readable: false }),
  "[": () => byId("shallower").click(), "]": () => byId("deeper").click(), d: () => byId("direction").click(),
  t: () => byId("theme").click(), g: () => byId("gradients").click(), "/": () => byId("search").focus(),
  Escape: () => select(null),
};
addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = SHORTCUTS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// -- search ---------------------------------------------------------------------------------------

const texts = new Map();
function textOf(item) {
  if (!texts.has(item)) {
    const { details = {}, lines = [], shape, dtype = "" } = item.data;
    const around = path(item).map((group) => group.label);
    texts.set(item, [item.label, item.kind ?? "", written(shape), dtype, ...lines, ...Object.values(details), ...around].join("\n").toLowerCase());
  }
  return texts.get(item);
}

// All words must be in it; what bears the words in its name comes first.
function search(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const hits = items.filter((item) => item !== whole && words.every((word) => textOf(item).includes(word)));
  const rank = (item) => {
    const label = item.label.toLowerCase();
    if (label === query.toLowerCase().trim()) return 0;
    return words.every((word) => label.includes(word)) ? 1 : 2;
  };
  return hits.map((item) => [rank(item), item]).sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

let hits = [];
let chosen = -1;
function searched() {
  const query = byId("search").value;
  hits = search(query);
  chosen = -1;
  const named = hits.filter((item) => item.leaf || !item.open);
  state.found = new Set(named.slice(0, 5000));
  mark();
  const rows = hits.slice(0, 30).map((item, i) =>
    html("li", { role: "option", id: `hit${i}`, onclick: () => choose(i) },
      html("span", { class: `dot ${item.role}` }), html("bdi", {}, short(item.label, 44)),
      html("span", { class: "notes" }, html("bdi", {}, item.leaf ? short(path(item).map((group) => nameIn(group)).join(" \u203a "), 44) : short(item.kind, 40)))));
  if (query.trim()) rows.push(html("li", { class: "notes", role: "presentation" }, hits.length ? `${thousands(hits.length)} found` : "Nothing found"));
  byId("results").replaceChildren(...rows);
  opened(rows.length > 0);
}

function opened(is) {
  byId("results").hidden = !is;
  byId("search").setAttribute("aria-expanded", String(is));
}

async function choose(i, { keepFocus = false } = {}) {
  if (!hits.length) return;
  chosen = (i + hits.length) % hits.length;
  [...byId("results").children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  byId("search").setAttribute("aria-activedescendant", `hit${chosen}`);
  if (!keepFocus) opened(false);
  await goTo(hits[chosen]);
  depthShown();
  if (keepFocus) byId("search").focus();
}

byId("search").addEventListener("input", searched);
byId("search").addEventListener("focus", () => byId("search").value && opened(true));
byId("search").addEventListener("blur", () => setTimeout(() => opened(false), 200));
byId("search").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  if (step) {
    event.preventDefault();
    choose(Math.max(chosen + step, chosen < 0 ? 0 : -1), { keepFocus: true });
  } else if (event.key === "Escape") {
    byId("search").value = "";
    searched();
    byId("search").blur();
  }
});

// -- buttons --------------------------------------------------------------------------------------

const ACTIONS = {
  "fold-all": () => toDepth(1),
  "unfold-all": () => toDepth(deepest),
  shallower: () => toDepth(Math.max(1, Math.min(depthNow(), deepest) - 1)),
  deeper: () => toDepth(Math.min(deepest, depthNow() + 1)),
  "zoom-in": () => zoomBy(1.25),
  "zoom-out": () => zoomBy(0.8),
  fit: () => fitIn({ readable: false }),
  gradients: async () => {
    state.backward = !state.backward;
    byId("gradients").setAttribute("aria-pressed", String(state.backward));
    legend();
    await show({ anchor: state.current ?? whole });
    select(state.current);
  },
  direction: async () => {
    state.across = !state.across;
    legend();
    await show({ fit: true });
  },
  theme: () => {
    const dark = document.documentElement.dataset.theme !== "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  },
  export: () => {
    const address = URL.createObjectURL(new Blob([asFile()], { type: "image/svg+xml" }));
    html("a", { href: address, download: `${plain(scene.title).replace(/[^\w.-]+/g, "_") || "graph"}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  },
};
for (const [id, action] of Object.entries(ACTIONS)) byId(id).addEventListener("click", action);

// The drawing with the colours that it has now, as a file that stands alone.
function asFile() {
  const copy = drawing.cloneNode(true);
  const now = getComputedStyle(document.documentElement);
  const style = byId("drawing-style").textContent.replace(/var\((--[\w-]+)\)/g, (_, name) => now.getPropertyValue(name).trim());
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("viewBox", `0 0 ${Math.ceil(state.width)} ${Math.ceil(state.height)}`);
  copy.setAttribute("width", Math.ceil(state.width));
  copy.setAttribute("height", Math.ceil(state.height));
  copy.setAttribute("class", "");
  copy.querySelector("#world").removeAttribute("transform");
  for (const element of copy.querySelectorAll(".current, .found, .source, .target, .into, .out")) {
    element.classList.remove("current", "found", "source", "target", "into", "out");
  }
  const ground = svg("rect", { width: "100%", height: "100%", fill: now.getPropertyValue("--ground").trim() });
  copy.prepend(svg("style", {}, style), ground);
  return new XMLSerializer().serializeToString(copy);
}

// -- the beginning --------------------------------------------------------------------------------

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.theme = dark.matches ? "dark" : "light");
dark.addEventListener("change", follow);
follow();
byId("title").textContent = plain(scene.title);
byId("depth-set").hidden = deepest === 1;
byId("gradients").hidden = !scale.any;
byId("gradients").setAttribute("aria-pressed", String(state.backward));
if (matchMedia("(max-width: 720px)").matches) byId("legend").open = false;
legend();
tell(null);
openTo(firstDepth());
depthShown();
show({ fit: true }).then(() => (document.documentElement.dataset.ready = "yes"));

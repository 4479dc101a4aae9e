// The drawing on the stage: laid out in a worker, drawn as SVG, moved, zoomed, marked.
"use strict";

const drawing = document.getElementById("drawing");
const stage = document.getElementById("stage");
const busy = document.getElementById("busy");
const world = svg("g", { id: "world" });
const layers = Object.fromEntries(
  ["groups", "lines", "titles", "boxes"].map((layer) => [layer, svg("g", { class: layer })]),
);
world.append(...Object.values(layers));
drawing.append(world);

const measured = [...links, ...scene.nodes].map((one) => number(one.gradient)).filter((g) => g !== null);
const scale = new GradientScale(measured);
const state = {
  across: false, backward: Boolean(scene.backward), current: null, found: new Set(),
  zoom: 1, x: 0, y: 0, places: {}, width: 0, height: 0, lines: [],
};
const drawn = new Map(); // what stands on the stage, by item

// -- layout ---------------------------------------------------------------------------------------

let worker = null;
let turn = 0;
let waiting = null;

function startWorker() {
  const source = document.getElementById("layout-source").textContent;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  worker = new Worker(address);
  worker.onmessage = ({ data }) => {
    if (data.turn === turn && waiting) {
      if (data.error) waiting.fail(new Error(data.error));
      else waiting.done(data.result);
      waiting = null;
    }
  };
}

// Asks the worker; what it is still at for an earlier question is given up.
function layOut(question) {
  if (waiting) {
    worker.terminate();
    waiting.fail(null);
    worker = null;
  }
  if (!worker) startWorker();
  const mine = ++turn;
  return new Promise((done, fail) => {
    waiting = { done, fail };
    worker.postMessage({ ...question, turn: mine });
  });
}

// Lays out and draws what is unfolded now. What stood at ``anchor`` stays where it was.
async function show({ anchor = null, fit = false } = {}) {
  const { open, boxes, lines, tags } = visible();
  if (boxes.length > MOST) {
    say(`${thousands(boxes.length)} boxes cannot be read at once; unfold modules one by one.`);
    return false;
  }
  const { backward, across } = state;
  const labelled = boxes.length <= WIDEST;
  const sizes = new Map(boxes.map((item) =>
    [item, withTags(item, boxOf(item, backward), tags.get(item) ?? [], backward)]));
  const straight = lines.filter((line) => !line.from.of);
  const hint = setTimeout(() => {
    busy.textContent = `Laying out ${thousands(boxes.length)} boxes \u2026`;
    busy.hidden = false;
  }, 150);
  let result;
  try {
    result = await layOut({
      across,
      groups: open.map((group) => ({ id: group.id, parent: group.parent?.id ?? null, title: group.parent ? titleWidth(group) : 0 })),
      boxes: boxes.map((item) => {
        const { width, height, room = height, inset, spread, ordered } = sizes.get(item);
        return { id: item.id, group: item.parent.id, width: width + 2 * inset, height: room, inset, spread, ordered };
      }),
      lines: straight.map((line) => {
        const words = labelled ? lineLabel(line, backward) : "";
        const width = words ? 2 * textWidth(words, ROWS.small) + 16 : 0; // it stands on the right
        return { from: line.from.id, to: line.to.id, place: line.place, width, height: words ? 14 : 0 };
      }),
    });
  } catch (error) {
    if (error) say(`The layout failed: ${error.message}`);
    return false; // or something newer is asked for
  } finally {
    clearTimeout(hint);
    busy.hidden = true;
  }
  straight.forEach((line, i) => (line.route = result.routes[i]));
  for (const item of boxes) settleTags(item, sizes.get(item), result.places);
  if (!across) for (const line of straight) reachBoxes(line, result.places);
  const before = state.places;
  Object.assign(state, { places: result.places, width: result.width, height: result.height, lines });
  draw({ open, boxes, lines, sizes, result });
  if (fit || !anchor) fitIn();
  else keep(anchor, before);
  moveFrom(before, boxes);
  document.documentElement.dataset.boxes = boxes.length;
  return true;
}

// Within the room that the layout kept: the box in the middle, its tags on the right.
function settleTags(item, { width, height, inset, tags, step }, places) {
  const [x, y, , room] = places[item.id];
  places[item.id] = [x + inset, y + (room - height) / 2, width, height];
  tags.forEach(({ tag, box }, i) => {
    const top = y + (room - step * tags.length + 4) / 2 + i * step;
    places[tag.id] = [x + inset + width + GAP, top, box.width, box.height];
  });
}

// Tags may need more height than their box: lines go on to the box itself.
function reachBoxes({ from, to, route }, places) {
  const { points } = route;
  const [start, end] = [points[0], points[points.length - 1]];
  if (end[1] < start[1]) return; // against the stream
  const bottom = places[from.id][1] + places[from.id][3];
  const top = places[to.id][1];
  if (start[1] - bottom > 0.5) points.unshift([start[0], bottom]);
  if (top - end[1] > 0.5) points.push([end[0], top]);
}

// From a tag to the box beside it.
function besides(line, places) {
  const [x, y, , height] = places[line.from.id];
  const [left, top, width, extent] = places[line.to.id];
  const middle = y + height / 2;
  return { points: [[x, middle], [left + width, Math.min(top + extent - 4, Math.max(top + 4, middle))]], label: null };
}

function draw({ open, boxes, lines, sizes, result }) {
  for (const layer of Object.values(layers)) layer.replaceChildren();
  drawn.clear();
  const at = (id) => `translate(${result.places[id][0].toFixed(1)} ${result.places[id][1].toFixed(1)})`;
  for (const group of open) {
    if (group === whole) continue;
    const [x, y, width, height] = result.places[group.id];
    layers.groups.append(
      svg("rect", { x, y, width, height, rx: 9, class: `group level${group.depth % 2}`, "data-id": group.id }),
    );
    const title = drawTitle(group);
    title.setAttribute("transform", at(group.id));
    layers.titles.append(title);
    drawn.set(group, title);
  }
  const look = { across: state.across, backward: state.backward, scale };
  for (const line of lines) {
    line.element = drawLine(line, line.route ?? besides(line, result.places), look);
    layers.lines.append(line.element);
  }
  const every = boxes.flatMap((item) => [[item, sizes.get(item)], ...sizes.get(item).tags.map(({ tag, box }) => [tag, box])]);
  for (const [item, box] of every) {
    const element = drawBox(item, box);
    element.setAttribute("transform", at(item.id));
    const gradient = item.of ? null : item.leaf ? number(item.data.gradient) : item.gradient;
    if (state.backward && gradient !== null) {
      const { color, name = "" } = scale.look({ gradient });
      if (color) element.style.color = color;
      element.classList.add("measured", ...(name ? [name] : []));
    }
    compare(item, element);
    layers.boxes.append(element);
    drawn.set(item, element);
  }
  if (state.current) state.current = onStage(state.current);
  tabStop();
  mark();
}

// Beside an earlier step: what is new or gone, and whose gradient grew (orange) or shrank (blue).
function compare(item, element) {
  if (!item.leaf || item.of) return;
  const ratio = number(item.data.ratio);
  if (item.data.before) element.classList.add(item.data.before === "gone" ? "gone" : "new");
  if (ratio === null || Number.isNaN(ratio)) return;
  const share = 0.5 + Math.log10(ratio) / 6; // a thousandth to a thousand times
  element.style.color = scale.color(Math.min(1, Math.max(0, share)));
  element.classList.add("measured");
}

// All boxes are one stop of the Tab key: the current one, or the first.
function tabStop() {
  for (const element of drawn.values()) element.setAttribute("tabindex", -1);
  drawn.get(state.current ?? firstBox())?.setAttribute("tabindex", 0);
}

// The uppermost box, or the leftmost of a drawing that runs across.
function firstBox() {
  const [main, side] = state.across ? [0, 1] : [1, 0];
  let first = null;
  for (const item of drawn.keys()) {
    const [a, b] = [state.places[item.id], first && state.places[first.id]];
    if (!first || a[main] < b[main] || (a[main] === b[main] && a[side] < b[side])) first = item;
  }
  return first;
}

// What stands on the stage for an item: its box, its open group, or the folded group around it.
function onStage(item) {
  return drawn.has(item) ? item : standIn(item);
}

// Boxes glide to their new places, so that the eye can follow.
function moveFrom(before, boxes) {
  if (boxes.length > 200 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const [item, element] of drawn) {
    const [x, y] = state.places[item.id];
    const old = before[item.id];
    const frames = old
      ? [{ transform: `translate(${old[0]}px, ${old[1]}px)` }, { transform: `translate(${x}px, ${y}px)` }]
      : [{ opacity: 0 }, { opacity: 1 }];
    element.animate(frames, { duration: 160, easing: "ease-out" });
  }
  for (const layer of ["groups", "lines"]) {
    layers[layer].animate([{ opacity: 0 }, { opacity: 1 }], { duration: 220 });
  }
}

// -- moving and zooming ---------------------------------------------------------------------------

function settle() {
  world.setAttribute("transform", `translate(${state.x.toFixed(2)} ${state.y.toFixed(2)}) scale(${state.zoom.toFixed(4)})`);
}

function fitIn({ readable = true } = {}) {
  const { clientWidth: width, clientHeight: height } = stage;
  const fitting = Math.min((width - 24) / state.width, (height - 24) / state.height);
  // What would be too small to read is shown from its beginning instead.
  const least = Math.min(0.75, Math.max(0.4, (width - 24) / state.width));
  state.zoom = Math.min(1.25, readable ? Math.max(fitting, least) : fitting);
  const left = (width - state.width * state.zoom) / 2;
  const top = (height - state.height * state.zoom) / 2;
  // What does not fit is shown from its beginning on: the uppermost box, or the leftmost.
  const first = state.places[firstBox()?.id] ?? [0, 0, 0, 0];
  const from = (axis, room, size) => {
    const middle = room / 2 - (first[axis] + first[2 + axis] / 2) * state.zoom;
    return Math.min(12, Math.max(room - 12 - size * state.zoom, middle));
  };
  state.x = left >= 12 ? left : state.across ? 12 : from(0, width, state.width);
  state.y = top >= 12 ? top : state.across ? from(1, height, state.height) : 12;
  settle();
}

function zoomBy(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const zoom = Math.min(4, Math.max(0.02, state.zoom * factor));
  state.x = x - ((x - state.x) * zoom) / state.zoom;
  state.y = y - ((y - state.y) * zoom) / state.zoom;
  state.zoom = zoom;
  settle();
}

function panBy(x, y) {
  state.x += x;
  state.y += y;
  settle();
}

// An item keeps its place on the screen while everything around it moves.
function keep(item, before) {
  const [old, now] = [before[item.id], state.places[item.id]];
  if (!old || !now) return bringIntoView(item);
  const center = ([x, , width]) => x + width / 2;
  state.x += (center(old) - center(now)) * state.zoom;
  state.y += (old[1] - now[1]) * state.zoom;
  settle();
  bringIntoView(item);
}

function bringIntoView(item, { middle = false } = {}) {
  const place = state.places[onStage(item).id];
  if (!place) return;
  const [x, y, width, height] = place.map((value) => value * state.zoom);
  const shift = (start, extent, room) => {
    const edge = Math.min(24, room / 8);
    if (middle || extent > room - 2 * edge) {
      if (extent > room - 2 * edge) return start < edge || start > room / 2 ? edge - start : 0;
      return (room - extent) / 2 - start;
    }
    if (start < edge) return edge - start;
    return start + extent > room - edge ? room - edge - start - extent : 0;
  };
  panBy(
    shift(x + state.x, width, stage.clientWidth),
    shift(y + state.y, height, stage.clientHeight),
  );
}

// -- marking --------------------------------------------------------------------------------------

// The item in question, what it comes from, what it goes to; and what a search has found.
function mark(item = state.current) {
  const near = new Map();
  for (const line of state.lines) {
    const into = item && line.to === item;
    const out = item && (line.from.of ?? line.from) === item;
    line.element.classList.toggle("into", Boolean(into));
    line.element.classList.toggle("out", Boolean(out));
    if (into) near.set(line.from, "source");
    if (out) near.set(line.to, "target");
    if (into || out) layers.lines.append(line.element); // above the others
  }
  drawing.classList.toggle("asking", Boolean(item && near.size));
  const found = new Map();
  for (const one of state.found) found.set(onStage(one), true);
  drawing.classList.toggle("searching", found.size > 0);
  for (const [one, element] of drawn) {
    element.classList.toggle("current", (one.of ?? one) === item);
    element.classList.toggle("source", near.get(one) === "source");
    element.classList.toggle("target", near.get(one) === "target");
    element.classList.toggle("found", found.has(one));
  }
}

// Where boxes stand and lines run. Runs in a worker, after dagre; knows nothing of the page.
//
// dagre lays out groups as well, but took 30 s for 300 boxes in 80 nested groups. Here each group is
// laid out by itself, the inner ones first, as a flat graph in which the groups it holds are boxes.
// A line that leaves or enters a group passes through a port on its border: within the group the
// port is a point to be placed like a box. Groups that look the same are laid out once.
"use strict";

const HEAD = 26; // the height of a group's title
const MARGIN = 16; // between a group's border and what it holds
const PORT = 10; // the room that a passing line takes
const known = new Map(); // what was laid out before: by everything that it depends on

// groups: [{id, parent, title}], parents first, the first without a parent; title is a width.
// boxes: [{id, group, width, height, inset, spread, ordered}]: the room within width that is kept free
// on both sides; whether lines leave all along its side; whether those that enter keep the order of
// their places. lines: [{from, to, place, width, height}] between
// boxes; width and height are those of a label. Returns {places: {id: [x, y, width, height]},
// routes: [{points, label}], width, height}, lines in the order in which they came.
function laidOut({ groups, boxes, lines, across }) {
  const levels = new Map(groups.map((one) => [one.id, new Level(one)]));
  const parents = new Map();
  for (const group of groups) if (group.parent !== null) parents.set(group.id, group.parent);
  for (const box of boxes) parents.set(box.id, box.group);
  for (const one of [...groups, ...boxes]) levels.get(parents.get(one.id))?.add(one);
  const routes = lines.map((line) => route(line, parents, levels));
  for (const group of [...groups].reverse()) levels.get(group.id).arrange(levels, across);
  const places = {};
  for (const group of groups) {
    const level = levels.get(group.id);
    const [x, y] = places[group.id] ?? (places[group.id] = [0, 0, level.width, level.height]);
    level.origin = [x, y];
    level.spots.forEach(([left, top, width, height], id) => {
      if (typeof id === "number") places[id] = [x + left, y + top, width, height];
    });
  }
  const outermost = levels.get(groups[0].id);
  return {
    places, width: outermost.width, height: outermost.height,
    routes: routes.map((pieces) => joined(pieces, across)),
  };
}

// The pieces of a line: up out of the groups around its start, across, down into those of its end.
function route(line, parents, levels) {
  const around = (id) => {
    const path = [id];
    while (parents.has(path[path.length - 1])) path.push(parents.get(path[path.length - 1]));
    return path; // the innermost first
  };
  const up = around(line.from);
  const down = around(line.to);
  while (up[up.length - 2] === down[down.length - 2]) {
    up.pop();
    down.pop();
  } // both end in the innermost group that holds both ends
  const pieces = [];
  for (let i = 1; i < up.length - 1; i++) {
    pieces.push(levels.get(up[i]).piece(up[i - 1], `out ${line.from}`, line));
  }
  const middle = levels.get(up[up.length - 1]);
  pieces.push(middle.piece(up[up.length - 2], down[down.length - 2], line, true));
  for (let i = down.length - 2; i > 0; i--) {
    pieces.push(levels.get(down[i]).piece(`in ${line.from}`, down[i - 1], line));
  }
  return pieces;
}

// A group with what it directly holds.
class Level {
  constructor({ id, parent, title }) {
    Object.assign(this, { id, title, outermost: parent === null });
    this.items = new Map(); // boxes, groups and ports, by id or name
    this.pieces = new Map();
  }

  add(item) {
    this.items.set(item.id, item);
  }

  // Lines from one box into one group share their way up to where they part.
  piece(from, to, line, labelled = false) {
    for (const end of [from, to]) {
      if (typeof end === "string" && !this.items.has(end)) {
        this.items.set(end, { id: end, width: PORT, height: 1, late: line.place > 0 });
      }
    }
    const place = to === line.to ? line.place : -1;
    const key = `${from}|${to}|${line.from}|${place}`;
    if (!this.pieces.has(key)) {
      const label = labelled && line.width ? line : { width: 0, height: 0 };
      this.pieces.set(key, {
        level: this, from, to, source: line.from, place, width: label.width, height: label.height,
      });
    }
    return this.pieces.get(key);
  }

  arrange(levels, across) {
    const isPort = (item) => typeof item.id === "string";
    // On the left a first operand that comes from outside, on the right a second one.
    const rank = (item) => (isPort(item) ? (item.late ? 2 : 0) : 1);
    const items = [...this.items.values()].sort((a, b) => rank(a) - rank(b));
    for (const item of items) {
      const inner = levels.get(item.id);
      if (inner) Object.assign(item, { width: inner.width, height: inner.height, inner });
    }
    const order = new Map(items.map((item, i) => [item.id, i]));
    const pieces = [...this.pieces.values()];
    const pairs = pieces.map((p) => [order.get(p.from), order.get(p.to), p.place, p.width, p.height]);
    const sizes = items.map((item) => [item.width, item.height, isPort(item), Boolean(item.ordered)]);
    const signature = JSON.stringify([across, sizes, pairs]);
    if (!known.has(signature)) known.set(signature, straightest(sizes, pairs, across));
    const { spots, paths, width, height } = known.get(signature);
    const [margin, head] = this.outermost ? [MARGIN, 0] : [MARGIN, HEAD];
    const room = Math.max(0, this.title - width - 2 * margin) / 2; // a long title over few boxes
    this.width = width + 2 * (margin + room);
    this.height = height + 2 * margin + head;
    const shift = ([x, y]) => [x + margin + room, y + margin + head];
    this.spots = new Map(
      items.map((item, i) => [item.id, [...shift(spots[i]), item.width, item.height]]),
    );
    pieces.forEach((piece, i) => {
      piece.points = paths[i].points.map(shift);
      piece.label = paths[i].label && shift(paths[i].label);
    });
    this.attach(pieces, across);
    const solid = items.filter((item) => !isPort(item));
    for (const piece of pieces) {
      const around = solid.filter(({ id }) => id !== piece.from && id !== piece.to);
      piece.points = straight(piece, around.map(({ id }) => this.spots.get(id)), across);
    }
  }

  // Puts the ends of lines where they belong: ports on the border, operands in their order.
  attach(pieces, across) {
    const [main, side] = across ? [0, 1] : [1, 0];
    const extent = across ? this.width : this.height;
    const ends = new Map(); // by item: the lines that enter, and the lines that leave
    for (const piece of pieces) {
      for (const [id, entering] of [[piece.from, false], [piece.to, true]]) {
        const spot = this.spots.get(id);
        const point = entering ? piece.points[piece.points.length - 1] : piece.points[0];
        if (typeof id === "string") {
          point[side] = spot[side] + PORT / 2;
          point[main] = entering ? extent : 0;
          continue;
        }
        const ahead = this.spots.get(piece.to)[main] > this.spots.get(piece.from)[main];
        if (!ahead) continue; // a line against the stream keeps the ends that dagre gave it
        point[main] = spot[main] + (entering ? 0 : spot[2 + main]);
        const item = this.items.get(id);
        const port = item.inner?.port(entering ? "in" : "out", piece.source);
        if (port !== undefined) {
          point[side] = spot[side] + port;
        } else {
          const key = `${id}|${entering}`;
          if (!ends.has(key)) ends.set(key, []);
          const next = piece.points[entering ? piece.points.length - 2 : 1];
          ends.get(key).push({ point, spot, entering, item, place: piece.place, near: next[side] });
        }
      }
    }
    for (const list of ends.values()) {
      const { spot, item, entering } = list[0];
      const inset = side === 0 ? item.inset ?? 0 : 0; // room kept free beside it
      const [start, room] = [spot[side] + inset, spot[2 + side] - 2 * inset];
      if (!entering && !item.spread) {
        for (const end of list) end.point[side] = start + room / 2;
        continue;
      }
      list.sort((a, b) => (item.ordered ? a.place - b.place : 0) || a.near - b.near);
      list.forEach((end, i) => {
        end.point[side] = start + (room * (i + 1)) / (list.length + 1);
      });
    }
    this.side = side;
  }

  // Where on its border a line comes in or goes out.
  port(name, source) {
    const spot = this.spots.get(`${name} ${source}`);
    return spot && spot[this.side] + PORT / 2;
  }
}

// dagre's usual placement is the mean of four; in long chains with something beside each link, one
// of the four alone runs straight where the mean drifts away.
function straightest(sizes, pairs, across) {
  const usual = flat(sizes, pairs, across);
  if (sizes.length < 12 || sizes.length > 150) return usual;
  const side = across ? "height" : "width";
  const tried = ["UL", "UR", "DL", "DR"].map((align) => flat(sizes, pairs, across, align));
  const best = tried.reduce((a, b) => (b[side] < a[side] ? b : a));
  return best[side] < 0.7 * usual[side] ? best : usual;
}

// One flat graph by dagre: the upper left corners of boxes, and the points of lines.
function flat(sizes, pairs, across, align) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: across ? "LR" : "TB", nodesep: 18, edgesep: 12, ranksep: 34, ...(align && { align }) });
  const ranks = ranked(sizes.length, pairs);
  const last = Math.max(0, ...ranks);
  const isPort = (i) => sizes[i][2];
  sizes.forEach(([width, height], i) => {
    const lying = isPort(i) && across;
    graph.setNode(String(i), lying ? { width: height, height: width } : { width, height });
  });
  pairs.forEach(([from, to, , width, height], i) => {
    // Ports belong to the border: as far from the box as the border is.
    const minlen = isPort(from) ? ranks[to] + 1 : isPort(to) ? last - ranks[from] + 1 : 1;
    const label = width ? { width, height, labelpos: "c" } : {};
    graph.setEdge(String(from), String(to), { minlen, weight: isPort(from) ? 1 : 2, ...label }, `e${i}`);
  });
  dagre.layout(graph, { constraints: inOrder(sizes, pairs) });
  // Ports need no row of their own; what lies beyond the boxes is cut off.
  const main = across ? 0 : 1;
  const extent = across ? "width" : "height";
  const center = (i) => graph.node(String(i))[across ? "x" : "y"];
  const boxes = sizes.map((_, i) => i).filter((i) => !isPort(i));
  const low = boxes.reduce((least, i) => Math.min(least, center(i) - graph.node(String(i))[extent] / 2), Infinity);
  const high = boxes.reduce((most, i) => Math.max(most, center(i) + graph.node(String(i))[extent] / 2), -Infinity);
  const moved = (point) => {
    point[main] -= low;
    return point;
  };
  const spots = sizes.map((_, i) => {
    const { x, y, width, height } = graph.node(String(i));
    return moved([x - width / 2, y - height / 2]);
  });
  const paths = pairs.map(([from, to, , width], i) => {
    const edge = graph.edge(String(from), String(to), `e${i}`);
    const points = edge.points.map(({ x, y }) => [x, y]);
    const inner = points.slice(1, -1).filter((point) => point[main] >= low && point[main] <= high);
    return {
      points: [points[0], ...inner, points[points.length - 1]].map(moved),
      label: width ? moved([edge.x, edge.y]) : null,
    };
  });
  const size = [graph.graph().width, graph.graph().height].map(finite);
  size[main] = finite(high - low);
  return { spots, paths, width: size[0], height: size[1] };
}

// Operands that stand side by side stand in their order, where order matters: x - y is not y - x.
// (Of two in different rows dagre takes no notice.) A constraint against an earlier one would be a ring, which dagre does not end on.
function inOrder(sizes, pairs) {
  const operands = sizes.map(() => []);
  for (const [from, to, place] of pairs) {
    if (sizes[to][3]) operands[to].push([place, from]);
  }
  const after = new Map();
  const reaches = (from, to) => {
    const waiting = [from];
    for (const one of waiting) {
      if (one === to) return true;
      for (const next of after.get(one) ?? []) if (!waiting.includes(next)) waiting.push(next);
    }
    return false;
  };
  const constraints = [];
  for (const list of operands) {
    list.sort((a, b) => a[0] - b[0]);
    for (let i = 1; i < list.length; i++) {
      const [left, right] = [list[i - 1][1], list[i][1]];
      if (reaches(right, left)) continue;
      after.set(left, [...(after.get(left) ?? []), right]);
      constraints.push({ left: String(left), right: String(right) });
    }
  }
  return constraints;
}

// The points that a line needs: it bends as seldom and as gently as the boxes in its way allow.
function straight({ points, label }, boxes, across) {
  const [main, side] = across ? [0, 1] : [1, 0];
  const passed = points.findIndex((point) => label && Math.abs(point[main] - label[main]) < 1);
  const best = [{ cost: 0, before: -1 }]; // by point: the cheapest way there
  for (let i = 1; i < points.length; i++) {
    for (let j = Math.max(0, i - 40); j < i; j++) {
      if (j < passed && passed < i) continue; // it passes its label
      const [p, q] = [points[j], points[i]];
      const bend = Math.abs(q[side] - p[side]) / Math.max(1, Math.abs(q[main] - p[main]));
      const cost = best[j].cost + 1 + 2 * bend;
      if (best[i] && best[i].cost <= cost) continue;
      if (j === i - 1 || clear(p, q, boxes, across)) best[i] = { cost, before: j };
    }
  }
  const result = [];
  for (let i = points.length - 1; i >= 0; i = best[i].before) result.unshift(points[i]);
  return result;
}

// Whether the curve between two points keeps off the boxes.
function clear(p, q, boxes, across) {
  const [main, side] = across ? [0, 1] : [1, 0];
  const edges = [0, 1].map((axis) => [Math.min(p[axis], q[axis]) - 6, Math.max(p[axis], q[axis]) + 6]);
  const near = boxes.filter((box) => [0, 1].every(
    (axis) => box[axis] < edges[axis][1] && box[axis] + box[2 + axis] > edges[axis][0]));
  const steps = near.length ? Math.ceil(Math.hypot(q[0] - p[0], q[1] - p[1]) / 8) : 0;
  for (let step = 1; step < steps; step++) {
    const t = step / steps;
    const point = [0, 0];
    point[main] = p[main] + (q[main] - p[main]) * (1.5 * t * (1 - t) + t ** 3);
    point[side] = p[side] + (q[side] - p[side]) * (3 * t * t - 2 * t ** 3);
    const hit = near.some((box) => [0, 1].every(
      (axis) => point[axis] > box[axis] - 5 && point[axis] < box[axis] + box[2 + axis] + 5));
    if (hit) return false;
  }
  return true;
}

// The longest way from a start to each box, ports left out; on a ring it stops where it began.
function ranked(count, pairs) {
  const ranks = new Array(count).fill(0);
  const waiting = new Array(count).fill(0);
  const next = Array.from({ length: count }, () => []);
  for (const [from, to] of pairs) {
    next[from].push(to);
    waiting[to]++;
  }
  const ready = [...Array(count).keys()].filter((i) => !waiting[i]);
  for (const i of ready) {
    for (const to of next[i]) {
      ranks[to] = Math.max(ranks[to], ranks[i] + 1);
      if (--waiting[to] === 0) ready.push(to);
    }
  }
  return ranks;
}

function finite(number) {
  return Number.isFinite(number) ? number : 0; // dagre says -Infinity of an empty graph
}

// The pieces of one line as one list of points; the borders they meet at come once.
function joined(pieces, across) {
  const points = [];
  let label = null;
  for (const piece of pieces) {
    const [x, y] = piece.level.origin;
    for (const [left, top] of piece.points) {
      const point = [x + left, y + top];
      const before = points[points.length - 1];
      if (!before || Math.hypot(point[0] - before[0], point[1] - before[1]) > 0.5) points.push(point);
    }
    if (piece.label) label = [x + piece.label[0], y + piece.label[1]];
  }
  return { points, label };
}

if (typeof importScripts === "function") {
  self.onmessage = ({ data }) => {
    try {
      self.postMessage({ turn: data.turn, result: laidOut(data) });
    } catch (error) {
      self.postMessage({ turn: data.turn, error: String(error) });
    }
  };
}

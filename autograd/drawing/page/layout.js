// Where boxes stand and lines run. Runs in a worker, after dagre; knows nothing of the page.
//
// dagre lays out groups as well, but took 30 s for 300 boxes in 80 nested groups. Here each group is
// laid out by itself, the inner ones first, as a flat graph in which the groups it holds are boxes.
// A line that leaves or enters a group passes through a port on its border: within the group the
// port is a point to be placed like a box. Groups that look the same are laid out once.
"use strict";

const HEAD = 26; // the height of a group's title
const MARGIN = 14; // between a group's border and what it holds
const PORT = 10; // the room that a passing line takes
const known = new Map(); // what was laid out before: by everything that it depends on

// groups: [{id, parent, title}], parents first, the first without a parent; title is a width.
// boxes: [{id, group, width, height, spread}]. lines: [{from, to, place, width, height}] between
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
        this.items.set(end, { id: end, width: PORT, height: 1 });
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
    const items = [...this.items.values()];
    for (const item of items) {
      const inner = levels.get(item.id);
      if (inner) Object.assign(item, { width: inner.width, height: inner.height, inner });
    }
    const order = new Map(items.map((item, i) => [item.id, i]));
    const pieces = [...this.pieces.values()];
    const pairs = pieces.map((p) => [order.get(p.from), order.get(p.to), p.width, p.height]);
    const sizes = items.map((item) => [item.width, item.height, typeof item.id === "string" ? 1 : 0]);
    const signature = JSON.stringify([across, sizes, pairs]);
    if (!known.has(signature)) known.set(signature, flat(sizes, pairs, across));
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
  }

  // Puts the ends of lines where they belong: ports on the border, operands in their order.
  attach(pieces, across) {
    const [main, side] = across ? [0, 1] : [1, 0];
    const extent = across ? this.width : this.height;
    const ends = new Map(); // by item: the lines that enter, and the lines that leave
    for (const piece of pieces) {
      for (const [name, id, entering] of [["from", piece.from, false], ["to", piece.to, true]]) {
        const spot = this.spots.get(id);
        const point = entering ? piece.points[piece.points.length - 1] : piece.points[0];
        if (typeof id === "string") {
          point[side] = spot[side] + PORT / 2;
          point[main] = spot[main];
          const border = [...point];
          border[main] = name === "from" ? 0 : extent;
          if (name === "from") piece.points.unshift(border);
          else piece.points.push(border);
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
      if (!entering && !item.spread) {
        for (const end of list) end.point[side] = spot[side] + spot[2 + side] / 2;
        continue;
      }
      list.sort((a, b) => (item.spread ? 0 : a.place - b.place) || a.near - b.near);
      list.forEach((end, i) => {
        end.point[side] = spot[side] + (spot[2 + side] * (i + 1)) / (list.length + 1);
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

// One flat graph by dagre: the upper left corners of boxes, and the points of lines.
function flat(sizes, pairs, across) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: across ? "LR" : "TB", nodesep: 18, edgesep: 12, ranksep: 30, marginx: 0, marginy: 0,
  });
  const ranks = ranked(sizes.length, pairs);
  const last = Math.max(0, ...ranks);
  sizes.forEach(([width, height, port], i) => {
    graph.setNode(String(i), port && across ? { width: height, height: width } : { width, height });
  });
  pairs.forEach(([from, to, width, height], i) => {
    // Ports belong to the border: as far from the box as the border is.
    const minlen = sizes[from][2] ? ranks[to] + 1 : sizes[to][2] ? last - ranks[from] + 1 : 1;
    const label = width ? { width, height, labelpos: "c" } : {};
    graph.setEdge(String(from), String(to), { minlen, weight: sizes[from][2] ? 1 : 2, ...label }, `e${i}`);
  });
  dagre.layout(graph);
  const spots = sizes.map((_, i) => {
    const { x, y, width, height } = graph.node(String(i));
    return [x - width / 2, y - height / 2];
  });
  const paths = pairs.map(([from, to, width], i) => {
    const edge = graph.edge(String(from), String(to), `e${i}`);
    return { points: edge.points.map(({ x, y }) => [x, y]), label: width ? [edge.x, edge.y] : null };
  });
  const { width, height } = graph.graph();
  return { spots, paths, width: finite(width), height: finite(height) };
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

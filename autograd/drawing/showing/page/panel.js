// The panel beside the drawing: one item in full, or the whole; and the legend.
"use strict";

const panel = document.getElementById("panel");

function html(kind, attributes = {}, ...children) {
  const element = document.createElement(kind);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function tell(item) {
  panel.classList.toggle("empty", !item);
  panel.replaceChildren(...(item ? detailsOf(item) : overview()));
}

// -- one item -------------------------------------------------------------------------------------

function detailsOf(item) {
  const { data } = item;
  const facts = [];
  const fact = (name, value, copied = false) => {
    if (value === undefined || value === null || value === "") return;
    const words = plain(value);
    facts.push(html("dt", {}, name), html("dd", {}, html("bdi", name === "source" ? { class: "code" } : {}, words), copied ? copier(value, name) : ""));
  };
  if (item.leaf) {
    fact("name", data.name);
    fact("shape", written(data.shape));
    const { details = {}, lines = [] } = data; // which say most of it in full
    if (!details.dtype) fact("dtype", data.dtype);
    fact("stands for", item.count > 1 ? `${thousands(item.count)} of the same make` : "");
    if (!details.values && !details.mean) for (const line of lines) fact("shown", line);
    const gradient = number(data.gradient);
    if (gradient !== null && !details["gradient norm"]) fact("gradient", `${figure(gradient)} (root mean square)`);
  } else {
    fact("class", item.kind);
    fact("stands for", item.count > 1 ? `${thousands(item.count)} of the same make` : "");
    fact("operations", item.operations ? thousands(item.operations) : "");
    fact("parameters", item.parameters ? `${thousands(item.parameters)} numbers` : "");
    fact("boxes inside", thousands(item.inside));
    if (item.gradient !== null) fact("gradient", `up to ${figure(item.gradient)} (root mean square)`);
  }
  for (const [name, value] of Object.entries(data.details ?? {})) fact(name, value, name === "line");
  return [
    html("header", {},
      html("span", { class: `chip ${item.role}` }, item.leaf || !item.open ? scene.roles[item.role] : "module"),
      item === state.current ? html("button", { class: "quiet", onclick: () => select(null), "aria-label": "Close details" }, "\u00d7") : ""),
    html("h2", {}, html("bdi", {}, plain(item.label)), copier(item.label, "name")),
    waysUp(item),
    item.leaf ? "" : html("p", {}, html("button", { onclick: () => toggle(item) }, item.open ? "fold" : "unfold")),
    facts.length ? html("dl", {}, ...facts) : "",
    neighbours(item, "Comes from", (link) => link.from, (link) => link.to),
    neighbours(item, "Goes to", (link) => link.to, (link) => link.from),
  ].filter(Boolean);
}

// The modules around an item, the outermost first; each can be gone to.
function waysUp(item) {
  const around = path(item);
  if (!around.length) return "";
  const steps = around.map((group) =>
    html("li", {}, html("button", { class: "link", onclick: () => goTo(group) }, html("bdi", {}, short(nameIn(group), 30)))));
  return html("ol", { class: "way", "aria-label": "Inside" }, ...steps);
}

function neighbours(item, title, end, own) {
  const inside = (node) => {
    let one = node;
    while (one && one !== item) one = one.parent;
    return one === item;
  };
  const through = links.filter((link) => inside(own(link)) && !inside(end(link)));
  if (!through.length) return "";
  const several = item.leaf && title === "Comes from" && through.length > 1;
  const rows = through.slice(0, 30).map((link) => {
    const node = end(link);
    const notes = [written(link.shape), link.label, link.data ? "no gradient" : "", link.derivative && `\u2202 ${link.derivative}`]
      .filter(Boolean).map(plain).join(" \u00b7 ");
    const gradient = number(link.gradient);
    return html("li", {},
      several ? html("span", { class: "place" }, `${(link.place ?? 0) + 1}`) : "",
      html("button", { class: "link", onclick: () => goTo(node) }, html("bdi", {}, short(node.label, 40))),
      html("span", { class: "notes" }, html("bdi", {}, notes), gradient === null ? "" : ` \u03b4 ${figure(gradient)}`));
  });
  if (through.length > 30) rows.push(html("li", { class: "notes" }, `and ${thousands(through.length - 30)} more`));
  return html("section", {}, html("h3", {}, title), html("ul", { class: "ends" }, ...rows));
}

function copier(text, what) {
  const button = html("button", { class: "quiet copy", "aria-label": `Copy ${what}`, title: `Copy ${what}` }, "copy");
  button.addEventListener("click", async () => {
    button.textContent = (await copied(String(text))) ? "copied" : "not copied";
    setTimeout(() => (button.textContent = "copy"), 1200);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = html("textarea", { class: "aside" }); // the older way, where the newer is not allowed
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// -- the whole ------------------------------------------------------------------------------------

const KEYS = [
  ["arrows", "along the edges, and beside"], ["Enter", "fold, unfold"], ["Backspace", "fold the module around"],
  ["/", "search"], ["+ \u2212 0", "larger, smaller, fit"], ["[ ]", "fold, unfold a level"], ["Esc", "let go"],
];

function overview() {
  const facts = [["operations", whole.operations], ["parameters", whole.parameters], ["boxes", nodes.length], ["edges", links.length], ["modules", scene.groups.length]];
  return [
    html("h2", {}, html("bdi", {}, plain(scene.title))),
    html("dl", {}, ...facts.filter(([, value]) => value).flatMap(([name, value]) =>
      [html("dt", {}, name), html("dd", {}, thousands(value))])),
    html("p", { class: "notes" }, "Point at a box for its details; click it to keep them. A click unfolds a module, a click on its title folds it."),
    html("section", { class: "keys" }, html("h3", {}, "Keys"),
      html("dl", {}, ...KEYS.flatMap(([key, use]) => [html("dt", {}, html("kbd", {}, key)), html("dd", {}, use)]))),
  ];
}

// -- legend ---------------------------------------------------------------------------------------

function legend() {
  const present = new Set(nodes.map((node) => node.role));
  if (groups.length || all.length > 1) present.add("module");
  const rows = Object.keys(scene.roles).filter((role) => present.has(role)).map((role) => {
    const sample = svg("svg", { width: 34, height: 20, viewBox: "-2 -2 34 20", "aria-hidden": "true" },
      svg("g", { class: `box ${role}` }, ...outline({ role }, 28, 14)));
    return html("li", {}, sample, scene.roles[role]);
  });
  if (links.some((link) => link.data)) {
    const sample = svg("svg", { width: 34, height: 20, viewBox: "0 0 34 20", "aria-hidden": "true" },
      svg("g", { class: "line data" }, svg("path", { d: "M2 10h26", "stroke-width": 1.3 })));
    rows.push(html("li", {}, sample, "no gradient comes back"));
  }
  const parts = [html("ul", {}, ...rows), html("p", {}, `Operands enter in their order, from ${state.across ? "above" : "the left"}; those of + and * in any.`)];
  if (scene.nodes.some((node) => node.ratio !== undefined)) {
    parts.push(html("p", {}, "Beside the earlier step, gradients are smaller in blue boxes, larger in orange ones."));
  }
  if (state.backward) parts.push(gradientBar());
  if (scene.notes.length) {
    parts.push(html("ul", { class: "told" }, ...scene.notes.map((note) => html("li", {}, html("bdi", {}, plain(note))))));
  }
  document.getElementById("legend-body").replaceChildren(...parts);
}

function gradientBar() {
  const width = 168;
  const bar = svg("svg", { width: width + 36, height: 40, viewBox: `-18 0 ${width + 36} 40`, role: "img", "aria-label": `Gradients from 1e${scale.low} to 1e${scale.high}, logarithmic` });
  for (let i = 0; i < 24; i++) {
    const share = (i + 0.5) / 24;
    const look = 1 + 5 * share;
    bar.append(svg("rect", { x: (i * width) / 24, y: 10 - look / 2, width: width / 24 + 0.5, height: look, fill: scale.color(share) }));
  }
  const every = Math.ceil((scale.high - scale.low) / 5);
  for (let power = scale.low; power <= scale.high; power += every) {
    const x = ((power - scale.low) / (scale.high - scale.low)) * width;
    const label = svg("text", { x, y: 32, class: "small", "text-anchor": "middle" }, "10", svg("tspan", { dy: -4, "font-size": 8 }, String(power).replace("-", "\u2212")));
    bar.append(svg("path", { d: `M${x.toFixed(1)} 16v4`, class: "tick" }), label);
  }
  return html("figure", {}, html("figcaption", {}, "Root mean square of the gradient"), bar);
}

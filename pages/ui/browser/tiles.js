/* Tiles: what a number is, whether it moved, how it went, how sure it is. Streamlit calls it with what tiles.py says.

Words are set as text, never as HTML. The looks are in tiles.css.
*/

const SVG = "http://www.w3.org/2000/svg";
const EDGE = 8; // pixels between a definition and the window's border

/** An element with its class and what stands in it: texts and elements; nothing where there is nothing. */
function made(name, kind, ...inside) {
  const one = document.createElement(name);
  one.className = kind;
  one.append(...inside.filter(part => part !== null && part !== ""));
  return one;
}

/** The months in order, as one line with gaps and a dot at its end. */
function line({ path, last, width, height, tone, alt }) {
  const drawn = [["path", { d: path }], ["circle", { cx: last[0], cy: last[1], r: 2.6 }]].map(([name, place]) => {
    const mark = document.createElementNS(SVG, name);
    Object.entries(place).forEach(([key, value]) => mark.setAttribute(key, value));
    return mark;
  });
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", alt);
  picture.append(...drawn);
  return made("dd", `tile-line tile-${tone}`, picture);
}

function change({ text, tone, arrow, meaning }) {
  const sign = made("span", "tile-arrow", { up: "↑", down: "↓" }[arrow] ?? "");
  sign.ariaHidden = "true";
  return made("dd", "tile-change", made("span", `tile-pill tile-${tone}`, sign, text), meaning && made("span", "", meaning));
}

/** A button that shows the definition while it is pointed at or focused; Escape, scrolling or leaving closes it. */
function help(words, name) {
  const tip = made("span", "tile-tip", words);
  const button = made("button", "tile-help", "?");
  Object.assign(tip, { popover: "manual", role: "tooltip" });
  Object.assign(button, { type: "button", ariaLabel: name, ariaDescription: words });
  const show = () => {
    if (tip.matches(":popover-open")) return;
    tip.showPopover();
    const at = button.getBoundingClientRect();
    const below = at.bottom + EDGE + tip.offsetHeight < innerHeight;
    tip.style.top = `${below ? at.bottom + EDGE / 2 : at.top - EDGE / 2 - tip.offsetHeight}px`;
    tip.style.left = `${Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - EDGE))}px`;
    document.addEventListener("scroll", hide, { capture: true, once: true });
  };
  const hide = () => tip.isConnected && tip.hidePopover();
  const both = made("span", "tile-asked", button, tip);
  both.addEventListener("mouseenter", show);
  both.addEventListener("mouseleave", hide);
  button.addEventListener("focus", show);
  button.addEventListener("click", show);
  button.addEventListener("blur", hide);
  button.addEventListener("keydown", event => event.key === "Escape" && hide());
  return both;
}

function tile(one) {
  return made(
    "div",
    "tile",
    made("dt", "tile-label", one.label, help(one.definition, one.help)),
    made("dd", one.is_pale ? "tile-value tile-gray" : "tile-value", one.value),
    one.change && change(one.change),
    one.line && line(one.line),
    one.notes.length ? made("dd", "tile-notes", ...one.notes.map(note => made("span", "", note))) : null,
  );
}

export default function tiles({ data, parentElement }) {
  const frame = parentElement.querySelector(".tiles-frame") ?? parentElement.appendChild(made("div", "tiles-frame"));
  frame.replaceChildren(made("dl", "tiles", ...JSON.parse(new TextDecoder().decode(data)).map(tile)));
}

/* One sheet: lays the page out on A4, landscape, when it is printed, and undoes it afterwards. Served by web.OurFiles.

What stands first on the page goes on the sheet, in whole parts: a chart with its heading and its notes, or nothing of
it; the sheet says when something is left out. Asked for by Ctrl+P, the menu or the share box, the charts are drawn
again at the width of the sheet; printed by any other way they stay as on screen, and smaller where they must be.
*/

const id = name => `[data-testid="${name}"]`;
const STACK = id("stVerticalBlock");
const MAIN = `${STACK}:has(> * > .st-key-printed_head)`; // the page under the bar
const ROW = `${id("stHorizontalBlock")}:has(> ${id("stColumn")})`;
const BOX = `${id("stLayoutWrapper")}, ${id("stTabs")}`;
const CHART = id("stPlotlyChart");
const LEAF = id("stElementContainer");
const DRAWN = [CHART, ".tiles", id("stTable"), `${id("stMarkdown")} table`].join();
const NOTES = id("stCaptionContainer");
const SAID = [DRAWN, ".index p", id("stMarkdown"), id("stText"), id("stAlert"), id("stPageLink"), id("stDataFrame")].join();
const ZOOMS = [1, 0.9, 0.82, 0.75]; // down to letters of 7 points
const MARKS = ["data-left-out", "data-parted", "data-stacked"];
const GAP = 12; // pixels of the sheet between blocks
const CLOSE = 5; // between the lines on top
const MOST_FOOT = 0.15; // of the sheet's height
const LEAST = 0.72; // to which a chart too high for the sheet is made smaller
const ROUNDING = 4; // pixels, of what is measured
const NARROW = 5; // texts that a third column must save
const PATIENCE = 4000; // milliseconds for the charts to be drawn again
const html = document.documentElement;
const ask = window.print.bind(window);
const before = new Map(); // element -> its own style
let state = "screen"; // or: trying (charts as on screen, laid out as they will be), drawn (at the width of the sheet)

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const main = () => document.querySelector(MAIN);
const isSeen = element => element.offsetHeight > 0;
const isDrawn = block => all(DRAWN, block).some(isSeen);
const isFull = block => all(SAID, block).some(isSeen);
const isWhole = one => (one.matches(LEAF) && isDrawn(one.parentElement) ? isDrawn(one) : isFull(one)) && !isHeading(one);
const isHeading = one => one.matches(LEAF) && (one.querySelector(id("stHeading")) !== null || isBold(one));
const isBold = one => one.querySelector("p > strong:only-child")?.textContent === one.textContent.trim();
const hide = element => element.setAttribute("data-left-out", "");
const widthOf = chart => chart.querySelector(".svg-container")?.offsetWidth ?? chart.parentElement.clientWidth;
const widthIn = columns => (main().clientWidth - GAP * (columns - 1)) / columns;
const tall = one => one.offsetHeight + (parseFloat(one.style.marginBottom) || 0);
const height = elements => elements.reduce((sum, one) => sum + tall(one) + GAP, 0);

/** Whether an element belongs to the drawing before it: a caption, words after the last drawing. */
function isNote(one) {
  if (!one.matches(LEAF) || isHeading(one)) return false;
  if (one.querySelector(NOTES)) return true;
  const siblings = [...one.parentElement.children];
  const [earlier, later] = [siblings.slice(0, siblings.indexOf(one)), siblings.slice(siblings.indexOf(one))];
  return earlier.some(isDrawn) && !later.some(isDrawn);
}

/** Places an element; what it was is kept for `undo`. */
function put(element, width, left, top) {
  if (!before.has(element)) before.set(element, element.style.cssText);
  Object.assign(element.style, { width: `${width}px`, flex: "none" });
  if (left !== undefined) Object.assign(element.style, { position: "absolute", left: `${left}px`, top: `${top}px` });
}

/** Lines over the whole width: all down to the finding on top; notes and definitions at the foot. */
function line(place) {
  const lines = [...main().children].filter(isSeen);
  const has = name => one => one.matches(name) || one.querySelector(name);
  if (place === "foot") return lines.filter(has(".st-key-notes, .st-key-printed_foot"));
  const finding = lines.find(has("h2")) ?? lines.find(has(".st-key-printed_head"));
  return lines.slice(0, lines.indexOf(finding) + 1);
}

/** What comes between, in its order: groups of what must stay together. */
function groups(columns, width, room) {
  const fixed = [...line("head"), ...line("foot")];
  const rest = [...main().children].filter(one => isSeen(one) && !fixed.includes(one));
  rest.forEach(one => put(one, width));
  const found = together(rest.flatMap(one => pieces(one, columns, room)));
  if (!found.at(-1).some(isFull)) found.pop().forEach(hide);
  return found;
}

/** A block, in pieces when it is too high: its columns on a sheet of several, else what stands in it. */
function pieces(block, columns, room) {
  const inner = block.querySelector(":scope > *");
  const isRow = inner?.matches(ROW);
  const isParted = isRow ? columns > 1 && (isDrawn(inner) || block.offsetHeight > room) : inner?.matches(STACK) && block.offsetHeight > room;
  if (!isParted) return [block];
  block.setAttribute("data-parted", "");
  const children = isRow ? [...inner.children].flatMap(column => [...column.firstElementChild.children]) : [...inner.children];
  const seen = children.filter(isSeen);
  if (seen.length && isHeading(seen.at(-1))) hide(seen.pop());
  return seen.flatMap(child => pieces(child, columns, room));
}

/** Each drawing with what is said before it and noted after it; each text where nothing is drawn. */
function together(elements) {
  const found = [[]];
  for (const one of elements) {
    if (found.at(-1).some(isWhole) && !isNote(one)) found.push([]);
    found.at(-1).push(one);
  }
  return found;
}

/** What is left out whole: elements, entries of a list, and rows in which nothing is drawn. */
function units(one) {
  if (!isSeen(one)) return [];
  if (one.querySelector(".index") && one.matches(LEAF)) return all("li", one);
  return one.matches(LEAF) || (one.matches(ROW) && !isDrawn(one)) ? [one] : [...one.children].flatMap(units);
}

/** Makes a group low enough: hides its last parts, then makes its charts smaller; false when that is not enough. */
function cut(group, room) {
  const left = together(group.flatMap(units));
  while (height(group) > room && left.length > 1) {
    left.pop().forEach(hide);
    for (const one of group) all(BOX, one).filter(box => !all(LEAF, box).some(isSeen)).forEach(hide);
  }
  const charts = group.flatMap(one => all(CHART, one)).filter(isSeen);
  const part = 1 - (height(group) - room + ROUNDING) / charts.reduce((sum, one) => sum + one.offsetHeight, 0);
  if (part < 1 && part > LEAST) charts.forEach(chart => smaller(chart, part));
  return height(group) <= room && group.some(isFull);
}

/** By its look and the room under it, not by its size: a chart whose size changes is drawn again. */
function smaller(chart, part) {
  const leaf = chart.closest(LEAF);
  if (!before.has(leaf)) before.set(leaf, leaf.style.cssText);
  leaf.style.setProperty("margin-bottom", `${chart.offsetHeight * (part - 1)}px`, "important");
  if (state !== "trying") leaf.style.setProperty("--part", part);
}

/** Charts wider than their place are made smaller, their letters are not. */
function shrink(block) {
  for (const chart of all(CHART, block)) {
    const part = chart.parentElement.clientWidth / widthOf(chart);
    if (part < 0.99) smaller(chart, part);
  }
}

/** Every block where it fits first, from the left; what fits nowhere is left out. */
function place(columns) {
  html.dataset.columns = columns;
  for (const row of columns > 1 ? all(ROW, main()) : []) if (isDrawn(row)) row.setAttribute("data-stacked", "");
  const [head, foot, wide, high] = [line("head"), line("foot"), main().clientWidth, main().clientHeight];
  const words = all(".st-key-printed_foot p");
  foot.forEach(one => put(one, wide));
  while (height(foot) > MOST_FOOT * high && words.length > 1) hide(words.pop());
  const tops = Array(columns).fill(stacked(head, 0, 0, wide, CLOSE) + CLOSE);
  tops[columns - 1] = Math.max(tops[0], bottomOf(".st-key-printed_head img") + GAP);
  const end = high - height(foot);
  stacked(foot, 0, end, wide);
  const width = widthIn(columns);
  for (const group of groups(columns, width, end - tops[0])) {
    group.forEach(one => put(one, width));
    if (state !== "trying") group.forEach(shrink);
    const whole = tops.findIndex(top => top + height(group) <= end + GAP);
    const column = whole < 0 ? tops.indexOf(Math.min(...tops)) : whole;
    if (whole >= 0 || cut(group, end + GAP - tops[column])) tops[column] = stacked(group, column * (width + GAP), tops[column], width);
    else group.forEach(hide);
  }
  html.toggleAttribute("data-has-more", all("[data-left-out]", main()).some(one => !one.matches("p")));
}

const bottomOf = name => document.querySelector(name).getBoundingClientRect().bottom - main().getBoundingClientRect().top;

/** Under each other; where the next would stand. */
function stacked(lines, left, top, width, gap = GAP) {
  for (const one of lines) {
    put(one, width, left, top);
    top += tall(one) + gap;
  }
  return top;
}

/** Light letters on a dark ground: paper turns them round. */
function isDark() {
  const [red, green, blue] = getComputedStyle(document.querySelector(id("stApp"))).backgroundColor.match(/\d+/g).map(Number);
  return red + green + blue < 3 * 128;
}

/** One column with the largest letters that hold the whole page; else the smallest, in columns that hold the most. */
function begin() {
  html.classList.add("on-paper");
  html.toggleAttribute("data-dark", isDark());
  html.toggleAttribute("data-bare", !all(DRAWN, main()).some(isSeen));
  html.dataset.columns = 1;
  for (const zoom of ZOOMS) {
    html.style.setProperty("--zoom", zoom);
    if (height([...main().children].filter(isSeen)) <= main().clientHeight) return 1;
  }
  const tried = (state === "screen" && !html.hasAttribute("data-bare") ? [1] : [1, 2, 3]).map(columns => [lost(columns), columns]);
  return tried.sort((a, b) => a[0] - b[0])[0][1];
}

/** How much a sheet of so many columns leaves out: texts count 1, drawings by their height. */
function lost(columns) {
  const drawn = new Map(all(DRAWN, main()).map(one => [one, Math.max(3, one.offsetHeight / 40)]));
  place(columns);
  const leaves = all(`[data-left-out] ${LEAF}, ${LEAF}[data-left-out], .index [data-left-out], [data-left-out] .index li`, main());
  const weight = leaves.reduce((sum, one) => sum + (drawn.get(one.querySelector(DRAWN)) ?? 1), 0);
  restore();
  return weight + (columns > 2 ? NARROW : 0);
}

function restore() {
  before.forEach((style, element) => (element.style.cssText = style));
  before.clear();
  for (const mark of MARKS) all(`[${mark}]`).forEach(one => one.removeAttribute(mark));
}

function undo() {
  restore();
  html.classList.remove("on-paper");
  state = "screen";
}

/** Until every chart is as wide as its place. */
async function drawn() {
  const end = performance.now() + PATIENCE;
  const isWrong = chart => isSeen(chart) && Math.abs(chart.parentElement.clientWidth - widthOf(chart)) > 2;
  do await new Promise(requestAnimationFrame);
  while (all(CHART).some(isWrong) && performance.now() < end);
}

async function print() {
  state = "trying";
  const columns = begin();
  place(columns);
  await drawn();
  state = "drawn";
  restore();
  place(columns);
  ask();
}

function isOurs(event) {
  const isKey = event.key?.toLowerCase() === "p" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  return isKey || (event.type === "click" && event.target.closest(".st-key-takeaway_print button"));
}

for (const kind of ["keydown", "click"]) {
  addEventListener(kind, event => {
    if (!main() || !isOurs(event)) return;
    event.preventDefault();
    event.stopPropagation();
    print();
  }, { capture: true });
}
addEventListener("beforeprint", () => { if (main() && state === "screen") place(begin()); });
addEventListener("afterprint", undo);
window.print = print;

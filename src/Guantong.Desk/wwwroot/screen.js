// Draws the charts of a cockpit when they come into sight, in the colours that the reader wears, and makes pictures of them.
import { library, kept, clear } from './desk.js';
export { arrange } from './arrange.js';

const screens = new WeakMap(), worn = new WeakMap(), maps = {};

// Draws what is new or changed among the charts below root; clicks on what bears a region's code go to the caller.
export function drawScreen(root, caller) {
  let held = screens.get(root);
  if (!held) {
    held = {};
    held.seen = new IntersectionObserver(entries => {
      for (const entry of entries) if (entry.isIntersecting) draw(entry.target, held, entry.boundingClientRect);
    }, { rootMargin: '600px' });
    screens.set(root, held);
  }
  held.caller = caller;
  const look = `${root.dataset.theme} ${root.dataset.palette} ${root.dataset.wall}`;
  for (const place of root.querySelectorAll('.chart[data-option]')) {
    const wanted = look + place.dataset.option;
    if (place.wanted === wanted) continue;
    place.wanted = wanted;
    if (place.dataset.map) fetched(place.dataset.map);
    held.seen.unobserve(place);
    held.seen.observe(place);
  }
}

export function leaveScreen(root) {
  screens.get(root)?.seen.disconnect();
  screens.delete(root);
  for (const place of root?.querySelectorAll?.('.chart[data-option]') ?? []) clear(place);
}

// Its size is told, since asked for after other charts were drawn it would have the browser lay the page out anew.
async function draw(place, held, { width, height }) {
  if (place.drawn === place.wanted) return;
  place.drawn = place.wanted;
  const chart = await start(place, place, { renderer: 'svg', width, height });
  if (!chart) return;
  chart.on('click', p => p.data?.code ? held.caller?.invokeMethodAsync('ClickedAsync', p.data.code) : p.data?.to && held.caller?.invokeMethodAsync('FollowedAsync', p.data.to));
  // It is told at once of the size that the chart was drawn in.
  const observer = new ResizeObserver(([{ contentRect: now }]) => {
    if (now.width === 0 || now.height === 0 || (now.width === width && now.height === height)) return;
    ({ width, height } = now);
    chart.resize({ width, height });
  });
  observer.observe(place);
  kept.get(place).observer = observer;
}

// Starts a chart in an element by what another declares.
async function start(into, place, how) {
  const echarts = await library('echarts.min.js', 'echarts');
  const map = place.dataset.map;
  if (map && !echarts.getMap(map)) {
    const drawn = await fetched(map);
    if (!drawn) return null;
    echarts.registerMap(map, drawn);
  }
  if (!into.isConnected) return null;
  clear(into);
  const look = lookOf(place);
  const chart = echarts.init(into, look.theme, how);
  kept.set(into, { close: () => chart.dispose() });
  chart.setOption(optionOf(echarts, place, look));
  return chart;
}

// Many charts of a map have it fetched once, while the library still comes; where that failed it is tried again.
function fetched(map) {
  return maps[map] ??= fetch(`/api/v1/maps/${map}`).then(answer => answer.ok ? answer.json() : null).catch(() => null).then(drawn => {
    if (!drawn) delete maps[map];
    return drawn;
  });
}

// What a screen's style sheet says, kept: asked for between two drawings, each would have the browser reckon all styles anew.
function lookOf(place) {
  const root = place.closest('[data-theme]') ?? place, name = `${root.dataset.theme} ${root.dataset.palette} ${root.dataset.wall} ${innerWidth}`;
  if (worn.get(root)?.name !== name) {
    const css = getComputedStyle(place), values = {};
    const colour = of => values[of] ??= css.getPropertyValue(of).trim();
    worn.set(root, { name, colour, theme: themeOf(colour, css.fontFamily) });
  }
  return worn.get(root);
}

// What colours are called in an option is what they are called in the style sheet.
function optionOf(echarts, place, look) {
  const option = JSON.parse(place.dataset.option, (key, value) =>
    typeof value === 'string' && value.startsWith('var(--') ? look.colour(value.slice(4, -1)) : value);
  const escape = text => echarts.format.encodeHTML(String(text));
  option.animation = false;
  if (option.tooltip)
    option.tooltip = { ...option.tooltip, confine: true, formatter: p => tips(p).map(escape).join('<br>') };
  return option;
}

function tips(pointed) {
  const all = Array.isArray(pointed) ? pointed : [pointed], told = all.map(q => q.data?.tip).filter(Boolean);
  return told.length > 0 ? told : [all[0].name];
}

function themeOf(colour, fontFamily) {
  const size = parseFloat(colour('--chart-text')) || 12;
  const [ink, soft, line, panel] = ['--ink', '--soft', '--line', '--card'].map(colour);
  const axis = { axisLine: { lineStyle: { color: soft } }, axisTick: { lineStyle: { color: soft } }, axisLabel: { color: soft, fontSize: size }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: soft, fontSize: size } };
  return {
    textStyle: { color: ink, fontSize: size, fontFamily }, categoryAxis: axis, valueAxis: axis,
    legend: { textStyle: { color: ink, fontSize: size }, inactiveColor: soft },
    tooltip: { backgroundColor: panel, borderColor: line, textStyle: { color: ink, fontSize: size } },
    calendar: { itemStyle: { color: panel, borderColor: line }, splitLine: { lineStyle: { color: soft } }, dayLabel: { color: soft, fontSize: size - 1 }, monthLabel: { color: soft, fontSize: size }, yearLabel: { color: soft } },
    pie: { label: { color: ink, fontSize: size } }, gauge: { axisLabel: { color: soft, fontSize: size - 1 }, detail: { color: ink }, title: { color: soft } },
  };
}

// What the reader wears is remembered for a year.
export function wear(look) {
  document.cookie = `look=${look}; path=/desk; max-age=31536000; samesite=lax`;
}

export const fullScreen = () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();

// Saves a picture of a screen, or of one of its cards: texts, panels and charts as they stand.
export async function picture(screen, card, name) {
  const root = card ? document.getElementById(card) : screen;
  const box = root.getBoundingClientRect(), scale = 2, canvas = document.createElement('canvas');
  canvas.width = Math.ceil(box.width * scale);
  canvas.height = Math.ceil(box.height * scale);
  const brush = canvas.getContext('2d');
  brush.scale(scale, scale);
  brush.translate(-box.left, -box.top);
  brush.fillStyle = getComputedStyle(root).getPropertyValue('--paper').trim() || '#fff';
  brush.fillRect(box.left, box.top, box.width, box.height);
  await paint(root, brush);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  const link = Object.assign(document.createElement('a'), { download: name, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function paint(node, brush) {
  if (node.nodeType === Node.TEXT_NODE) return write(node, brush);
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches('.tools, .hidden, script')) return;
  const css = getComputedStyle(node), box = node.getBoundingClientRect();
  if (css.display === 'none' || css.visibility === 'hidden' || (box.width === 0 && css.display !== 'contents')) return;
  if (!/^rgba\(.*, 0\)$|^transparent$/.test(css.backgroundColor)) {
    brush.fillStyle = css.backgroundColor;
    brush.beginPath();
    brush.roundRect(box.left, box.top, box.width, box.height, Math.min(parseFloat(css.borderTopLeftRadius) || 0, box.height / 2));
    brush.fill();
  }
  for (const [side, x, y, w, h] of [['Top', box.left, box.top, box.width, 0], ['Bottom', box.left, box.bottom, box.width, 0], ['Left', box.left, box.top, 0, box.height], ['Right', box.right, box.top, 0, box.height]]) {
    const width = parseFloat(css[`border${side}Width`]);
    if (!width || css[`border${side}Style`] === 'none') continue;
    brush.strokeStyle = css[`border${side}Color`];
    brush.lineWidth = width;
    brush.beginPath();
    brush.moveTo(x, y);
    brush.lineTo(x + w, y + h);
    brush.stroke();
  }
  if (node instanceof SVGSVGElement) return drawingOf(node, box, brush);
  if (node.dataset.option && node.classList.contains('chart')) return chartOf(node, box, brush);
  const cuts = css.overflowX !== 'visible' || css.overflowY !== 'visible';
  if (cuts) {
    brush.save();
    brush.beginPath();
    brush.rect(box.left, box.top, box.width, box.height);
    brush.clip();
  }
  for (const child of node.childNodes) await paint(child, brush);
  if (cuts) brush.restore();
}

// A chart is drawn once more, on a canvas that nobody sees: also where it has not come into sight yet.
async function chartOf(place, box, brush) {
  const aside = document.createElement('div');
  aside.style.cssText = `position: fixed; left: -10000px; top: 0; width: ${box.width}px; height: ${box.height}px`;
  document.body.append(aside);
  try {
    const chart = await start(aside, place, { renderer: 'canvas' });
    if (chart) brush.drawImage((chart.renderToCanvas ?? chart.getRenderedCanvas).call(chart, { pixelRatio: 2 }), box.left, box.top, box.width, box.height);
  } finally {
    clear(aside);
    aside.remove();
  }
}

async function drawingOf(svg, box, brush) {
  const copy = svg.cloneNode(true);
  copy.setAttribute('width', box.width);
  copy.setAttribute('height', box.height);
  const image = new Image(), address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    brush.drawImage(image, box.left, box.top, box.width, box.height);
  } catch {
    // A drawing that makes no picture leaves its place empty; what it says stands in words beside it.
  } finally {
    URL.revokeObjectURL(address);
  }
}

function write(text, brush) {
  if (!text.data.trim()) return;
  const css = getComputedStyle(text.parentElement), range = document.createRange(), lines = [];
  for (let i = 0; i < text.length; i++) {
    range.setStart(text, i);
    range.setEnd(text, i + 1);
    const box = range.getClientRects()[0];
    if (!box) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.top - box.top) < 2) line.words += text.data[i];
    else lines.push({ words: text.data[i], left: box.left, top: box.top, height: box.height });
  }
  brush.font = `${css.fontStyle} ${css.fontWeight} ${css.fontSize} ${css.fontFamily}`;
  brush.fillStyle = css.color;
  for (const line of lines) {
    const size = brush.measureText(line.words);
    brush.fillText(line.words, line.left, line.top + (line.height - size.fontBoundingBoxAscent - size.fontBoundingBoxDescent) / 2 + size.fontBoundingBoxAscent);
  }
}

// What the Desk draws in the browser: processes (bpmn-js), decisions (dmn-js), charts (ECharts); the cockpit has screen.js. Libraries are fetched when a page first needs them.
const lib = '/_content/Guantong.Desk/lib/';
const fetched = {};
export const kept = new WeakMap();
const constructors = {};

function script(name) {
  return fetched[name] ??= new Promise((done, failed) => {
    const tag = document.createElement('script');
    tag.src = lib + name;
    tag.onload = done;
    tag.onerror = () => failed(new Error('cannot fetch ' + name));
    document.head.append(tag);
  });
}

// bpmn-js and dmn-js leave viewer and editor under one name: each is taken as soon as it is there.
export async function library(file, name) {
  if (!constructors[file]) {
    await script(file);
    constructors[file] = window[name];
  }
  return constructors[file];
}

// Holds what is drawn in a place until it is cleared.
export function keep(place, held, close) {
  kept.set(place, Object.assign(held, { close }));
}

export function style(name) {
  fetched[name] ??= document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: lib + name })) ?? true;
}

// The model of a BPMN text. bpmn-js leaves out a process that stands beside pools without one: it is given one that is not drawn.
async function whole(moddle, xml) {
  const { rootElement } = await moddle.fromXML(xml);
  const collaboration = rootElement.rootElements.find(e => e.$type === 'bpmn:Collaboration');
  if (collaboration?.participants)
    for (const process of rootElement.rootElements.filter(e => e.$type === 'bpmn:Process' && !collaboration.participants.some(p => p.processRef === e)))
      collaboration.participants.push(moddle.create('bpmn:Participant', { processRef: process }));
  return rootElement;
}

// Draws a BPMN text into an element; marks what has been gone through and where it stands. False where the text has no diagram.
export async function drawProcess(place, xml, visited, current) {
  style('diagram-js.css');
  style('bpmn-js.css');
  const Bpmn = await library('bpmn-viewer.min.js', 'BpmnJS');
  clear(place);
  const viewer = new Bpmn({ container: place });
  kept.set(place, { close: () => viewer.destroy() });
  try {
    await viewer.importDefinitions(await whole(viewer.get('moddle'), xml));
  } catch {
    clear(place);
    return false;
  }
  kept.get(place).viewer = viewer;
  const canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry');
  for (const id of visited) if (registry.get(id) && !current.includes(id)) canvas.addMarker(id, 'past');
  for (const id of current) if (registry.get(id)) canvas.addMarker(id, 'now');
  const fit = () => {
    const box = canvas.viewbox().inner, wide = box.width + 30, high = box.height + 30, drawn = place.firstElementChild.style;
    // As large as fits, but never illegible: what is larger than its place is pushed about in it.
    const scale = Math.max(0.62, Math.min(1, place.clientWidth / wide, 440 / high));
    drawn.width = Math.max(place.clientWidth, wide * scale) + 'px';
    drawn.height = Math.max(190, high * scale) + 'px';
    place.style.height = Math.min(560, parseFloat(drawn.height)) + 'px';
    canvas.resized();
    canvas.zoom('fit-viewport', 'auto');
  };
  fit();
  watch(place, fit);
  reveal(place, canvas, current.map(id => registry.get(id)).find(Boolean));
  return true;
}

// Brings a node into sight where the drawing is larger than its place.
function reveal(place, canvas, node) {
  if (!node) return;
  const box = canvas.viewbox().inner, zoom = canvas.zoom();
  place.scrollLeft = (node.x - box.x) * zoom - place.clientWidth / 2;
  place.scrollTop = (node.y - box.y) * zoom - place.clientHeight / 2;
}

// Marks on a drawn process what a move would do ({node: ending, opening or staying}), and tells a caller of clicks on its nodes. False where nothing is drawn yet.
export function markProcess(place, marks, caller) {
  const held = kept.get(place);
  if (!held?.viewer) return false;
  const canvas = held.viewer.get('canvas'), registry = held.viewer.get('elementRegistry');
  for (const [id, mark] of Object.entries(held.marks ?? {})) if (registry.get(id)) canvas.removeMarker(id, mark);
  for (const [id, mark] of Object.entries(marks)) if (registry.get(id)) canvas.addMarker(id, mark);
  held.marks = marks;
  reveal(place, canvas, Object.keys(marks).filter(id => marks[id] === 'opening').map(id => registry.get(id)).find(Boolean));
  if (caller && !held.told) held.viewer.get('eventBus').on('element.click', e => held.caller.invokeMethodAsync('PickedAsync', e.element.id));
  held.told ||= !!caller;
  held.caller = caller;
  return true;
}

// Draws an ECharts option. With a map: {url, key}; a click on an area calls back with its code.
export async function drawChart(place, option, map, caller) {
  await script('echarts.min.js');
  if (map && !echarts.getMap(map.key)) {
    const answer = await fetch(map.url);
    echarts.registerMap(map.key, await answer.json());
  }
  clear(place);
  const chart = echarts.init(place, null, { renderer: 'svg' });
  kept.set(place, { close: () => chart.dispose() });
  const escape = text => echarts.format.encodeHTML(String(text));
  // Colours may be named by the style sheet.
  const css = getComputedStyle(place);
  option = JSON.parse(JSON.stringify(option), (_, value) => typeof value === 'string' && value.startsWith('var(--') ? css.getPropertyValue(value.slice(4, -1)).trim() : value);
  option.animation = false;
  option.tooltip = { ...option.tooltip, confine: true, formatter: p => Array.isArray(p) ? p.map(q => escape(q.data?.tip ?? q.name)).join('<br>') : escape(p.data?.tip ?? p.name) };
  chart.setOption(option);
  if (caller)
    chart.on('click', p => p.data?.code && caller.invokeMethodAsync('ClickedAsync', p.data.code));
  watch(place, () => chart.resize());
}

// What draws a process in a place.
export const viewerOf = place => kept.get(place)?.viewer;

export function clear(place) {
  const held = place && kept.get(place);
  if (!held) return;
  held.observer?.disconnect();
  held.close();
  kept.delete(place);
}

export function watch(place, changed) {
  let width = place.clientWidth;
  const observer = new ResizeObserver(() => {
    // A place on its way out has no width, and nothing can be drawn into that.
    if (place.clientWidth === width || place.clientWidth === 0) return;
    width = place.clientWidth;
    changed();
  });
  observer.observe(place);
  kept.get(place).observer = observer;
}

// dmn-js reads and writes DMN 1.3; what a model of another version holds is the same but for these names.
const dmnVersions = ['20180521', '20191111', '20211108', '20230324'];

async function dmnLibrary(name) {
  for (const css of ['diagram-js', 'dmn-js-shared', 'dmn-js-drd', 'dmn-js-decision-table', 'dmn-js-decision-table-controls', 'dmn-js-literal-expression', 'dmn-js-boxed-expression', 'dmn-js-boxed-expression-controls', 'dmn-font']) style(css + '.css');
  return library(name, 'DmnJS');
}

function toVersion(xml, version) {
  return xml.replace(new RegExp(`https?://www\\.omg\\.org/spec/DMN/(${dmnVersions.join('|')})/(MODEL|DMNDI)/`, 'g'), `${version === '20180521' ? 'http' : 'https'}://www.omg.org/spec/DMN/${version}/$2/`);
}

async function dmnTranslate() {
  const words = document.documentElement.lang.startsWith('zh') ? (await import('./dmn-zh.js')).default : {};
  return (text, values) => (words[text] ?? text).replace(/{([^}]+)}/g, (whole, key) => values?.[key] ?? values?.[key.trim()] ?? whole);
}

// Draws a DMN text: its requirements as a graph, its tables and expressions one click away. Returns the names of its views.
export async function drawDecision(place, xml, edit) {
  const Dmn = await dmnLibrary(edit ? 'dmn-modeler.min.js' : 'dmn-viewer.min.js');
  clear(place);
  const part = { additionalModules: [{ translate: ['value', await dmnTranslate()] }] };
  const viewer = new Dmn({ container: place, drd: part, decisionTable: part, literalExpression: part, boxedExpression: part });
  const version = xml.match(/spec\/DMN\/(\d{8})\/MODEL/)?.[1] ?? '20191111';
  kept.set(place, { close: () => viewer.destroy(), viewer, version });
  await viewer.importXML(toVersion(xml, '20191111'));
  const fit = () => fitDecision(place, viewer);
  fit();
  watch(place, fit);
  return viewer.getViews().map(v => v.name || v.id);
}

// Opens one of the views.
export async function openDecisionView(place, at) {
  const { viewer } = kept.get(place);
  await viewer.open(viewer.getViews()[at]);
  fitDecision(place, viewer);
}

// The graph with a margin, at a size that can be read: a phone pushes it sideways. Tables and expressions flow as they are.
function fitDecision(place, viewer) {
  const sheet = place.firstElementChild, isGraph = viewer.getActiveView()?.type === 'drd';
  if (!isGraph || place.classList.contains('editing')) {
    sheet.style.width = place.style.height = '';
    if (isGraph) viewer.getActiveViewer().get('canvas').zoom('fit-viewport', 'auto');
    return;
  }
  const canvas = viewer.getActiveViewer().get('canvas'), box = canvas.viewbox().inner;
  sheet.style.width = Math.max(place.clientWidth, box.width * 0.62 + 40) + 'px';
  place.style.height = Math.min(560, Math.max(190, sheet.clientWidth * (box.height + 60) / (box.width + 60))) + 'px';
  canvas.resized();
  canvas.zoom('fit-viewport', 'auto');
  canvas.zoom(canvas.zoom() * 0.95, 'auto');
  if (place.scrollWidth > place.clientWidth) place.scrollLeft = (place.scrollWidth - place.clientWidth) / 2;
}

// The text as it has been edited, in the version that it came in; as a blob, which is streamed: a model outgrows one message.
export async function decisionText(place) {
  const { viewer, version } = kept.get(place);
  return new Blob([toVersion((await viewer.saveXML({ format: true })).xml, version)], { type: 'application/xml' });
}

// Hands the edited text over as a file.
export async function saveDecision(place, name) {
  const link = Object.assign(document.createElement('a'), { download: name, href: URL.createObjectURL(await decisionText(place)) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Edits a process in the browser: bpmn-js with this platform's own attributes. The page says what each element may be given; here it is put into the model.
import { clear, keep, kept, library, style, watch } from './desk.js';
import { describe, changes } from './bpmn-properties.js';

// Where attributes of this platform stand (docs/bpmn.md, “Expressions and data”). Others, and those of other tools, are kept as they are.
const own = {
  name: 'Guantong', uri: 'https://guantong.dev/bpmn', prefix: 'guantong', xml: { tagAlias: 'lowerCase' },
  types: Object.entries({
    UserTask: ['form', 'due'], ManualTask: ['form', 'due'], ServiceTask: ['service', 'document', 'dataset', 'decision', 'result'], BusinessRuleTask: ['decision', 'result'],
    ScriptTask: ['result'], EndEvent: ['outcome'], CatchEvent: ['key'], ThrowEvent: ['key'], SendTask: ['key'], ReceiveTask: ['key'], MultiInstanceLoopCharacteristics: ['collection', 'elementVariable'],
  }).map(([type, names]) => ({ name: 'Own' + type, extends: ['bpmn:' + type], properties: names.map(name => ({ name, isAttr: true, type: 'String' })) })),
};

// Several commands as one, so that one change is undone at once.
class Together {
  static $inject = ['commandStack'];
  constructor(stack) { this.stack = stack; }
  preExecute(context) { for (const [command, given] of context.commands) this.stack.execute(command, given); }
}

async function translator() {
  const words = document.documentElement.lang.startsWith('zh') ? (await import('./bpmn-zh.js')).default : {};
  return (text, values) => (words[text] ?? text).replace(/{([^}]+)}/g, (whole, key) => words[values?.[key]] ?? values?.[key] ?? whole);
}

// Draws a process for editing; on a narrow screen, and where told, for reading. False where it has no diagram; else whether it can be edited.
export async function open(place, xml, caller, readOnly) {
  const canEdit = !readOnly && window.matchMedia('(min-width: 901px)').matches;
  for (const css of ['diagram-js', 'bpmn-js', 'bpmn-font']) style(css + '.css');
  const Bpmn = await library(canEdit ? 'bpmn-modeler.min.js' : 'bpmn-viewer.min.js', 'BpmnJS');
  clear(place);
  const translate = await translator();
  const viewer = new Bpmn({ container: place, moddleExtensions: { guantong: own }, additionalModules: [{ translate: ['value', translate] }] });
  const held = { viewer, translate, caller, canEdit, told: [] };
  keep(place, held, () => viewer.destroy());
  let drawn;
  try {
    drawn = await viewer.importXML(xml);
  } catch {
    clear(place);
    return null;
  }
  // A reference that leads nowhere in the file would be lost in writing: it is for the check to judge, not for the editor to drop.
  for (const { element, property, value } of drawn.warnings)
    if (element && property && value && !element.get(property)) element.set(property, { id: value });
  fit(place);
  watch(place, () => fit(place));
  if (canEdit) listen(held);
  return canEdit;
}

function listen({ viewer, caller, translate }) {
  viewer.get('commandStack').registerHandler('guantong.together', Together);
  const tell = () => {
    const [chosen, more] = viewer.get('selection').get();
    caller.invokeMethodAsync('ChosenAsync', chosen && !more ? describe(viewer, chosen, translate) : null);
  };
  viewer.on('selection.changed', tell);
  viewer.on('commandStack.changed', () => {
    const stack = viewer.get('commandStack');
    caller.invokeMethodAsync('ChangedAsync', stack.canUndo(), stack.canRedo(), elements(viewer, translate));
    tell();
  });
}

// What can be chosen, in the order of the drawing from left to right: for those who do not point.
function elements(viewer, translate) {
  const root = viewer.get('canvas').getRootElement();
  return viewer.get('elementRegistry').filter(e => e !== root && e.type !== 'label' && !e.hidden)
    .map(e => ({ e, x: e.x ?? e.waypoints[0].x, y: e.y ?? e.waypoints[0].y }))
    .sort((a, b) => a.x - b.x || a.y - b.y).map(({ e }) => { const d = describe(viewer, e, translate); return { id: d.id, label: d.name || d.between || d.id, kind: d.kind }; });
}

export function listed(place) {
  const { viewer, translate } = kept.get(place);
  return elements(viewer, translate);
}

// As a blob, which is streamed: a process outgrows one message.
export async function text(place) {
  return new Blob([(await kept.get(place).viewer.saveXML({ format: true })).xml], { type: 'application/xml' });
}

// Hands the edited text over as a file.
export async function save(place, name) {
  const link = Object.assign(document.createElement('a'), { download: name, href: URL.createObjectURL(await text(place)) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function step(place, command) {
  kept.get(place).viewer.get('commandStack')[command]();
}

// The whole drawing, beside the palette that lies over the left edge; at a size that can be read: what is wider is pushed sideways.
export function fit(place) {
  const canvas = kept.get(place).viewer.get('canvas'), palette = place.querySelector('.djs-palette'), margin = 16;
  canvas.resized();
  const { inner, outer } = canvas.viewbox(), left = palette ? palette.offsetLeft + palette.offsetWidth + margin : margin;
  const scale = Math.max(0.6, Math.min(1, (outer.width - left - margin) / inner.width, (outer.height - 2 * margin) / inner.height));
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: inner.x - left / scale, y: inner.y - Math.max(margin / scale, (height - inner.height) / 2), width, height });
}

export function zoom(place, factor) {
  const canvas = kept.get(place).viewer.get('canvas');
  canvas.zoom(canvas.zoom() * factor);
}

// Chooses an element and brings it into view.
export function choose(place, id) {
  const { viewer, canEdit } = kept.get(place), element = viewer.get('elementRegistry').get(id);
  if (!element) return;
  viewer.get('canvas').scrollToElement(element, 80);
  if (canEdit) viewer.get('selection').select(element);
}

// Sets what the form gives of an element.
export function set(place, id, name, value) {
  const { viewer } = kept.get(place), element = viewer.get('elementRegistry').get(id);
  if (element) viewer.get('commandStack').execute('guantong.together', { commands: changes(viewer, element, name, value) });
}

// Adds an element behind another and connects them; connects two; removes one.
export function append(place, id, type) {
  const { viewer } = kept.get(place), element = viewer.get('elementRegistry').get(id);
  const shape = viewer.get('elementFactory').createShape({ type: 'bpmn:' + type });
  const added = viewer.get('autoPlace').append(element, shape);
  viewer.get('selection').select(added);
}

export function connect(place, from, to) {
  const { viewer } = kept.get(place), registry = viewer.get('elementRegistry');
  const allowed = viewer.get('bpmnRules').canConnect(registry.get(from), registry.get(to));
  if (allowed) viewer.get('modeling').connect(registry.get(from), registry.get(to), allowed);
  return Boolean(allowed);
}

export function remove(place, id) {
  const { viewer } = kept.get(place);
  viewer.get('modeling').removeElements([viewer.get('elementRegistry').get(id)]);
}

// Shows on the drawing what the check found: elements by severity, and the way that leads to a fault, step by step.
export function mark(place, found, path) {
  const held = kept.get(place);
  if (!held) return;
  const { viewer } = held, canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry'), overlays = viewer.get('overlays');
  for (const [id, marker] of held.told) if (registry.get(id)) canvas.removeMarker(id, marker);
  held.told = [];
  overlays.remove({ type: 'guantong-step' });
  const add = (id, marker) => { canvas.addMarker(id, marker); held.told.push([id, marker]); };
  for (const { element, severity } of found) if (registry.get(element)) add(element, 'found-' + severity);
  const steps = new Map();
  path.filter(id => registry.get(id)).forEach((id, at, all) => {
    steps.set(id, [...(steps.get(id) ?? []), at + 1]);
    for (const flow of at === 0 ? [] : registry.get(all[at - 1]).outgoing.filter(f => f.target === registry.get(id))) add(flow.id, 'on-path');
  });
  for (const [id, numbers] of steps) {
    add(id, 'on-path');
    const badge = Object.assign(document.createElement('span'), { className: 'path-step', textContent: numbers.join('·') });
    overlays.add(id, 'guantong-step', { position: { top: -11, left: -11 }, html: badge });
  }
}

export const close = clear;

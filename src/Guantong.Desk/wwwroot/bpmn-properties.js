// What the form beside a process knows of an element, and how a change of it is written into the model as commands that can be undone.

const is = (element, ...types) => types.some(type => element?.businessObject?.$instanceOf('bpmn:' + type));
const definition = element => element.businessObject.eventDefinitions?.[0];
const definedAs = (element, type) => definition(element)?.$type === `bpmn:${type}EventDefinition`;
const typeOf = moddle => moddle.$type.replace('bpmn:', '');
// “IntermediateCatchEvent” as bpmn-js says it: “Intermediate catch event”.
const words = type => type.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`).replace('Sub process', 'Sub-process').replace('Ad hoc sub process', 'Ad-hoc sub-process').replace('Event based', 'Event-based');
const attributes = ['form', 'due', 'service', 'document', 'dataset', 'decision', 'result', 'outcome', 'key'];
const times = ['timeDuration', 'timeDate', 'timeCycle'];
// How each kind of event finds what it is about: the reference, the element it leads to, and the word by which that is known.
const referred = { Message: ['messageRef', 'Message', 'name'], Signal: ['signalRef', 'Signal', 'name'], Error: ['errorRef', 'Error', 'errorCode'], Escalation: ['escalationRef', 'Escalation', 'escalationCode'] };

function about(element) {
  const holder = is(element, 'SendTask', 'ReceiveTask') ? element.businessObject : definition(element);
  const kind = is(element, 'SendTask', 'ReceiveTask') ? 'Message' : holder && typeOf(holder).replace('EventDefinition', '');
  return referred[kind] ? { holder, kind, reference: referred[kind][0], type: referred[kind][1], word: referred[kind][2] } : null;
}

function kindOf(element, translate) {
  const event = definition(element), type = words(typeOf(element.businessObject));
  const said = event ? `${words(typeOf(event).replace('EventDefinition', ''))} ${type[0].toLowerCase()}${type.slice(1)}`.replace('Compensate', 'Compensation')
    : element.businessObject.triggeredByEvent ? 'Event sub-process' : type;
  return translate(said);
}

function loopOf(bo) {
  const loop = bo.loopCharacteristics;
  if (!loop) return { loop: '' };
  if (loop.$type === 'bpmn:StandardLoopCharacteristics')
    return { loop: 'standard', loopCondition: loop.loopCondition?.body ?? '', loopMaximum: loop.loopMaximum == null ? '' : String(loop.loopMaximum) };
  // Lists that the file gives in another way than the form does are shown to be there, and kept.
  const elsewhere = loop.loopDataInputRef || loop.extensionElements || Object.keys(loop.$attrs).some(name => /:(collection|elementVariable)$/.test(name));
  return {
    loop: loop.isSequential ? 'sequential' : 'parallel', loopElsewhere: elsewhere ? 'yes' : '', collection: loop.get('guantong:collection') ?? '', item: loop.get('guantong:elementVariable') ?? '',
    cardinality: loop.loopCardinality?.body ?? '', completion: loop.completionCondition?.body ?? '',
  };
}

// An element as the form shows it; values are texts, and what an element cannot have is not among them.
export function describe(viewer, element, translate) {
  const bo = element.businessObject, values = {};
  const named = e => e?.businessObject.name || e?.id;
  for (const name of attributes) if (bo.$descriptor.propertiesByName['guantong:' + name]) values[name] = bo.get('guantong:' + name) ?? '';
  if (is(element, 'SequenceFlow')) {
    const chooses = is(element.source, 'ExclusiveGateway', 'InclusiveGateway', 'ComplexGateway', 'Activity');
    if (chooses) values.default = element.source.businessObject.default === bo ? 'yes' : '';
    // One that stands where nothing looks at it can be taken away.
    if (chooses || bo.conditionExpression) values.condition = bo.conditionExpression?.body ?? '';
  }
  if (is(element, 'ScriptTask')) values.script = bo.script ?? '';
  if (definedAs(element, 'Timer')) {
    const kind = times.find(t => definition(element)[t]) ?? 'timeDuration';
    Object.assign(values, { timerKind: kind, timer: definition(element)[kind]?.body ?? '' });
  }
  if (definedAs(element, 'Conditional')) values.when = definition(element).condition?.body ?? '';
  if (definedAs(element, 'Link')) values.link = definition(element).name ?? '';
  const topic = about(element);
  if (topic) values[topic.kind.toLowerCase()] = topic.holder.get(topic.reference)?.[topic.word] ?? topic.holder.get(topic.reference)?.name ?? '';
  // A key belongs to a message alone.
  if (topic?.kind !== 'Message') delete values.key;
  if (is(element, 'BoundaryEvent') && !definedAs(element, 'Error') && !definedAs(element, 'Cancel') && !definedAs(element, 'Compensate')) values.interrupting = bo.cancelActivity === false ? '' : 'yes';
  if (is(element, 'StartEvent') && element.parent?.businessObject.triggeredByEvent) values.interrupting = bo.isInterrupting === false ? '' : 'yes';
  if (is(element, 'Activity') && !bo.triggeredByEvent) Object.assign(values, loopOf(bo));
  const holds = is(element, 'TextAnnotation') ? 'text' : 'name';
  return {
    id: element.id, type: typeOf(bo), kind: kindOf(element, translate), name: bo[holds] ?? '', values,
    between: element.source ? `${named(element.source)} → ${named(element.target)}` : null,
    canAppend: is(element, 'FlowNode') && !is(element, 'EndEvent') && !bo.triggeredByEvent,
  };
}

// The commands that give an element a value.
export function changes(viewer, element, name, value) {
  const bo = element.businessObject, make = (type, given) => viewer.get('moddle').create('bpmn:' + type, given), text = value || undefined;
  const properties = given => ['element.updateProperties', { element, properties: given }];
  const inside = (moddleElement, given) => ['element.updateModdleProperties', { element, moddleElement, properties: given }];
  // An expression that is there keeps what else it says, such as its language.
  const expression = (holder, property) => !text ? [inside(holder, { [property]: undefined })]
    : holder[property] ? [inside(holder[property], { body: text })] : [inside(holder, { [property]: Object.assign(make('FormalExpression', { body: text }), { $parent: holder }) })];
  if (name === 'name') return [['element.updateLabel', { element, newLabel: value }]];
  if (attributes.includes(name)) return [properties({ ['guantong:' + name]: text })];
  switch (name) {
    case 'condition': return expression(bo, 'conditionExpression').concat(text && element.source.businessObject.default === bo ? [['element.updateProperties', { element: element.source, properties: { default: undefined } }]] : []);
    case 'default': return [['element.updateProperties', { element: element.source, properties: { default: value ? bo : undefined } }], ...(value && bo.conditionExpression ? [properties({ conditionExpression: undefined })] : [])];
    case 'script': return [properties({ script: text, scriptFormat: bo.scriptFormat })];
    case 'timer': return expression(definition(element), times.find(t => definition(element)[t]) ?? 'timeDuration');
    case 'timerKind': {
      const was = times.map(t => definition(element)[t]).find(Boolean) ?? make('FormalExpression', { body: '' });
      return [inside(definition(element), Object.fromEntries(times.map(t => [t, t === value ? was : undefined])))];
    }
    case 'when': return expression(definition(element), 'condition');
    case 'link': return [inside(definition(element), { name: text })];
    case 'interrupting': return [properties({ [is(element, 'BoundaryEvent') ? 'cancelActivity' : 'isInterrupting']: Boolean(value) })];
    case 'message': case 'signal': case 'error': case 'escalation': return topicChange(viewer, element, text, make, inside);
    case 'loop': return [properties({ loopCharacteristics: loopFor(bo, value, make) })];
    case 'loopCondition': return expression(bo.loopCharacteristics, 'loopCondition');
    case 'loopMaximum': return [inside(bo.loopCharacteristics, { loopMaximum: text && Number.isInteger(+text) ? +text : undefined })];
    case 'collection': return [inside(bo.loopCharacteristics, { 'guantong:collection': text })];
    case 'item': return [inside(bo.loopCharacteristics, { 'guantong:elementVariable': text })];
    case 'cardinality': return expression(bo.loopCharacteristics, 'loopCardinality');
    case 'completion': return expression(bo.loopCharacteristics, 'completionCondition');
    default: throw new Error('no property ' + name);
  }
}

function loopFor(bo, value, make) {
  const was = bo.loopCharacteristics, isSequential = value === 'sequential';
  if (!value) return undefined;
  if (value === 'standard') return Object.assign(make('StandardLoopCharacteristics', {}), { $parent: bo });
  if (was?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return Object.assign(make('MultiInstanceLoopCharacteristics', { isSequential }), { $parent: bo });
  // All else that it says stays: only the order of the instances differs.
  const copy = make('MultiInstanceLoopCharacteristics', { ...was.$attrs });
  for (const { name } of was.$descriptor.properties) if (was.get(name) !== undefined && name !== 'bpmn:isSequential' && !(Array.isArray(was.get(name)) && was.get(name).length === 0)) copy.set(name, was.get(name));
  copy.isSequential = isSequential;
  return Object.assign(copy, { $parent: bo });
}

// The message, signal, error or escalation of that name: the one that the file has; else the present one under a new name, where nobody else uses it; else a new one.
function topicChange(viewer, element, text, make, inside) {
  const { holder, reference, type, word } = about(element), present = holder.get(reference);
  if (!text) return [inside(holder, { [reference]: undefined })];
  const definitions = viewer.getDefinitions(), roots = definitions.get('rootElements');
  const there = roots.find(r => r.$type === 'bpmn:' + type && (r[word] === text || r.name === text));
  if (there) return [inside(holder, { [reference]: there })];
  const users = viewer.get('elementRegistry').filter(e => e.businessObject && e.type !== 'label' && about(e)?.holder.get(reference) === present);
  const given = word === 'name' ? { name: text } : { name: text, [word]: text };
  if (present?.$type && users.length === 1) return [inside(present, given)];
  const added = make(type, given);
  added.id = viewer.get('moddle').ids.nextPrefixed(type + '_', added);
  added.$parent = definitions;
  return [inside(definitions, { rootElements: [...roots, added] }), inside(holder, { [reference]: added })];
}

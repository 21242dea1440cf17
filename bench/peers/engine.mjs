import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { Engine } from 'bpmn-engine';
import BpmnModdle from 'bpmn-moddle';
import * as Elements from 'bpmn-elements';
import { Serializer, TypeResolver } from 'moddle-context-serializer';

// Parsed once: what is measured is a run from start to end.
const source = readFileSync(new URL('process.bpmn', import.meta.url), 'utf8');
const sourceContext = Serializer(await new BpmnModdle().fromXML(source), TypeResolver(Elements));

async function run() {
  const engine = new Engine({ name: 'bench' });
  engine.addSource({ sourceContext });
  const listener = new EventEmitter();
  listener.on('activity.wait', api => api.signal());
  const ended = engine.waitFor('end');
  const execution = await engine.execute({ listener, variables: { fits: true } });
  await ended;
  return execution;
}

const taken = (await run()).getPostponed().length === 0;
if (!taken) throw new Error('the process did not end');
let rounds = 0;
for (const end = performance.now() + 1000; performance.now() < end; rounds++) await run();
let best = Infinity;
for (let i = 0; i < 5; i++) {
  const start = performance.now();
  for (let n = 0; n < rounds; n++) await run();
  best = Math.min(best, (performance.now() - start) * 1e6 / rounds);
}
console.log(`process\tstart to end\t${best.toFixed(1)}`);

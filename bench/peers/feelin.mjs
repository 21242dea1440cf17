import { readFileSync } from 'node:fs';
import { evaluate } from 'feelin';

const { expressions } = JSON.parse(readFileSync(new URL('cases.json', import.meta.url)));

function measure(kind, what, run) {
  let rounds = 0;
  for (const end = performance.now() + 400; performance.now() < end; rounds++) run();
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    for (let n = 0; n < rounds; n++) run();
    best = Math.min(best, (performance.now() - start) * 1e6 / rounds);
  }
  console.log(`${kind}\t${what}\t${best.toFixed(1)}`);
}

// feelin has no prepared form: each evaluation parses.
for (const { text, inputs } of expressions) measure('evaluate', text, () => evaluate(text, inputs));

import { ZenEngine } from '@gorules/zen-engine';

// The table of ../Guantong.Bench/PeerTable.cs.
const cell = (rule, input) => [
  `[${Math.floor(rule / 10) * 10}..${Math.floor(rule / 10) * 10 + 9}]`,
  `"k${rule % 10}"`,
  `>= ${Math.floor(rule / 2)}`,
  rule % 2 === 0 ? 'true, false' : 'true',
  `< ${1000 - rule}`,
][input];
const inputs = [0, 1, 2, 3, 4].map(i => ({ id: `i${i}`, name: `i${i}`, type: 'expression', field: `i${i}` }));
const rules = Array.from({ length: 100 }, (_, r) => ({ _id: `r${r}`, ...Object.fromEntries(inputs.map((input, i) => [input.id, cell(r, i)])), o: `${r}` }));
const content = {
  nodes: [
    { id: 'in', name: 'in', type: 'inputNode' },
    { id: 't', name: 't', type: 'decisionTableNode', content: { hitPolicy: 'first', inputs, outputs: [{ id: 'o', name: 'o', type: 'expression', field: 'result' }], rules } },
    { id: 'out', name: 'out', type: 'outputNode' },
  ],
  edges: [{ id: 'e1', sourceId: 'in', targetId: 't', type: 'edge' }, { id: 'e2', sourceId: 't', targetId: 'out', type: 'edge' }],
};
const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(content)));
const row = r => ({ i0: r, i1: `k${r % 10}`, i2: r, i3: true, i4: 5 });
for (let r = 0; r < 100; r++) {
  const { result } = await decision.evaluate(row(r));
  if (result.result !== r) throw new Error(`rule ${r} gave ${JSON.stringify(result)}`);
}
let best = Infinity;
for (let i = 0; i < 7; i++) {
  const start = performance.now();
  for (let n = 0; n < 5000; n++) await decision.evaluate(row(n % 100));
  best = Math.min(best, (performance.now() - start) * 1e6 / 5000);
}
console.log(`table\t100 rules x 5 inputs\t${best.toFixed(1)}`);

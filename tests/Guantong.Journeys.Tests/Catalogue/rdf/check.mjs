// Reads one catalogue in three forms by independent parsers, says whether they hold the same statements, and validates them against shapes.
// node check.mjs catalogue.ttl catalogue.jsonld catalogue.rdf shapes.ttl…
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Parser, Store } from 'n3';
import jsonld from 'jsonld';
import { RdfXmlParser } from 'rdfxml-streaming-parser';
import Validator from 'rdf-validate-shacl';

const [ttl, json, rdf, ...shapes] = process.argv.slice(2);
const term = t => t.termType === 'Literal' ? JSON.stringify([t.value, t.language.toLowerCase(), t.datatype.value]) : `<${t.value}>`;
const lines = quads => [...new Set(quads.map(q => `${term(q.subject)} ${term(q.predicate)} ${term(q.object)}`))].sort();
const turtle = text => new Parser().parse(text);

const fromTurtle = turtle(readFileSync(ttl, 'utf8'));
const fromJson = new Parser({ format: 'N-Quads' }).parse(await jsonld.toRDF(JSON.parse(readFileSync(json, 'utf8')), { format: 'application/n-quads' }));
const fromXml = await new Promise((done, fail) => {
  const quads = [], parser = new RdfXmlParser({ baseIRI: 'http://example.org/' });
  parser.on('data', q => quads.push(q)).on('error', fail).on('end', () => done(quads));
  parser.end(readFileSync(rdf, 'utf8'));
});
const all = lines(fromTurtle);
for (const [name, quads] of [['json-ld', fromJson], ['rdf-xml', fromXml]]) {
  const other = lines(quads), missing = all.filter(l => !other.includes(l)), more = other.filter(l => !all.includes(l));
  console.log(missing.length + more.length === 0 ? `same ${name} ${other.length}` : `differs ${name}\n  missing ${missing.slice(0, 5).join('\n  ')}\n  more ${more.slice(0, 5).join('\n  ')}`);
}
const data = new Store(fromTurtle);
for (const file of shapes) {
  const report = await new Validator(new Store(turtle(readFileSync(file, 'utf8')).filter(q => !q.predicate.value.endsWith('owl#imports')))).validate(data);
  const of = severity => report.results.filter(r => r.severity?.value.endsWith(severity));
  console.log(`shapes ${basename(file)} violations=${of('Violation').length} warnings=${of('Warning').length}`);
  for (const r of report.results.slice(0, 400))
    console.log(`  ${r.severity?.value.split('#')[1]} ${r.focusNode?.value} ${r.path?.value} ${r.value?.value} ${r.message.map(m => m.value).join(' ')}`.slice(0, 300));
}

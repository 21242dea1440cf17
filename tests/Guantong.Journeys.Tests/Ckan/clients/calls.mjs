// node calls.mjs ADDRESS: reads the platform by two clients made for CKAN, as they come from npm. Each line says a call and what it gave.
import { createRequire } from 'node:module';

const site = process.argv[2];
const say = (call, got) => console.log(`${call}\t${JSON.stringify(got)}`);

// ckan.js of Open Knowledge (npm ckan 0.2.3): POST of JSON with callbacks.
const { Client } = createRequire(import.meta.url)('ckan');
const client = new Client(site);
const action = (name, data) => new Promise((good, bad) => client.action(name, data, (wrong, said) => wrong ? bad(new Error(wrong)) : good(said.result)));
const packages = await action('dataset_list', {});
say('ckan dataset_list', packages.filter(n => n.startsWith('environment')));
const shown = await action('dataset_show', { id: packages[0] });
say('ckan dataset_show', [shown.name, shown.resources.length]);
const resource = shown.resources.find(r => r.datastore_active).id;
const query = await new Promise((good, bad) => client.datastoreQuery({ resource_id: resource, size: 2, from: 1, sort: [{ field: 'day', order: 'desc' }] }, (wrong, said) => wrong ? bad(new Error(wrong)) : good(said)));
say('ckan datastoreQuery', [query.hits.length, query.fields.map(f => f.type).slice(0, 3), query.total > 2]);
const sql = await new Promise((good, bad) => client.datastoreSqlQuery(`SELECT count(*) AS n FROM "${resource}"`, (wrong, said) => wrong ? bad(new Error(JSON.stringify(wrong))) : good(said)));
say('ckan datastoreSqlQuery', [sql.hits[0].n === query.total, sql.fields[0].type]);
const tables = await new Promise((good, bad) => client.datastoreResources((wrong, said) => wrong ? bad(new Error(wrong)) : good(said.result.records)));
say('ckan datastoreResources', tables.some(t => t.name === resource));
try {
  await action('dataset_create', { name: 'x' });
} catch (refused) {
  say('ckan dataset_create', /HTTP code 403/.test(refused.message));
}

// PortalJS (npm @portaljs/ckan 0.1.0): GET with fetch.
const { CKAN } = await import('@portaljs/ckan');
const portal = new CKAN(site);
say('portal getDatasetsList', (await portal.getDatasetsList()).filter(n => n.startsWith('environment')));
say('portal getDatasetsListWithDetails', (await portal.getDatasetsListWithDetails({ offset: 0, limit: 2 })).length);
const found = await portal.packageSearch({ offset: 0, limit: 5, tags: ['AQI'], groups: [], orgs: [], query: '' });
say('portal packageSearch', [found.count, found.datasets[0].name]);
const details = await portal.getDatasetDetails(packages[0]);
say('portal getDatasetDetails', [details.name, details.organization.title, details.tags.length > 0]);
say('portal getGroupList', (await portal.getGroupList()).filter(n => n === 'environment'));
say('portal getGroupsWithDetails', (await portal.getGroupsWithDetails()).filter(g => g.name === 'environment').map(g => [g.name, g.package_count]));
say('portal getGroupDetails', (await portal.getGroupDetails('environment')).packages.length);
const orgs = await portal.getOrgList();
say('portal getOrgsWithDetails', (await portal.getOrgsWithDetails(true)).map(o => o.name).join() === orgs.join());
say('portal getOrgDetails', (await portal.getOrgDetails(details.organization.name)).package_count);
say('portal getAllTags', (await portal.getAllTags()).some(t => t.name === 'AQI'));
say('portal getResourcesWithAliasList', (await portal.getResourcesWithAliasList()).length > 0);
say('portal datastoreSearch', (await portal.datastoreSearch(resource)).length);
say('portal getResourceMetadata', (await portal.getResourceMetadata(resource)).format);
say('portal getResourceInfo', (await portal.getResourceInfo(resource)).fields.map(f => f.id).slice(0, 2));
say('portal getFacetFields', await portal.getFacetFields('res_format'));

// Serves forms that somebody keeps on this device, and a page that says so, while there is no network. Nothing else is kept, and nothing that is personal.
const parts = ['/offline', '/_content/Guantong.Portal/portal.css', '/_content/Guantong.Portal/icon.svg', '/_content/Guantong.Portal/keep.js', '/_content/Guantong.Portal/everyone.js'];

self.addEventListener('install', e => e.waitUntil(caches.open('parts').then(c => c.addAll(parts.map(p => new Request(p, { cache: 'reload' })))).then(() => self.skipWaiting())));
self.addEventListener('activate', e => e.waitUntil(self.clients.claim()));

// A form is kept as nobody in particular sees it: without what is known of whoever is signed in.
self.addEventListener('message', e => e.waitUntil((async () => {
  const kept = await caches.open('forms');
  if (e.data.forget) await kept.delete(e.data.forget);
  else if (e.data.keep) {
    const answer = await fetch(e.data.keep, { credentials: 'omit', headers: { 'Accept-Language': e.data.lang } });
    if (answer.ok && !answer.redirected) await kept.put(e.data.keep, answer);
  }
  e.source?.postMessage(e.data);
})()));

self.addEventListener('fetch', e => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== 'GET' || origin !== location.origin) return;
  if (e.request.mode === 'navigate')
    e.respondWith(fetch(e.request).catch(async () => await (await caches.open('forms')).match(pathname) ?? await caches.match('/offline')));
  else if (parts.includes(pathname))
    e.respondWith(fetch(e.request).catch(() => caches.match(pathname)));
});

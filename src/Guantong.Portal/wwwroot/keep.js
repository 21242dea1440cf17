// Keeps what is filled in on this device while it is not sent yet, where whoever fills it in asks for that; forms work without.
const at = path => 'kept:' + path;
const stored = key => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

for (const list of document.querySelectorAll('[data-kept-list]')) {
  for (const key of Object.keys(localStorage).filter(k => k.startsWith('kept:/'))) {
    const link = Object.assign(document.createElement('a'), { href: key.slice(5), textContent: stored(key)?.title ?? key.slice(5) });
    list.querySelector('ul').append(Object.assign(document.createElement('li'), {}));
    list.querySelector('ul').lastChild.append(link);
    list.hidden = false;
  }
}

// What was sent need not be kept any more.
for (const sent of document.querySelectorAll('[data-sent]')) forget(sent.dataset.sent);

for (const form of document.querySelectorAll('form[data-keep]')) {
  const path = new URL(form.action).pathname, say = JSON.parse(form.dataset.keep);
  const fields = () => [...form.elements].filter(f => f.name && !['hidden', 'file', 'password', 'submit', 'button'].includes(f.type) && f.type !== 'fieldset');
  const told = Object.assign(document.createElement('p'), { className: 'about kept' });
  told.setAttribute('role', 'status');
  const tick = document.createElement('label');
  tick.className = 'keep';
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', id: 'keep-here' });
  tick.append(box, ' ' + say.ask);
  form.querySelector('.buttons').before(tick, told);

  const kept = stored(at(path));
  if (kept) {
    box.checked = true;
    let filled = 0;
    for (const f of fields()) {
      const value = kept.typed[f.name];
      if (value === undefined || f === box) continue;
      if (f.type === 'radio' || f.type === 'checkbox') { if (!f.checked && value.includes(f.value)) { f.checked = true; filled++; } }
      else if (!f.value && value[0]) { f.value = value[0]; filled++; }
    }
    if (filled) told.textContent = say.restored;
  }
  const save = () => {
    const typed = {};
    for (const f of fields()) if (f !== box && (!['radio', 'checkbox'].includes(f.type) || f.checked)) (typed[f.name] ??= []).push(f.value);
    localStorage.setItem(at(path), JSON.stringify({ title: document.querySelector('h1')?.textContent, typed }));
  };
  box.addEventListener('change', async () => {
    if (!box.checked) { forget(path); told.textContent = say.forgotten; return; }
    save();
    told.textContent = say.kept;
    await navigator.serviceWorker?.register('/worker.js');
    (await navigator.serviceWorker?.ready)?.active?.postMessage({ keep: path, lang: document.documentElement.lang });
  });
  form.addEventListener('input', e => { if (box.checked && e.target !== box) save(); });
  form.addEventListener('submit', e => {
    if (navigator.onLine) return;
    e.preventDefault();
    if (box.checked) save();
    told.textContent = box.checked ? say.offlineKept : say.offline;
    told.scrollIntoView({ block: 'center' });
  });
}

function forget(path) {
  localStorage.removeItem(at(path));
  navigator.serviceWorker?.controller?.postMessage({ forget: path });
}

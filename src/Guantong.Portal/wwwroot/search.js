// Suggests while one types (ARIA 1.2 combobox with a list). Without it the field is a plain form.
for (const input of document.querySelectorAll('[data-suggest]')) {
  const kinds = Object.fromEntries(input.dataset.kinds.split('|').map(k => k.split('=')));
  const list = document.createElement('ul');
  const said = document.createElement('p');
  let shown = [], at = -1, asked = '', timer;
  list.id = input.id + '-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.getAttribute('aria-label'));
  list.className = 'suggestions';
  list.hidden = true;
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  input.after(list, said);
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']]) input.setAttribute(name, value);

  const choose = i => {
    at = i;
    list.querySelectorAll('li').forEach((li, n) => li.setAttribute('aria-selected', n === i));
    i < 0 ? input.removeAttribute('aria-activedescendant') : input.setAttribute('aria-activedescendant', `${list.id}-${i}`);
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    choose(-1);
  };
  const show = things => {
    shown = things;
    list.replaceChildren(...things.map((thing, i) => {
      const li = document.createElement('li');
      const kind = document.createElement('small');
      li.id = `${list.id}-${i}`;
      li.setAttribute('role', 'option');
      kind.textContent = kinds[thing.kind];
      li.append(thing.name, ' ', kind);
      li.addEventListener('mousedown', e => e.preventDefault());
      li.addEventListener('click', () => location.assign(thing.address));
      return li;
    }));
    close();
    list.hidden = things.length === 0;
    input.setAttribute('aria-expanded', String(things.length > 0));
    said.textContent = things.length > 0 ? input.dataset.found.replace('{0}', things.length) : '';
  };
  const ask = async () => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    if (words.length === 0) return show([]);
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
      if (answer.ok && asked === words) show(await answer.json());
    } catch { /* offline: the form still works */ }
  };
  input.addEventListener('input', e => {
    if (e.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener('compositionend', ask);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', e => {
    if (e.isComposing || list.hidden) return;
    if (e.key === 'ArrowDown') choose((at + 1) % shown.length);
    else if (e.key === 'ArrowUp') choose(at <= 0 ? shown.length - 1 : at - 1);
    else if (e.key === 'Escape') close();
    else if (e.key === 'Enter' && at >= 0) location.assign(shown[at].address);
    else return;
    e.preventDefault();
  });
}

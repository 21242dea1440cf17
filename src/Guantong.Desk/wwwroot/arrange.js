// Cards are moved and resized by the pointer while a screen is changed. What the server drew stays where it is: a likeness is
// dragged, and where it was let go is told to the caller, who draws anew. Fingers scroll; they have the buttons.
const callers = new WeakMap();

export function arrange(root, caller) {
  if (!callers.has(root)) root.addEventListener('pointerdown', e => begin(e, root));
  callers.set(root, caller);
}

function begin(e, root) {
  const card = e.target.closest('.card'), grid = root.querySelector('.screen-grid');
  // Cards below each other, as on a phone, have no places to be dragged to.
  if (e.button !== 0 || e.pointerType === 'touch' || !card || getComputedStyle(grid).gridTemplateColumns.split(' ').length < 12) return;
  if (e.target.closest('.grip')) resize(e, card, grid, root);
  else if (e.target.closest('.card > header') && !e.target.closest('button, a, select, input, summary')) move(e, card, root);
}

const idOf = card => card.id.replace(/^card-/, '');

// Follows the pointer until it is let go; Escape, or losing it, gives up.
function follow(e, moved, done) {
  e.preventDefault();
  const stop = new AbortController(), options = { signal: stop.signal };
  const end = kept => { stop.abort(); done(kept); };
  document.addEventListener('pointermove', moved, options);
  document.addEventListener('pointerup', () => end(true), options);
  document.addEventListener('pointercancel', () => end(false), options);
  document.addEventListener('keydown', k => k.key === 'Escape' && end(false), options);
}

function move(e, card, root) {
  const box = card.getBoundingClientRect(), from = { x: e.clientX, y: e.clientY };
  let likeness = null, target = null, after = false;
  const mark = (on, side) => {
    if (target) delete target.dataset.drop;
    target = on;
    if (target) target.dataset.drop = side;
  };
  follow(e, m => {
    if (!likeness && Math.hypot(m.clientX - from.x, m.clientY - from.y) < 5) return;
    if (!likeness) {
      likeness = Object.assign(document.createElement('div'), { className: 'drag-likeness', textContent: card.querySelector('h2').textContent });
      likeness.setAttribute('aria-hidden', 'true');
      likeness.style.cssText = `width: ${box.width}px; height: ${Math.min(box.height, 160)}px`;
      root.append(likeness);
      card.classList.add('is-dragged');
    }
    likeness.style.transform = `translate(${box.left + m.clientX - from.x}px, ${box.top + m.clientY - from.y}px)`;
    if (m.clientY < 90) scrollBy(0, -18);
    else if (m.clientY > innerHeight - 60) scrollBy(0, 18);
    const over = document.elementFromPoint(m.clientX, m.clientY)?.closest('.card');
    if (!over || over === card || !root.contains(over)) return mark(null);
    const at = over.getBoundingClientRect();
    after = m.clientX > at.left + at.width / 2;
    mark(over, after ? 'after' : 'before');
  }, kept => {
    const dropped = target;
    mark(null);
    likeness?.remove();
    card.classList.remove('is-dragged');
    if (kept && dropped) callers.get(root)?.invokeMethodAsync('DroppedAsync', idOf(card), idOf(dropped), after);
  });
}

function resize(e, card, grid, root) {
  const css = getComputedStyle(grid), gap = parseFloat(css.columnGap) || 0, columns = css.gridTemplateColumns.split(' ').length;
  const wide = (grid.clientWidth + gap) / columns, high = parseFloat(css.gridAutoRows) + gap, before = card.getAttribute('style');
  let span = 0, rows = 0;
  follow(e, m => {
    const box = card.getBoundingClientRect();
    span = Math.min(24, Math.max(3, Math.round((m.clientX - box.left + gap) / wide)));
    rows = Math.min(12, Math.max(1, Math.round((m.clientY - box.top + gap) / high)));
    card.style.setProperty('--w', Math.min(span, columns));
    card.style.setProperty('--h', rows);
    card.dataset.size = `${span} × ${rows}`;
  }, kept => {
    delete card.dataset.size;
    card.setAttribute('style', before);
    if (kept && span > 0) callers.get(root)?.invokeMethodAsync('ResizedAsync', idOf(card), span, rows);
  });
}

// Reads a page aloud to whoever asks for it; pages say all that they have to say without.
const body = document.body, main = document.getElementById('main');
if (body.dataset.read && 'speechSynthesis' in window) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button aloud', textContent: body.dataset.read });
  const still = () => { speechSynthesis.cancel(); button.textContent = body.dataset.read; button.setAttribute('aria-pressed', 'false'); };
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-pressed') === 'true') return still();
    button.setAttribute('aria-pressed', 'true');
    button.textContent = body.dataset.still;
    // A sentence at a time: some voices break off in the middle of what is long.
    const said = sentences(main);
    said.forEach((text, i) => {
      const one = Object.assign(new SpeechSynthesisUtterance(text), { lang: document.documentElement.lang, rate: 0.9 });
      if (i === said.length - 1) one.addEventListener('end', still);
      speechSynthesis.speak(one);
    });
  });
  addEventListener('pagehide', () => speechSynthesis.cancel());
  main.prepend(button);
}

function sentences(root) {
  const copy = root.innerText.replace(body.dataset.still, '');
  return copy.split(/\n+|(?<=[。！？.!?])\s*/).map(t => t.trim()).filter(t => /[\p{L}\p{N}]/u.test(t));
}

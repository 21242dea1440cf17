// Passkeys need the browser's own dialogue; everything else on these pages works without a script.
for (const box of document.querySelectorAll('[data-passkey]')) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  box.hidden = false;
  const making = box.dataset.passkey === 'create';
  const fault = box.querySelector('.fault');
  box.querySelector('button').addEventListener('click', async () => {
    fault.hidden = true;
    try {
      const options = await post(making ? '/api/v1/passkeys/options' : '/api/v1/session/passkey/options', {});
      const credential = making
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      const person = await post(making ? '/api/v1/passkeys' : '/api/v1/session/passkey', { credential: credential.toJSON(), name: box.querySelector('input')?.value });
      location.assign(making ? location.pathname : box.dataset.back || (person.kind === 'official' ? '/desk' : '/me'));
    } catch (e) {
      fault.textContent = e.said ?? fault.dataset.failed;
      fault.hidden = false;
    }
  });
}

async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang }, body: JSON.stringify(body) });
  const said = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said?.code), { said: said?.detail });
  return said;
}

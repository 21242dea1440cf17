// Plays the provider's flows with openid-client, an independent library. Reads what it needs from the environment as one JSON object;
// prints a line `ok NAME` or `failed NAME: why` for each flow.
import * as oidc from 'openid-client'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import assert from 'node:assert/strict'

const given = JSON.parse(process.env.OPENID_FLOWS)
const here = { execute: [oidc.allowInsecureRequests] }
const redirect = 'https://app.example.gov.cn/back'
const discover = (id, proof, more = {}) => oidc.discovery(new URL(given.issuer), id, undefined, proof, { ...here, ...more })
const b64 = text => Buffer.from(text, 'base64')
const privateKey = await crypto.subtle.importKey('pkcs8', b64(given.machineKey), { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
const asMachine = () => oidc.PrivateKeyJwt({ key: privateKey, kid: given.machineKid })

// A browser as far as is needed here: it keeps cookies, follows redirects on the platform and fills in forms.
class Browser {
  #cookies = new Map()
  async go(url, form) {
    for (;;) {
      const answer = await this.#fetch(url, form && new URLSearchParams(form))
      const to = answer.headers.get('location')
      if (!to) return { url, status: answer.status, html: await answer.text() }
      url = new URL(to, url).href
      form = undefined
      if (!url.startsWith(given.issuer)) return { url }
    }
  }
  async #fetch(url, body, type) {
    const answer = await fetch(url, { redirect: 'manual', method: body ? 'POST' : 'GET', body, headers: { cookie: [...this.#cookies].map(c => c.join('=')).join('; '), ...(type && { 'content-type': type }) } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)
      value ? this.#cookies.set(name, value) : this.#cookies.delete(name)
    }
    return answer
  }
  // Sends the page's form with its hidden fields and what is filled in.
  submit(page, filled) {
    const action = /<form[^>]*action="([^"]*)"/.exec(page.html)
    assert.ok(action, `a form was expected at ${page.url}: ${page.html.slice(0, 300)}`)
    const hidden = [...page.html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(m => [unescape(m[1]), unescape(m[2])])
    return this.go(new URL(unescape(action[1]), page.url).href, [...hidden, ...Object.entries(filled)])
  }
  async signIn(page, login = 'steward') {
    const back = new URL(page.url).searchParams.get('ReturnUrl')
    assert.ok(back, page.url)
    const answer = await this.#fetch(new URL('/api/v1/session', given.issuer).href, JSON.stringify({ login, password: given.password }), 'application/json')
    assert.equal(answer.status, 200)
    return this.go(new URL(back, given.issuer).href)
  }
}
const unescape = text => text.replace(/&amp;/g, '&').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(+n))

const failsWith = async (promise, error) => {
  try { await promise } catch (e) { assert.equal(e.error ?? e.cause?.error ?? e.cause?.[0]?.parameters?.error ?? e.code ?? String(e), error, e.error_description ?? e.stack); return e }
  assert.fail(`${error} was expected`)
}
const api = (path, token) => fetch(new URL(path, given.issuer), { headers: { authorization: `Bearer ${token}` } })

async function code(browser, config, scope, more = {}) {
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: redirect, scope, state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more })
  let page = await browser.go(url.href)
  if (page.url.includes('ReturnUrl=')) page = await browser.signIn(page)
  const asked = page.html && unescape(page.html)
  if (asked) page = await browser.submit(page, { decision: more.decision ?? 'yes' })
  return { url: page.url, asked, exchange: () => oidc.authorizationCodeGrant(config, new URL(page.url), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, ...(more.max_age !== undefined && { maxAge: +more.max_age }) }) }
}
const scopes = 'openid profile unit offline_access role:steward role:auditor'

const flows = {
  async discovery() {
    const meta = (await discover('app', oidc.None())).serverMetadata()
    for (const flow of ['authorization_code', 'client_credentials', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:token-exchange'])
      assert.ok(meta.grant_types_supported.includes(flow), flow)
    assert.deepEqual(meta.code_challenge_methods_supported, ['S256'])
    assert.ok(!meta.grant_types_supported.includes('implicit') && !meta.grant_types_supported.includes('password'))
    const keys = (await (await fetch(meta.jwks_uri)).json()).keys
    assert.ok(keys.every(k => k.kty === 'RSA' && k.d === undefined))
  },
  async code() {
    const [browser, config] = [new Browser(), await discover('app', oidc.None())]
    const first = await code(browser, config, scopes)
    assert.match(first.asked, /演示·数据甲/)
    assert.match(first.asked, /数据管理/)
    // Not hers to give.
    assert.doesNotMatch(first.asked, /安全审计/)
    const tokens = await first.exchange()
    assert.equal(tokens.claims().sub, 'steward')
    assert.ok(tokens.claims().auth_time)
    assert.deepEqual(new Set(tokens.scope.split(' ')), new Set(['openid', 'profile', 'unit', 'offline_access', 'role:steward']))
    assert.deepEqual(Object.keys(JSON.parse(b64(tokens.access_token.split('.')[1]))).filter(k => ['name', 'unit', 'roles'].includes(k)), [])
    assert.deepEqual((await (await api('/api/v1/session', tokens.access_token)).json()).roles, ['steward'])
    assert.equal(JSON.parse(b64(tokens.access_token.split('.')[1])).aud, 'urn:guantong:api')
    // A program is not the person: what wants fresh proof it cannot do for them.
    const issued = await fetch(new URL('/api/v1/keys', given.issuer), { method: 'POST', body: JSON.stringify({ name: 'x', roles: [] }), headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' } })
    assert.deepEqual([issued.status, (await issued.json()).code], [403, 'no-session'])
    // A code holds once, and what was given for it ends when it is tried again.
    await failsWith(first.exchange(), 'invalid_grant')
    assert.equal((await api('/api/v1/session', tokens.access_token)).status, 401)
    // Consent stands: nobody is asked twice, unless the client wants it so.
    assert.equal((await code(browser, config, scopes, { prompt: 'none' })).asked, undefined)
    assert.match((await code(browser, config, scopes, { prompt: 'consent' })).asked, /decision/)
    // She signs in again where the client asks for it, and it says when.
    const again = await (await code(browser, config, scopes, { prompt: 'login', max_age: '60' })).exchange()
    assert.ok(again.claims().auth_time >= tokens.claims().auth_time)
  },
  async refusals() {
    const config = await discover('app', oidc.None())
    const error = url => new URL(url).searchParams.get('error')
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: redirect, scope: 'openid', prompt: 'none', state: 's', code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' })
    assert.equal(error((await new Browser().go(url.href)).url), 'login_required')
    const refused = await code(new Browser(), config, 'openid unit', { decision: 'no', prompt: 'consent' })
    assert.equal(error(refused.url), 'access_denied')
    url.searchParams.delete('code_challenge')
    assert.match((await new Browser().go(url.href)).html, /invalid_request/)
    url.searchParams.set('redirect_uri', 'https://elsewhere.example/back')
    const stray = await new Browser().go(url.href)
    assert.ok(stray.url.startsWith(given.issuer))
    assert.equal(stray.status, 400)
    const verifier = oidc.randomPKCECodeVerifier()
    const wrong = await code(new Browser(), config, 'openid', { prompt: 'consent' })
    await failsWith(oidc.authorizationCodeGrant(config, new URL(wrong.url), { pkceCodeVerifier: verifier, expectedState: oidc.skipStateCheck, expectedNonce: undefined }), 'invalid_grant')
    // A consent that another site makes the browser send does not count.
    const browser = new Browser()
    await code(browser, config, 'openid unit', { decision: 'no', prompt: 'consent' })
    const forged = await browser.go(new URL('/connect/authorize', given.issuer).href, { client_id: 'app', redirect_uri: redirect, response_type: 'code', scope: 'openid unit', prompt: 'consent',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', decision: 'yes' })
    assert.equal(forged.status, 400)
  },
  async pushed() {
    const config = await discover('app', oidc.None())
    const verifier = oidc.randomPKCECodeVerifier()
    const url = await oidc.buildAuthorizationUrlWithPAR(config, { redirect_uri: redirect, scope: 'openid', state: 's', prompt: 'consent', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' })
    assert.ok(!url.href.includes('code_challenge'))
    const browser = new Browser()
    let page = await browser.signIn(await browser.go(url.href))
    page = await browser.submit(page, { decision: 'yes' })
    const tokens = await oidc.authorizationCodeGrant(config, new URL(page.url), { pkceCodeVerifier: verifier, expectedState: 's' })
    assert.equal(tokens.claims().sub, 'steward')
  },
  async refresh() {
    const config = await discover('app', oidc.None())
    const tokens = await (await code(new Browser(), config, scopes)).exchange()
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token)
    assert.notEqual(next.refresh_token, tokens.refresh_token)
    const narrow = await oidc.refreshTokenGrant(config, next.refresh_token, { scope: 'openid offline_access' })
    assert.deepEqual((await (await api('/api/v1/session', narrow.access_token)).json()).roles, [])
    // A token used a second time was stolen: everything given with it ends.
    await failsWith(oidc.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant')
    await failsWith(oidc.refreshTokenGrant(config, narrow.refresh_token), 'invalid_grant')
    assert.equal((await api('/api/v1/session', next.access_token)).status, 401)
  },
  async userinfo() {
    const config = await discover('app', oidc.None())
    const tokens = await (await code(new Browser(), config, scopes)).exchange()
    const who = await oidc.fetchUserInfo(config, tokens.access_token, 'steward')
    assert.deepEqual([who.name, who.unit, who.region, who.roles], ['演示·数据甲', 'zj-data', '330000', ['steward']])
    const least = await (await code(new Browser(), config, 'openid')).exchange()
    assert.deepEqual(Object.keys(await oidc.fetchUserInfo(config, least.access_token, 'steward')), ['sub'])
  },
  async revocation() {
    const config = await discover('app', oidc.None())
    const tokens = await (await code(new Browser(), config, scopes)).exchange()
    await oidc.tokenRevocation(config, tokens.access_token)
    assert.equal((await api('/api/v1/session', tokens.access_token)).status, 401)
    await oidc.tokenRevocation(config, tokens.refresh_token)
    await failsWith(oidc.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant')
  },
  async consent() {
    const [config, browser] = [await discover('app', oidc.None()), new Browser()]
    const tokens = await (await code(browser, config, scopes)).exchange()
    const mine = await (await api('/api/v1/consents', tokens.access_token)).json()
    const ours = mine.filter(c => c.client === 'app')
    assert.ok(ours.length > 0 && ours[0].clientName === '演示应用')
    for (const c of ours)
      await fetch(new URL(`/api/v1/consents/${c.id}`, given.issuer), { method: 'DELETE', headers: { 'X-API-Key': given.stewardKey } }).then(r => assert.equal(r.status, 404))
    for (const c of ours)
      await fetch(new URL(`/api/v1/consents/${c.id}`, given.issuer), { method: 'DELETE', headers: { authorization: `Bearer ${tokens.access_token}` } })
    assert.equal((await api('/api/v1/session', tokens.access_token)).status, 401)
    await failsWith(oidc.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant')
    assert.match((await code(browser, config, scopes)).asked, /decision/)
  },
  async device() {
    const config = await discover('device', oidc.None())
    const asked = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' })
    const browser = new Browser()
    let page = await browser.signIn(await browser.go(asked.verification_uri))
    page = await browser.submit(page, { user_code: '0000-0000-0000' })
    assert.match(page.html, /role="alert"/)
    page = await browser.submit(page, { user_code: asked.user_code })
    assert.match(page.html, /演示设备/)
    page = await browser.submit(page, { decision: 'yes' })
    assert.match(page.html, /设备已连接/)
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, asked)
    assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, 'steward')).name, '演示·数据甲')
    const refused = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' })
    page = await browser.submit(await browser.go(refused.verification_uri_complete), { decision: 'no' })
    assert.match(page.html, /没有连接设备/)
    await failsWith(oidc.pollDeviceAuthorizationGrant(config, refused), 'access_denied')
  },
  async keys() {
    const config = await discover('machine', asMachine())
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'role:steward' })
    const me = await (await api('/api/v1/session', tokens.access_token)).json()
    assert.deepEqual([me.login, me.roles], ['client:machine', ['steward', 'machine']])
    assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true)
    await failsWith(oidc.clientCredentialsGrant(config, { scope: 'role:designer' }), 'invalid_request')
    const other = (await crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, false, ['sign', 'verify'])).privateKey
    await failsWith(oidc.clientCredentialsGrant(await discover('machine', oidc.PrivateKeyJwt({ key: other, kid: given.machineKid })), { scope: 'role:steward' }), 'invalid_client')
    // The same proof a second time was overheard.
    let overheard
    const listening = await discover('machine', asMachine())
    listening[oidc.customFetch] = (url, options) => { overheard = [url, options]; return fetch(url, options) }
    await oidc.clientCredentialsGrant(listening, { scope: 'role:steward' })
    const replay = await fetch(...overheard)
    assert.equal((await replay.json()).error, 'invalid_client')
  },
  async certificate() {
    if (!given.mtls) return
    const withCertificate = (cert, key) => (url, options) => new Promise((done, failed) => {
      const request = https.request(url, { method: options.method, headers: options.headers, cert, key, ca: given.serverCertificate }, answer => {
        const parts = []
        answer.on('data', p => parts.push(p)).on('end', () => done(new Response(Buffer.concat(parts), { status: answer.statusCode, headers: answer.headers })))
      })
      request.on('error', failed).end(options.body?.toString())
    })
    const config = await discover('certified', oidc.TlsClientAuth())
    config.serverMetadata().use_mtls_endpoint_aliases = true
    const alias = config.serverMetadata().mtls_endpoint_aliases.token_endpoint
    assert.ok(alias.startsWith(given.mtls))
    const mtls = new oidc.Configuration(config.serverMetadata(), 'certified', { use_mtls_endpoint_aliases: true }, oidc.TlsClientAuth())
    oidc.allowInsecureRequests(mtls)
    mtls[oidc.customFetch] = withCertificate(given.clientCertificate, given.clientCertificateKey)
    const tokens = await oidc.clientCredentialsGrant(mtls, { scope: 'role:steward' })
    const claims = JSON.parse(b64(tokens.access_token.split('.')[1]))
    assert.equal(claims.sub, 'client:certified')
    // Bound to the certificate (RFC 8705 §3): without it, it is nothing; with it, it holds.
    assert.ok(claims.cnf['x5t#S256'])
    assert.equal((await api('/api/v1/session', tokens.access_token)).status, 401)
    const bound = await mtls[oidc.customFetch](new URL('/api/v1/session', given.mtls), { method: 'GET', headers: { authorization: `Bearer ${tokens.access_token}` } })
    assert.equal((await bound.json()).login, 'client:certified')
    mtls[oidc.customFetch] = withCertificate(given.otherCertificate, given.otherCertificateKey)
    await failsWith(oidc.clientCredentialsGrant(mtls, { scope: 'role:steward' }), 'invalid_client')
  },
  async exchange() {
    const app = await discover('app', oidc.None())
    const tokens = await (await code(new Browser(), app, scopes)).exchange()
    const machine = await discover('machine', asMachine())
    const ask = more => oidc.genericGrantRequest(machine, 'urn:ietf:params:oauth:grant-type:token-exchange', { subject_token: tokens.access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', ...more })
    const behalf = await ask({ scope: 'role:steward' })
    assert.equal(behalf.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token')
    const claims = JSON.parse(b64(behalf.access_token.split('.')[1]))
    assert.deepEqual([claims.sub, claims.act.sub, claims.client_id], ['steward', 'client:machine', 'machine'])
    const me = await (await api('/api/v1/session', behalf.access_token)).json()
    assert.deepEqual([me.login, me.roles], ['steward', ['steward']])
    // No more than the token given holds, no longer than it lasts, and not after it is taken back.
    const least = await (await code(new Browser(), app, 'openid')).exchange()
    await failsWith(ask({ subject_token: least.access_token, scope: 'role:steward' }), 'invalid_scope')
    assert.ok(claims.exp <= JSON.parse(b64(tokens.access_token.split('.')[1])).exp)
    await failsWith(oidc.genericGrantRequest(app, 'urn:ietf:params:oauth:grant-type:token-exchange', { subject_token: tokens.access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }), 'unauthorized_client')
    await oidc.tokenRevocation(app, tokens.access_token)
    await failsWith(ask({ scope: 'role:steward' }), 'invalid_grant')
  },
  async end() {
    const [config, browser] = [await discover('app', oidc.None()), new Browser()]
    const tokens = await (await code(browser, config, scopes)).exchange()
    // A link from anywhere only asks.
    assert.match((await browser.go(new URL('/connect/end-session', given.issuer).href)).html, /decision/)
    assert.equal((await code(browser, config, scopes, { prompt: 'none' })).asked, undefined)
    const back = 'https://app.example.gov.cn/bye'
    const page = await browser.go(oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: back, id_token_hint: tokens.id_token, state: 'x' }).href)
    assert.equal(page.url, back + '?state=x')
    const after = await code(browser, config, scopes, { prompt: 'none' })
    assert.equal(new URL(after.url).searchParams.get('error'), 'login_required')
  },
}

for (const [name, play] of Object.entries(flows)) {
  try {
    await play()
    console.log(`ok ${name}`)
  } catch (e) {
    console.log(`failed ${name}: ${String(e.stack).replaceAll('\n', ' | ')} ${JSON.stringify(e.cause ?? '')}`.slice(0, 900))
  }
}

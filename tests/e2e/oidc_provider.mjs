// A certified OpenID provider as a process, for test_real_provider.py: node oidc_provider.mjs FOLDER PORT
// FOLDER is where `npm install oidc-provider@8` was run.
import { createRequire } from 'node:module';
const [folder, port] = process.argv.slice(2);
const { Provider, default: fallback } = await import(createRequire(`${folder}/`).resolve('oidc-provider'));
const provider = new (Provider ?? fallback)(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'masswerk', application_type: 'native', token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'], response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/anmeldung'],
  }],
  claims: { openid: ['sub'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false, // the account's claims stand in the ID token itself
  pkce: { required: () => true },
  async findAccount(_context, id) {
    const groups = id === 'kim' ? ['haus', 'masswerk'] : ['haus'];
    return { accountId: id, claims: async () => ({ sub: id, name: `${id} sander`, groups }) };
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));

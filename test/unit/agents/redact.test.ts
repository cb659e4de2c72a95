import assert from 'node:assert/strict'
import fc from 'fast-check'
import { redact, redactEnvironment } from '../../../src/agents/redact.ts'

// Put together here, so that no scanner takes this file for a leak.
const examples = {
  anthropic: ['sk-ant', 'api03-abcdefghijklmnop_QRSTUV'].join('-'), openai: ['sk', 'proj-abcdefghijklmnopqrstuvwx'].join('-'), aws: `AKIA${'A1B2'.repeat(4)}`, github: `ghp_${'a1B2'.repeat(9)}`,
  slack: ['xoxb', '1234567890-abcdefghij'].join('-'), google: `AIza${'x'.repeat(35)}`, jwt: ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'abcdefghijklmnop'].join('.'), stripe: `sk_live_${'a'.repeat(20)}`,
}

describe('redaction', () => {
  for (const [name, key] of Object.entries(examples)) {
    it(`takes a ${name} key out of a line and leaves the rest`, () => {
      const clean = redact(`before KEY=${key} after`)
      assert.ok(!clean.includes(key))
      assert.match(clean, /^before KEY=\[redacted.*\] after$/)
    })
  }

  it('takes out a private key but keeps the number of lines', () => {
    const text = ['a', '-----BEGIN RSA PRIVATE KEY-----', 'MIIEow', 'IBAAKC', '-----END RSA PRIVATE KEY-----', 'b'].join('\n')
    const clean = redact(text)
    assert.ok(!clean.includes('MIIEow'))
    assert.equal(clean.split('\n').length, text.split('\n').length)
    assert.equal(clean.split('\n')[5], 'b')
  })

  it('takes out passwords in addresses and authorization headers', () => {
    assert.equal(redact('postgres://app:hunter22@db/shop'), 'postgres://app:[redacted]@db/shop')
    assert.equal(redact('Authorization: Bearer abcdefghijklmnop'), 'Authorization: Bearer [redacted]')
  })

  it('takes out the secrets it is told, whatever they look like', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{12,20}$/), fc.string(), (secret, around) => !redact(`${around}${secret}${around}`, [secret]).includes(secret)))
  })

  it('leaves code as it is', () => {
    const code = 'const token = await issueToken(user)\nconst url = "https://example.org/a:b"\nreturn sk - 1\n'
    assert.equal(redact(code), code)
  })

  it('hides the values of an environment file, not the names', () => {
    assert.equal(redactEnvironment('# note\nDB_PASSWORD=hunter2\nexport A = b c\nEMPTY=\n'), '# note\nDB_PASSWORD=[redacted]\nexport A = [redacted]\nEMPTY=\n')
  })
})

import assert from 'node:assert/strict'
import { detectLanguages, languageOf } from '../../../src/agents/languages.ts'

describe('languages', () => {
  it('knows languages by file names', () => {
    assert.deepEqual(['a.py', 'b.tsx', 'c.mjs', 'd.go', 'e.rs', 'F.java', 'g.cs', 'h.rb', 'i.php', 'j.sh', 'k.md', 'l.toString', 'Makefile'].map(languageOf), ['Python', 'TypeScript', 'JavaScript', 'Go', 'Rust', 'Java', 'C#', 'Ruby', 'PHP', 'Shell', undefined, undefined, undefined])
  })

  it('counts files, most first, without what is vendored', () => {
    assert.deepEqual(detectLanguages(['a.py', 'x/b.py', 'c.ts', 'node_modules/d/e.js', 'docs/x.md']), [{ name: 'Python', files: 2, note: '' }, { name: 'TypeScript', files: 1, note: '' }])
  })

  it('puts the language of the code before the language of the tests', () => {
    assert.deepEqual(detectLanguages(['tests/a.test.mjs', 'tests/b.test.mjs', 'backend/a.py']).map((each) => [each.name, each.files]), [['Python', 1], ['JavaScript', 2]])
  })

  it('notes a framework only where a file imports it', async () => {
    const texts: Record<string, string> = { 'a.py': '# we may use fastapi one day', 'b.py': 'from fastapi import APIRouter', 'c.tsx': 'import { useState } from \'react\'', 'infra/d.sh': '#!/bin/sh' }
    assert.deepEqual(await detectLanguages(Object.keys(texts), (file) => Promise.resolve(texts[file] ?? '')), [
      { name: 'Python', files: 2, note: 'FastAPI backend' }, { name: 'Shell', files: 1, note: 'deployment scripts' }, { name: 'TypeScript', files: 1, note: 'React frontend' },
    ])
    assert.deepEqual(await detectLanguages(['a.py'], (file) => Promise.resolve(texts[file] ?? '')), [{ name: 'Python', files: 1, note: '' }])
  })
})

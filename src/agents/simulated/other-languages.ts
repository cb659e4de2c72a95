import type { Artifact, Block, Work } from './artifact.ts'
import { camel, kebab, pascal, plain, snake } from './naming.ts'

interface Language {
  readonly path: (work: Work) => string
  readonly head: (work: Work) => readonly string[]
  readonly block: (criterion: string) => readonly string[]
  readonly foot: readonly string[]
}

/** One short module a language: a function for each criterion, its comment names it. Keyed by the end of the role's name. */
const languages: Readonly<Record<string, Language>> = {
  go: {
    path: (work) => `backend/${snake(work.title)}/${snake(work.title)}.go`,
    head: (work) => [`// Package ${snake(work.title).replaceAll('_', '')} is ${plain(work.title)} (${work.id}).`, `package ${snake(work.title).replaceAll('_', '')}`, '', 'import "fmt"'],
    block: (criterion) => [`// ${pascal(criterion)}: ${plain(criterion)}.`, `func ${pascal(criterion)}(records map[string]string, id string) (string, error) {`, '\tvalue, ok := records[id]', '\tif !ok {', `\t\treturn "", fmt.Errorf("${snake(criterion)}: no record %q", id)`, '\t}', '\treturn value, nil', '}'],
    foot: [],
  },
  rust: {
    path: (work) => `backend/src/${snake(work.title)}.rs`,
    head: (work) => [`//! ${plain(work.title)} (${work.id}).`, '', 'use std::collections::HashMap;'],
    block: (criterion) => [`/// ${plain(criterion)}.`, `pub fn ${snake(criterion)}<'a>(records: &'a HashMap<String, String>, id: &str) -> Result<&'a str, String> {`, `    records.get(id).map(String::as_str).ok_or_else(|| format!("${snake(criterion)}: no record {id}"))`, '}'],
    foot: [],
  },
  java: {
    path: (work) => `backend/src/main/java/app/${pascal(work.title)}.java`,
    head: (work) => ['package app;', '', 'import java.util.Map;', 'import java.util.NoSuchElementException;', '', `/** ${plain(work.title)} (${work.id}). */`, `public final class ${pascal(work.title)} {`],
    block: (criterion) => [`    /** ${plain(criterion)}. */`, `    public String ${camel(criterion)}(Map<String, String> records, String id) {`, '        String value = records.get(id);', `        if (value == null) throw new NoSuchElementException("${camel(criterion)}: no record " + id);`, '        return value;', '    }'],
    foot: ['}'],
  },
  csharp: {
    path: (work) => `backend/${pascal(work.title)}.cs`,
    head: (work) => ['using System.Collections.Generic;', '', `/// <summary>${plain(work.title)} (${work.id}).</summary>`, `public sealed class ${pascal(work.title)}`, '{'],
    block: (criterion) => [`    /// <summary>${plain(criterion)}.</summary>`, `    public string ${pascal(criterion)}(IReadOnlyDictionary<string, string> records, string id)`, '    {', `        return records.TryGetValue(id, out var value) ? value : throw new KeyNotFoundException($"${pascal(criterion)}: no record {id}");`, '    }'],
    foot: ['}'],
  },
  ruby: {
    path: (work) => `backend/${snake(work.title)}.rb`,
    head: (work) => ['# frozen_string_literal: true', '', `# ${plain(work.title)} (${work.id}).`, `module ${pascal(work.title)}`],
    block: (criterion) => [`  # ${plain(criterion)}.`, `  def self.${snake(criterion)}(records, id)`, `    records.fetch(id) { raise KeyError, "${snake(criterion)}: no record #{id}" }`, '  end'],
    foot: ['end'],
  },
  php: {
    path: (work) => `backend/src/${pascal(work.title)}.php`,
    head: (work) => ['<?php', '', 'declare(strict_types=1);', '', `/** ${plain(work.title)} (${work.id}). */`, `final class ${pascal(work.title)}`, '{'],
    block: (criterion) => [`    /** ${plain(criterion)}. */`, `    public function ${camel(criterion)}(array $records, string $id): string`, '    {', `        return $records[$id] ?? throw new OutOfBoundsException("${camel(criterion)}: no record $id");`, '    }'],
    foot: ['}'],
  },
  sql: {
    path: (work) => `database/migrations/${snake(work.title)}.sql`,
    head: (work) => [`-- ${plain(work.title)} (${work.id}).`],
    block: (criterion) => [`-- ${plain(criterion)}.`, `CREATE TABLE ${snake(criterion.replace(/\s+table$/i, ''))} (`, '  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,', '  name varchar(200) NOT NULL,', '  created_at timestamptz NOT NULL DEFAULT now()', ');'],
    foot: [],
  },
}

/** undefined: no language of this name here. */
export function moduleIn(language: string, work: Work): Artifact | undefined {
  const found = Object.hasOwn(languages, language) ? languages[language] : undefined
  return found === undefined ? undefined : { path: found.path(work), head: found.head(work), blocks: work.criteria.map((criterion): Block => ({ criterion, lines: found.block(criterion) })), foot: found.foot }
}

/** A guide: a section for each criterion. */
export const guide = (work: Work): Artifact => ({
  path: `docs/guides/${kebab(work.title)}.md`,
  head: [`# ${plain(work.title)}`],
  blocks: work.criteria.map((criterion): Block => ({ criterion, lines: [`## ${plain(criterion)}`, '', `What to know about ${plain(criterion)} stands in the code that names it; this section says where to begin.`] })),
  foot: [],
})

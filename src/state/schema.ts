import { applicationId, schemaVersion } from './faults.ts'

/** The same in the live database and in an archive. */
export const eventTable = `CREATE TABLE event (
  id INTEGER PRIMARY KEY, time TEXT NOT NULL, session_id TEXT NOT NULL, type TEXT NOT NULL, track_id TEXT, sprint_id TEXT, task_id TEXT,
  iteration INTEGER, role TEXT, tier TEXT, model TEXT, data TEXT NOT NULL)`

/**
 * Version 1. One text for every engine: TEXT, INTEGER, BIGINT, DOUBLE PRECISION and CHECK; no JSON functions, no booleans. Times are
 * ISO 8601 UTC with milliseconds, hours are estimated, `_ms` and `_usd` are measured, unknown is NULL, `simulated` is 0 or 1.
 */
const tables = [
  'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  'CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  `CREATE TABLE track (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'completed')), completed_at TEXT)`,
  `CREATE TABLE sprint (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, goal TEXT NOT NULL, track_id TEXT NOT NULL REFERENCES track (id), number INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('planned', 'active', 'done')), started_at TEXT, completed_at TEXT)`,
  `CREATE TABLE task (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, component TEXT NOT NULL, track_id TEXT NOT NULL REFERENCES track (id),
    sprint_id TEXT NOT NULL REFERENCES sprint (id), position INTEGER NOT NULL, estimated_hours DOUBLE PRECISION NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'blocked')), reason TEXT, session_id TEXT,
    iterations INTEGER NOT NULL, model TEXT, started_at TEXT, completed_at TEXT, duration_ms BIGINT, tokens BIGINT, cost_usd DOUBLE PRECISION,
    commit_id TEXT, simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)))`,
  'CREATE TABLE dependency (task_id TEXT NOT NULL REFERENCES task (id), depends_on TEXT NOT NULL REFERENCES task (id), PRIMARY KEY (task_id, depends_on))',
  `CREATE TABLE session (
    id TEXT PRIMARY KEY, command TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'interrupted')),
    started_at TEXT NOT NULL, ended_at TEXT, host TEXT NOT NULL, pid INTEGER NOT NULL, process_start TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)))`,
  `CREATE TABLE lease (
    name TEXT PRIMARY KEY, token TEXT NOT NULL, session_id TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, process_start TEXT NOT NULL,
    since TEXT NOT NULL, heartbeat_at TEXT NOT NULL)`,
  `CREATE TABLE finding (
    id INTEGER PRIMARY KEY, session_id TEXT NOT NULL, sprint_id TEXT REFERENCES sprint (id), review TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')), file TEXT, line INTEGER, text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'fixed')))`,
  eventTable,
  'CREATE TABLE archive (file TEXT PRIMARY KEY, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL)',
  'CREATE INDEX task_by_track ON task (track_id, status, position)',
  'CREATE INDEX task_by_sprint ON task (sprint_id)',
  'CREATE INDEX dependency_by_dependency ON dependency (depends_on)',
  'CREATE INDEX event_by_task ON event (task_id, id)',
]

/** A sum over tasks of what has a cost; NULL as soon as one cost is unknown. */
const costOf = (task: string): string => `CASE WHEN SUM(CASE WHEN ${task}.status IN ('completed', 'failed') AND ${task}.cost_usd IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL ELSE SUM(${task}.cost_usd) END`
const completed = (task: string): string => `SUM(CASE WHEN ${task}.status = 'completed' THEN 1 ELSE 0 END)`
const statistic = (key: string, value: string): string => `SELECT s.id, '${key}', CAST((${value}) AS TEXT) FROM session s`

/**
 * Views are what people query. SQLite refuses to write to any view, PostgreSQL to one with DISTINCT or UNION, so nobody changes the
 * state by hand unawares.
 */
const views = [
  `CREATE VIEW tasks AS
    SELECT 'task' AS kind, id, title AS name, component, track_id, sprint_id, position, status,
      CASE WHEN status = 'completed' THEN 1 ELSE 0 END AS tasks_completed, 1 AS tasks_total, estimated_hours, reason, session_id, iterations,
      model, started_at, completed_at, duration_ms, tokens, cost_usd, commit_id, simulated
    FROM task
    UNION ALL
    SELECT 'sprint', s.id, s.name, NULL, s.track_id, s.id, s.number, s.status,
      ${completed('t')}, COUNT(*), SUM(t.estimated_hours), NULL, NULL, SUM(t.iterations),
      NULL, s.started_at, s.completed_at, SUM(t.duration_ms), SUM(t.tokens), ${costOf('t')}, NULL, MAX(t.simulated)
    FROM sprint s JOIN task t ON t.sprint_id = s.id
    GROUP BY s.id, s.name, s.track_id, s.number, s.status, s.started_at, s.completed_at`,
  'CREATE VIEW sessions AS SELECT DISTINCT id, command, status, started_at, ended_at, host, pid, simulated FROM session',
  'CREATE VIEW events AS SELECT DISTINCT id, time, session_id, type, track_id, sprint_id, task_id, iteration, role, tier, model, data FROM event',
  `CREATE VIEW session_state AS
    SELECT s.id AS session_id, c.key AS key, c.value AS value FROM session s CROSS JOIN setting c
    UNION ALL ${statistic('tasks_total', 'SELECT COUNT(*) FROM task')}
    UNION ALL ${statistic('tasks_completed', "SELECT COUNT(*) FROM task WHERE status = 'completed'")}
    UNION ALL ${statistic('session_tasks_completed', "SELECT COUNT(*) FROM task t WHERE t.status = 'completed' AND t.session_id = s.id")}
    UNION ALL ${statistic('session_iterations', 'SELECT COALESCE(SUM(t.iterations), 0) FROM task t WHERE t.session_id = s.id')}
    UNION ALL ${statistic('session_tasks_cost_usd', `SELECT ${costOf('t')} FROM task t WHERE t.session_id = s.id`)}`,
  `CREATE VIEW v_sprint_progress AS
    SELECT s.id, s.name, s.track_id AS track, s.status, ${completed('t')} AS tasks_completed, COUNT(*) AS tasks_total,
      100 * ${completed('t')} / COUNT(*) AS percent, SUM(t.estimated_hours) AS hours
    FROM sprint s JOIN task t ON t.sprint_id = s.id
    GROUP BY s.id, s.name, s.track_id, s.number, s.status`,
]

/** Statements that make an empty database of the newest version. */
export const createStatements: readonly string[] = [...tables, ...views, `INSERT INTO meta (key, value) VALUES ('schema_version', '${schemaVersion}')`]

/** What only SQLite knows. */
export const sqliteMark = `PRAGMA application_id = ${applicationId}`

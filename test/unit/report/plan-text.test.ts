import assert from 'node:assert/strict'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { analysisText, sprintPlanText } from '../../../src/report/plan-text.ts'
import { sprintOverview } from '../../../src/report/sprint-overview.ts'
import { sprintFiles } from '../../../src/plan/sprints/sprint-files.ts'
import { taskSummary } from '../../../src/report/task-summary.ts'
import { options, shop, task } from '../plan/sample.ts'

const analysis = `Task Analysis Complete!

Planned 18 tasks in docs/planning/tasks/

Dependency Analysis:
  Chain 1 (Backend): TASK-001 → TASK-004 → TASK-008 → TASK-012 → TASK-016 (42 hours)
  Chain 2 (Frontend): TASK-002 → TASK-005 → TASK-009 → TASK-013 → TASK-017 (38 hours)
  Chain 3 (Infrastructure): TASK-003 → TASK-007 → TASK-011 → TASK-015 (28 hours)
  Independent: TASK-006, TASK-010, TASK-014, TASK-018 (20 hours)

Critical Path: Chain 1 (Backend) - 42 hours

Maximum Parallel Development Tracks: 3

Reasoning:
- 3 independent dependency chains exist
- At peak, 7 tasks can run simultaneously: TASK-006, TASK-010, TASK-014, TASK-015, TASK-016, TASK-017, TASK-018
- Each task's slack is in docs/planning/TASK_SUMMARY.md
- Hours by number of tracks, at best: 128 on 1 track, 64 on 2, 44 on 3, 42 on 4
- The best schedule found on 3 tracks takes 44 hours; another track would save 2 hours (4.5%, less than 5% is not worth a track)
- \`component\` keeps components whole and takes 52 hours on 3 tracks; \`balanced\` would take 44 hours (proven optimal)

Recommendation: devteam plan 3`

const sprints = `Sprint Planning Complete!

Parallel Development Configuration:
- Requested tracks: 3
- Max possible tracks: 3
- Using: 3 tracks

Track Distribution:

Track 1 (Backend API):
  Total: 7 tasks, 52 hours across 2 sprints
  - SPRINT-001-01: Foundation (3 tasks, 24 hours)
    * TASK-001: Database schema design
    * TASK-004: User authentication API
    * TASK-008: Product catalog API
  - SPRINT-002-01: Advanced Features (4 tasks, 28 hours)
    * TASK-012: Shopping cart API
    * TASK-016: Payment integration API
    * TASK-006: Email notification service
    * TASK-018: Admin dashboard API

Track 2 (Frontend):
  Total: 6 tasks, 44 hours across 2 sprints
  - SPRINT-001-02: Foundation (3 tasks, 20 hours)
    * TASK-002: React project setup
    * TASK-005: Login/registration UI
    * TASK-009: Product catalog UI
  - SPRINT-002-02: Advanced Features (3 tasks, 24 hours)
    * TASK-013: Shopping cart UI
    * TASK-017: Checkout flow UI
    * TASK-010: Admin dashboard UI

Track 3 (Infrastructure):
  Total: 5 tasks, 32 hours across 2 sprints
  - SPRINT-001-03: Foundation (2 tasks, 12 hours)
    * TASK-003: Docker containers
    * TASK-007: CI/CD pipeline
  - SPRINT-002-03: Production Ready (3 tasks, 20 hours)
    * TASK-011: Kubernetes manifests
    * TASK-015: Monitoring setup
    * TASK-014: Database backups

Idle Time:
  Track 2 (Frontend): 8 hours (8 at the end)
  Track 3 (Infrastructure): 20 hours (20 at the end)

Total: 18 tasks, ~128 hours development
Parallel execution time: ~52 hours (vs 128 sequential)
Time savings: 59%

State tracking initialized in SQLite at: .devteam/devteam.db

Ready to execute:
Option 1 - All tracks from one terminal:
  devteam implement --sprint all

Option 2 - Specific track:
  devteam implement --sprint all 01    (Track 1 only)
  devteam implement --sprint all 02    (Track 2 only)
  devteam implement --sprint all 03    (Track 3 only)

Option 3 - Parallel execution (multiple terminals):
  Terminal 1: devteam implement --sprint all 01
  Terminal 2: devteam implement --sprint all 02
  Terminal 3: devteam implement --sprint all 03`

describe('the texts of a plan', () => {
  const plan = makePlan(shop, options({ tracks: 3 }))

  it('say of the sample what the transcript shows', () => {
    assert.equal(analysisText(plan, shop), analysis)
    assert.equal(sprintPlanText(plan, shop), sprints)
  })

  it('warn where fewer tracks are used than asked for', () => {
    assert.match(sprintPlanText(makePlan(shop, options({ tracks: 5 })), shop), /- Requested tracks: 5\n- Max possible tracks: 3\n- Using: 3 tracks\n\n⚠️ Requested 5 tracks, but max possible is 3\. Using 3 tracks\.\n/)
  })

  it('tell where more tracks pay again, past those that save nothing', () => {
    const equal = Array.from({ length: 38 }, (_, i) => task(i + 1, 1))
    const text = analysisText(makePlan(equal, options()), equal)
    assert.match(text, /Maximum Parallel Development Tracks: 8\n/)
    assert.match(text, /, 6 on 7, 5 on 8, 5 on 9, 4 on 10, 3 on 13, 2 on 19\n/)
    assert.match(text, /takes 5 hours; another track would save nothing, though 10 tracks would take 4 hours \(--allow-idle-tracks\)\n/)
  })

  it('tell that tasks with the same files are what takes the time', () => {
    const shared = Array.from({ length: 12 }, (_, i) => task(i + 1, 4, [], { allowedPatterns: i < 6 ? ['src/**'] : [] }))
    assert.match(analysisText(makePlan(shared, options()), shared), /- The best schedule found on 2 tracks takes 24 hours; another track can't shorten it, since tasks that may change the same files take turns\n/)
  })

  it('advise a single track for a few tasks and where others hardly help', () => {
    const few = Array.from({ length: 4 }, (_, i) => task(i + 1, 8))
    const text = analysisText(makePlan(few, options()), few)
    assert.match(text, /- Hours by number of tracks, at best: 32 on 1 track, 16 on 2, 16 on 3, 8 on 4\n/)
    const joined = [...few, task(5, 16)]
    assert.match(analysisText(makePlan(joined, options()), joined), /at best: 48 on 1 track, 24 on 2, 16 on 3\n/)
    assert.match(text, /- No task depends on another\n/)
    assert.match(text, /- A single track is recommended: with fewer than 10 tasks it is simpler, though 2 tracks could finish in 16 hours\n/)
    assert.match(text, /another track would save nothing, though 4 tracks would take 8 hours \(--allow-idle-tracks\)\n/)
    assert.match(text, /Recommendation: devteam plan 1$/)
    assert.match(analysisText(makePlan(shop, options({ strategy: 'balanced' })), shop), /Recommendation: devteam plan 3 --strategy balanced$/)
    const chain = Array.from({ length: 3 }, (_, i) => task(i + 1, 8, i === 0 ? [] : [i]))
    assert.match(analysisText(makePlan(chain, options()), chain), /- No two tasks can run at once: each waits for the one before\n/)
    assert.match(analysisText(makePlan(joined, options({ tracks: 2 })), joined), /`component` splits components no more than it has to and takes 24 hours on 2 tracks \(proven optimal\)\n/)
    const long = [...Array.from({ length: 12 }, (_, i) => task(i + 1, 8, i === 0 ? [] : [i])), task(13, 8)]
    assert.match(analysisText(makePlan(long, options()), long), /A single track is recommended: it takes 104 hours, within 10% of the best schedule found \(96 hours\)/)
    assert.match(sprintPlanText(makePlan(long, options()), long), /Using: 1 track\n[\s\S]*Ready to execute:\n {2}devteam implement --sprint all$/)
  })

  it('tell of dependencies across tracks and of conflicts', () => {
    const tasks = [...Array.from({ length: 12 }, (_, i) => task(i + 1, 8, i === 6 ? [1] : [], { component: i < 6 ? 'a' : 'b', allowedPatterns: i === 2 || i === 8 ? ['src/app/**'] : [] }))]
    const text = sprintPlanText(makePlan(tasks, options({ tracks: 2 })), tasks)
    assert.match(text, /Dependencies between tracks:\n {2}TASK-007 waits for TASK-001\n/)
    assert.match(text, /Conflicts:\n {2}TASK-00(?:3, TASK-009|9, TASK-003) may change src\/app\/\*\*: one after another in this order\n/)
  })

  it('say what each idle hour waits for: another track, by dependency or by the same files, or the end', () => {
    const tasks = [task(1, 4, [], { component: 'a', allowedPatterns: ['db/**'] }), task(2, 4, [1], { component: 'a' }), task(3, 3, [], { component: 'b', allowedPatterns: ['db/**'] }), task(4, 1, [2], { component: 'b' }), task(5, 2, [4], { component: 'b' }), task(6, 5, [2], { component: 'a' })]
    const plan = makePlan(tasks, options({ tracks: 2, allowIdleTracks: true }))
    const [a, b] = [plan.tracks.find(({ component }) => component === 'a'), plan.tracks.find(({ component }) => component === 'b')]
    assert.deepEqual([a?.waits, b?.waits], [[], [{ task: 'TASK-003', hours: 4, waitsFor: 'TASK-001' }, { task: 'TASK-004', hours: 1, waitsFor: 'TASK-002' }]])
    assert.match(sprintPlanText(plan, tasks), /Idle Time:\n {2}Track 2 \(B\): 7 hours \(4 before TASK-003, which waits for TASK-001; 1 before TASK-004, which waits for TASK-002; 2 at the end\)\n/)
  })

  it('say where tasks at the peak may change the same files, and which other paths are critical', () => {
    const tasks = [...Array.from({ length: 10 }, (_, i) => task(i + 1, 8)), task(11, 8, [1], { allowedPatterns: ['a/**'] }), task(12, 8, [2], { allowedPatterns: ['a/b'] })]
    const text = analysisText(makePlan(tasks, options()), tasks)
    assert.match(text, /10 tasks can run simultaneously: .* \(by their dependencies; TASK-01[12], TASK-01[12] may change the same files, and don't run at once\)\n/)
    assert.match(text, /- Other tasks without slack, on a path as long as the critical one: TASK-002, TASK-012\n/)
    assert.doesNotMatch(analysisText(makePlan(shop, options()), shop), /without slack|by their dependencies/)
  })

  it('draw the graph in the summary, with what would break it made harmless', () => {
    const tasks = [task(1, 8, [], { title: 'A "quoted" | barred\n<b>title</b>' }), task(2, 4, [1])]
    const text = taskSummary(makePlan(tasks, options()), tasks)
    assert.match(text, /^ {2}t0\["TASK-001: A #34;quoted#34; \| barred #60;b#62;title#60;\/b#62; \(8 h\)"\]$/m)
    assert.match(text, /^ {2}t0 --> t1$/m)
    assert.match(text, /^\| TASK-001 \| A "quoted" \\\| barred <b>title<\/b> \| general \| 8 \| {2}\| SPRINT-001 \| critical \|$/m)
    assert.match(text, /^ {2}class t0,t1 critical$/m)
  })

  it('leave the graph out where it would be too large', () => {
    const tasks = Array.from({ length: 300 }, (_, i) => task(i + 1, 8))
    assert.match(taskSummary(makePlan(tasks, options({ tracks: 1 })), tasks), /too many for a Mermaid graph/)
  })

  it('list the sprints of each track', () => {
    assert.match(sprintOverview(plan, sprintFiles(plan, shop)), /## Track 3: Infrastructure \(32 hours, idle for 20\)\n\n.*\n.*\n\| SPRINT-001-03 \| Foundation \| Deliver Docker containers and CI\/CD pipeline \| 12 \| TASK-003, TASK-007 \| {2}\|\n\| SPRINT-002-03 \| Production Ready \|.*\| SPRINT-001-03 \|/)
  })
})

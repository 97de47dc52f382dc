/** What is left to do in a draft: one task a section, one for the papers, and the seal. */
import type { Group, Procedure, RequiredPaper } from './catalogue';
import type { Answers } from './answers';
import { isGiven, rowsOf } from './answers';
import { problemsOfGroup, type Problem } from './checks';
import { missingPapers, papersOf, unmarkedPapers, type Papers } from './papers';
import { openWarnings } from './passing';
import { unseenGroups } from './taking_over';
import { questionsOf, visibleGroups } from './visibility';

/**
 * `optional`: nothing is asked for in any case and nothing was answered. `look`: nothing is wrong, but
 * answers came from another dossier and nobody has looked at them. `odd`: a reason is missing.
 */
export type TaskState = 'todo' | 'doing' | 'missing' | 'look' | 'odd' | 'done' | 'optional';

export interface SectionTask {
  readonly group: Group;
  readonly state: TaskState;
  readonly problems: readonly Problem[];
}

export interface PapersTask {
  readonly state: TaskState;
  readonly unmarked: readonly RequiredPaper[];
  readonly missing: readonly RequiredPaper[];
}

export interface TaskList {
  readonly sections: readonly SectionTask[];
  readonly papers: PapersTask;
  /** Sections and papers that are not finished: “còn N việc”. At 0 the dossier may be sealed. */
  readonly left: number;
}

/** Up to so many open questions are named one by one; with more the section is only “under way”. */
const NAMED_MAX = 2;

export function tasksOf(procedure: Procedure, answers: Answers, papers: Papers, today: string): TaskList {
  const unseen = unseenGroups(procedure, answers);
  const odd = openWarnings(procedure, answers).map(({ group }) => group);
  const sections = visibleGroups(procedure, answers)
    .map((group) => sectionTask(procedure, group, answers, today))
    .map((task) => {
      if (task.problems.length > 0) return task;
      if (unseen.includes(task.group)) return { ...task, state: 'look' as const };
      return odd.includes(task.group) ? { ...task, state: 'odd' as const } : task;
    });
  const papersTask = taskOfPapers(procedure, answers, papers);
  const open = [...sections, papersTask].filter((task) => task.state !== 'done' && task.state !== 'optional');
  return { sections, papers: papersTask, left: open.length };
}

function sectionTask(procedure: Procedure, group: Group, answers: Answers, today: string): SectionTask {
  const problems = problemsOfGroup(procedure, group, answers, today);
  const isBegun = questionsOf(procedure, group, answers)
    .some((question) => isGiven(question.field, answers[question.name]))
    || (group.repeat !== null && rowsOf(group.id, answers).length > 0);
  return { group, problems, state: stateOf(problems.length, isBegun) };
}

function taskOfPapers(procedure: Procedure, answers: Answers, papers: Papers): PapersTask {
  const unmarked = unmarkedPapers(procedure, answers, papers);
  const list = papersOf(procedure, answers);
  const isBegun = [...list.needed, ...list.perhaps].some((paper) => papers[paper.id] !== undefined);
  return { unmarked, missing: missingPapers(procedure, answers, papers), state: stateOf(unmarked.length, isBegun) };
}

function stateOf(open: number, isBegun: boolean): TaskState {
  if (open === 0) return isBegun ? 'done' : 'optional';
  if (!isBegun) return 'todo';
  return open <= NAMED_MAX ? 'missing' : 'doing';
}

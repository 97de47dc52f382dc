import { describe, expect, it } from 'vitest';
import { address, routeOf } from '../../src/live/route';

describe('addresses', () => {
  it.each([
    ['', { screen: 'today' }],
    ['#/', { screen: 'today' }],
    ['#/enrol', { screen: 'enrol', code: '' }],
    ['#/enrol/a%2Fb', { screen: 'enrol', code: 'a/b' }],
    ['#/draft/7', { screen: 'draft', draft: '7', at: null }],
    ['#/draft/7/section/child?at=answers.x', { screen: 'section', draft: '7', group: 'child', at: 'answers.x', question: null }],
    ['#/draft/7/papers', { screen: 'papers', draft: '7', at: null }],
    ['#/dossier/8?just=sealed', { screen: 'dossier', record: '8', just: 'sealed' }],
    ['#/dossier/8/section/child', { screen: 'revise', record: '8', group: 'child' }],
    ['#/new', { screen: 'new', person: null }],
    ['#/new?person=9f', { screen: 'new', person: '9f' }],
    ['#/settings', { screen: 'settings' }],
    ['#/draft', { screen: 'not-found' }],
    ['#/draft/7/nowhere', { screen: 'not-found' }],
    ['#/%E0%A4%A', { screen: 'not-found' }],
  ])('%s', (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });

  it('lead back to themselves', () => {
    expect(routeOf(address.section('7', 'child', 'answers.members.x.y'))).toEqual({
      screen: 'section', draft: '7', group: 'child', at: 'answers.members.x.y', question: null,
    });
    expect(routeOf(address.question('7', 'child', 'answers.x'))).toMatchObject({ at: null, question: 'answers.x' });
    expect(routeOf(address.enrol('Mb_p-1'))).toEqual({ screen: 'enrol', code: 'Mb_p-1' });
  });
});

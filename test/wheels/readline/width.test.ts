import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { graphemes, graphemeWidth, textWidth } from '../../../wheels/readline/width.ts';

describe('width', () => {
  for (const [text, width] of [
    ['', 0],
    ['a', 1],
    ['é', 1],
    ['日', 2],
    ['한', 2],
    ['Ａ', 2],
    ['ｱ', 1],
    ['\u0301', 0],
    ['\u200b', 0],
    ['👍', 2],
    ['👩‍🚀', 2],
    ['❤️', 2],
    ['❤', 1],
    ['🇩🇪', 2],
    ['𠀀', 2],
  ] as const) {
    test(`graphemeWidth() of ${JSON.stringify(text)} is ${width}`, () => assert.equal(graphemeWidth(text), width));
  }

  test('graphemes() are characters as a reader counts them', () => {
    assert.deepEqual(graphemes('ab'), ['a', 'b']);
    assert.deepEqual(graphemes('e\u0301日👩‍🚀'), ['e\u0301', '日', '👩‍🚀']);
  });

  test('textWidth() adds them up', () => assert.equal(textWidth('ab日e\u0301'), 5));
});

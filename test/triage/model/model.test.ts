import { beforeAll, describe, expect, test } from '@jest/globals';
import { crossPredict, evaluate } from '../../../src/triage/model/evaluate.js';
import type { KindModel } from '../../../src/triage/model/kind-model.js';
import { buildPredictor } from '../../../src/triage/model/predict.js';
import { seededRandom, stratifiedFolds } from '../../../src/triage/model/random.js';
import { fitRidge, scoresInto } from '../../../src/triage/model/ridge.js';
import { BadModel, parseModel, serialiseModel } from '../../../src/triage/model/serialise.js';
import { type LabelledIssue, NothingToLearn, trainModel } from '../../../src/triage/model/train.js';
import { buildVectorizer } from '../../../src/triage/model/vectors.js';
import { smallIssues } from './small-issues.js';

const TRAINED_ON = smallIssues(12, 1);
const UNSEEN = smallIssues(6, 2);
let model: KindModel;
beforeAll(() => {
  model = trainModel(TRAINED_ON);
});

const right = (issues: readonly LabelledIssue[], from: KindModel) => {
  const predict = buildPredictor(from);
  return issues.filter((issue) => predict(issue).label === issue.label).length;
};

describe('a trained model', () => {
  test('knows what can be known of issues that it has not seen', () => {
    expect(right(UNSEEN, model)).toBe(UNSEEN.length);
  });

  test('answers for a repository that it has not seen', () => {
    expect(right(smallIssues(6, 3, ['octocat/gamma']), model)).toBe(18);
  });

  test('learns whatever labels the file has', () => {
    const own = TRAINED_ON.map((issue) => ({ ...issue, label: issue.label === 'bug' ? 'Defekt' : 'Rest' }));
    const other = trainModel(own);
    expect(other.labels).toEqual(['Defekt', 'Rest']);
    const answer = buildPredictor(other)({ repo: 'octocat/alpha', title: 'solver crashes', body: '' });
    expect(answer.label).toBe('Defekt');
    expect(Object.keys(answer.probabilities)).toEqual(['Defekt', 'Rest']);
  });

  test('gives probabilities that add up to one, the highest to the label', () => {
    const predict = buildPredictor(model);
    for (const issue of [...UNSEEN, { repo: '', title: '', body: '' }]) {
      const { label, probabilities } = predict(issue);
      const shares = Object.values(probabilities);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(probabilities[label]).toBe(Math.max(...shares));
    }
  });

  test('does not remember the issue before', () => {
    const predict = buildPredictor(model);
    const first = predict(UNSEEN[0]!);
    predict(UNSEEN[1]!);
    expect(predict(UNSEEN[0]!)).toEqual(first);
  });

  test('gives every issue the same length, and an empty one none', () => {
    const vectorOf = buildVectorizer(model.vocabulary, model.templates);
    const lengths = [...UNSEEN, { repo: '', title: '', body: '' }].map(({ repo, title, body }) =>
      Math.hypot(...vectorOf({ repo, title, body }).values),
    );
    for (const length of lengths.slice(0, -1)) expect(length).toBeCloseTo(1, 5);
    expect([0, 1]).toContain(Math.round(lengths.at(-1)! * 1e5) / 1e5);
  });

  test('is the same for the same issues', () => {
    expect(serialiseModel(trainModel(TRAINED_ON))).toBe(serialiseModel(model));
  });

  test('repositories may differ: the same words mean another thing elsewhere', () => {
    const issues = Array.from({ length: 40 }, (_, at): LabelledIssue => {
      const alpha = at % 2 === 0;
      const tagged = at % 4 < 2;
      const label = alpha === tagged ? 'bug' : 'feature';
      return {
        repo: alpha ? 'octocat/alpha' : 'octocat/beta',
        title: tagged ? 'red ticket' : 'blue paper',
        body: '',
        label,
      };
    });
    const predict = buildPredictor(trainModel(issues));
    expect(predict({ repo: 'octocat/alpha', title: 'red ticket', body: '' }).label).toBe('bug');
    expect(predict({ repo: 'octocat/beta', title: 'red ticket', body: '' }).label).toBe('feature');
  });

  test('needs two labels', () => {
    expect(() => trainModel([])).toThrow(NothingToLearn);
    expect(() => trainModel(TRAINED_ON.filter(({ label }) => label === 'bug'))).toThrow(/at least two labels/);
  });

  test('who wrote an issue changes nothing (triage R10)', () => {
    const predict = buildPredictor(model);
    const signed = { ...UNSEEN[0]!, author: 'octocat', authorAssociation: 'MEMBER' };
    expect(predict(signed)).toEqual(predict(UNSEEN[0]!));
  });
});

describe('ridge regression', () => {
  test('comes to the exact solution', () => {
    // Two orthogonal vectors of length 1, intercept 0.22: with penalty 0 < p the scores follow from a 2x2 system.
    const vectors = [0, 1].map((at) => ({ indices: Int32Array.of(at), values: Float32Array.of(1) }));
    const linear = fitRidge(vectors, [0, 1], 2, 2, { penalty: 0.4, seed: 1 });
    const scores = new Float64Array(2);
    scoresInto(linear, vectors[0]!, scores);
    // Gram matrix [[1 + i, i], [i, 1 + i]] with i = .22 ** 2, pull .4 * (1 + i), targets +-.5: the answer is .5 / (1 + pull).
    const answer = 0.5 / (1 + 0.4 * (1 + 0.22 ** 2));
    expect(scores[0]).toBeCloseTo(answer, 3);
    expect(scores[1]).toBeCloseTo(-answer, 3);
  });
});

describe('folds', () => {
  test('share out every group evenly', () => {
    const groups = Array.from({ length: 60 }, (_, at) => `group ${at % 3}`);
    const parts = stratifiedFolds(groups, 5, 7);
    for (const group of new Set(groups))
      for (let part = 0; part < 5; part += 1)
        expect(groups.filter((one, at) => one === group && parts[at] === part)).toHaveLength(4);
    expect(stratifiedFolds(groups, 5, 7)).toEqual(parts);
    expect(stratifiedFolds(groups, 5, 8)).not.toEqual(parts);
  });
});

describe('evaluation', () => {
  test('judges predictions', () => {
    const issues = [
      { repo: 'octocat/alpha', title: '', body: '', label: 'bug' },
      { repo: 'octocat/alpha', title: '', body: '', label: 'feature' },
    ];
    const sure = { label: 'bug', probabilities: { bug: 0.9, feature: 0.1 } };
    expect(evaluate(issues, [sure, sure])).toEqual({
      macroF1: 1 / 3,
      perRepo: { 'octocat/alpha': { macroF1: 1 / 3, f1: { bug: 2 / 3, feature: 0 }, n: 2 } },
      ece: expect.closeTo(0.4, 12),
      n: 2,
    });
  });

  test('asks a model that has seen neither the issue nor a copy of it (triage R24)', () => {
    // The labels of these texts are chance: only a model that has seen the copy could do better than guess.
    const random = seededRandom(5);
    const drawn = Array.from({ length: 30 }, () => ({
      repo: 'octocat/alpha',
      title: `plain ${Math.floor(random() * 1e9)}`,
      body: '',
      label: random() < 0.5 ? 'bug' : 'feature',
    }));
    const twice = [...drawn, ...drawn];
    const seen: string[][] = [];
    const predictions = crossPredict(twice, 5, 1, (predict, issue) => {
      seen.push([issue.title]);
      return predict(issue);
    });
    expect(seen).toHaveLength(60);
    expect(predictions.slice(0, 30)).toEqual(predictions.slice(30));
    expect(evaluate(twice, predictions).macroF1).toBeLessThan(0.8);
  });

  test('does well where something can be learnt', () => {
    const predictions = crossPredict(TRAINED_ON, 4, 1, (predict, issue) => predict(issue));
    expect(evaluate(TRAINED_ON, predictions).macroF1).toBeGreaterThan(0.95);
  });
});

describe('a model as a file', () => {
  test('answers the same after writing and reading', () => {
    const read = buildPredictor(parseModel(serialiseModel(model)));
    const fresh = buildPredictor(model);
    for (const issue of UNSEEN) {
      const { label, probabilities } = read(issue);
      expect(label).toBe(fresh(issue).label);
      for (const [name, share] of Object.entries(fresh(issue).probabilities))
        expect(probabilities[name]).toBeCloseTo(share, 3);
    }
    expect(serialiseModel(parseModel(serialiseModel(model)))).toBe(serialiseModel(model));
  });

  test('holds no text of an issue', () => {
    expect(serialiseModel(model).toLowerCase()).not.toMatch(/solver|checkpoint|octocat|segmentation/);
  });

  const changed = (change: Record<string, unknown>) =>
    JSON.stringify({ ...(JSON.parse(serialiseModel(model)) as Record<string, unknown>), ...change });
  test.each([
    ['nothing', () => '', 'it is not JSON'],
    ['other JSON', () => '{"labels": []}', 'it is no model of kinds'],
    ['another version', () => changed({ version: 99 }), 'a model of version 99, this program reads version'],
    ['missing labels', () => changed({ labels: ['one'] }), 'its "labels" is damaged'],
    ['cut weights', () => changed({ weights: 'AAAA' }), 'its "weights" is damaged: 3 bytes instead of'],
    ['cut templates', () => changed({ templates: 'AAAA' }), 'its "templates" is damaged: 3 bytes'],
    ['other views', () => changed({ views: ['one'] }), 'its views are not those of this program'],
    [
      'a view that is none',
      () =>
        changed({ features: 1, viewOf: '/w==', weights: 'AAAAAAAAAAAAAAAA', hashes: 'AAAAAA==', factors: 'AAAAAA==' }),
      'there is no such view',
    ],
  ])('%s is refused in words', (_, text, message) => {
    expect(() => parseModel(text())).toThrow(BadModel);
    expect(() => parseModel(text())).toThrow(message);
  });
});

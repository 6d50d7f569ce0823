# SPDX-License-Identifier: GPL-3.0-or-later
"""The scorer itself, on cases computed by hand."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from loo import best, candidates, left_out
from measure import Evidence, measure
from score import Score, covered, median_ms, ninety_ms, pairs, score_channel, spread_ms, total
from truth import Expectation, Mark, Row, Span, read_truth, read_rows, truth_of

TONIC = frozenset({'tonic', 'spasm'})


def truth(start, end, kind='contraction', words='tonic|spasm', value='n/a', strength='must'):
    return truth_of({'recording': 'r', 'channel': 'c', 'onset': str(start), 'duration': str(end - start), 'kind': kind,
                     'trial_types': words, 'value': value, 'strength': strength})


def tonic(*edges):
    return [Row(start, end, 'tonic', 'c') for start, end in edges]


class Contractions(unittest.TestCase):
    def counts(self, truths, rows):
        score = score_channel(truths, rows)
        return score.found, score.missed, score.false

    def test_half_of_the_longer_is_found(self):
        self.assertEqual(self.counts([truth(0, 2)], tonic((1, 2))), (1, 0, 0))
        self.assertEqual(self.counts([truth(0, 2)], tonic((1.1, 2))), (0, 1, 1))
        self.assertEqual(self.counts([truth(1, 2)], tonic((0, 2.1))), (0, 1, 1))

    def test_one_row_finds_one_contraction(self):
        self.assertEqual(self.counts([truth(0, 1), truth(1, 2)], tonic((0, 2))), (1, 1, 0))
        self.assertEqual(self.counts([truth(0, 2)], tonic((0, 1), (1, 2))), (1, 0, 1))

    def test_most_alike_first(self):
        matched = pairs([truth(0, 10), truth(4, 9)], tonic((0, 9), (0, 6)))
        self.assertEqual(matched, {0: 0})  # 0.9 takes the first row; 5/9 of the second truth was with it

    def test_words_matter(self):
        self.assertEqual(self.counts([truth(0, 1)], [Row(0, 1, 'clonus')]), (0, 1, 1))
        self.assertEqual(self.counts([truth(0, 1)], [Row(0, 1, 'indeterminate')]), (0, 1, 0))
        self.assertEqual(self.counts([truth(0, 1)], [Row(0, 1, 'fasciculation')]), (0, 1, 0))

    def test_what_may_be_claimed_is_neither(self):
        self.assertEqual(self.counts([truth(0, 1, strength='may')], tonic((0, 1))), (0, 0, 0))
        self.assertEqual(self.counts([truth(0, 1, strength='may')], tonic((0.4, 0.6))), (0, 0, 0))  # lies within
        self.assertEqual(self.counts([truth(0, 1, strength='may')], []), (0, 0, 0))

    def test_a_row_that_swallows_is_false(self):
        whole = [truth(0, 10, strength='may'), truth(2, 3)]
        self.assertEqual(self.counts(whole, tonic((1, 5))), (0, 1, 1))

    def test_best_reading_counts(self):
        readings = [truth(0, 4, value='alt=Aa'), truth(0, 2, value='alt=Ab'), truth(2, 4, value='alt=Ab')]
        self.assertEqual(self.counts(readings, tonic((0, 4))), (1, 0, 0))
        self.assertEqual(self.counts(readings, tonic((0, 2), (2, 4))), (2, 0, 0))
        self.assertEqual(self.counts(readings, []), (0, 1, 0))  # of equals the first reading

    def test_edges(self):
        score = score_channel([truth(1, 3), truth(5, 7, value='soft=on'), truth(0, 0.5)],
                              tonic((1.1, 3.2), (5.2, 7), (0, 0.6)))
        self.assertEqual([round(x, 6) for x in score.onsets], [0.1])  # neither soft nor the recording's edge
        self.assertEqual([round(x, 6) for x in score.offsets], [0.1, 0.2, 0.0])

    def test_rhythm_stands_for_its_contractions(self):
        truths = [truth(0, 0.4), truth(1, 1.4), truth(2, 2.4), truth(0, 3, 'rhythm', 'rhythmic', '1.0', 'may')]
        score = score_channel(truths, [Row(0, 3, 'rhythmic', 'c', 1.05)])
        self.assertEqual((score.found, score.missed, score.false, score.onsets), (3, 0, 0, []))
        score = score_channel(truths, [Row(0, 3, 'rhythmic', 'c', 1.2)])
        self.assertEqual((score.found, score.missed, score.false), (0, 3, 1))
        score = score_channel(truths, [Row(0, 2.8, 'rhythmic', 'c', 1.0)])  # 2.8 bursts do not stand
        self.assertEqual((score.found, score.missed), (0, 3))


class Claims(unittest.TestCase):
    def test_forbidden(self):
        rows = [Row(1, 1, 'fasciculation'), Row(1.5, 2.6, 'clonus'), Row(1.5, 2.4, 'clonus'), Row(1, 2, 'tonic')]
        score = score_channel([truth(0, 2, 'forbidden', 'fasciculation|clonus')], rows)
        self.assertEqual(dict(score.forbidden), {'fasciculation': 1, 'clonus': 1})
        self.assertAlmostEqual(score.forbidden_per_min, 60)
        score = score_channel([truth(0, 9, 'forbidden', 'any')], rows + [Row(1, 2, 'artifact'), Row(1, 2, 'n/a')])
        self.assertEqual(score.forbidden.total(), 4)
        self.assertEqual(score_channel([truth(0, 9, 'forbidden', 'any', strength='may')], rows).forbidden.total(), 0)

    def test_once_in_two_stretches(self):
        both = [truth(0, 2, 'forbidden', 'any'), truth(0, 3, 'forbidden', 'any')]
        self.assertEqual(score_channel(both, [Row(1, 1, 'fasciculation')]).forbidden.total(), 1)

    def test_quiet(self):
        quiet = [truth(10, 40, 'quiet', 'n/a')]
        score = score_channel(quiet, tonic((11, 12), (0, 10.5), (0, 80)))
        self.assertEqual(dict(score.quiet), {'tonic': 2})  # one inside, one over all of it
        self.assertAlmostEqual(score.quiet_per_min, 4)
        score = score_channel([truth(10, 40, 'quiet', 'n/a', strength='may')], tonic((11, 12)))
        self.assertEqual((score.quiet.total(), score.quiet_per_min), (0, None))

    def test_unit(self):
        unit = [truth(0, 10, 'unit_train', 'motor_unit', '10.0')]

        def units(*rows):
            return score_channel(unit, [Row(a, b, 'motor_unit', 'c', f) for a, b, f in rows]).units
        self.assertEqual(units((0, 8, 10.49)), 1)
        self.assertEqual(units((0, 7.9, 10)), 0)
        self.assertEqual(units((0, 10, 10.6)), 0)
        self.assertEqual(units((0, 5, 10), (4, 8.5, 9.6)), 1)
        self.assertEqual(score_channel(unit, []).units_asked, 1)

    def test_covered_counts_overlap_once(self):
        self.assertAlmostEqual(covered(Span(0, 10), tonic((2, 6), (4, 7), (9, 12))), 0.6)


class Sums(unittest.TestCase):
    def test_total(self):
        both = total([score_channel([truth(0, 1)], tonic((0, 1))),
                      score_channel([truth(0, 1), truth(2, 3)], tonic((5, 6)))])
        self.assertEqual((both.found, both.missed, both.false), (1, 2, 1))
        self.assertAlmostEqual(both.f1, 2 / 5)
        self.assertIsNone(Score().f1)

    def test_statistics(self):
        self.assertAlmostEqual(median_ms([0.1, 0.3, 0.2, 0.4]), 250)
        self.assertAlmostEqual(spread_ms([0.1, 0.3]), 100)
        self.assertAlmostEqual(ninety_ms([-0.01 * k for k in range(1, 11)]), 100)
        self.assertIsNone(ninety_ms([]))


class Measures(unittest.TestCase):
    def test_evoked(self):
        marks = [Mark(1, 1, 'stimulus', 'c'), Mark(2, 2, 'stimulus', 'c'), Mark(3, 3, 'stimulus', 'd')]
        rows = [Row(1.02, 1.04, 'evoked', 'c'), Row(1.99, 2.04, 'evoked', 'c'), Row(2.05, 2.06, 'fasciculation', 'c'),
                Row(2.2, 2.3, 'tonic', 'c'), Row(2.5, 2.6, 'artifact', 'c')]
        known = Evidence(60, rows, marks=marks).on('c')
        self.assertEqual(measure(known, 'evoked stimulus'), 1)
        self.assertEqual(measure(known, 'alarmed stimulus'), 1)
        self.assertEqual(measure(known, 'elsewhere stimulus'), 2)
        self.assertEqual(measure(known, 'rows evoked|tonic'), 3)
        self.assertEqual(measure(known, 'per_min fasciculation'), 1)

    def test_silent_periods(self):
        marks = [Mark(at, at + 0.1, 'silent', 'c') for at in (1, 3, 5, 7)]
        known = Evidence(60, tonic((0.5, 0.98), (1.1, 2), (2.5, 3.5), (6.5, 7.06)), marks=marks)
        self.assertEqual(measure(known, 'open_periods silent'), 2)  # not the second and fourth
        self.assertEqual(measure(known, 'broken silent'), 1)

    def test_bursts_and_force(self):
        marks = [Mark(1, 1.5, 'go', 'c'), Mark(3, 3.5, 'go', 'd')]
        known = Evidence(60, tonic((1.2, 1.9), (3.2, 3.6)), marks=marks)
        self.assertEqual(measure(known, 'begun go'), 1)
        marks = [Mark(1, 2, 'f'), Mark(5, 6, 'f'), Mark(7.9, 9, 'f'), Mark(10, 11, 'f')]
        force = Evidence(60, tonic((0.9, 2), (4.4, 6), (8, 9.5), (9.9, 10.1), (10.2, 11)), marks=marks)
        self.assertEqual(measure(force, 'ahead f'), 1)
        passive = Evidence(64.1, tonic((20, 21), (2.2, 2.4)), marks=[Mark(0.5, 2, 'f'), Mark(4, 4.6, 'f')])
        self.assertAlmostEqual(measure(passive, 'passive f'), 1)  # 60 s lie outside, and one of the rows

    def test_cycles_and_frequency(self):
        marks = [Mark(0, 0.5, 'stance', 'all'), Mark(1, 1.5, 'stance', 'all'), Mark(2, 2.5, 'stance', 'all')]
        known = Evidence(3, tonic((0.2, 0.4), (1.2, 1.3), (1.5, 1.6)), marks=marks)
        self.assertAlmostEqual(measure(known.on('c'), 'cycles stance'), 0.5)
        rows = [Row(0, 1, 'tremor', 'c', 9.0), Row(1, 5, 'tremor', 'c', 6.0), Row(0, 9, 'tonic', 'c', 3.0)]
        bursts = Evidence(9, rows)
        self.assertEqual(measure(bursts, 'frequency tremor'), 6.0)
        self.assertIsNone(measure(bursts, 'frequency clonus'))

    def test_discharges(self):
        marks = [Mark(t, t, 'discharge', 'c') for t in (1.0, 1.002, 2.0, 3.0)]
        spikes = [Row(t, t + 0.01, peak=p) for t, p in ((0.9, 1.003), (2.006, None), (2.998, None), (3.001, None))]
        known = Evidence(10, [], spikes, marks)
        self.assertEqual(measure(known, 'recall 5'), 0.5)  # 1.003 and one at 3.0; 2.006 is 6 ms off
        self.assertEqual(measure(known, 'precision 5'), 0.5)
        self.assertEqual(measure(known, 'chance_recall 5'), 0.0)
        one = Evidence(10, [], [Row(1 - 10 / 21, 1)], [Mark(1, 1, 'discharge')])
        self.assertAlmostEqual(measure(one, 'chance_recall 5'), 1 / 20)  # the first of twenty shifts
        everywhere = Evidence(10, [], [Row(k / 200, k / 200) for k in range(2000)], marks)
        self.assertGreater(measure(everywhere, 'chance_recall 5'), 0.9)
        self.assertIsNone(measure(Evidence(10, []), 'recall 5'))

    def test_expectations(self):
        def met(tolerance, figure):
            return Expectation('f', '*', 'w', 6.0, tolerance).met(figure)
        self.assertEqual([met('0.1', 6.1), met('0.1', 6.11), met('least', 5.9), met('most', 5.9)],
                         [True, False, False, True])
        self.assertEqual([met('0', 6), met('0', None)], [True, False])
        self.assertIsNone(met('told', 1))


class LeftOut(unittest.TestCase):
    def test_choice_is_made_on_the_others(self):
        def scores(a, b, c):
            return {name: Score(found=found, missed=10 - found)
                    for name, found in zip(('x_1', 'x_2', 'y_1'), (a, b, c))}
        table = {(): scores(5, 5, 5), ('k=1',): scores(9, 4, 4), ('k=2',): scores(0, 9, 6)}
        self.assertEqual(best(table, ['x_1', 'x_2', 'y_1']), ('k=1',))
        parts, chosen = left_out(table, lambda name: name)
        # without x_1: k=2 (15 of 20) gives 0; without x_2: k=1 (13) gives 4; without y_1: k=1 (13) gives 4
        self.assertEqual([parts[name].found for name in ('x_1', 'x_2', 'y_1')], [0, 4, 4])
        self.assertEqual(chosen, {('k=2',): 1, ('k=1',): 2})
        parts, chosen = left_out(table, lambda name: name[0])
        self.assertEqual([parts[name].found for name in ('x_1', 'x_2', 'y_1')], [0, 9, 4])

    def test_grid(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'grid')
            with open(path, 'w', encoding='utf-8') as out:
                out.write('# remark\na.b 1 2\n\nc 3\n')
            self.assertEqual(candidates(path), [(), ('a.b=1', 'c=3'), ('a.b=2', 'c=3')])


class Tables(unittest.TestCase):
    def test_reading(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'table')
            with open(path, 'w', encoding='utf-8') as out:
                out.write('recording\tchannel\tonset\tduration\tkind\ttrial_types\tvalue\tstrength\tnote\n'
                          'r\t#1\t1.5\t0.5\tcontraction\ttonic|spasm\talt=Ab;soft=on,off\tmay\tn/a\n'
                          'r\t#1\t2\t1\tunit_train\tmotor_unit\t10.41\tmust\tn/a\n')
            first, second = read_truth(path)
            self.assertEqual((first.start, first.end, first.words, first.reading, first.soft, first.must, first.value),
                             (1.5, 2.0, TONIC, 'Ab', {'on', 'off'}, False, None))
            self.assertEqual((second.value, second.reading, second.soft, second.must), (10.41, None, frozenset(), True))
            with open(path, 'w', encoding='utf-8') as out:
                out.write('onset\tduration\ttrial_type\tchannel\tfrequency_hz\n'
                          '1\tn/a\ttonic\tc\tn/a\nn/a\t1\ttonic\tc\t2\n')
            rows = read_rows(path)
            self.assertEqual([(r.start, r.end, r.word, r.channel, r.frequency, r.instant) for r in rows],
                             [(1.0, 1.0, 'tonic', 'c', None, 1.0)])


if __name__ == '__main__':
    unittest.main()

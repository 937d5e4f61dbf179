#!/usr/bin/python3
"""Goal: nobody who reads the demonstration's releases can work out a withheld cell, or bound it
more narrowly than the policy says. Method: from the outside, with what the commands answer: for
the coordinator and the researcher, alone and as a member that knows its own rows, every relation
of all planned tables at once. That the attack can succeed is shown on a release that withholds
small cells and no others."""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "integration/figures")]
from cube import Cube, measures, parts  # noqa: E402
from demo_stack import VIEWERS, DemoStack  # noqa: E402
from knowledge import Partnership, cells_of, read_answers, without_pool  # noqa: E402

WIDTH = 5  # of the policy; the parts of a ratio are in hundredths
THRESHOLD = 5
KINDS = ("quarter", "half_year")


class Findings:
    """The withheld cells of one reader: how many, and those that are found."""

    def __init__(self):
        self.withheld, self.exact, self.narrow = 0, [], []

    def look(self, viewpoint, period, published, is_secret):
        for name, number in published.items():
            if number is not None or not is_secret(name):
                continue
            self.withheld += 1
            width = viewpoint.width(name) / (100 if name[0] == "I23" else 1)
            if width == 0:
                self.exact.append((period, name))
            elif width < WIDTH:
                self.narrow.append((period, name))

    def __str__(self):
        return f"{self.withheld} withheld, {len(self.exact)} found exactly, {len(self.narrow)} more within {WIDTH}"


class Subtraction(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = DemoStack.running()
        cls.cube = Cube(cls.stack.exports)

    def setUp(self):
        self.partnerships = [Partnership(self.cube, name, measures()) for name in self.cube.partnerships()]

    def attack(self, partnership, answers, own=None, member=None):
        """What the reader finds in all periods. Fails when the attack itself is wrong."""
        findings = Findings()
        for kind in KINDS:
            for period, published in sorted(answers.items()):
                published = {name: number for name, number in published.items()
                             if partnership.periods[name[0]] == kind}
                if not published:
                    continue
                viewpoint = partnership.viewpoint(kind, published, own and own[period], member)
                truth = partnership.truth(period)
                self.assertEqual(viewpoint.false_of(truth), [], period)
                viewpoint.narrow()
                for name in published:
                    self.assertTrue(viewpoint.low[name] <= truth(name) <= viewpoint.high[name], name)
                findings.look(viewpoint, period, published, lambda name: not self.is_own(name, member))
        return findings

    @staticmethod
    def is_own(name, member):
        _, by, codes, _ = name
        return member is not None and "municipality" in by and codes[by.index("municipality")] == member

    def expect_nothing(self, who, findings):
        print(f"{who}: {findings}")
        self.assertEqual(findings.exact[:5], [], who)
        self.assertEqual(findings.narrow[:5], [], who)

    def test_outsiders_and_members_find_nothing(self):
        for partnership in self.partnerships:
            for profile in VIEWERS:
                answers = read_answers(self.stack.readable(profile, partnership.name))
                partnership.learn(answers)
                with self.subTest(partnership=partnership.name, profile=profile):
                    findings = self.attack(partnership, answers)
                    self.assertGreater(findings.withheld, 0)
                    self.expect_nothing(f"{partnership.name}, {profile}", findings)
                # The only member of a partnership has nothing left to find.
                for member in partnership.members if len(partnership.members) > 1 else ():
                    with self.subTest(partnership=partnership.name, profile=profile, member=member):
                        own = read_answers(self.stack.own(int(member), partnership.name))
                        findings = self.attack(partnership, answers, own, member)
                        self.expect_nothing(f"{partnership.name}, {profile} and {member}", findings)

    def test_a_threshold_alone_is_broken(self):
        for partnership in self.partnerships:
            findings = self.attack(partnership, self.threshold_release(partnership))
            self.assertGreater(len(findings.exact), findings.withheld // 4, partnership.name)

    def threshold_release(self, partnership):
        """The true tables without the cells of too few subjects, and no protection besides."""
        answers = {}
        for measure in measures():
            for by in measure.tables:
                table = self.cube.table(partnership.name, measure.indicator, by)
                for key, outcomes in table.items():
                    for row in self.threshold_rows(measure, key, outcomes):
                        cells = {without_pool(name): number for name, number in cells_of(measure, by, row)}
                        answers.setdefault(key[0], {}).update(cells)
        return answers

    @staticmethod
    def threshold_rows(measure, key, outcomes):
        for outcome in list(outcomes) if measure.statistic == "distribution" else [None]:
            row = type("Row", (), {})()
            row.key = (*key, outcome) if outcome else key
            row.numbers = [cell and (cell.units if len(cell.subjects) >= THRESHOLD else None)
                           for cell in parts(measure, outcomes, outcome)]
            yield row


if __name__ == "__main__":
    unittest.main(verbosity=2)

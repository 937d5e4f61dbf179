#!/usr/bin/python3
"""Goal: every figure that a municipality, a coordinator and a researcher can ask for is right, and
none that is shown counts too few. Method: the demonstration through the real client and servers;
every measure by every planned combination, against cube.py, which knows the exports alone."""
import json
import subprocess
import sys
import unittest

import cube
from cube import POOL, ROOT, measures
from demo_stack import MEMBERS, VIEWERS, DemoStack, wait_for

THRESHOLD = 5
UNAVAILABLE = 3
INDICATORS = {row["indicator"]: row for row in cube.reference.read_reference("indicator")}
MEASURES = {measure.name: measure for measure in measures()}
SVERIGE, FOREBYG = "sverigesprogrammet", "forebyggelsespakken"


class Figures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = DemoStack.running()
        cls.cube = cube.Cube(cls.stack.exports)
        cls.answers = {}

    def readable(self, profile, partnership):
        key = profile, partnership
        if key not in self.answers:
            self.answers[key] = list(self.stack.readable(profile, partnership))
        return self.answers[key]

    def for_every_table(self, check):
        """Calls check(measure, rows, expected) for all that the coordinator and the researcher read."""
        for profile in VIEWERS:
            for partnership in self.cube.partnerships():
                for measure, by, rows in self.readable(profile, partnership):
                    with self.subTest(profile=profile, partnership=partnership, measure=measure.name, by=by):
                        check(measure, rows, self.cube.table(partnership, measure.indicator, by))

    @staticmethod
    def keys(measure, rows):
        return {row.key[:-1] if measure.statistic == "distribution" else row.key for row in rows}

    @staticmethod
    def counted_keys(expected):
        return {key for key, outcomes in expected.items() if cube.total(outcomes).units}

    # What a row must be

    def cells(self, measure, expected, key):
        """The true cells of a row of the answer, and the numerator's complement."""
        key, outcome = (key[:-1], key[-1]) if measure.statistic == "distribution" else (key, None)
        outcomes = expected[key]
        numerator, denominator = cube.parts(measure, outcomes, outcome)
        counted = [outcome] if outcome else measure.numerator
        rest = cube.total(outcomes, [name for name in outcomes if name not in counted]) if counted else None
        return numerator, denominator, rest

    def check_numbers(self, measure, row, numerator, denominator):
        for state, number, cell in zip(row.states, row.numbers, (numerator, denominator)):
            if state == "exact":
                self.assertEqual(number, cell.units, row.key)
            else:
                self.assertIsNone(number, row.key)
                self.assertIn(state, self.absent_states(row, cell), row.key)
        self.assertEqual(row.synthetic, "true")
        if measure.statistic != "median" and row.value is not None:
            self.assertAlmostEqual(row.value, numerator.units / denominator.units, places=12)
        elif measure.statistic != "median":
            self.assertTrue("exact" not in row.states or "withheld" in row.states or denominator.units == 0, row.key)

    @staticmethod
    def absent_states(row, cell):
        """A median has no numerator, but says so in its place when it is withheld itself."""
        if cell is not None:
            return "withheld", "not_applicable", "too_few_contributors"
        if row.value is not None:
            return ("",)
        return ("withheld",) if row.states[1] == "exact" else ("", row.states[1])

    def check_median(self, row, outcomes):
        if row.value is not None:
            median = cube.grouped_median({band: cell.units for band, cell in outcomes.items()})
            self.assertAlmostEqual(row.value, median, places=9, msg=row.key)

    # Tests

    def test_the_cube_is_what_reference_counts(self):
        path = self.stack.directory / "cube.csv"
        cube.write_counts(self.cube, path)
        for file in (path, self.stack.exports / "expected.csv"):
            run = subprocess.run(
                [sys.executable, "-B", str(ROOT / "tests/data/reference.py"), str(self.stack.exports),
                 "--compare", str(file)], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout), (0, "no difference\n"), file.name)

    def test_own_figures_are_exact(self):
        for partnership in self.cube.partnerships():
            for code in self.cube.members(partnership):
                for measure, by, rows in self.stack.own(code, partnership):
                    with self.subTest(partnership=partnership, member=code, measure=measure.name, by=by):
                        self.check_own(measure, rows, self.cube.table(partnership, measure.indicator, by, code))

    def check_own(self, measure, rows, expected):
        for row in rows:
            numerator, denominator, _ = self.cells(measure, expected, row.key)
            self.check_numbers(measure, row, numerator, denominator)
            self.assertEqual(row.states[1], "exact", row.key)
            if measure.statistic == "median":
                self.check_median(row, expected[row.key])
                self.assertEqual(row.value is None, denominator.units == 0, row.key)
            else:
                self.assertEqual(row.states[0], "exact", row.key)
        self.assertEqual(sum(row.numbers[0] or 0 for row in rows), self.numerator_sum(measure, expected))
        self.assertEqual(self.keys(measure, rows), self.counted_keys(expected))

    @staticmethod
    def numerator_sum(measure, expected):
        if measure.statistic == "distribution":
            return sum(cube.total(outcomes).units for outcomes in expected.values())
        if measure.statistic == "median":
            return 0
        return sum(cube.parts(measure, outcomes)[0].units for outcomes in expected.values())

    def test_tables_show_the_truth_or_nothing(self):
        self.shown = 0
        self.for_every_table(self.check_table)
        self.assertGreater(self.shown, 1000)

    def check_table(self, measure, rows, expected):
        for row in rows:
            numerator, denominator, _ = self.cells(measure, expected, row.key)
            self.check_numbers(measure, row, numerator, denominator)
            self.shown += row.states.count("exact")
            if measure.statistic == "median":
                self.check_median(row, expected[row.key])
        self.assertEqual(self.counted_keys(expected) - self.keys(measure, rows), set(), "rows that the answer lacks")

    def test_no_shown_cell_counts_too_few(self):
        self.for_every_table(self.check_subjects)

    def check_subjects(self, measure, rows, expected):
        discloses = INDICATORS[measure.indicator]["zero_discloses"] == "true"
        for row in rows:
            numerator, denominator, rest = self.cells(measure, expected, row.key)
            cells = [cell for state, cell in zip(row.states, (numerator, denominator)) if state == "exact"]
            if row.states == ["exact", "exact"] and rest is not None and measure.statistic == "share":
                cells.append(rest)
            for cell in cells:
                may_be_none = cell.units == 0 and not (discloses and denominator.units)
                self.assertTrue(len(cell.subjects) >= THRESHOLD or may_be_none,
                                f"{row.key}: {len(cell.subjects)} subjects are shown")

    def test_the_programme_shows_its_published_share(self):
        for profile in VIEWERS:
            rows = {row.key: row for row in self.stack.rows(profile, "table", SVERIGE, MEASURES["institution_share"], [])}
            for period, numbers, share in (("2013-Q1", [15, 60], 25.0), ("2015-Q4", [8, 60], 13.3)):
                row = rows[period,]
                self.assertEqual((row.states, row.numbers), (["exact", "exact"], numbers), profile)
                self.assertEqual(round(row.value * 100, 1), share)

    def test_members_are_for_the_coordinator_alone(self):
        measure, by = MEASURES["followup_on_time_3m"], ["municipality"]
        seen = {profile: {row.key: row for row in self.stack.rows(profile, "table", FOREBYG, measure, by)}
                for profile in VIEWERS}
        self.assertEqual(set(seen["coordinator"]), set(seen["researcher"]))
        self.assertEqual({key[1] for key in seen["researcher"]}, {POOL, *map(str, MEMBERS)})
        members = [row for key, row in seen["coordinator"].items() if key[1] != POOL]
        shown = [row for row in members if row.states == ["exact", "exact"]]
        self.assertGreater(len(shown), 0.9 * len(members), "a few are withheld for the sake of other cells")
        for key, row in seen["researcher"].items():
            expected = ["exact", "exact"] if key[1] == POOL else ["withheld", "withheld"]
            self.assertEqual(row.states, expected, key)
            if key[1] == POOL:
                self.assertEqual(row.numbers, seen["coordinator"][key].numbers)

    def test_pooled_cells_are_a_part_of_the_named(self):
        for partnership in self.cube.partnerships():
            named = {(measure.name, *by, *row.key): row for measure, by, rows in self.readable("coordinator", partnership)
                     for row in rows}
            for measure, by, rows in self.readable("researcher", partnership):
                for row in rows:
                    other = named[(measure.name, *by, *row.key)]
                    for state, number, theirs in zip(row.states, row.numbers, other.numbers):
                        self.assertTrue(state != "exact" or number == theirs, (measure.name, row.key))

    def test_json_says_what_csv_says(self):
        for profile, name, by in (("coordinator", "placement_type_share", ["target_group"]),
                                  ("researcher", "followup_on_time_3m", ["municipality"]),
                                  ("coordinator", "workers_over_limit_share", [])):
            measure = MEASURES[name]
            answer = json.loads(self.stack.ask(profile, "table", FOREBYG, measure, by, "json"))
            self.assertIs(answer["synthetic"], True)
            rows = self.stack.rows(profile, "table", FOREBYG, measure, by)
            self.assertEqual(len(answer["rows"]), len(rows))
            withheld = 0
            for told, row in zip(answer["rows"], rows):
                self.assertEqual(tuple(told["keys"][key] for key in answer["by"]), row.key)
                for part, state, number in zip(("numerator", "denominator"), row.states, row.numbers):
                    wanted = {"state": state, "value": number} if state == "exact" else {"state": state}
                    self.assertEqual(told[part], wanted)
                    withheld += state == "withheld"
                self.assertEqual(told["value"] is None, row.value is None)
            self.assertGreater(withheld, 0, name)

    def test_tables_need_no_case_rows(self):
        measure = MEASURES["institution_share"]
        own = ["own", measure.name, "--partnership", SVERIGE, "--format", "csv"]
        before = self.stack.ask("coordinator", "table", SVERIGE, measure, [])
        figures = self.stack.client("herning", *own).stdout
        self.stack.database_down("case")
        try:
            self.assertEqual(self.stack.ask("coordinator", "table", SVERIGE, measure, []), before)
            refused = self.stack.client("herning", *own, expect=UNAVAILABLE)
            self.assertEqual(refused.stdout, "")
        finally:
            self.stack.database_up("case")
        again = wait_for("own figures are back", lambda: self.stack.client("herning", *own, expect=None).stdout)
        self.assertEqual(again, figures)


if __name__ == "__main__":
    unittest.main(verbosity=2)

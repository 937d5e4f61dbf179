#!/usr/bin/env python3
"""Goal: two counts that share no code agree - the generator's in its model, and reference.py's
from the files - and reference.py itself stands on published dates. Method: generate with two
seeds, compare, then spoil one number and expect to be told.

    tests/data/test_reference.py BUILD/bin/fremgang-generate
"""
import collections
import contextlib
import csv
import datetime as dt
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import reference  # noqa: E402

GENERATE = None


def run_reference(*arguments):
    """Runs reference.py's main; gives its exit code and what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        before, sys.argv = sys.argv, ["reference.py", *map(str, arguments)]
        try:
            code = reference.main()
        finally:
            sys.argv = before
    return code, out.getvalue()


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folders = {seed: cls.generate(seed) for seed in (1, 7)}
        cls.rows = list(csv.DictReader(io.StringIO(run_reference(cls.folders[1])[1])))

    @classmethod
    def generate(cls, seed):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        command = [GENERATE, "--out", folder.name, "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return pathlib.Path(folder.name)

    def counts(self):
        counts = collections.Counter()
        for row in self.rows:
            *key, code, outcome = (row[name] for name in reference.KEY)
            counts[(*key, int(code), outcome)] = int(row["units"])
        return counts

    def differences(self, lines):
        """What compare says to expected.csv with these lines instead."""
        path = self.folders[1] / "spoilt.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return list(reference.compare(self.counts(), path))

    def expected_lines(self):
        return (self.folders[1] / "expected.csv").read_text(encoding="utf-8").splitlines()

    def test_agrees_with_the_model(self):
        self.assertEqual(self.differences(self.expected_lines()), [])
        folder = self.folders[7]
        code, text = run_reference(folder, "--compare", folder / "expected.csv")
        self.assertEqual((code, text), (0, "no difference\n"))

    def test_fails_on_another_seeds_figures(self):
        path = self.folders[7] / "expected.csv"
        self.assertEqual(run_reference(self.folders[1], "--compare", path)[0], 1)

    def test_tells_a_spoilt_number(self):
        before, after = "657,INSTITUTION,8", "657,INSTITUTION,9"
        lines = [line.replace(before, after) for line in self.expected_lines()]
        self.assertNotEqual(lines, self.expected_lines())
        self.assertIn("9 given, 8 counted here", "\n".join(self.differences(lines)))

    def test_tells_a_missing_row(self):
        lines = self.expected_lines()
        self.assertEqual(len(self.differences(lines[:1] + lines[2:])), 1)

    def test_tells_an_empty_file(self):
        self.assertEqual(self.differences(self.expected_lines()[:1]), ["the file has no rows"])

    def test_tells_a_missing_outcome(self):
        lines = [line for line in self.expected_lines() if ",INSTITUTION," not in line]
        self.assertEqual(len(self.differences(lines)), 4 * 12)

    def test_tells_a_row_too_many(self):
        row = "sverigesprogrammet,I01,2016-Q1,657,FOSTER,33"
        self.assertEqual(len(self.differences([*self.expected_lines(), row])), 1)

    def test_refuses_exactly_the_faulty_cases(self):
        refused = {r["municipality"]: r["units"] for r in self.rows if r["indicator"] == "REFUSED"}
        self.assertEqual(refused, {"657": "7", "510": "5", "167": "6"})

    def test_every_indicator_has_figures(self):
        found = {row["indicator"] for row in self.rows}
        wanted = {"I01", "I03", "I05", "I07", "I09", "I10", "I23", "I25", "I26", "I27"}
        self.assertEqual(wanted - found, set())

    def test_months_clamp(self):
        for start, months, due in (
            ("2016-11-30", 3, "2017-02-28"),
            ("2015-11-30", 3, "2016-02-29"),
            ("2019-08-31", 6, "2020-02-29"),
            ("2025-10-31", 4, "2026-02-28"),
        ):
            day = dt.date.fromisoformat(start)
            self.assertEqual(reference.add_months(day, months).isoformat(), due)

    def test_births_of_published_numbers(self):
        for cpr, birth in (
            ("070761-4285", "1961-07-07"),
            ("211062-5629", "1862-10-21"),
            ("061093-7438", "1893-10-06"),
            ("111111-1118", "1911-11-11"),
            ("710761-4285", "1961-07-11"),
        ):
            self.assertEqual(reference.read_birth(cpr).isoformat(), birth)

    def test_wrong_numbers_are_refused(self):
        for cpr in ("511062-5629", "711361-4285", "71076-4285", "", "710761_4285"):
            with self.assertRaises(reference.RowError):
                reference.read_birth(cpr)

    def test_reliable_change_of_worked_pairs(self):
        sdq = {"higher_is_better": "false", "rci_criterion": "7", "cutoff": "17"}
        for before, after, kind in (
            (22, 14, "RECOVERED"),
            (30, 22, "IMPROVED"),
            (22, 18, "UNCHANGED"),
            (12, 20, "DETERIORATED"),
        ):
            self.assertEqual(reference.pair_outcomes(sdq, before, after)[1], kind)


if __name__ == "__main__":
    GENERATE = sys.argv.pop(1)
    unittest.main()

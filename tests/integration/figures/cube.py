"""Every unit of count of the demonstration with its dimensions and its subject, counted from the
exports alone by tests/data/reference.py, and any table of them.

    cube = Cube(exports)
    cell = cube.table("sverigesprogrammet", "I01", [])["2013-Q1",]["INSTITUTION"]
    cell.units, len(cell.subjects)

What reference.py does not tell apart is put to it apart: a case with one intervention at a time
for the kind of measure. Sex comes from the person number, age from the period's year."""
import collections
import copy
import csv
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/data"))
import reference  # noqa: E402

POOL = "pool"
HOME_KINDS = ("HOME", "FAMILY_STAY", "RELIEF", "ORDER", "YOUTH_CRIME")
AGE_BANDS = [(int(row["age_to"]), row["age_band"]) for row in reference.read_reference("age_band")]

Unit = collections.namedtuple("Unit", "period municipality outcome dimensions subject units")


class Cell:
    """How many units, and of which different subjects."""

    def __init__(self):
        self.units = 0
        self.subjects = set()

    def add(self, unit):
        self.units += unit.units
        self.subjects.add(unit.subject)


class Measure:
    """A row of the catalogue: what is asked for and what it counts."""

    def __init__(self, row, planned):
        self.name, self.indicator, self.statistic = row["measure"], row["indicator"], row["statistic"]
        self.numerator = row["numerator_outcomes"].split("|") if row["numerator_outcomes"] else []
        self.outcome_column = row["outcome_column"]
        self.period = "half_year" if self.indicator in ("I26", "I27") else "quarter"
        self.tables = planned


def measures():
    planned = collections.defaultdict(list)
    for row in reference.read_reference("plan"):
        planned[row["indicator"]].append(row["dimensions"].split("|") if row["dimensions"] else [])
    return [Measure(row, planned[row["indicator"]]) for row in reference.read_reference("measure")]


def measure_kind(spell):
    if spell.kind in ("PLACEMENT", "PREVENTIVE"):
        return spell.kind
    return "HOME" if spell.kind in HOME_KINDS else "NONE"


class Cube:
    def __init__(self, exports):
        self.units = collections.defaultdict(list)  # by partnership and indicator
        codes = {reference.simplify(row["name"]): int(row["code"]) for row in reference.read_reference("municipality")}
        for folder in sorted(path.parent for path in pathlib.Path(exports).glob("*/sager.csv")):
            self.count_municipality(reference.Municipality(folder, codes[folder.name]))

    def count_municipality(self, municipality):
        cases = {cpr: case for cpr, case in municipality.cases.items() if reference.is_in_scope(case, municipality)}
        for partnership in sorted({name for case in cases.values() for name in case.enrolments}):
            windows = [window for case in cases.values() for window in case.enrolments[partnership]]
            days = list(reference.quarter_ends(min(w[0] for w in windows), max(w[1] for w in windows)))
            for cpr, case in cases.items():
                self.count_case(municipality, partnership, days, cpr, case)
            workers = iter(range(10**9))  # no worker is counted twice in a cell: a number will do
            reference.count_workers(municipality, partnership, days, self.adder(
                partnership, municipality, lambda period: {}, lambda: ("worker", municipality.code, next(workers))))

    def count_case(self, municipality, partnership, days, cpr, case):
        sex = "M" if int(cpr[-1]) % 2 else "F"

        def dimensions(period, kind="NONE"):
            age = int(period[:4]) - case.birth.year
            band = next(name for last, name in AGE_BANDS if age <= last)
            return {"sex": sex, "age_band": band, "target_group": case.group, "measure_kind": kind}

        def subject():
            return "child", cpr.replace("-", "")

        add = self.adder(partnership, municipality, dimensions, subject)
        reference.count_snapshots(case, partnership, days, add)
        reference.count_pairs(case, partnership, add)
        for key, spell in case.spells.items():
            single = copy.copy(case)
            single.spells = {key: spell}
            kind = measure_kind(spell)
            reference.count_clocks(single, partnership, self.adder(
                partnership, municipality, lambda period, kind=kind: dimensions(period, kind), subject))

    def adder(self, partnership, municipality, dimensions, subject):
        def add(indicator, period, outcome, units=1):
            self.units[partnership, indicator].append(Unit(
                period, municipality.code, outcome, {**dimensions(period), "municipality": str(municipality.code)},
                subject(), units))
        return add

    def counted(self):
        """As reference.py prints it."""
        counts = collections.Counter()
        for (partnership, indicator), units in self.units.items():
            for unit in units:
                counts[partnership, indicator, unit.period, unit.municipality, unit.outcome] += unit.units
        return counts

    def partnerships(self):
        return sorted({name for name, _ in self.units})

    def members(self, partnership):
        return sorted({unit.municipality for unit in self.units[partnership, "I03"]})

    def table(self, partnership, indicator, by, municipality=None):
        """{(period, code...): {outcome: Cell}}. With municipality among `by`, all together are
        there too, under "pool"."""
        rows = collections.defaultdict(lambda: collections.defaultdict(Cell))
        for unit in self.units[partnership, indicator]:
            if municipality is not None and unit.municipality != municipality:
                continue
            codes = [unit.dimensions[name] for name in by]
            rows[(unit.period, *codes)][unit.outcome].add(unit)
            if "municipality" in by and municipality is None:
                codes[by.index("municipality")] = POOL
                rows[(unit.period, *codes)][unit.outcome].add(unit)
        return rows


def total(outcomes, names=None):
    """Cells of one row together."""
    out = Cell()
    for name, cell in outcomes.items():
        if names is None or name in names:
            out.units += cell.units
            out.subjects |= cell.subjects
    return out


def parts(measure, outcomes, outcome=None):
    """The numerator's and the denominator's cell, as the measure shows them (a ratio in
    hundredths); the numerator of a median is None."""
    if measure.statistic == "ratio":
        workers = outcomes["WORKERS"].subjects
        cells = {}
        for name, scale in (("CASES", 100), ("FTE_HUNDREDTHS", 1)):
            cells[name] = Cell()
            cells[name].units, cells[name].subjects = outcomes[name].units * scale, workers
        return cells["CASES"], cells["FTE_HUNDREDTHS"]
    if measure.statistic == "median":
        return None, total(outcomes)
    return total(outcomes, [outcome] if outcome else measure.numerator), total(outcomes)


def band_edges(code):
    """The days that a band covers: 62-92 is from 61.5 to 92.5."""
    if code.endswith("+"):
        return int(code[:-1]) - 0.5, None
    low, high = map(int, code.split("-"))
    return max(low - 0.5, 0.0), high + 0.5


def grouped_median(units_by_band):
    """The linearly interpolated median of banded days; None when it lies in the open band."""
    half, below = sum(units_by_band.values()) / 2, 0
    for code in sorted(units_by_band, key=lambda band: band_edges(band)[0]):
        units = units_by_band[code]
        if units and below + units >= half:
            low, high = band_edges(code)
            return None if high is None else low + (high - low) * (half - below) / units
        below += units
    return None


def write_counts(cube, path):
    """A file for reference.py --compare."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*reference.KEY, "units"])
        for key, units in sorted(cube.counted().items()):
            writer.writerow([*key, units])

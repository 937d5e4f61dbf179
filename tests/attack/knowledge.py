"""What readers of the demonstration's releases know, period by period, as a Viewpoint each.

An unknown is named (indicator, dimensions, codes, outcome); the outcome is ALL, one code or
several joined by "|". Beside the published cells there are those of each dimension by
municipality, which nobody publishes, but of which a member knows its own."""
import collections

from cube import POOL
from viewpoint import Viewpoint

ALL = "*"
STEPS_OF_PLACED = (("I01", ALL, "4|5|6"), ("I01", "BOARDING_SCHOOL|FOSTER|INSTITUTION|OWN_ROOM", "5|6"),
                   ("I01", "BOARDING_SCHOOL|INSTITUTION|OWN_ROOM", "6"), ("I05", ALL, ALL))
SAME_CHANGE = (("RECOVERED|IMPROVED", "BETTER_2C|BETTER_C"), ("UNCHANGED", "SAME"),
               ("DETERIORATED", "WORSE_2C|WORSE_C"), (ALL, ALL))


def outcome_name(codes):
    return "|".join(sorted(codes))


def cells_of(measure, by, row):
    """(name, number or None) of a row of an answer; None is withheld."""
    key, codes = row.key, measure.numerator
    if measure.statistic == "distribution":
        key, codes = key[:-1], [key[-1]]
    elif measure.statistic == "ratio":
        yield (measure.indicator, tuple(by), key[1:], "CASES"), row.numbers[0]
        yield (measure.indicator, tuple(by), key[1:], "FTE_HUNDREDTHS"), row.numbers[1]
        return
    if codes:
        yield (measure.indicator, tuple(by), key[1:], outcome_name(codes)), row.numbers[0]
    yield (measure.indicator, tuple(by), key[1:], ALL), row.numbers[1]


def without_pool(name):
    """The pool's row in a table by municipality is the cell of the table without it."""
    indicator, by, codes, outcome = name
    if POOL not in codes:
        return name
    at = codes.index(POOL)
    return indicator, by[:at] + by[at + 1:], codes[:at] + codes[at + 1:], outcome


def read_answers(tables):
    """{period: {name: number or None}} from (measure, by, rows)."""
    known = collections.defaultdict(dict)
    for measure, by, rows in tables:
        for row in rows:
            for name, number in cells_of(measure, by, row):
                name = without_pool(name)
                before = known[row.key[0]].get(name)
                known[row.key[0]][name] = number if before is None else before
    return known


class Partnership:
    """The definitions: which cells add up to which, whoever looks."""

    def __init__(self, cube, name, measures):
        self.name, self.cube = name, cube
        self.members = tuple(str(code) for code in cube.members(name))
        self.tables = {measure.indicator: [tuple(by) for by in measure.tables] for measure in measures}
        self.periods = {measure.indicator: measure.period for measure in measures}
        self.outcomes = {indicator: set() for indicator in self.tables}
        self.measures = measures
        self.codes = collections.defaultdict(set)
        self.counts = collections.defaultdict(int)
        for (partnership, indicator), units in cube.units.items():
            if partnership == name and indicator in self.tables:
                for unit in units:
                    self.count(indicator, unit)
        for measure in measures:
            self.outcomes[measure.indicator].update(measure.numerator)
        self.outcomes["I23"].discard("WORKERS")

    def told_by(self, measure):
        """The outcomes that an answer to a member names."""
        if measure.statistic == "ratio":
            return self.outcomes[measure.indicator]
        if measure.statistic == "distribution":
            return {ALL, *self.outcomes[measure.indicator]}
        return {ALL, *measure.numerator} if len(measure.numerator) == 1 else {ALL}

    def count(self, indicator, unit):
        self.outcomes[indicator].add(unit.outcome)
        for dimension in unit.dimensions:
            self.codes[indicator, dimension].add(unit.dimensions[dimension])
        for by in self.lattice(indicator):
            codes = tuple(unit.dimensions[dimension] for dimension in by)
            scale = 100 if unit.outcome == "CASES" else 1
            self.counts[unit.period, (indicator, by, codes, unit.outcome)] += unit.units * scale

    def learn(self, answers):
        """Codes that never occur are in the answers too, and no reader knows that they do not."""
        for published in answers.values():
            for indicator, by, codes, outcome in published:
                if outcome != ALL:
                    self.outcomes[indicator].update(outcome.split("|"))
                for dimension, code in zip(by, codes):
                    self.codes[indicator, dimension].add(code)

    def lattice(self, indicator):
        """The planned tables, and each by municipality too."""
        planned = self.tables[indicator]
        return sorted({*planned, *(("municipality", *by) for by in planned if "municipality" not in by)})

    def truth(self, period):
        """A function from a name to its true number."""
        def number(name):
            indicator, by, codes, outcome = name
            names = self.outcomes[indicator] if outcome == ALL else outcome.split("|")
            return sum(self.counts[period, (indicator, by, codes, one)] for one in names)
        return number

    def regions(self, indicator, by):
        regions = [()]
        for dimension in by:
            codes = self.members if dimension == "municipality" else sorted(self.codes[indicator, dimension])
            regions = [(*region, code) for region in regions for code in codes]
        return regions

    def relate(self, viewpoint, kind):
        """All relations of the cells of one period of the kind."""
        for indicator in (name for name, period in self.periods.items() if period == kind):
            for by in self.lattice(indicator):
                for region in self.regions(indicator, by):
                    self.relate_outcomes(viewpoint, indicator, by, region)
                self.relate_regions(viewpoint, indicator, by)
        self.relate_indicators(viewpoint, kind)

    def relate_outcomes(self, viewpoint, indicator, by, region):
        if indicator == "I23":
            return
        viewpoint.add_sum((indicator, by, region, ALL),
                          [(indicator, by, region, outcome) for outcome in sorted(self.outcomes[indicator])])

    def relate_regions(self, viewpoint, indicator, by):
        """The codes of each dimension add up to the table without it."""
        for at, dimension in enumerate(by):
            rest = by[:at] + by[at + 1:]
            if rest not in self.lattice(indicator):
                continue
            for region in self.regions(indicator, rest):
                for outcome in ([] if indicator == "I23" else [ALL]) + sorted(self.outcomes[indicator]):
                    parts = [(indicator, by, (*region[:at], code[0], *region[at:]), outcome)
                             for code in self.regions(indicator, (dimension,))]
                    viewpoint.add_sum((indicator, rest, region, outcome), parts)

    def shared(self, one, other):
        for by in self.lattice(one):
            if by in self.lattice(other):
                for region in self.regions(one, by):
                    yield by, region

    def joined(self, viewpoint, indicator, by, region, outcome):
        name = indicator, by, region, outcome
        if "|" in outcome:
            viewpoint.add_sum(name, [(indicator, by, region, code) for code in outcome.split("|")])
        return name

    def relate_indicators(self, viewpoint, kind):
        if kind == "half_year":
            for by, region in self.shared("I27", "I26"):
                for classes, bands in SAME_CHANGE:
                    viewpoint.add_sum(self.joined(viewpoint, "I27", by, region, outcome_name(classes.split("|"))),
                                      [self.joined(viewpoint, "I26", by, region, bands)])
            return
        for indicator, outcome, steps in STEPS_OF_PLACED:
            for by, region in self.shared(indicator, "I03"):
                viewpoint.add_at_most(self.joined(viewpoint, indicator, by, region, outcome),
                                      self.joined(viewpoint, "I03", by, region, steps))
        for by, region in self.shared("I07", "I09"):
            for outcome in (ALL, "LATE", "ON_TIME"):  # a first follow-up is one of the follow-ups
                viewpoint.add_at_most(("I07", by, region, outcome), ("I09", by, region, outcome))


    def viewpoint(self, kind, published, own=None, member=None):
        """A reader of the published cells who, as a member, knows its own rows."""
        viewpoint = Viewpoint()
        self.relate(viewpoint, kind)
        for name, number in published.items():
            if number is not None:
                viewpoint.know(name, number)
        if member is not None:
            self.know_own(viewpoint, kind, own, member)
        return viewpoint

    def know_own(self, viewpoint, kind, own, member):
        """A member that has no row of a kind has none of it."""
        told = collections.defaultdict(set)
        for measure in self.measures:
            told[measure.indicator].update(self.told_by(measure))
        for indicator in (name for name, period in self.periods.items() if period == kind):
            for by in self.lattice(indicator):
                if "municipality" not in by:
                    continue
                at = by.index("municipality")
                for region in self.regions(indicator, by):
                    if region[at] != member:
                        continue
                    rest = by[:at] + by[at + 1:], region[:at] + region[at + 1:]
                    for outcome in (ALL, *self.outcomes[indicator]):
                        if outcome in told[indicator]:
                            viewpoint.know((indicator, by, region, outcome), own.get((indicator, *rest, outcome), 0))

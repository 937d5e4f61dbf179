#!/usr/bin/env python3
"""An independent, slow count of the indicators, from a municipality's files alone.

    tests/data/reference.py DIR [--indicator I09] [--compare FILE]

DIR is what fremgang-generate wrote. The files are read as they are, cases with an error are
dropped, and every indicator is computed child by child from its definition (open on a day:
start <= day < end; a quarter's snapshot is its last day; months are calendar months, clamped;
a due date is kept when the follow-up is held on it at the latest). Nothing is shared with the
generator or the server's SQL but the code lists in sql/reference.

With --compare, says instead where a CSV file of the same columns differs, for the indicators
that it holds, and exits 1 when it does or holds none.

Prints CSV: partnership,indicator,period,municipality,outcome,units. Rows of 0 are left out.
I09 is counted as a whole, for placements and for all else; I10 counts intervals by band of
days; I23 workers, their cases and their FTE hundredths.
"""
import argparse
import bisect
import calendar
import csv
import datetime as dt
import pathlib
import re
import sys
from collections import Counter, defaultdict

REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "sql" / "reference"
FILES = (
    "sager",
    "indskrivninger",
    "foranstaltninger",
    "opfoelgninger",
    "maalinger",
    "medarbejdere",
)
KEY = ("partnership", "indicator", "period", "municipality", "outcome")
WORKER_LIMIT = 30  # cases per full-time caseworker (Danish Association of Social Workers, 2020)
ADULT_AGE = 18
NO_END = dt.date.max
STEPLESS_KINDS = ("ACCESSORY", "ECONOMIC")
NOT_PLACED_KINDS = ("FAMILY_STAY", "RELIEF", "AFTERCARE")


class RowError(Exception):
    """A row that no case may have."""


# --- calendar -------------------------------------------------------------------------------


def add_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def quarter_of(day):
    return f"{day.year}-Q{(day.month + 2) // 3}"


def half_year_of(day):
    return f"{day.year}-H{(day.month + 5) // 6}"


def quarter_ends(first, last):
    """The last days of the quarters that end in [first, last]."""
    day = dt.date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    while True:
        day = add_months(day, 3)
        if day - dt.timedelta(1) > last:
            return
        if day - dt.timedelta(1) >= first:
            yield day - dt.timedelta(1)


# --- code lists -----------------------------------------------------------------------------


def read_reference(name):
    with open(REFERENCE / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def simplify(word):
    """Letters and digits of a word; a citation of the law loses its "stk." and "nr."."""
    word = re.sub(r"\b(stk|nr)\b", "", word.casefold())
    return re.sub(r"[^0-9a-zæøåé]+", ".", word).strip(".")


class Codes:
    """The words that mean a code."""

    def __init__(self, rows):
        self.rows = {row["code"]: row for row in rows}
        self.words = {}
        for row in rows:
            for word in [row["code"], row["name_da"], *row["aliases"].split("|")]:
                if word:
                    self.words.setdefault(simplify(word), row["code"])
        for row in rows:
            self.words[simplify(row["code"])] = row["code"]

    def find(self, word):
        code = self.words.get(simplify(word))
        if code is None:
            raise RowError("unknown code")
        return code


LISTS = defaultdict(list)
for code_row in read_reference("code_list"):
    LISTS[code_row["list"]].append(code_row)
GROUPS, REASONS = Codes(LISTS["target_group"]), Codes(LISTS["end_reason"])
INFORMANTS, LEAVES = Codes(LISTS["informant"]), Codes(LISTS["leave"])
PARAGRAPHS, PLACES = Codes(read_reference("paragraph")), Codes(read_reference("place_type"))
INSTRUMENTS = read_reference("instrument")
RULES = read_reference("law_rule")
BANDS = [(int(row["days_from"]), row["interval_band"]) for row in read_reference("interval_band")]


# --- reading --------------------------------------------------------------------------------


def read_rows(path):
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    header = text.splitlines()[0]
    separator = max(";,\t", key=header.count)
    rows = list(csv.reader(text.splitlines(), delimiter=separator))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def read_date(text):
    if not text:
        return None
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    if match:
        parts = match.groups()
    else:
        match = re.fullmatch(r"(\d\d)[-./](\d\d)[-./](\d{4})", text)
        parts = match.groups()[::-1] if match else None
    try:
        return dt.date(*map(int, parts))
    except (TypeError, ValueError):
        raise RowError("no date") from None


def read_birth(cpr):
    """The birth date in a person number; the seventh digit gives the century."""
    match = re.fullmatch(r"(\d\d)(\d\d)(\d\d)-?(\d)(\d{3})", cpr)
    if not match:
        raise RowError("no person number")
    day, month, year, digit = (int(part) for part in match.groups()[:4])
    if digit <= 3:
        century = 1900
    elif digit in (4, 9):
        century = 2000 if year <= 36 else 1900
    else:
        century = 2000 if year <= 57 else 1800
    try:
        return dt.date(century + year, month, day - 60 if day > 60 else day)
    except ValueError:
        raise RowError("no birth date") from None


class Spell:
    """One intervention, [start, end)."""

    def __init__(self, row):
        paragraph = PARAGRAPHS.rows[PARAGRAPHS.find(row["Paragraf"])]
        self.key = row["Foranstaltnings-id"]
        self.kind = paragraph["kind"]
        self.start = read_date(row["Startdato"])
        self.end = read_date(row["Slutdato"]) or NO_END
        self.place = PLACES.find(row["Anbringelsessted"]) if row["Anbringelsessted"] else None
        self.held = []
        if self.start is None or self.end < self.start:
            raise RowError("ends before it starts")
        if row["Ophørsårsag"]:
            REASONS.find(row["Ophørsårsag"])
        if self.kind == "PLACEMENT" and (
            self.place is None or (self.end != NO_END and not row["Ophørsårsag"])
        ):
            raise RowError("placement without place or reason")
        step = paragraph["step"]
        if step.startswith("PLACE"):
            step = PLACES.rows[self.place]["step"] if self.place else "3"
        self.step = None if self.kind in STEPLESS_KINDS else int(step)

    def is_open(self, day):
        return self.start <= day < self.end

    def is_placement(self):
        return self.place is not None and self.kind not in NOT_PLACED_KINDS


class Case:
    """One child with all its rows."""

    def __init__(self, row):
        self.birth = read_birth(row["CPR-nummer"])
        self.opened = read_date(row["Sag oprettet"])
        self.closed = read_date(row["Sag lukket"]) or NO_END
        self.acting = int(row["Handlekommune"] or 0)
        self.worker = row["Sagsbehandler"]
        self.enrolments = defaultdict(list)
        self.spells = {}
        self.scores = []
        self.group = GROUPS.find(row["Målgruppe"])
        if self.opened is None or self.closed < self.opened:
            raise RowError("closes before it opens")

    def add_enrolment(self, row):
        window = (read_date(row["Fra"]), read_date(row["Til"]) or NO_END)
        if window[0] is None or window[1] < window[0]:
            raise RowError("enrolment ends before it starts")
        self.enrolments[row["Partnerskab"]].append(window)

    def add_spell(self, row):
        spell = Spell(row)
        self.spells[spell.key] = spell

    def add_followup(self, row):
        day = read_date(row["Opfølgningsdato"])
        for key in row["Foranstaltnings-id"].split("|"):
            if key not in self.spells or day is None or day < self.spells[key].start:
                raise RowError("follow-up of nothing")
            self.spells[key].held.append(day)

    def add_score(self, row):
        informant = INFORMANTS.find(row["Informant"])
        score = float(row["Score"].replace(",", "."))
        for instrument in INSTRUMENTS:
            names = {simplify(instrument[name]) for name in ("instrument", "name_da")}
            if (
                simplify(row["Redskab"]) in names
                and row["Version"] == instrument["version"]
                and informant in instrument["informants"].split("|")
            ):
                if not float(instrument["min"]) <= score <= float(instrument["max"]):
                    raise RowError("score out of range")
                self.scores.append((read_date(row["Måledato"]), instrument, informant, score))
                return
        raise RowError("unknown instrument")

    def counts(self, partnership, day):
        """Whether the child is in the partnership's figures on the day."""
        return (
            day.year - self.birth.year < ADULT_AGE
            and self.opened <= day < self.closed
            and any(start <= day < end for start, end in self.enrolments[partnership])
        )


class Municipality:
    """All files of one folder."""

    def __init__(self, folder, code):
        self.code = code
        tables = {name: read_rows(folder / f"{name}.csv") for name in FILES}
        self.refused = set()
        self.cases = {}
        self.load(tables["sager"], lambda row: self.cases.update({row["CPR-nummer"]: Case(row)}))
        for name, method in (
            ("indskrivninger", Case.add_enrolment),
            ("foranstaltninger", Case.add_spell),
            ("opfoelgninger", Case.add_followup),
            ("maalinger", Case.add_score),
        ):
            self.load(tables[name], lambda row, m=method: m(self.cases[row["CPR-nummer"]], row))
        for cpr in self.refused:
            self.cases.pop(cpr, None)
        self.capacity = {}
        for row in tables["medarbejdere"]:
            text = row["Måned"]
            month = read_date(text if len(text) > 7 else text + "-01")
            away = LEAVES.find(row["Orlov"]) == "LONG"
            fte = 0 if away else round(float(row["Årsværk"].replace(",", ".")) * 100)
            self.capacity[row["Sagsbehandler"], month] = fte

    def load(self, rows, take):
        for row in rows:
            try:
                if row["CPR-nummer"] not in self.refused:
                    take(row)
            except (RowError, KeyError):
                self.refused.add(row["CPR-nummer"])


# --- indicators -----------------------------------------------------------------------------


def highest_step(case, day):
    return max((s.step for s in case.spells.values() if s.step and s.is_open(day)), default=None)


def placement_type(case, day):
    spells = [s for s in case.spells.values() if s.is_placement() and s.is_open(day)]
    if not spells:
        return None
    return PLACES.rows[max(spells, key=lambda s: s.start).place]["share_type"]


def count_snapshots(case, partnership, days, add):
    """I01, I03 and I05: the last days of the quarters, each with the one before."""
    for before, day in zip([None, *days], days):
        if not case.counts(partnership, day):
            continue
        place, step = placement_type(case, day), highest_step(case, day)
        if place:
            add("I01", quarter_of(day), place)
        if step:
            add("I03", quarter_of(day), str(step))
        was = before and case.counts(partnership, before) and highest_step(case, before)
        if step and was:
            move = "DOWN" if step < was else "UP" if step > was else "SAME"
            add("I05", quarter_of(day), move)


def rule_applies(rule_id, spell, anchor):
    for rule in RULES:
        valid_to = read_date(rule["valid_to"]) or NO_END
        if (
            rule["rule_id"] == rule_id
            and read_date(rule["valid_from"]) <= anchor < valid_to
            and spell.kind in rule["applies_kinds"].split("|")
        ):
            return int(rule["offset_count"])
    return None


def count_clocks(case, partnership, add):
    """I07, I09 and I10: from the start and from each follow-up of every intervention."""
    for spell in case.spells.values():
        held = sorted(set(spell.held))
        anchors = [spell.start, *(day for day in held if day > spell.start)]
        for number, anchor in enumerate(anchors):
            following = anchors[number + 1] if number + 1 < len(anchors) else None
            for indicator, rule_id in (("I07", "FU_FIRST"), ("I09", "LOCAL_FU_3M")):
                months = rule_applies(rule_id, spell, anchor)
                if months is None or (indicator == "I07" and number > 0):
                    continue
                due = add_months(anchor, months)
                if due < spell.end and case.counts(partnership, due):
                    kept = following is not None and following <= due
                    outcome = "ON_TIME" if kept else "LATE"
                    add(indicator, quarter_of(due), outcome)
                    if indicator == "I09":
                        part = "PLACEMENT" if spell.kind == "PLACEMENT" else "OTHER"
                        add(f"I09_{part}", quarter_of(due), outcome)
            if following is not None and case.counts(partnership, following):
                days = (following - anchor).days
                band = BANDS[bisect.bisect([low for low, _ in BANDS], days) - 1][1]
                add("I10", quarter_of(following), band)


def pair_outcomes(instrument, before, after):
    """I26's band and I27's class of one change; dir turns it so that + is better."""
    better = instrument["higher_is_better"] == "true"
    change = (after - before) if better else (before - after)
    limit, cutoff = float(instrument["rci_criterion"]), float(instrument["cutoff"])

    def is_poor(score):
        return score < cutoff if better else score >= cutoff

    if change >= limit:
        kind = "RECOVERED" if is_poor(before) and not is_poor(after) else "IMPROVED"
    else:
        kind = "DETERIORATED" if change <= -limit else "UNCHANGED"
    if abs(change) < limit:
        band = "SAME"
    else:
        size = "2C" if abs(change) >= 2 * limit else "C"
        band = ("BETTER_" if change > 0 else "WORSE_") + size
    return band, kind


def count_pairs(case, partnership, add):
    """I26 and I27: the last baseline near enrolment and the latest score at least 60 days on,
    of the same instrument and informant; a child counts once in a half-year, by its latest."""
    series = defaultdict(list)
    for day, instrument, informant, score in case.scores:
        key = instrument["instrument"], instrument["version"], informant
        series[key].append((day, score, instrument))
    latest = {}
    for start, _ in case.enrolments[partnership]:
        first, last = start - dt.timedelta(90), start + dt.timedelta(30)
        for key in sorted(series):
            scores = sorted(series[key], key=lambda item: item[0])
            baselines = [item for item in scores if first <= item[0] <= last]
            if not baselines:
                continue
            base_day, before, instrument = baselines[-1]
            for day, after, _ in scores:
                if day < base_day + dt.timedelta(60) or not case.counts(partnership, day):
                    continue
                known = latest.get(half_year_of(day))
                if known is None or day > known[0]:
                    latest[half_year_of(day)] = day, instrument, before, after
    for period, (_, instrument, before, after) in latest.items():
        band, kind = pair_outcomes(instrument, before, after)
        add("I26", period, band)
        add("I27", period, kind)


def count_workers(municipality, partnership, days, add):
    """I23 and I25: case-carrying workers with capacity, on the last day of the quarter."""
    for day in days:
        carried = Counter(
            case.worker
            for case in municipality.cases.values()
            if case.worker and is_in_scope(case, municipality) and case.counts(partnership, day)
        )
        for worker, cases in carried.items():
            fte = municipality.capacity.get((worker, day.replace(day=1)), 0)
            if fte == 0:
                continue
            add("I23", quarter_of(day), "WORKERS")
            add("I23", quarter_of(day), "CASES", cases)
            add("I23", quarter_of(day), "FTE_HUNDREDTHS", fte)
            add("I25", quarter_of(day), "OVER" if cases * 100 > WORKER_LIMIT * fte else "WITHIN")


def is_in_scope(case, municipality):
    """Cases that another municipality acts in are that municipality's."""
    return case.acting in (0, municipality.code)


def count_all(municipalities):
    counts = Counter()
    for municipality in municipalities:
        cases = [case for case in municipality.cases.values() if is_in_scope(case, municipality)]
        for partnership in sorted({name for case in cases for name in case.enrolments}):
            windows = [w for case in cases for w in case.enrolments[partnership]]
            days = list(quarter_ends(min(w[0] for w in windows), max(w[1] for w in windows)))

            def add(indicator, period, outcome, units=1):
                counts[partnership, indicator, period, municipality.code, outcome] += units

            for case in cases:
                count_snapshots(case, partnership, days, add)
                count_clocks(case, partnership, add)
                count_pairs(case, partnership, add)
            count_workers(municipality, partnership, days, add)
        counts["", "REFUSED", "", municipality.code, "CASES"] = len(municipality.refused)
    return counts


def compare(counts, path):
    """The differences to a file of counts, as lines of text."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows:
        yield "the file has no rows"
    held = {row["indicator"] for row in rows}
    given = Counter()
    for row in rows:
        key = [row[name] for name in KEY]
        given[key[0], key[1], key[2], int(key[3]), key[4]] += int(row["units"])
    for key in sorted(set(given) | {key for key in counts if key[1] in held}):
        if given[key] != counts[key]:
            yield f"{','.join(map(str, key))}: {given[key]} given, {counts[key]} counted here"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--indicator", help="only this one, e.g. I09")
    parser.add_argument("--compare", metavar="FILE", help="say where this file differs")
    options = parser.parse_args()
    codes = {simplify(row["name"]): int(row["code"]) for row in read_reference("municipality")}
    folders = sorted(path.parent for path in options.dir.glob("*/sager.csv"))
    counts = count_all([Municipality(folder, codes[folder.name]) for folder in folders])
    if options.compare:
        differences = list(compare(counts, options.compare))
        print("\n".join(differences or ["no difference"]))
        return 1 if differences else 0
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*KEY, "units"])
    for key in sorted(counts):
        if counts[key] and options.indicator in (None, key[1]):
            writer.writerow([*key, counts[key]])
    return 0


if __name__ == "__main__":
    sys.exit(main())

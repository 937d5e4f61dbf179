"""What one reader of a release can work out: bounds of what is withheld, from equations over it.

    reader = Viewpoint()
    reader.know("margin", 12)
    reader.add_sum("margin", ["a", "b"])
    reader.narrow()
    reader.low["a"], reader.high["a"]

narrow() puts the known in, eliminates (so that differences of any number of tables are there) and
then tightens each unknown's bounds by every equation until none moves. All numbers are whole."""
import collections
from fractions import Fraction
from math import lcm

INFINITE = 10**9
ELIMINATED_MAX = 400  # more equations than this are narrowed, not eliminated


class Contradiction(Exception):
    """What a reader was told cannot all be true."""


class Viewpoint:
    def __init__(self):
        self.low = collections.defaultdict(int)
        self.high = collections.defaultdict(lambda: INFINITE)
        self.sums = []  # (whole, parts): whole = sum of parts
        self.at_most = []  # (part, whole): part <= whole
        self.moved = False

    def know(self, name, number):
        self.raise_low(name, number)
        self.lower_high(name, number)

    def add_sum(self, whole, parts):
        self.sums.append((whole, tuple(parts)))

    def add_at_most(self, part, whole):
        self.at_most.append((part, whole))

    def width(self, name):
        return self.high[name] - self.low[name]

    def false_of(self, truth):
        """The relations that the truth breaks: an attack on false ones proves nothing."""
        return [row for row in self.sums if truth(row[0]) != sum(map(truth, row[1]))] + [
            row for row in self.at_most if truth(row[0]) > truth(row[1])]

    def narrow(self):
        rows = [{whole: -1, **{part: 1 for part in parts}} for whole, parts in self.sums]
        self.repeat([(row, 0) for row in rows])
        open_rows = [self.put_known(row) for row in rows]
        open_rows = [(row, rest) for row, rest in open_rows if row]
        self.repeat(open_rows + eliminate(open_rows[:ELIMINATED_MAX]))

    def repeat(self, rows):
        self.moved = True
        while self.moved:
            self.moved = False
            for row, rest in rows:
                self.narrow_by(row, rest)
            for part, whole in self.at_most:
                self.lower_high(part, self.high[whole])
                self.raise_low(whole, self.low[part])

    def put_known(self, row):
        rest = sum(factor * self.low[name] for name, factor in row.items() if self.width(name) == 0)
        return {name: factor for name, factor in row.items() if self.width(name)}, rest

    def narrow_by(self, row, rest):
        """One equation: the sum of factor x unknown, and rest, is 0."""
        least = rest + sum(f * (self.low[n] if f > 0 else self.high[n]) for n, f in row.items())
        most = rest + sum(f * (self.high[n] if f > 0 else self.low[n]) for n, f in row.items())
        for name, factor in row.items():
            low, high = self.low[name], self.high[name]
            if factor > 0:
                floor, ceiling = factor * high - most, factor * low - least
            else:
                floor, ceiling = least - factor * high, most - factor * low
            size = abs(factor)
            self.raise_low(name, -(-floor // size))
            self.lower_high(name, ceiling // size)

    def raise_low(self, name, number):
        if number > self.low[name]:
            self.low[name], self.moved = number, True
            self.check(name)

    def lower_high(self, name, number):
        if number < self.high[name]:
            self.high[name], self.moved = number, True
            self.check(name)

    def check(self, name):
        if self.low[name] > self.high[name]:
            raise Contradiction(name)


def eliminate(rows):
    """Reduced rows of the same solutions, each with an unknown that no other has."""
    reduced = {}
    for row, rest in rows:
        row = {name: Fraction(factor) for name, factor in row.items()}
        row[None] = Fraction(rest)
        for pivot, other in reduced.items():
            subtract(row, other, pivot)
        names = [name for name in row if name is not None]
        if not names:
            continue
        pivot = names[0]
        factor = row[pivot]
        row = {name: value / factor for name, value in row.items()}
        for other in reduced.values():
            subtract(other, row, pivot)
        reduced[pivot] = row
    return [whole_numbers(row) for row in reduced.values()]


def subtract(row, other, pivot):
    """Takes the pivot out of the row; `other` has it once."""
    factor = row.get(pivot, 0)
    if factor == 0:
        return
    for name, value in other.items():
        left = row.get(name, 0) - factor * value
        if left or name is None:
            row[name] = left
        else:
            row.pop(name, None)


def whole_numbers(row):
    scale = lcm(*(value.denominator for value in row.values()))
    whole = {name: int(value * scale) for name, value in row.items()}
    rest = whole.pop(None)
    return whole, rest

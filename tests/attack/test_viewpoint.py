#!/usr/bin/python3
"""Goal: the attack finds what can be found, and nothing false. Method: small tables by hand."""
import unittest

from viewpoint import Contradiction, Viewpoint


def reader(known, sums, at_most=()):
    out = Viewpoint()
    for name, number in known.items():
        out.know(name, number)
    for whole, parts in sums:
        out.add_sum(whole, parts)
    for part, whole in at_most:
        out.add_at_most(part, whole)
    out.narrow()
    return out


class Narrow(unittest.TestCase):
    def bounds(self, viewpoint, name):
        return viewpoint.low[name], viewpoint.high[name]

    def test_subtracts_the_shown_from_the_margin(self):
        self.assertEqual(self.bounds(reader({"all": 12, "b": 9}, [("all", "ab")]), "a"), (3, 3))

    def test_leaves_two_hidden_parts_between_none_and_all(self):
        self.assertEqual(self.bounds(reader({"all": 12, "c": 3}, [("all", "abc")]), "a"), (0, 9))

    def test_takes_the_difference_of_two_tables(self):
        # a+b+c=20, a+b+d=15, c known: d by difference, though a and b stay hidden.
        found = reader({"x": 20, "y": 15, "c": 9}, [("x", "abc"), ("y", "abd")])
        self.assertEqual(self.bounds(found, "d"), (4, 4))
        self.assertEqual(self.bounds(found, "a"), (0, 11))

    def test_solves_what_no_single_equation_bounds(self):
        # a+b=10, b+c=10, a+c=12: each is 6 or 4, by elimination alone.
        found = reader({"p": 10, "q": 10, "r": 12}, [("p", "ab"), ("q", "bc"), ("r", "ac")])
        self.assertEqual([self.bounds(found, name) for name in "abc"], [(6, 6), (4, 4), (6, 6)])

    def test_uses_a_part_that_is_at_most_its_whole(self):
        self.assertEqual(self.bounds(reader({"on ladder": 7}, [], [("placed", "on ladder")]), "placed"), (0, 7))

    def test_rounds_inwards(self):
        # 2a + b = 9 with b in 0..2: a is 4, for 3.5 is no number of children.
        found = Viewpoint()
        found.know("s", 9)
        found.lower_high("b", 2)
        found.narrow_by({"a": 2, "b": 1, "s": -1}, 0)
        self.assertEqual(self.bounds(found, "a"), (4, 4))

    def test_tells_lies_apart(self):
        with self.assertRaises(Contradiction):
            reader({"all": 5, "a": 6}, [("all", "ab")])
        found = reader({"all": 5}, [("all", "ab")])
        self.assertEqual(found.false_of({"all": 5, "a": 2, "b": 3}.get), [])
        self.assertEqual(len(found.false_of({"all": 5, "a": 2, "b": 2}.get)), 1)


if __name__ == "__main__":
    unittest.main()

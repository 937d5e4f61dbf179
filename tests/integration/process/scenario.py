"""What every scenario is: a test case over the one running stack, with people of its own."""
import pathlib
import unittest

from person import People
from stack import PROCESSES, Stack, wait_for
from wire import HEALTH, OK, Envelope


class Scenario(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.running()
        for process in PROCESSES:
            wait_for(f"{process} serves", lambda process=process: cls.stack.is_serving(process))
        cls.people = People(cls.stack)

    @classmethod
    def tearDownClass(cls):
        cls.people.close()

    def assert_refused(self, answer, code, reason=None):
        self.assertEqual((answer.code, answer.reason if reason else None), (code, reason), answer)

    def assert_ok(self, answer):
        self.assertEqual(answer.code, OK, answer)
        return answer

    def assert_serves(self, process, pid):
        """The same process as before still answers."""
        with self.stack.probe(process, loopback=True) as probe:
            self.assert_ok(probe.call(Envelope(HEALTH)))
        self.assertEqual(self.stack.pid(process), pid, f"{process} was started anew")


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def resident_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError(f"process {pid} has no VmRSS")


main = unittest.main

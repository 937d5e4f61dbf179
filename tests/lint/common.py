"""What every lint needs: the tree's own files, and one way to report."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked(*patterns):
    """Tracked and new files below the root that match one of the git path patterns."""
    out = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z", *patterns],
        check=True, capture_output=True).stdout
    return sorted({ROOT / name for name in out.decode().split("\0") if name and (ROOT / name).is_file()})


def relative(path):
    return path.relative_to(ROOT).as_posix()


def finish(name, checked, problems):
    """Prints the problems and ends the process: 0 when there are none, 1 else. A lint that
    looked at nothing has failed."""
    for problem in problems:
        print(problem)
    if not checked:
        problems = ["nothing was checked"]
        print(f"{name}: nothing was checked")
    print(f"{name}: {checked} checked, {len(problems)} problems")
    sys.exit(1 if problems else 0)

"""The files that the style checks look at, found on disk: a checkout need not be a git repository."""

import os
import sys

LAYERS = ("app", "core", "ui")
CODE = (".cpp", ".h")
SKIPPED = 77  # the exit code that ctest is told to take for a skipped test
_PASSED_OVER = {"build", "__pycache__"}


def files(root, folders=None, endings=None):
    """Paths relative to root, sorted; hidden folders and build results are passed over (.ci is not)."""
    found = []
    for start in folders if folders is not None else [""]:
        for folder, inner, names in os.walk(os.path.join(root, start)):
            inner[:] = [name for name in inner if name not in _PASSED_OVER and (name[0] != "." or name == ".ci")]
            for name in names:
                if endings is None or name.endswith(tuple(endings)):
                    found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def read(root, path):
    """The text of one file; bytes that are no UTF-8 become replacement characters."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def report(problems, what):
    """Prints the problems, or what was found in order, and gives the exit code."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else f"in order: {what}")
    return 1 if problems else 0


def skipped(reason):
    """Prints why nothing was looked at, and gives the exit code for that."""
    print(f"skipped: {reason}")
    return SKIPPED


def root_argument():
    """The folder that holds the sources: the first argument."""
    if len(sys.argv) < 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {os.path.basename(sys.argv[0])} SOURCE-FOLDER")
    return os.path.abspath(sys.argv[1])

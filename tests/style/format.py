"""Checks with clang-format-16 that every C++ file is formatted as .clang-format says. Versions differ in what they make of the
same rules, so one alone decides; where it is missing, the check is skipped."""

import shutil
import subprocess
import sys

import tree


PROGRAM = "clang-format-16"


def check(root):
    """One line for each file that is not formatted."""
    program = shutil.which(PROGRAM)
    problems = []
    for path in tree.files(root, tree.LAYERS + ("tests",), tree.CODE):
        done = subprocess.run([program, "--dry-run", "--Werror", "--style=file", path], cwd=root, capture_output=True, text=True)
        if done.returncode:
            first = done.stderr.splitlines()[0] if done.stderr else f"{PROGRAM} ended with {done.returncode}"
            problems.append(f"{first} ({PROGRAM} -i {path})")
    return problems


if __name__ == "__main__":
    if shutil.which(PROGRAM) is None:
        sys.exit(tree.skipped(f"{PROGRAM} is missing (Debian 12 has it, 13 does not), and no other version decides what is well formatted"))
    sys.exit(tree.report(check(tree.root_argument()), "format"))

"""Checks with clang-format-16 that every C++ file is formatted as .clang-format says."""

import shutil
import subprocess
import sys

import tree


def check(root):
    """One line for each file that is not formatted."""
    program = shutil.which("clang-format-16")
    if program is None:
        return ["clang-format-16 is missing (Debian package clang-format-16)"]
    problems = []
    for path in tree.files(root, tree.LAYERS + ("tests",), tree.CODE):
        done = subprocess.run([program, "--dry-run", "--Werror", "--style=file", path], cwd=root, capture_output=True, text=True)
        if done.returncode:
            first = done.stderr.splitlines()[0] if done.stderr else f"clang-format-16 ended with {done.returncode}"
            problems.append(f"{first} (clang-format-16 -i {path})")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(tree.root_argument()), "format"))

"""Checks the shell scripts with shellcheck, and that those to be run can be run."""

import os
import shutil
import subprocess
import sys

import tree


def check(root):
    """All complaints, as lines for a person."""
    program = shutil.which("shellcheck")
    problems = []
    scripts = [path for path in tree.files(root) if path.endswith(".sh") or tree.read(root, path).startswith("#!/usr/bin/env bash")]
    for path in scripts:
        done = subprocess.run([program, "-x", "-f", "gcc", path], cwd=root, capture_output=True, text=True)
        problems += (done.stdout + done.stderr).splitlines()
        if tree.read(root, path).startswith("#!") and not os.access(os.path.join(root, path), os.X_OK):
            problems.append(f"{path}: begins with #! and cannot be run (chmod +x {path})")
    return problems


if __name__ == "__main__":
    if shutil.which("shellcheck") is None:
        sys.exit(tree.skipped("shellcheck is missing"))
    sys.exit(tree.report(check(tree.root_argument()), "shell scripts"))

"""Runs clang-tidy with .clang-tidy over every compiled source of ours. A file that was in order is not looked at again until it, a header of ours that it includes, its command or
the rules change.

usage: tidy.py SOURCE-FOLDER BUILD-FOLDER [PATH-BEGINNING...]
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import layers
import tree

VERSIONS = ("clang-tidy-16", "clang-tidy-19", "clang-tidy")  # Debian 12's, Debian 13's, any
TOGETHER = 8
_OURS = r"/(app|core|ui)/[^:]*\.(h|cpp)$"

# The name of a constant, type or function that begins at the left margin of a file.
_NAME = re.compile(r"^(?!namespace)[\w\[][^\n({=;]*[ *&](\w+) *[({=;\n]", re.MULTILINE)

# clang 16 takes libtorch 1.13's headers as C++20 only where this one comes before all that declare its type.
_TORCH_FIRST = ["-include", "ATen/core/ivalue.h"]

# Warnings that GCC has under another name or, as part of -Wconversion, not at all.
_SILENT = ("-Wno-unknown-warning-option", "-Wno-sign-conversion")

# What GCC knows and clang does not, or what only makes results that analysis does not need.
_DROPPED = re.compile(r"^(-Winvalid-pch|-fno-gnu-unique|-fopt-info.*|-fanalyzer|-W(duplicated|logical).*|-Wno-psabi|-O\d|-M[DTF]?)$")


def commands(root, build, beginnings):
    """Source path -> compiler arguments without compiler, output and source, for the files to be looked at."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
        if not path.startswith(beginnings):
            continue
        arguments, words = [], iter(shlex.split(entry["command"])[1:])
        for word in words:
            if word in ("-o", "-MT", "-MF") or (word == "-include" and "cmake_pch" in entry["command"]):
                next(words, None)
            elif word != "-c" and not _DROPPED.match(word) and os.path.join(entry["directory"], word) != os.path.join(
                root, path
            ):
                arguments.append(word)
        if layers.sees_torch(root, path):
            arguments += _TORCH_FIRST
        found[path] = arguments
    return found


def _digest(root, path, arguments, rules):
    """Changes when anything of ours that the result depends on changes."""
    digest = hashlib.sha256(repr((path, arguments, rules)).encode())
    waiting, seen = [path], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not os.path.isfile(os.path.join(root, path)):
            continue
        seen.add(path)
        text = tree.read(root, path)
        digest.update(text.encode())
        waiting += [name for name in layers.includes(text) if name.split("/")[0] in tree.LAYERS]
    return digest.hexdigest()


def _run(root, program, source, arguments):
    """What clang-tidy says of one source file, with all of ours that it includes; empty where it is in order."""
    command = [program, "--quiet", f"--config-file={root}/.clang-tidy", f"--header-filter={_OURS}", source, "--"]
    done = subprocess.run([*command, *arguments, *_SILENT], cwd=root, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return done.stdout.replace(root + "/", "").strip() or done.stderr.strip() or f"{source}: clang-tidy ended with {done.returncode}"


def _look_at(root, program, paths, arguments):
    """What clang-tidy says of each of some files with the same arguments: (path, text), empty text where in order.

    Most of the time goes into the headers that they share, so they are looked at as one file that includes them all. Where
    that one is not in order, be it only that two files use the same name, they are looked at half by half down to single ones.
    """
    if len(paths) == 1:
        return [(paths[0], _run(root, program, paths[0], arguments))]
    with tempfile.TemporaryDirectory() as folder:
        together = os.path.join(folder, "together.cpp")
        with open(together, "w", encoding="utf-8") as file:
            file.writelines(f'#include "{os.path.join(root, path)}"\n' for path in paths)
        if not _run(root, program, together, arguments):
            return [(path, "") for path in paths]
    half = len(paths) // 2
    return _look_at(root, program, paths[:half], arguments) + _look_at(root, program, paths[half:], arguments)


def _groups(root, paths, found):
    """The paths in groups of files with the same arguments that, as far as a glance tells, use no name twice."""
    groups = []
    for path in sorted(paths):
        names = set(_NAME.findall(tree.read(root, path)))
        for group, arguments, taken in groups:
            if len(group) < TOGETHER and arguments == found[path] and not names & taken:
                group.append(path)
                taken |= names
                break
        else:
            groups.append(([path], found[path], names))
    return sorted((group for group, _, _ in groups), key=len, reverse=True)


def installed():
    """The first clang-tidy of VERSIONS that is here, or None."""
    return next(filter(None, map(shutil.which, VERSIONS)), None)


def check(root, build, beginnings=("app/", "core/", "ui/"), cache=None):
    """All complaints, and how many files were looked at and how many are in order since last time."""
    program = installed()
    found = commands(root, build, tuple(beginnings))
    if not found:
        return [f"{build}/compile_commands.json names no source to look at"], 0, 0
    cache = cache or os.path.join(build, "tidy")
    os.makedirs(cache, exist_ok=True)
    rules = os.path.basename(program) + tree.read(root, ".clang-tidy")
    digests = {path: _digest(root, path, arguments, rules) for path, arguments in found.items()}
    due = [path for path in found if not os.path.exists(os.path.join(cache, digests[path]))]
    problems = []
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for results in pool.map(lambda group: _look_at(root, program, group, found[group[0]]), _groups(root, due, found)):
            for path, said in results:
                if said:
                    problems.append(said)
                else:
                    open(os.path.join(cache, digests[path]), "w").close()
    for name in set(os.listdir(cache)) - set(digests.values()):
        os.remove(os.path.join(cache, name))
    return problems, len(due), len(found) - len(due)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if installed() is None:
        sys.exit(tree.skipped(f"none of {', '.join(VERSIONS)} is here"))
    complaints, looked, kept = check(tree.root_argument(), os.path.abspath(sys.argv[2]), sys.argv[3:] or ("app/", "core/", "ui/"))
    sys.exit(tree.report(complaints, f"clang-tidy on {looked} files, {kept} more unchanged since they were in order"))

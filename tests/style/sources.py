"""Checks what a reader of the sources may count on: short files, headers that say what they are for, nothing left
unfinished, no test that is skipped or cannot fail, no path of one machine, no large file."""

import os
import re
import sys

import tree

LINES = 500
BYTES = 2 * 1024 * 1024

# Written so that this file does not contain what it looks for.
_UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K]|stu[b]|placeholde[r])\b", re.IGNORECASE)
_ALLOWED = re.compile(r"set[P]laceholder|placeholder[T]ext|PlaceholderText", re.IGNORECASE)
_IDLE_TEST = re.compile(r"\b(DISABLE[D]_|GTEST_SKI[P]|QSKI[P]|SUCCEE[D]\(\)|(EXPECT|ASSERT)_TRUE\(tru[e]\))")
_MACHINE = re.compile(r"(?<![\w.~$}-])/(wor[k]|roo[t]|hom[e]/\w+)/")
_SIZED = re.compile(r"std::u?int(8|16|32|64)_t")
_TEXT = (".cpp", ".h", ".py", ".sh", ".md", ".json", ".cmake", ".txt", ".svg", ".qrc", ".desktop")


def _header_problem(text):
    """What is wrong with the beginning of a header, or nothing."""
    lines = text.splitlines()
    opening = []
    while lines and lines[0].startswith("///"):
        opening.append(lines.pop(0)[3:].strip())
    if not opening or not opening[0]:
        return "a header begins with a `///` sentence that says what it is for"
    if not opening[-1].endswith("."):
        return "the sentence that begins a header ends with a full stop"
    if not lines or lines[0] != "#pragma once":
        return "#pragma once follows the sentence that begins a header"
    if _SIZED.search(text) and "#include <cstdint>" not in text:
        return "it says std::int…_t and must include <cstdint>: newer libraries bring it by no other header"
    return None


def _check_code(path, text, problems):
    """Adds what is wrong with one file of app, core or ui."""
    count = text.count("\n")
    if count > LINES:
        problems.append(f"{path}: {count} lines; {LINES} is the most, and a longer file holds two ideas")
    if path.endswith(".h"):
        problem = _header_problem(text)
        if problem:
            problems.append(f"{path}:1: {problem}")
    for number, line in enumerate(text.splitlines(), 1):
        if _UNFINISHED.search(_ALLOWED.sub("", line)):
            problems.append(f"{path}:{number}: unfinished: {line.strip()}")


def check(root):
    """All violations, as lines for a person."""
    problems = []
    for path in tree.files(root):
        size = os.path.getsize(os.path.join(root, path))
        if size > BYTES:
            problems.append(f"{path}: {size} bytes; {BYTES} is the most")
            continue
        if not path.endswith(_TEXT) and os.path.basename(path) not in ("run", ".clang-tidy"):
            continue
        text = tree.read(root, path)
        if path.split("/")[0] in tree.LAYERS and path.endswith(tree.CODE):
            _check_code(path, text, problems)
        for number, line in enumerate(text.splitlines(), 1):
            if path.startswith("tests/") and _IDLE_TEST.search(line):
                problems.append(f"{path}:{number}: a test that is skipped or cannot fail: {line.strip()}")
            if _MACHINE.search(line):
                problems.append(f"{path}:{number}: a path of one machine: {line.strip()}")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(tree.root_argument()), "lengths, headers, words, paths and sizes"))

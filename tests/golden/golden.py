"""What the scripts here share: each computes with another library what a test here expects as a number, and looks whether the test's
source has that number. So a golden value can be made again, and one that was mistyped is found.

A script ends with 0 where its test has all values, with 1 and a line for each that is missing, with 77 where the library is not
installed."""

import importlib
import math
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_NUMBER = re.compile(r"(?<![\w.])-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?(?=[FU]?\b)")


def need(*names):
    """The modules of those names; ends the script where one is not installed."""
    modules = []
    for name in names:
        try:
            modules.append(importlib.import_module(name))
        except ImportError as error:
            print(f"skipped: {error}")
            sys.exit(77)
    print(", ".join(f"{module.__name__} {module.__version__}" for module in modules if hasattr(module, "__version__")))
    return modules


class Expected:
    """The numbers of one test of a source."""

    def __init__(self, source, test):
        with open(os.path.join(ROOT, source), encoding="utf-8") as file:
            text = file.read()
        begin = text.index(test)
        end = text.find("\nTEST", begin)
        self._where = f"{source}, {test}"
        self._numbers = [float(number) for number in _NUMBER.findall(text[begin:end])]
        self._missing = 0

    def has(self, name, value, relative=1e-7, absolute=1e-12):
        """Whether one of the numbers is `value`; says so where none is."""
        value = float(value)
        near = any(math.isclose(value, number, rel_tol=relative, abs_tol=absolute) for number in self._numbers)
        if not near:
            self._missing += 1
            print(f"{self._where}: found no {value!r}, which is {name}")

    def row(self, name, values, relative=1e-7, signs=(1,)):
        """Whether these values stand one after the other among the numbers, all times one of the signs."""
        values = [float(value) for value in values]
        for begin in range(len(self._numbers) - len(values) + 1):
            found = self._numbers[begin : begin + len(values)]
            for sign in signs:
                if all(math.isclose(sign * value, other, rel_tol=relative, abs_tol=1e-12) for value, other in zip(values, found)):
                    return
        self._missing += 1
        print(f"{self._where}: found no {values}, which is {name}")

    def missing(self):
        return self._missing


def end(*expected):
    """Ends the script with the status that its values deserve."""
    sys.exit(1 if any(one.missing() for one in expected) else 0)

"""Compares two outputs of `latentoscope evaluate --json`: every figure within a thousandth of the other's.

usage: alike_figures.py ONE.json OTHER.json
Prints those that are not, and ends with 1 where there are any. Counts of a confusion matrix are left out: one image decides them.
"""
import json
import sys

TOLERANCE = 1e-3
LEFT_OUT = ("seconds", "threads", "device", "run", "images_per_second", "confusion")


def differences(at, one, other):
    """The names and values of what differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted((one.keys() | other.keys()) - set(LEFT_OUT))
        return [line for key in keys for line in differences(f"{at}.{key}", one.get(key), other.get(key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [line for i, pair in enumerate(zip(one, other)) for line in differences(f"{at}[{i}]", *pair)]
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        near = abs(one - other) <= TOLERANCE * max(abs(one), abs(other), 1e-9)
        return [] if near else [f"{at[1:]}: {one} and {other}"]
    return [] if one == other else [f"{at[1:]}: {one} and {other}"]


def main():
    one, other = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    found = differences("", one, other)
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()

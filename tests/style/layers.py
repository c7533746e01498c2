"""Checks who includes whom: app -> ui -> core, and inside core and ui the order that their README.md lists, lowest first."""

import re
import sys

import tree

_INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
_LISTED = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
_QT = re.compile(r"^(Q[A-Za-z]+(/|$)|qcustomplot)")
_TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
_MAY_INCLUDE = {"app": ("app", "ui", "core"), "ui": ("ui", "core"), "core": ("core",)}


def includes(text):
    """What a file includes, as written between the brackets or quotes."""
    return _INCLUDE.findall(text)


def sees_torch(root, path, seen=None):
    """Whether a file includes a torch header, itself or through our own headers."""
    seen = set() if seen is None else seen
    if path in seen:
        return False
    seen.add(path)
    try:
        names = includes(tree.read(root, path))
    except OSError:
        return False
    if any(_TORCH.match(name) for name in names):
        return True
    return any(sees_torch(root, name, seen) for name in names if name.split("/")[0] in _MAY_INCLUDE)


def _check_folders(path, target, order, problems):
    """Adds what is wrong where one file of a layer includes another of it."""
    layer, folder = path.split("/")[:2]
    other = target.split("/")[1]
    for name in (folder, other):
        if name not in order:
            problems.append(f"{path}: {layer}/{name} is not listed in {layer}/README.md")
            return
    if order.index(other) > order.index(folder):
        problems.append(f"{path}: {layer}/{folder} stands below {layer}/{other} and must not include {target}")


def check(root):
    """All violations, as lines for a person."""
    problems = []
    orders = {layer: _LISTED.findall(tree.read(root, f"{layer}/README.md")) for layer in ("core", "ui")}
    for path in tree.files(root, tree.LAYERS, tree.CODE):
        layer = path.split("/")[0]
        for target in includes(tree.read(root, path)):
            other = target.split("/")[0]
            if layer == "core" and _QT.match(target):
                problems.append(f"{path}: core builds without Qt and must not include {target}")
            if layer != "core" and _TORCH.match(target):
                problems.append(f"{path}: only core sees torch; {target} must not be included here")
            if other in _MAY_INCLUDE and other not in _MAY_INCLUDE[layer]:
                problems.append(f"{path}: {layer} must not include {target}")
            elif layer == other and layer in orders and target.count("/") > 1 and path.count("/") > 1:
                _check_folders(path, target, orders[layer], problems)
        if layer != "core" and sees_torch(root, path) and not any(path in problem for problem in problems):
            problems.append(f"{path}: sees a torch header through what it includes")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(tree.root_argument()), "layers of app, ui and core"))

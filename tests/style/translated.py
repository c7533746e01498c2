"""Looks for words in ui that a translator would miss: literals that read like English and do not go through tr() or translate().

Names of objects, keys, files, style sheets and fonts are no words. What stands in exported documents is the report's, which is English
(docs/decisions.md), and so are core's sentences."""

import re
import sys

import tree

_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
_NOT_ASKED = re.compile(r'(\btr\(|\bQT_TRANSLATE_NOOP\(("\w+",)?|\btranslate\((\s*"\w+",)?|#include)\s*$')
_COMMENT = re.compile(r"(?<!:)//[^\n]*")
_PIECE = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_NO_WORDS = re.compile(r"^ ?--|^latentoscope [a-z-]+ ?|^(#|@|\.|/|:/|--|<|redis:|sudo |latentoscope: |image/|QStandardPaths|DejaVu |Source Serif|d MMM|(Ctrl|Shift|Alt)\+)|[{}]|rgba|^[a-z-]+: [a-z]+$|^0+ of 0+$")
_NAMES = {"Latentoscope", "Fusion", "Inter", "Fashion-MNIST", "Esc", "Report: "}
# What stands in figures, which are the report's too, and in exported documents.
_FIGURES = (
    "ui/figures/ChartPlot.cpp",
    "ui/figures/DocumentBoxes.cpp",
    "ui/figures/DocumentPdf.cpp",
    "ui/figures/Export.cpp",
    "ui/latent/ProbeView.cpp",
    "ui/latent/ScatterScene.cpp",
    "ui/training/FoldsModel.cpp",
    "ui/training/LossScene.cpp",
    "ui/training/LossView.cpp",
    "ui/training/ReconstructionsView.cpp",
)
_COMMAND_LINE = ("ui/main/Window.cpp",)  # said in a terminal before there is a window


def reads_like_english(text):
    """Whether a person would read it as words."""
    if text in _NAMES or _NO_WORDS.search(text) or text.endswith("/"):
        return False
    words = re.sub(r"%L?\d+", "", text)
    return bool(re.search(r"[A-Za-z]{2,} [A-Za-z]|^[^A-Za-z]*[A-Z][a-z]+", words)) or bool(
        re.search(r"[A-Za-z]{2,}", words) and " " in words
    )


def check(root):
    """All such literals, as lines for a person."""
    problems = []
    for path in tree.files(root, ("ui",), tree.CODE):
        if path in _FIGURES + _COMMAND_LINE or path.startswith("ui/bench/"):
            continue
        source = _COMMENT.sub(lambda comment: " " * len(comment[0]), tree.read(root, path))
        for match in _LITERAL.finditer(source):
            text = "".join(_PIECE.findall(match[0]))
            if reads_like_english(text) and not _NOT_ASKED.search(source, 0, match.start()):
                line = source.count("\n", 0, match.start()) + 1
                problems.append(f'{path}:{line}: "{text}" is read by people: put it into tr()')
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(tree.root_argument()), "words that can be translated"))

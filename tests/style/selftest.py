"""Shows that each check fails on what it is there to find, and passes what is in order, in small trees made for it."""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import unittest

import format as formatting
import layers
import scripts
import sources
import tidy
import translated
import tree

ORDER = "| `base` | x |\n| `data` | x |\n| `models` | x |\n"
HEADER = "/// Says what it is for.\n#pragma once\n"
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Tree(unittest.TestCase):
    """A folder with the files a test writes into it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.write("core/README.md", ORDER)
        self.write("ui/README.md", "| `common` | x |\n| `main` | x |\n")

    def write(self, path, text, mode=0o644):
        whole = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(whole, mode)

    def assert_only(self, problems, part):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(part, problems[0])


class Layers(Tree):
    def test_accepts_what_follows_the_order(self):
        self.write("core/data/A.cpp", '#include "core/base/B.h"\n#include <vector>\n')
        self.write("core/models/M.cpp", "#include <torch/torch.h>\n")
        self.write("ui/main/W.cpp", '#include "core/data/A.h"\n#include <QWidget>\n')
        self.write("app/main.cpp", '#include "ui/main/W.h"\n')
        self.assertEqual(layers.check(self.root), [])

    def test_finds_qt_in_core(self):
        for name in ("QImage", "QtCore/QString", "qcustomplot.h"):
            self.write("core/base/A.cpp", f"#include <{name}>\n")
            self.assert_only(layers.check(self.root), name)

    def test_finds_torch_in_ui_and_app(self):
        for path, name in (("ui/a/A.cpp", "torch/torch.h"), ("app/A.cpp", "ATen/ATen.h"), ("app/A.cpp", "c10/util/Half.h")):
            self.write(path, f"#include <{name}>\n")
            self.assert_only(layers.check(self.root), name)
            self.write(path, "")

    def test_finds_torch_seen_through_a_header_of_core(self):
        self.write("core/models/M.h", "#include <ATen/Tensor.h>\n")
        self.write("ui/a/A.cpp", '#include "core/models/M.h"\n')
        self.assert_only(layers.check(self.root), "through")

    def test_finds_a_folder_that_includes_one_below_it(self):
        self.write("core/base/A.h", '#include "core/data/B.h"\n')
        self.assert_only(layers.check(self.root), "core/base stands below core/data")

    def test_finds_the_same_in_ui(self):
        self.write("ui/main/A.h", '#include "ui/common/B.h"\n')
        self.assertEqual(layers.check(self.root), [])
        self.write("ui/common/A.h", '#include "ui/main/B.h"\n')
        self.assert_only(layers.check(self.root), "ui/common stands below ui/main")

    def test_finds_a_folder_that_is_not_listed(self):
        self.write("core/extra/A.h", '#include "core/base/B.h"\n')
        self.assert_only(layers.check(self.root), "not listed")

    def test_finds_layers_upside_down(self):
        for path, name in (("core/base/A.h", "ui/a/B.h"), ("ui/a/A.h", "app/B.h"), ("core/base/A.h", "app/B.h")):
            self.write(path, f'#include "{name}"\n')
            self.assert_only(layers.check(self.root), name)
            self.write(path, "")


class Translated(Tree):
    def test_accepts_words_in_tr_and_what_is_no_words(self):
        self.write(
            "ui/a/A.cpp",
            'setObjectName(QStringLiteral("saveButton"));\nsetToolTip(tr("Save the figure"));\n'
            'key(QStringLiteral("runs/folder"));\nfont(QStringLiteral("DejaVu Sans"));\n'
            'words(QCoreApplication::translate("A", "Saved %1"));\n',
        )
        self.assertEqual(translated.check(self.root), [])

    def test_finds_words_outside_of_it(self):
        for text in ("Save the figure", "Saved %1", " of epoch", "no place yet; click one"):
            self.write("ui/a/A.cpp", f'setToolTip(\n    QStringLiteral("{text}"));\n')
            self.assert_only(translated.check(self.root), f'A.cpp:2: "{text}"')


class Sources(Tree):
    def test_accepts_what_is_in_order(self):
        self.write("core/base/A.h", HEADER)
        self.write("ui/a/A.cpp", "edit->setPlaceh" + 'older' + 'Text(tr("Search"));\n')
        self.assertEqual(sources.check(self.root), [])

    def test_finds_a_header_that_does_not_say_what_it_is_for(self):
        for text in ("#pragma once\n", "// What?\n#pragma once\n", "/// No stop\n#pragma once\n", "/// Fine.\n\n#pragma once\n"):
            self.write("core/base/A.h", text)
            self.assert_only(sources.check(self.root), "core/base/A.h:1")

    def test_finds_a_header_that_takes_its_sized_integers_from_another(self):
        self.write("core/base/A.h", HEADER + "std::uint64_t seed();\n")
        self.assert_only(sources.check(self.root), "<cstdint>")
        self.write("core/base/A.h", HEADER + "#include <cstdint>\nstd::uint64_t seed();\n")
        self.assertEqual(sources.check(self.root), [])

    def test_finds_a_file_of_more_than_500_lines(self):
        self.write("app/A.cpp", "//\n" * 500)
        self.assertEqual(sources.check(self.root), [])
        self.write("app/A.cpp", "//\n" * 501)
        self.assert_only(sources.check(self.root), "501 lines")

    def test_finds_what_is_unfinished(self):
        for word in ("TO" + "DO", "FIX" + "ME", "st" + "ub", "place" + "holder", "HA" + "CK"):
            self.write("ui/a/A.cpp", f"int a; // {word}: later\n")
            self.assert_only(sources.check(self.root), "unfinished")

    def test_finds_tests_that_are_skipped_or_cannot_fail(self):
        for text in ("TEST(A, DISABLE" + "D_B) {}", "GTEST_SKI" + "P();", "QSKI" + 'P("no");', "EXPECT_TRUE(tru" + "e);"):
            self.write("tests/core/ATest.cpp", text + "\n")
            self.assert_only(sources.check(self.root), "cannot fail")

    def test_finds_paths_of_one_machine(self):
        for text in ("/hom" + "e/someone/data", '"/roo' + 't/data"', "cd /wor" + "k/main"):
            self.write("docs/a.md", text + "\n")
            self.assert_only(sources.check(self.root), "one machine")

    def test_finds_a_large_file(self):
        self.write("docs/a.bin", "x" * (sources.BYTES + 1))
        self.assert_only(sources.check(self.root), "bytes")


@unittest.skipUnless(shutil.which(formatting.PROGRAM), f"{formatting.PROGRAM} is missing")
class Format(Tree):
    def test_tells_what_is_formatted_from_what_is_not(self):
        self.write(".clang-format", tree.read(ROOT, ".clang-format"))
        self.write("tests/core/A.cpp", "int a = 1;\n")
        self.assertEqual(formatting.check(self.root), [])
        self.write("tests/core/A.cpp", "int   a=1 ;\n")
        self.assert_only(formatting.check(self.root), "tests/core/A.cpp:1")


@unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is missing")
class Scripts(Tree):
    def test_finds_a_mistake_and_a_script_that_cannot_be_run(self):
        self.write("packaging/a.sh", '#!/usr/bin/env bash\necho "$1"\n', 0o755)
        self.assertEqual(scripts.check(self.root), [])
        self.write("packaging/a.sh", '#!/usr/bin/env bash\necho "$1"\n', 0o644)
        self.assert_only(scripts.check(self.root), "cannot be run")
        self.write("packaging/a.sh", '#!/usr/bin/env bash\nrm -r $1/x\n', 0o755)
        self.assert_only(scripts.check(self.root), "SC2086")


@unittest.skipUnless(tidy.installed(), "clang-tidy is missing")
class Tidy(Tree):
    def look(self, *texts):
        self.write(".clang-tidy", tree.read(ROOT, ".clang-tidy"))
        build = os.path.join(self.root, "build")
        entries = []
        for letter, text in zip("ABCDEFGH", texts):
            path = f"core/base/{letter}.cpp"
            self.write(path, text)
            entry = {"directory": build, "file": os.path.join(self.root, path)}
            entry["command"] = f"/usr/bin/c++ -std=c++20 -fno-gnu-unique -I{self.root} -o {letter}.o -c {entry['file']}"
            entries.append(entry)
        self.write("build/compile_commands.json", json.dumps(entries))
        return tidy.check(self.root, build)

    def test_remembers_what_is_in_order_and_looks_again_after_a_change(self):
        self.assertEqual(self.look("int counted(int value)\n{\n    return value;\n}\n"), ([], 1, 0))
        self.assertEqual(self.look("int counted(int value)\n{\n    return value;\n}\n"), ([], 0, 1))
        self.assertEqual(self.look("int counted(int number)\n{\n    return number;\n}\n"), ([], 1, 0))

    def test_looks_again_after_a_change_of_a_header(self):
        self.write("core/base/B.h", HEADER)
        self.assertEqual(self.look('#include "core/base/B.h"\n'), ([], 1, 0))
        self.write("core/base/B.h", HEADER + "int Wrong();\n")
        problems, looked, _ = self.look('#include "core/base/B.h"\n')
        self.assertEqual(looked, 1)
        self.assert_only(problems, "core/base/B.h:3")

    def test_finds_names_against_the_house(self):
        for text in ("int Wrong();", "class small {};", "class A { int count = 0; };", "constexpr int limit = 1;"):
            problems, _, _ = self.look(text + "\n")
            self.assert_only(problems, "readability-identifier-naming")

    def test_finds_the_one_of_several_files_that_is_not_in_order(self):
        good = "int counted{}();\n"
        problems, looked, _ = self.look(good.format(1), good.format(2), "int Wrong();\n", good.format(3))
        self.assertEqual(looked, 4)
        self.assert_only(problems, "core/base/C.cpp:1")

    def test_accepts_files_that_use_the_same_name(self):
        text = "namespace {\nconstexpr int kLimit = 1;\n}\nint taken() { return kLimit; }\n"
        self.assertEqual(self.look(text, text.replace("taken", "given")), ([], 2, 0))

    def test_finds_a_use_after_move(self):
        text = "#include <string>\n#include <utility>\nstd::string twice(std::string a)\n{\n"
        problems, _, _ = self.look(text + "    const std::string b = std::move(a);\n    return b + a;\n}\n")
        self.assert_only(problems, "bugprone-use-after-move")

    def test_looks_at_files_that_see_torch_with_its_large_header_first(self):
        self.write("ATen/core/ivalue.h", "#define SEEN_FIRST\n")
        self.write("torch/torch.h", "#ifndef SEEN_FIRST\n#error too early\n#endif\n")
        self.assertEqual(self.look("#include <torch/torch.h>\nint right();\n"), ([], 1, 0))
        problems, _, _ = self.look("#include <torch/torch.h>\nint Wrong();\n")
        self.assert_only(problems, "readability-identifier-naming")


class Report(unittest.TestCase):
    def test_gives_the_exit_code(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(tree.report([], "nothing"), 0)
            self.assertEqual(tree.report(["a problem"], "nothing"), 1)


if __name__ == "__main__":
    sys.exit(unittest.main())

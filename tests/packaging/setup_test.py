"""Which packages the scripts want on which system, and what they say where they know none: setup.sh's functions, called one by one.

usage: setup_test.py SOURCE-FOLDER
"""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(sys.argv.pop(1))
BOOKWORM = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
TRIXIE = 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'


def call(os_release, script, **environment):
    """Runs a line of bash that has sourced setup.sh, on a system that calls itself this."""
    with tempfile.NamedTemporaryFile("w", suffix=".os-release") as file:
        file.write(os_release)
        file.flush()
        names = {name: value for name, value in os.environ.items() if name != "LATENTOSCOPE_PACKAGES"}
        names |= {"LATENTOSCOPE_OS_RELEASE": file.name, **environment}
        line = f'. "{ROOT}/packaging/setup.sh"; {script}'
        return subprocess.run(["bash", "-euo", "pipefail", "-c", line], capture_output=True, text=True, env=names, timeout=60)


class Release(unittest.TestCase):
    def assert_release(self, os_release, expected):
        done = call(os_release, "debian_release")
        self.assertEqual((done.returncode, done.stdout.strip(), done.stderr), (0, expected, ""))

    def test_knows_both_debians(self):
        self.assert_release(BOOKWORM, "12")
        self.assert_release(TRIXIE, "13")

    def test_takes_what_is_newer_for_the_newest(self):
        self.assert_release('ID=debian\nVERSION_ID="14"\nVERSION_CODENAME=forky\n', "13")
        self.assert_release("ID=debian\nVERSION_CODENAME=forky\n", "13")  # testing and unstable have no number

    def test_knows_what_is_built_on_debian_by_its_release(self):
        self.assert_release('ID=linuxmint\nVERSION_ID="6"\nVERSION_CODENAME=faye\nDEBIAN_CODENAME=bookworm\n', "12")

    def test_takes_no_other_system_for_debian(self):
        self.assert_release('ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID_LIKE=debian\n', "")
        self.assert_release('ID=debian\nVERSION_ID="11"\nVERSION_CODENAME=bullseye\n', "")
        self.assert_release("ID=fedora\nVERSION_ID=42\n", "")
        self.assert_release("ID=arch\n", "")
        self.assert_release("", "")


class Warnings(unittest.TestCase):
    def test_are_those_of_our_sources_each_once(self):
        ours = f"{ROOT}/core/base/Text.cpp:3:5: warning: unused variable 'x' [-Wunused-variable]"
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write(f"[1/2] Building\n{ours}\n/usr/include/x.h:1:1: warning: theirs\n{ours}\n")
            log.flush()
            self.assertEqual(call("", f"warnings_in {log.name}").stdout, ours + "\n")
        self.assertEqual(call("", "warnings_in /dev/null").stdout, "")


class Packages(unittest.TestCase):
    def packages(self, release, *purposes):
        done = call("", f"packages_for {release} {' '.join(purposes)}")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def test_differ_where_the_debians_do(self):
        both = set(self.packages(12, "build", "run", "test")) & set(self.packages(13, "build", "run", "test"))
        only = {release: set(self.packages(release, "build", "run", "test")) - both for release in (12, 13)}
        self.assertEqual(only[12], {"clang-format-16", "clang-tidy-16"})
        self.assertEqual(only[13], {"clang-tidy-19", "qt6-svg-plugins"})
        self.assertIn("libtorch-dev", both)

    def test_of_running_hold_none_of_the_tests(self):
        self.assertNotIn("xdotool", self.packages(13, "build", "run"))
        self.assertIn("qt6-svg-plugins", self.packages(13, "build", "run"))

    def test_stand_in_no_list_twice(self):
        names = self.packages(13, "build", "run", "test")
        self.assertEqual(len(names), len(set(names)))


class OtherSystems(unittest.TestCase):
    def test_are_told_in_words_what_is_wanted_and_how_to_go_on(self):
        done = call("ID=fedora\n", "install_missing build run; echo went on")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("went on", done.stdout)
        for word in ("libtorch", "Qt 6.4", "QCustomPlot", "LATENTOSCOPE_PACKAGES=skip"):
            self.assertIn(word, done.stderr)
        self.assertNotIn("Optuna", done.stderr)
        self.assertIn("Optuna", call("ID=fedora\n", "install_missing build run test").stderr)

    def test_go_on_when_told_to(self):
        done = call("ID=fedora\n", "install_missing build run; echo went on", LATENTOSCOPE_PACKAGES="skip")
        self.assertEqual((done.returncode, done.stdout.strip(), done.stderr), (0, "went on", ""))


if __name__ == "__main__":
    sys.exit(unittest.main())

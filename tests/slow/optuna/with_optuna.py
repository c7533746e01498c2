"""Runs a command with an Optuna of another version than the system's, in a virtual environment that is made where it is missing.

usage: with_optuna.py VERSION FOLDER COMMAND...
The command sees LATENTOSCOPE_PYTHON, the environment's Python, and has {python} in its words replaced by it. Exit status: the command's;
77 where the environment cannot be made, such as without a way to PyPI.
"""
import os
import subprocess
import sys

version, folder, command = sys.argv[1], sys.argv[2], sys.argv[3:]
python = os.path.join(folder, "bin", "python")
ready = os.path.join(folder, "ready")
if not os.path.exists(ready):
    # redis is what Optuna's journal on a Redis server wants.
    packages = [f"optuna=={version}", "redis"]
    for step in ([sys.executable, "-m", "venv", "--clear", folder], [python, "-m", "pip", "install", "-q", "--retries", "1", *packages]):
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=300)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"skipped: Optuna {version} cannot be installed: {error}")
            sys.exit(77)
        if done.returncode:
            print(f"skipped: Optuna {version} cannot be installed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
            sys.exit(77)
    open(ready, "w", encoding="utf-8").close()
environment = {**os.environ, "LATENTOSCOPE_PYTHON": python}
sys.exit(subprocess.run([word.replace("{python}", python) for word in command], env=environment).returncode)

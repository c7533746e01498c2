#!/usr/bin/env bash
# Usage: tests/slow/gpu.sh [--device DEVICE] [--python PATH] [--data FOLDER]
# Sees whether training on a GPU gives what training on the processor gives. Wants a libtorch with CUDA, such as the one of
# `pip install torch`, whose folder CMAKE_PREFIX_PATH names; builds without the window into build/gpu, trains every kind for two
# epochs on DEVICE (cuda) and on the processor, compares their figures, uses the runs in every command, provokes failures, and
# compares the speed with PyTorch's on the same device (PATH is the Python that has it). Takes about ten minutes. Exit status 1
# where something is wrong; each line of the outcome says what was looked at.
#
# --device cpu goes through the same steps without a GPU: it tests this script.
set -euo pipefail

device=cuda
python=/usr/bin/python3
data=/usr/share/datasets/fashion-mnist
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=$2 ;;
    --python) python=$2 ;;
    --data) data=$2 ;;
    *)
      sed -n '2,10p' "$0" >&2
      exit 2
      ;;
  esac
  shift 2
done
project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=$project/build/gpu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

good() { printf 'good:  %s\n' "$*"; }
wrong() {
  printf 'wrong: %s\n' "$*"
  failed=1
}

mkdir -p "$build"
if ! { cmake -S "$project" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLATENTOSCOPE_UI=OFF -DLATENTOSCOPE_TESTS=OFF \
  -DLATENTOSCOPE_BENCHMARKS=OFF && cmake --build "$build" --target latentoscope; } >"$build/log" 2>&1; then
  tail -n 30 "$build/log"
  wrong "the build; the whole log is $build/log"
  exit 1
fi
program=$build/latentoscope
"$program" info
"$program" info | grep -E '^devices' | grep -q "$device" || {
  wrong "libtorch sees no $device here"
  exit 1
}

check() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@" >"$folder/said" 2>&1; then good "$what"; else wrong "$what: $(tail -n 3 "$folder/said")"; fi
}

# evaluate's figures of two runs, each within a thousandth of the other.
alike() { # NAME RUN RUN
  check "$1" "$python" "$project/tests/slow/alike_figures.py" "$folder/$2.json" "$folder/$3.json"
}

train() { # RUN DEVICE ARGUMENT...
  local run=$1 on=$2
  shift 2
  "$program" "$@" --set training.epochs=2 --seed 1 --data "$data" --device "$on" --out "$folder/$run" >"$folder/$run.log" 2>&1 ||
    { tail -n 3 "$folder/$run.log"; wrong "training $run"; return 1; }
  "$program" evaluate "$folder/$run" --data "$data" --split test --json >"$folder/$run.json"
}

for preset in report-autoencoder report-vae autoencoder vae; do
  train "$preset-gpu" "$device" train --preset "$preset" && train "$preset-cpu" cpu train --preset "$preset" &&
    alike "$preset: figures after two epochs as the processor's" "$preset-gpu" "$preset-cpu"
done
train classes-gpu "$device" fine-tune "$folder/report-autoencoder-cpu" --preset report-fine-tune --set model.dropout=0 &&
  train classes-cpu cpu fine-tune "$folder/report-autoencoder-cpu" --preset report-fine-tune --set model.dropout=0 &&
  alike "classifier: figures after two epochs as the processor's" classes-gpu classes-cpu
train norm-gpu "$device" train --preset report-autoencoder --set model.batch_norm=true &&
  train norm-cpu cpu train --preset report-autoencoder --set model.batch_norm=true &&
  alike "batch normalisation: figures after two epochs as the processor's" norm-gpu norm-cpu

run=$folder/vae-gpu
check "encode" "$program" encode "$run" --data "$data" --out "$folder/codes.npy"
check "project" "$program" project "$folder/codes.npy" --method pca --out "$folder/picture.csv"
check "decode" "$program" decode "$folder/report-autoencoder-gpu" --code 0,0 --out "$folder/one.png"

# A failure is one line with a reason, and leaves no half-written run.
refused() { # WHAT COMMAND...
  local what=$1 status=0
  shift
  timeout 300 "$@" >"$folder/out" 2>"$folder/err" || status=$?
  if [ "$status" -eq 0 ] || [ "$status" -gt 2 ] || [ "$(wc -l <"$folder/err")" -lt 1 ]; then
    wrong "$what: exit status $status: $(tail -n 1 "$folder/err")"
  else
    good "$what: $(tail -n 1 "$folder/err")"
  fi
}
refused "a device that is not there" "$program" train --preset report-autoencoder --data "$data" --device cuda:99 --out "$folder/x"
refused "no device visible" env CUDA_VISIBLE_DEVICES= "$program" train --preset report-autoencoder --data "$data" --device cuda --out "$folder/x"
if [ "$device" != cpu ]; then
  # Another program holds all memory of the GPU but a little, and then all of it.
  "$python" - "$folder/full" <<'PYTHON' &
import sys, time, torch
held, size = [], 1 << 30
while size >= 1 << 20:
    try:
        held.append(torch.empty(size, dtype=torch.uint8, device="cuda"))
    except RuntimeError:
        size //= 2
open(sys.argv[1], "w").close()
time.sleep(120)
PYTHON
  filler=$!
  for _ in $(seq 1 60); do
    [ ! -e "$folder/full" ] || break
    sleep 1
  done
  refused "no memory left on the GPU" "$program" train --preset report-autoencoder --data "$data" --device "$device" --out "$folder/full-run"
  kill "$filler" 2>/dev/null || true
  wait "$filler" 2>/dev/null || true
  train after-full "$device" train --preset report-autoencoder && good "training goes again once there is memory"
fi

# On the processor itself there is nothing to learn from it here.
[ "$device" = cpu ] || "$python" "$project/tests/benchmarks/compare_training.py" "$program" --python "$python" --data "$data" --device "$device" --rounds 2 ||
  wrong "the comparison with PyTorch"
if [ "$failed" -eq 0 ]; then echo "all good"; else echo "something is wrong, see above"; fi
exit "$failed"

# What Latentoscope takes from Debian. Sourced by setup.sh: one array a purpose, the same for every Debian, and beside it what
# one of them has under a name of its own.
# shellcheck shell=bash disable=SC2034

# Tools and headers to configure and build everything, tests included, so that one build folder serves run.sh and test.sh.
# OpenBLAS comes in its OpenMP build: the pthread build starts a second pool of threads that fights with libtorch's.
packages_build=(
  build-essential
  cmake
  ninja-build
  ccache
  libtorch-dev
  libopenblas0-openmp
  qt6-base-dev
  qt6-svg-dev
  libqcustomplot-dev
  libcli11-dev
  nlohmann-json3-dev
  zlib1g-dev
  libpng-dev
  libssl-dev
  libfftw3-dev
  libhiredis-dev
  libopencv-imgproc-dev
  libopencv-imgcodecs-dev
  libarchive-dev
  libgtest-dev
  libgmock-dev
  libbenchmark-dev
)

# What the built program needs besides the libraries it is linked to: the data, a font for figures, SVG icons and exports,
# and Qt's way to a Wayland desktop.
packages_run=(
  dataset-fashion-mnist
  fonts-dejavu-core
  libqt6svg6
  qt6-qpa-plugins
  qt6-wayland
)
# Qt's reader of SVG icons is in a package of its own from 13 on.
packages_run_13=(qt6-svg-plugins)

# What only the tests use: checkers of style, PyTorch, NumPy and Optuna as independent readers and writers of the same files (and
# a way to have the newest Optuna beside the system's), a server for studies, a screen
# without a monitor with keyboard and mouse, and readers of pictures and PDF.
packages_test=(
  shellcheck
  python3
  python3-numpy
  python3-pil
  python3-torch
  python3-optuna
  python3-redis
  python3-venv
  locales
  redis-server
  xvfb
  xauth
  xdotool
  openbox
  imagemagick
  poppler-utils
)
# One version alone decides what is well formatted; where it is missing, that check is skipped by name.
packages_test_12=(clang-format-16 clang-tidy-16)
packages_test_13=(clang-tidy-19)

# The same in words, for systems whose packages have other names.
libraries_wanted='a C++20 compiler (GCC 12 or newer, or Clang 16), CMake 3.25 and Ninja;
libtorch 1.13 to 2.13 (PyTorch for C++; pip install torch has it too, see docs/building.md);
Qt 6.4 or newer: base, SVG with its image plug-in, Wayland; QCustomPlot 2.1 built for Qt 6;
CLI11, nlohmann JSON, zlib, libarchive, OpenCV (core, imgproc, imgcodecs), libpng, OpenSSL, FFTW in single precision (fftw3f), hiredis, each with its headers;
GoogleTest with GoogleMock; Google Benchmark (optional);
the font DejaVu Sans, and Fashion-MNIST as four IDX files (--data FOLDER says where they are)'
tools_wanted='for the tests besides: Python 3 with NumPy, PyTorch, Optuna and redis; redis-server; shellcheck, clang-tidy and
clang-format 16 (without them those checks are skipped); Xvfb with xauth, xdotool, openbox; ImageMagick; poppler (pdftotext)'

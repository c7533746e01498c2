# What Latentoscope takes from Debian 12. Sourced by setup.sh; one array a purpose.
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

# What only the tests use: checkers of style, PyTorch, NumPy and Optuna as independent readers and writers of the same files, a
# server for studies, a screen without a monitor with keyboard and mouse, and readers of pictures and PDF.
packages_test=(
  clang-format-16
  clang-tidy-16
  shellcheck
  python3
  python3-numpy
  python3-torch
  python3-optuna
  python3-redis
  redis-server
  xvfb
  xauth
  xdotool
  openbox
  imagemagick
  poppler-utils
)

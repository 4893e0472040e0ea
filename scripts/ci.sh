#!/usr/bin/env bash
# Every check, by stage; people and CI run the same ones: scripts/ci.sh <stage>...
#
#   build     build the wheel and install it, with the test and lint tools, into the active environment
#   lint      ruff, mypy, clang-format, house rules
#   format    rewrite the sources as lint wants them
#   cpp       C++ tests, built as the wheel is, warnings as errors
#   sanitize  the same under the address and undefined-behaviour sanitizers
#   tsan      the same under the thread sanitizer (not part of all)
#   wheel     the wheel alone, in an environment with nothing else, verifies and scores
#   contracts what talks to other packages, against the real ones, in environments of their own
#   stubs     the engine's stub against the engine
#   python    every Python test, on the installed package
#   all       build lint stubs cpp sanitize wheel contracts python
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${PYVERIFY_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$jobs}
wheels=build/wheel

cxx_sources() { find csrc tests/cpp tests/fuzz -name '*.cpp' -o -name '*.hpp' | sort; }

wheel_file() {
  local found=("$wheels"/pyverify-*.whl)
  [[ -f ${found[0]} ]] || { echo "no wheel in $wheels: run scripts/ci.sh build first" >&2; exit 1; }
  echo "$PWD/${found[0]}"
}

stage_build() {
  rm -rf "$wheels"
  python -m pip wheel --quiet --no-deps --wheel-dir "$wheels" .
  local wheel
  wheel=$(wheel_file)
  # The version stays the same between two edits: pip must be told to replace what is installed.
  python -m pip install --quiet --no-deps --force-reinstall "$wheel"
  python -m pip install --quiet "${wheel}[test,lint]"
}

stage_lint() {
  ruff check .
  ruff format --check .
  mypy
  cxx_sources | xargs clang-format --dry-run --Werror
  local broken=0
  while read -r lines file; do
    if [[ $file != total && $lines -gt 400 ]]; then
      echo "$file: $lines lines; split it by theme (400 at most)" >&2
      broken=1
    fi
  done < <(find bench csrc pyverify scripts tests trainers \( -name '*.cpp' -o -name '*.hpp' -o -name '*.py' \) \
    -exec wc -l {} +)
  # Verdicts depend on no clock, locale or stream, and nothing in the engine backtracks.
  if grep -rnE '#include <(regex|iostream|locale|chrono|ctime|random)>' csrc/src csrc/include; then
    echo "the engine includes none of these" >&2
    broken=1
  fi
  return "$broken"
}

stage_format() {
  ruff check --fix .
  ruff format .
  cxx_sources | xargs clang-format -i
}

run_cpp() {
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" --parallel "$jobs"
  ctest --preset "$1"
}
stage_cpp() { run_cpp release; }
stage_sanitize() { run_cpp asan; }
stage_tsan() { run_cpp tsan; }

stage_wheel() {
  local bare
  bare=$(mktemp -d)
  python -m venv "$bare"
  "$bare/bin/python" -m pip install --quiet --no-index --no-deps "$(wheel_file)"
  (
    cd "$bare"
    bin/python -c 'import pyverify; assert pyverify.verify(r"\boxed{0.5}", gold="1/2")'
    bin/pyverify --version
  )
  rm -rf "$bare"
}

# Packages into the environment of PYTHON: by uv where it is installed, which takes a fraction of
# pip's time. Most of what is installed is never imported; to compile it would take as long again.
install() {
  local python=$1
  shift
  if command -v uv >/dev/null; then
    uv pip install --quiet --python "$python" "$@"
  else
    "$python" -m pip install --quiet --no-compile "$@"
  fi
}

# Tests against real packages in an environment of their own: contract REQUIREMENTS MODULES TESTS...
# It fails where a package doesn't install: a test that is skipped here would be run nowhere.
contract() {
  local own torch requirements=tests/contract/$1 modules=$2
  # What is imported is compiled once, whatever the caller wants elsewhere.
  local -x PYTHONDONTWRITEBYTECODE=
  shift 2
  own=$(mktemp -d)
  echo "-- $requirements (after $SECONDS s)"
  python -m venv "$own"
  # By pip in any case: its settings say which build.
  torch=$(grep '^torch==' "$requirements" || true)
  [[ -z $torch ]] || "$own/bin/python" -m pip install --quiet --no-compile "$torch"
  install "$own/bin/python" "$(wheel_file)" pytest hypothesis --requirement "$requirements"
  # What declares pins that nobody else can live with.
  if [[ -f ${requirements%.txt}.alone ]]; then
    install "$own/bin/python" --no-deps --requirement "${requirements%.txt}.alone"
  fi
  (cd / && "$own/bin/python" -c "import $modules")
  # How others spell their strings shows when they are compiled, and is no fault here.
  "$own/bin/python" -m pytest -q -W "ignore:invalid escape sequence" "$@"
  rm -rf "$own"
}

stage_contracts() {
  contract trackers.txt "matplotlib, tensorboard, tensorboardX, trackio, wandb" \
    tests/unit/test_monitor_cli.py tests/unit/test_monitor_logs.py
  contract graders.txt math_verify tests/graders
  contract lm_eval.txt "datasets, lm_eval" tests/contract/test_{lm_eval,tasks_hub}.py
  contract opencompass.txt opencompass.tasks tests/contract/test_opencompass.py
  contract rlpr.txt "accelerate, peft, torchao, transformers, trl, uvicorn, openrlhf.utils.agent" \
    tests/contract/test_rlpr_{splice,page,model,wrapped,trl,openrlhf}.py \
    tests/contract/test_openrlhf_{reward,doctor,recipes}.py \
    tests/contract/test_trl_{grpo,async_grpo,dynamic,doctor,recipes}.py
  PYVERIFY_KILLS=20 contract verl.txt "ray, verl, transfer_queue" -m "not slow" \
    tests/contract/test_verl_*.py tests/contract/test_ray.py tests/shards
  contract vllm.txt vllm tests/contract/test_rlpr_vllm.py tests/rlpr/scorers/test_vllm_engine.py
  [[ -n ${PYVERIFY_CHROMIUM:-} ]] || command -v chromium >/dev/null ||
    { echo "the report is tried in a browser: install chromium, or set PYVERIFY_CHROMIUM" >&2; exit 1; }
  contract browser.txt "jinja2, playwright" tests/page/test_browser.py
}

stage_stubs() {
  # Outside the checkout, where the name pyverify means the installed package.
  local root=$PWD
  (cd / && python -m mypy.stubtest pyverify._core --mypy-config-file "$root/pyproject.toml" \
    --allowlist "$root/tests/typing/stubtest_allowlist.txt")
}

stage_python() { PYVERIFY_WHEEL=$(wheel_file) pytest; }

[[ $# -gt 0 ]] || set -- all
for stage in "$@"; do
  case $stage in
    all) "$0" build lint stubs cpp sanitize wheel contracts python ;;
    build | lint | format | stubs | cpp | sanitize | tsan | wheel | contracts | python)
      echo "== $stage (after $SECONDS s)"
      "stage_$stage"
      ;;
    *)
      sed -n '2,/^set -/p' "$0" | sed '$d' >&2
      exit 2
      ;;
  esac
done

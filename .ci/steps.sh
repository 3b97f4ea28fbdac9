# Sourced by the scripts beside it: steps that all run, and one verdict at the end.
# shellcheck shell=sh
failed=
left_out=

# step TITLE COMMAND...: a failure is remembered, and the next step runs all the same.
step() {
    title=$1
    shift
    printf '\n== %s\n' "$title"
    "$@" </dev/null || failed="$failed${failed:+, }$title"
}

# beside FUNCTION: its steps run while others do; what they say comes with catch_up.
beside() {
    echo "$1" >.venv/failed-beside # where it does not come to its end
    {
        # shellcheck disable=SC2030 # what fails there is told by a file
        failed=
        "$1"
        printf '%s' "$failed" >.venv/failed-beside
    } >.venv/said-beside 2>&1 &
}

catch_up() {
    wait
    cat .venv/said-beside
    others=$(cat .venv/failed-beside)
    # shellcheck disable=SC2031 # as above
    failed="$others${others:+${failed:+, }}$failed"
}

# leave_out TEXT: what could not be run here, said at once and again with the verdict.
leave_out() {
    printf '\n!! NOT RUN: %s\n' "$1"
    left_out="$left_out
!! NOT RUN: $1"
}

lint_and_types() {
    step "ruff format" .venv/bin/ruff format --check .
    step "ruff check" .venv/bin/ruff check .
    step "mypy" .venv/bin/mypy
}

# Holes that others know of in what we use, and that a scanner finds in what we wrote.
security() {
    step "bandit" .venv/bin/bandit --quiet --recursive --configfile pyproject.toml kiosk printers
    printf '\n== pip-audit\n'
    audited=0
    .venv/bin/python .ci/audit.py </dev/null || audited=$?
    case $audited in
    0) ;;
    3) leave_out "the search for known vulnerabilities, since no advisory service answers" ;;
    *) failed="$failed${failed:+, }pip-audit" ;;
    esac
}

verdict() {
    printf '\n%s\n' "------------------------------------------------------------------------$left_out"
    if [ -n "$failed" ]; then
        echo "FAILED: $failed"
        exit 1
    fi
    echo "PASSED"
}

# Sourced by the scripts beside it: Debian packages, where they are missing and can be installed.
# shellcheck shell=sh

# install_debian PACKAGE...: true once they are installed, false where that cannot be done here.
install_debian() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        return 1
    fi
    echo "Installing with apt-get: $*"
    # A fresh image has no package lists, so installing comes second. Another apt may hold the lock for a while.
    # shellcheck disable=SC2086 # as_root is no word or two
    $as_root apt-get -q -q -o DPkg::Lock::Timeout=300 update </dev/null >/dev/null &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -q -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" </dev/null >/dev/null
}

# has COMMAND...: true when one of them is there.
has() {
    for command in "$@"; do
        if command -v "$command" >/dev/null; then return 0; fi
    done
    return 1
}

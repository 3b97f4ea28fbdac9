# Sourced by install and uninstall: what stands where, and how a step is said and done.
# shellcheck shell=sh disable=SC2034 # the names are those scripts'

# Beneath which everything stands; empty for this machine.
root=
is_dry=
changes=0

program=/opt/ion-kiosk
# Each program stands in a folder of its own, named by what it was made of; $program is a link to the one in use.
programs=/opt/ion-kiosk.d
configuration=/etc/ion-kiosk
data=/var/lib/ion-kiosk
policy=/etc/chromium/policies/managed/ion-kiosk.json

# SOURCE TARGET MODE, a line each; what only the touchscreen needs comes second.
files() {
    cat <<END
ion-kiosk.sysusers /etc/sysusers.d/ion-kiosk.conf 644
ion-kiosk.tmpfiles /etc/tmpfiles.d/ion-kiosk.conf 644
70-ion-kiosk.rules /etc/udev/rules.d/70-ion-kiosk.rules 644
ion-kiosk.sysctl /etc/sysctl.d/70-ion-kiosk.conf 644
ion-kiosk.watchdog /etc/systemd/system.conf.d/ion-kiosk.conf 644
ion-kiosk.service /etc/systemd/system/ion-kiosk.service 644
kiosk /usr/local/sbin/kiosk 755
END
}
browser_files() {
    echo "ion-kiosk-browser.service /etc/systemd/system/ion-kiosk-browser.service 644"
}
ipp_usb_file() {
    echo "ipp-usb.conf /etc/systemd/system/ipp-usb.service.d/ion-kiosk.conf 644"
}

stop() {
    echo "$0: $*" >&2
    exit 1
}

# usage: the comment at the top of the script that was called.
usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit "$1"
}

# act TEXT COMMAND...: says what is changed and does it, or only says it.
act() {
    changes=$((changes + 1))
    if [ "$is_dry" ]; then
        echo "would: $1"
        return 0
    fi
    echo "$1"
    shift
    "$@"
}

note() {
    echo "$*"
}

# Whether systemd runs here and is the one that is installed for.
is_running() {
    [ -z "$root" ] && [ -d /run/systemd/system ]
}

needs_root() {
    [ "$root" ] || [ "$is_dry" ] || [ "$(id -u)" -eq 0 ] || stop "run it as root: sudo $0"
}

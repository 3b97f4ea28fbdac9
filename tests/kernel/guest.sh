#!/bin/sh
# The second program, on this machine's files: udev with the kiosk's rules, then the cases, then power off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir /dev/pts
mount -t devpts pts /dev/pts
mount -t configfs config /sys/kernel/config
cd "$(dirname "$0")/../.." || exit
mkdir -p /run/udev/rules.d
cp systemd/70-ion-kiosk.rules /run/udev/rules.d/
for udevd in /lib/systemd/systemd-udevd /usr/lib/systemd/systemd-udevd; do
    if [ -x "$udevd" ]; then "$udevd" --daemon && break; fi
done
# The words of the kernel's command line after "--" became this script's environment: see machine.py.
"$KERNEL_PYTHON" -m pytest -q --color=no -p no:cacheprovider -p no:hypothesispytest \
    tests/kernel/cases.py tests/kernel/printer_cases.py
echo "VERDICT $?"
sync
echo o >/proc/sysrq-trigger
sleep 60

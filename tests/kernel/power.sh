#!/bin/sh
# The second program where the power is cut: the disk that forgets, then the kiosk with somebody at work, then power off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mkdir -p /run/state
mount -t ext4 /dev/vda /run/state || echo "BROKEN the disk cannot be mounted"
cd "$(dirname "$0")/../.." || exit
# The words of the kernel's command line became this script's environment: see machine.py.
"$KERNEL_PYTHON" -m tests.kernel.power_work "$KIOSK_CONFIG" "$KIOSK_SERVICE" "$KIOSK_BOOT" "$KIOSK_IS_LAST"
umount /run/state
echo "VERDICT $?"
echo o >/proc/sysrq-trigger
sleep 60

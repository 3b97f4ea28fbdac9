#!/bin/busybox sh
# The first program of the virtual machine: mounts this machine's files read-only, with a layer in memory on top.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
# shellcheck disable=SC2086 # a module may have a parameter
while read -r module; do insmod /modules/$module || echo "insmod $module failed"; done </order
mount -t tmpfs memory /memory
mkdir /memory/upper /memory/work
# A Debian of its own, packed into a disk, where the kernel's command line names that.
[ -z "${KIOSK_ROOT:-}" ] || mount -t ext4 -o ro "$KIOSK_ROOT" /lower
[ -n "${KIOSK_ROOT:-}" ] || mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose root /lower
mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work overlay /new
for folder in dev proc sys run tmp; do mkdir -p "/new/$folder"; done
# The network that QEMU makes, where it makes one: this machine is 10.0.2.2 in it.
ip link set lo up
if ip link set eth0 up 2>/dev/null; then ip addr add 10.0.2.15/24 dev eth0; fi
umount /proc
mount --move /dev /new/dev
exec switch_root /new /bin/sh "$(cat /guest)" </dev/console >/dev/console 2>&1

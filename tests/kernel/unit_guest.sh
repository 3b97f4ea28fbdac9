#!/bin/sh
# The second program of the machine in which the kiosk is installed: systemd.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec /lib/systemd/systemd --show-status=false

#!/bin/sh
# What systemd's timers do elsewhere, in a container: looks at the clock once a minute.
set -u

run() { python manage.py "$@" || echo "manage.py $1 failed" >&2; }

trap 'exit 0' TERM INT
while :; do
    now=$(date +%u:%H:%M)
    case $now in
    *:02:15) run backup "/backups/tracker-$(date +%F).backup" ;;
    7:03:30) run check_links ;;
    esac
    case $now in
    *[05]) run send_digests ;;
    esac
    # Until the next minute begins; a job that took longer than one has skipped the others.
    sleep $((60 - $(date +%-S))) &
    wait $!
done

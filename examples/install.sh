#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the packages of packages.txt that are missing; touches no network when none is. "full" takes all of them.
set -eu
list=$(dirname "$0")/packages.txt
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "No apt-get here: install what corresponds to $list yourself." >&2
    exit 0
fi
missing=
while read -r package mark; do
    case $package in '' | '#'*) continue ;; esac
    [ "$mark" = "" ] || [ "${1:-}" = full ] || continue
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done <"$list"
[ -n "$missing" ] || exit 0
echo "Installing:$missing"
if [ "$(id -u)" -eq 0 ]; then
    sudo=
else
    sudo=sudo
fi
# shellcheck disable=SC2086
$sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing

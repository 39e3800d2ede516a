#!/bin/sh
# Installs what some tests need beside Python and Node: clamd, Chromium, nginx, c-icap. Nothing is left running;
# the tests start their own, with their own settings, on free ports.
set -eu

PACKAGES="clamav-daemon chromium nginx-light openssl fonts-dejavu-core c-icap libc-icap-mod-virus-scan"
POLICY=/usr/sbin/policy-rc.d

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() {
    dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

put_policy_back() {
    as_root rm -f "$POLICY"
    if [ -e "$POLICY.before" ]; then as_root mv "$POLICY.before" "$POLICY"; fi
}

command -v apt-get >/dev/null || { echo "There is no apt-get here. Please install: $PACKAGES" >&2; exit 1; }

wanted=""
for package in $PACKAGES; do
    is_installed "$package" || wanted="$wanted $package"
done
if [ -z "$wanted" ]; then
    echo "Installed already: $PACKAGES"
    exit 0
fi

as_root apt-get update -q -o Acquire::Retries=3

# A package's own script would start its daemon: nginx would take port 80, freshclam the network.
trap put_policy_back EXIT
trap 'exit 130' INT TERM
if [ -e "$POLICY" ]; then as_root mv "$POLICY" "$POLICY.before"; fi
printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
as_root chmod 755 "$POLICY"

# shellcheck disable=SC2086  # the list is words
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $wanted

# Nor at the next boot, unless somebody had installed it before.
if [ -d /run/systemd/system ]; then
    for package in $wanted; do
        case $package in
            nginx-light) as_root systemctl disable -q nginx ;;
            c-icap) as_root systemctl disable -q c-icap ;;
            clamav-daemon) as_root systemctl disable -q clamav-daemon clamav-freshclam ;;
        esac
    done
fi
echo "Installed:$wanted"

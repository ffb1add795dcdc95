#!/usr/bin/env bash
# The review page and the report of `check` in a real Chromium. Needs node and npm (playwright-core and axe-core are fetched into a temporary
# folder) and Chromium (CHROMIUM, /usr/bin/chromium by default). The program is the argument or DUIZHAO. SHOTS names a
# folder for screenshots.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
duizhao="$(realpath -m "${1:-${DUIZHAO:-$root/target/quick/duizhao}}")"
[ -x "$duizhao" ] || { echo "no program at $duizhao: build it, or name it" >&2; exit 2; }
chromium="${CHROMIUM:-/usr/bin/chromium}"
[ -x "$chromium" ] || { echo "no Chromium at $chromium: install the package chromium, or set CHROMIUM" >&2; exit 2; }
desk="$(mktemp -d)"
trap 'rm -rf "$desk"' EXIT
cp "$root"/tests/browser/*.mjs "$desk"
mkdir "$desk/tmp"
cd "$desk"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --silent --no-audit --no-fund --no-save playwright-core@1.65.1 axe-core@4.14.1 >/dev/null
for test in review spoken hostile report; do
  TMPDIR="$desk/tmp" DUIZHAO="$duizhao" CHROMIUM="$chromium" SAMPLES="$root/data/samples" SHOTS="${SHOTS:-}" \
    timeout -k 5 300 node "$test.mjs"
done

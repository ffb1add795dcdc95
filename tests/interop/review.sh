#!/usr/bin/env bash
# The review page in a real Chromium. Needs: node, npm (playwright-core is fetched into a temporary folder), and
# Chromium (CHROMIUM, /usr/bin/chromium by default). DUIZHAO names the program. SHOTS names a folder for screenshots.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
duizhao="${DUIZHAO:-$root/target/quick/duizhao}"
[ -x "$duizhao" ] || { echo "no program at $duizhao: build it or set DUIZHAO" >&2; exit 2; }
desk="$(mktemp -d)"
trap 'rm -rf "$desk"' EXIT
cp "$root"/tests/browser/*.mjs "$desk"
cd "$desk"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --silent --no-audit --no-fund --no-save playwright-core@1 >/dev/null
for test in review hostile; do
  DUIZHAO="$duizhao" CHROMIUM="${CHROMIUM:-/usr/bin/chromium}" SAMPLES="$root/data/samples" SHOTS="${SHOTS:-}" \
    node "$test.mjs"
done

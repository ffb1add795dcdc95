#!/usr/bin/env bash
# Validates TMX files against the DTD of TMX 1.4: xmllint.sh FILE.tmx…
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for file in "$@"; do
    xmllint --nonet --noout --dtdvalid "$here/tmx14.dtd" "$file"
    echo "PASS $file is valid TMX 1.4"
done

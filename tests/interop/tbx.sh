#!/bin/bash
# Our TBX is well-formed and translate-toolkit reads version 2. Needs: xmllint (libxml2-utils), python3 with
# translate-toolkit. TBX_SCHEMAS names a folder with TBXcoreStructV03.rng and TBXcoreStructV02.dtd of the TBX
# standard, against which the files are then validated; the schemas are not ours to redistribute.
# Usage: tests/interop/tbx.sh [DUIZHAO]
set -euo pipefail
duizhao=$(realpath "${1:-target/release/duizhao}")
desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
cd "$desk"
printf 'zh-CN,en-US,en-US forbidden,domain,part-of-speech,note\n条约,treaty | pact,bargain,law,noun,a <b> & c\n主席,Chair,,,,\n' > terms.csv
"$duizhao" terms convert terms.csv three.tbx
"$duizhao" terms convert terms.csv two.tbx --to tbx2
xmllint --noout --nonet three.tbx
xmllint --noout --nonet two.tbx
if [ -n "${TBX_SCHEMAS:-}" ]; then
    xmllint --noout --nonet --relaxng "$TBX_SCHEMAS/TBXcoreStructV03.rng" three.tbx
    xmllint --noout --nonet --dtdvalid "$TBX_SCHEMAS/TBXcoreStructV02.dtd" two.tbx
fi
python3 - <<'P'
from translate.storage import tbx
store = tbx.tbxfile(open("two.tbx", "rb"), sourcelanguage="zh-CN", targetlanguage="en-US")
pairs = {(u.source, u.target) for u in store.units}
assert ("条约", "treaty") in pairs and ("主席", "Chair") in pairs, pairs
P
for file in three.tbx two.tbx; do
    "$duizhao" terms convert "$file" back.csv
    "$duizhao" terms convert terms.csv again.csv
    cmp <(cut -d, -f2- back.csv) <(cut -d, -f2- again.csv)
done
echo "TBX: fine"

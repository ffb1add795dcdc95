#!/usr/bin/env bash
# What we write in XLIFF, PO, HTML and TMX is read by others. Needs xmllint (libxml2-utils) and python3 with
# translate-toolkit. XLIFF_SCHEMAS names a folder with xliff-core-1.2-strict.xsd and xliff_core_2.0.xsd of the OASIS
# standards (below it, in folders xliff and xliff2.0) and a catalog.xml for the schema of xml:space; with it the files
# are validated too. The schemas are not ours to redistribute. Usage: formats.sh PATH/TO/duizhao
set -euo pipefail
duizhao=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
cd "$desk"
"$duizhao" align -q "$root/data/samples/A-61-1006.zh.txt" "$root/data/samples/A-61-1006.en.txt" -o letter.jsonl
printf 'source,target,id\n"a & <b> ""c""\nd\te",甲 & <乙> “丙”𠮷,1\n="1+1",一,2\na & <b>,甲,3\na & <b>,乙,4\n' > hard.csv
# Tags of others, from TMX and XLIFF.
cat > tags.tmx <<'T'
<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="zh-CN" datatype="xml"/>
<body><tu tuid="1" creationdate="20260101T000000Z"><tuv xml:lang="zh-CN"><seg>甲<bpt i="1" type="bold">&lt;b&gt;</bpt>乙<ept i="1">&lt;/b&gt;</ept><ph x="2" type="a b:c">&lt;br/&gt;</ph><it pos="end" x="3">&lt;/i&gt;</it></seg></tuv>
<tuv xml:lang="en-US"><seg>a <hi type="x" x="5">b</hi></seg></tuv></tu></body></tmx>
T
cat > tags.xlf <<'T'
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="zh-CN" target-language="en-US" datatype="html"><body>
<trans-unit id="1"><source>甲<g id="1" ctype="bold">乙<x id="2"/></g><bx id="3" rid="1"/>丙<ex id="4" rid="1"/></source><target state="new">a<g id="1" ctype="bold">b<x id="2"/></g></target></trans-unit></body></file></xliff>
T
export XML_CATALOG_FILES="${XLIFF_SCHEMAS:+$XLIFF_SCHEMAS/catalog.xml}"
for file in letter.jsonl hard.csv tags.tmx tags.xlf; do
    name=${file%.*}-${file##*.}
    for extension in xlf xliff po tmx html; do
        "$duizhao" convert -q "$file" "$name.$extension"
    done
    for extension in xlf xliff tmx; do
        xmllint --nonet --noout "$name.$extension"
    done
    xmllint --nonet --noout --dtdvalid "$root/tests/interop/tmx14.dtd" "$name.tmx"
    xmllint --nonet --noout --html "$name.html" 2>&1 | grep -v "Tag footer invalid\|<footer>\|^ *^$" && exit 1
    if [ -n "${XLIFF_SCHEMAS:-}" ]; then
        xmllint --nonet --noout --schema "$XLIFF_SCHEMAS/xliff/xliff-core-1.2-strict.xsd" "$name.xlf"
        xmllint --nonet --noout --schema "$XLIFF_SCHEMAS/xliff2.0/xliff_core_2.0.xsd" "$name.xliff"
    fi
    "$duizhao" convert -q "$file" "$name.tsv"
done
python3 - <<'P'
import csv
from translate.storage import po, poxliff, tmx, xliff
for name in ["letter-jsonl", "hard-csv"]:
    escapes = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    def field(text):
        out, k = "", 0
        while k < len(text):
            if text[k:k + 2] in escapes:
                out += escapes[text[k:k + 2]]
                k += 2
            else:
                out += text[k]
                k += 1
        return out
    rows = [line.rstrip("\n").split("\t") for line in open(name + ".tsv", encoding="utf-8")][1:]
    pairs = [(field(r[0]), field(r[1])) for r in rows]
    both = [p for p in pairs if p[0] and p[1]]
    units = xliff.xlifffile.parsefile(name + ".xlf").units
    assert [(u.source or "", u.target or "") for u in units] == pairs, name
    units = [u for u in po.pofile.parsefile(name + ".po").units if not u.isheader()]
    assert [(str(u.source), str(u.target or "")) for u in units] == [p for p in pairs if p[0]], name
    units = tmx.tmxfile(open(name + ".tmx", "rb"), sourcelanguage="zh-CN", targetlanguage="en-US").units
    assert len(units) == len(both), (name, len(units), len(both))
    print(name, len(pairs), "pairs")
P
if command -v msgfmt > /dev/null; then
    for file in *.po; do msgfmt --check-format -o /dev/null "$file"; done
fi
echo "formats: fine"

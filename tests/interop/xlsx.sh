#!/usr/bin/env bash
# openpyxl reads our workbook: every pair, the frozen header, the list of statuses, no formula.
# Needs python3 with openpyxl. Usage: xlsx.sh PATH/TO/duizhao
set -euo pipefail
duizhao=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
"$duizhao" align -q "$root/data/samples/A-61-1006.zh.txt" "$root/data/samples/A-61-1006.en.txt" \
    -o "$desk/letter.xlsx" -o "$desk/letter.csv"
"$duizhao" convert -q "$desk/letter.xlsx" "$desk/back.csv"
python3 - "$desk" <<'P'
import csv, sys
import openpyxl
sheet = openpyxl.load_workbook(sys.argv[1] + "/letter.xlsx").active
rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
with open(sys.argv[1] + "/letter.csv", newline="", encoding="utf-8") as file:
    expected = list(csv.reader(file))
undisarm = lambda text: text[1:] if text.startswith("'") else text
assert [[row[0] or "", row[1] or ""] for row in rows] == [[undisarm(row[0]), undisarm(row[1])] for row in expected]
assert sheet.freeze_panes == "A2", sheet.freeze_panes
assert "needs-review" in sheet.data_validations.dataValidation[0].formula1
assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
P
cmp <(cut -d, -f1-2 "$desk/letter.csv") <(cut -d, -f1-2 "$desk/back.csv")
echo "XLSX: fine"

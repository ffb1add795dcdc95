#!/usr/bin/env bash
# Aligns 200 documents on a Spark standalone cluster of a master and two workers on this machine, and compares with
# the program run alone. Needs Java 17 and python3 with pyspark. Usage: spark.sh PATH/TO/duizhao
set -euo pipefail
duizhao=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
desk=$(mktemp -d)
home=$(python3 -c 'import pyspark; print(pyspark.__path__[0])')
export SPARK_LOCAL_IP=127.0.0.1 SPARK_HOME="$home" SPARK_NO_DAEMONIZE=1 PYSPARK_PYTHON=python3
pids=()
# shellcheck disable=SC2317
clean() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$desk"
}
trap clean EXIT

python3 - "$desk/documents.jsonl" <<'P'
import json, sys
things = ["选举 election", "预算 budget", "决议 resolution", "条约 treaty", "会议 meeting"]
with open(sys.argv[1], "w", encoding="utf-8") as out:
    for k in range(200):
        zh, en = [], []
        for j in range(1 + k % 7):
            a, b = things[(k + j) % len(things)].split()
            zh.append(f"第{k}号文件谈到{a}，共有{k * 7 + j}页𠮷。")
            en.append(f"Document {k} speaks of the {b} and has {k * 7 + j} pages.")
        line = {"id": k, "source": "\n".join(zh) + "\n", "target": "\n".join(en) + "\n"}
        if k == 77:
            line["target"] = line["source"]  # an error of its own
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
P

java_class() { "$home/bin/spark-class" "$@" > "$desk/$(basename "$1")-$RANDOM.log" 2>&1 & pids+=($!); }
port=$((20000 + RANDOM % 20000))
java_class org.apache.spark.deploy.master.Master --host 127.0.0.1 --port $port --webui-port $((port + 1))
for _ in 1 2; do
    java_class org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 600M \
        --webui-port 0 -d "$desk/work" "spark://127.0.0.1:$port"
done
# Both workers are known to the master before the work starts.
for attempt in $(seq 60); do
    workers=$(python3 - "http://127.0.0.1:$((port + 1))/json/" <<'P' || true
import json, sys, urllib.request
try:
    print(json.load(urllib.request.urlopen(sys.argv[1], timeout=2))["aliveworkers"])
except OSError:
    print(0)
P
)
    [ "$workers" = 2 ] && break
    [ "$attempt" = 60 ] && { echo "the workers did not start"; cat "$desk"/*.log; exit 1; }
    sleep 1
done

"$home/bin/spark-submit" --master "spark://127.0.0.1:$port" --executor-memory 512M --driver-memory 512M \
    --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 \
    "$root/examples/spark/align.py" "file://$desk/documents.jsonl" "file://$desk/aligned" \
    --duizhao "$duizhao" --partitions 8 > "$desk/said" 2> "$desk/submit.log" || { cat "$desk/submit.log"; exit 1; }
grep -x "200 documents, 1 errors" "$desk/said"
"$duizhao" align --stream < "$desk/documents.jsonl" > "$desk/alone"
# The lines are the same; only the line numbers of errors count within a partition.
python3 - "$desk" <<'P'
import glob, json, sys
def lines(paths):
    rows = [json.loads(l) for p in paths for l in open(p, encoding="utf-8")]
    for row in rows:
        row.pop("line", None)
    return sorted(rows, key=lambda r: r["id"])
spark, alone = lines(glob.glob(sys.argv[1] + "/aligned/part-*")), lines([sys.argv[1] + "/alone"])
assert spark == alone and len(spark) == 200
P
echo "Spark: fine"

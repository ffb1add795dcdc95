"""Aligns documents on a Spark cluster: JSON lines in, JSON lines out, through `duizhao align --stream`.

    spark-submit --master spark://HOST:7077 align.py INPUT OUTPUT [--duizhao PATH] [--partitions N] [-- OPTIONS…]

INPUT is anything Spark reads as text (a folder, file:///…, hdfs://…, s3a://…), a line a pair of documents:
{"id": …, "source": "…", "target": "…"}, or source_path and target_path that every worker can read. OUTPUT is a new
folder. Lines with an "error" are counted and kept; docs/spark.md tells what to do with them.
"""

import argparse
import json
import shlex

from pyspark.sql import SparkSession


def is_error(line):
    return "error" in json.loads(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--duizhao", default="duizhao", help="where the program is on every worker")
    parser.add_argument("--partitions", type=int, default=0, help="0: as Spark cuts the input")
    parser.add_argument("options", nargs="*", help="further options of duizhao align, after --")
    arguments = parser.parse_args()

    spark = SparkSession.builder.appName("duizhao").getOrCreate()
    lines = spark.sparkContext.textFile(arguments.input)
    if arguments.partitions:
        lines = lines.repartition(arguments.partitions)
    # One thread a process: Spark already runs one process a core.
    command = [arguments.duizhao, "align", "--stream", "-q", "-j", "1", *arguments.options]
    # Without checkCode a program that dies goes unnoticed and its documents are missing.
    aligned = lines.pipe(shlex.join(command), checkCode=True)
    aligned.saveAsTextFile(arguments.output)

    done = spark.sparkContext.textFile(arguments.output)
    print(f"{done.count()} documents, {done.filter(is_error).count()} errors")
    spark.stop()


if __name__ == "__main__":
    main()

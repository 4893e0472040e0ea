"""Runs that are divided: parts that are scored anywhere, exactly once, and put together."""

from pyverify.evaluate.shards.manifest import Input, Manifest, Shard
from pyverify.evaluate.shards.merge import merge_folder, remove_parts
from pyverify.evaluate.shards.part import Job, score_part
from pyverify.evaluate.shards.plan import plan_shards
from pyverify.evaluate.shards.pool import PartError
from pyverify.evaluate.shards.run import Division, score_divided

__all__ = [
    "Division",
    "Input",
    "Job",
    "Manifest",
    "PartError",
    "Shard",
    "merge_folder",
    "plan_shards",
    "remove_parts",
    "score_divided",
    "score_part",
]

"""The judge of last resort: language models, for what the engine leaves ``undecided``.

It is off unless somebody builds a `Judge`. It needs the openai client (extra ``judge``) and a
server that speaks the OpenAI chat protocol, such as vLLM. An outage is ``unavailable``, never 0
or 1.

Models can be talked into things and may answer differently tomorrow: docs/judge.md says what is
done about it, and what can't be.
"""

from pyverify.judge.judge import Judge
from pyverify.judge.values import JudgeCounts, JudgeModel, ModelCounts, Opinion, Question, Vote

__all__ = ["Judge", "JudgeCounts", "JudgeModel", "ModelCounts", "Opinion", "Question", "Vote"]

"""Answers that are never sent, because judges fall for them or because there is nothing in them.

"Master keys" are texts without an answer that language models take for right ones: a colon, a full
stop, "Thought process:", "Let's solve this problem step by step.", "Solution" and their like in
other languages (Zhao et al., "One Token to Fool LLM-as-a-Judge", arXiv 2507.08794: false positives
up to 80-90 %). What is refused keeps its verdict and scores 0: if it abstained instead, a policy
could learn to dodge a loss.
"""

from __future__ import annotations

import re
import unicodedata

from pyverify.judge.keys import PHRASES, WORDS

__all__ = ["refusal"]

# Wrappers and spacing of LaTeX hold words, but are none.
_COMMANDS = re.compile(
    r"\\(?:text|textbf|textit|textrm|texttt|textsf|emph|mathrm|mathbf|mathit|mathsf|operatorname|"
    r"underline|boxed|fbox|mbox|hbox|quad|qquad|displaystyle|left|right|[,;:! ])(?![A-Za-z])"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# "Step 1" announces, "1" alone answers.
_NUMBERED = re.compile(r"\b(?:step|schritt|étape|paso|шаг)\s*\d{1,3}\b")
_NUMBERED_HAN = re.compile(
    r"第[0-9一二三四五六七八九十]{1,3}步|(?:步骤|步驟|ステップ|단계)\s*[0-9]{1,3}"
)
# Letters by the book, but nothing is to be seen of them.
_FILLERS = str.maketrans(dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800"))
_SIGNS = "∞∅"


def refusal(answer: str, most_chars: int) -> str:
    """Why an answer is never sent to a judge; "" if it may be.

    Args:
        answer: The extracted answer.
        most_chars: Characters an answer may have.

    Returns:
        A short reason for people, or "".

    Example:
        >>> refusal("Thought process:", 1000), refusal("three dogs", 1000)
        ('announces an answer and holds none', '')
    """
    if len(answer) > most_chars:
        return f"longer than {most_chars} characters"
    text = unicodedata.normalize("NFKC", answer.translate(_FILLERS))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = text.translate(_FILLERS).replace("’", "'").casefold()
    if not any(char.isalnum() or char in _SIGNS for char in text):
        return "holds no letter and no digit"
    if not any(char in _SIGNS for char in text) and _only_announces(text):
        return "announces an answer and holds none"
    return ""


def _only_announces(text: str) -> bool:
    rest = _NUMBERED_HAN.sub(" ", _NUMBERED.sub(" ", _COMMANDS.sub(" ", text)))
    for phrase in PHRASES:
        rest = rest.replace(phrase, " ")
    return all(word in WORDS for word in _WORD.findall(rest))

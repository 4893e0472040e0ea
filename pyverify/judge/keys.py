"""Words of "master keys": they announce, comment or praise an answer and are none.

No word that may well be an answer stands here: no letter for a variable, no yes, no, none, true.
"""

from __future__ import annotations

import unicodedata

__all__ = ["PHRASES", "WORDS"]

_ANNOUNCING = """
the answer answers is are was will be final result results solution solutions solve solved solving
problem question task exercise here below above following follows as given therefore thus hence so
then conclusion finally boxed
"""
_THINKING = """
let let's lets us me we i'll we'll begin start started first firstly step steps by of to for in and
this that it now ok okay alright sure well think thinking thought thoughts process reason reasoning
explanation explain analysis analyze consider carefully through work out find calculate compute need
can must break down together at hand detail details detailed approach how about understand
understanding know
"""
_PRAISING = """
correct right correctly indeed verified exactly same equal equals equivalent matches match with
reference gold ground truth standard expected verdict grade student student's my your please
"""
_OTHER_LANGUAGES = """
la le les el los il lo der die das est es ist é à por für este ce dieses
réponse respuesta resposta risposta antwort lösung solución solução soluzione
resultado résultat risultato ergebnis finale problème problema
pensée pensamiento raisonnement razonamiento paso pas étape schritt
vamos resolver lass lasst uns lösen
ответ решение шаг за шагом давайте решим эту задачу рассуждение мысли
đáp án lời giải cevap çözüm jawaban solusi الحل الجواب الإجابة
"""
# Scripts without spaces between words, or with marks that are no letters.
_PHRASES = """
让我们一步一步地思考 让我们一步一步思考 让我们一步步思考 让我们一步步解决这个问题
让我们逐步解决这个问题 让我们 讓我們 一步一步 一步步 逐步 思考过程 思考過程 思考 推理过程 推理 分析
过程 過程 解决 解決 这个 這個 问题 問題 最终 最終 答案 解答 解析 解法 解 答 结果 結果 结论 結論
所以 因此 首先 正确 正確 步骤 步驟 第 步 地 是 为 為 如下 的 这道题 题目 题 標準 标准 参考
かいせつ かいとう 解説 回答 答え こたえ ステップバイステップで ステップ 考えましょう 考えて
解きましょう 解いて みましょう 問題を この を は です の 最終的な
해설 정답 답변 답은 답 풀이 해결 과정 단계별로 단계 생각 문제를 문제 이 입니다 차근차근
풀어보자 풀어봅시다 봅시다 해 คำตอบ วิธีทำ समाधान उत्तर हल
"""

WORDS = frozenset(f"{_ANNOUNCING} {_THINKING} {_PRAISING} {_OTHER_LANGUAGES}".split())
# As the answer is normalised. The longest first: a part taken out too early would leave a rest.
PHRASES = tuple(sorted(unicodedata.normalize("NFKC", _PHRASES).split(), key=len, reverse=True))

"""Questions with and without their answer, in all languages, of several lengths, on large corpora and small.

Made of parallel SQuAD-style files, each in one language. In every set-up some passages are not there to be found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from corpus.document import Document, make_document
from corpus.splitting.passages import Split
from corpus.splitting.sentences import sentence_bounds
from eval.sets.question_set import Question, QuestionSet, make_passage
from eval.sets.selection import Selection
from eval.sets.squad import SquadFile, squad_set

SMALL = {1: 24, 3: 12, 15: 6}  # passages of a small corpus, and how many such corpora
MIXED = {6: 20, 15: 10, 40: 4}  # passages of a corpus in several languages, and how many such corpora
OF_SMALL = 12  # questions that a small corpus answers, of those that are asked of it; as many others
NEXT = 12  # questions further on one is asked of a neighbouring paragraph, mostly
SAMPLE = 400  # questions of sentences and of words; of paragraphs all are asked
SHORTEST, LONGEST = 2, 40  # characters of what is asked for by itself, as by someone who types a word or two


@dataclass(frozen=True, slots=True)
class Setup:
    """Passages and questions some of which they answer.

    Attributes:
        kind: what is left out, or what is asked of what.
        direction: the languages of questions and passages, `de->zh` for one.
        question_set: the questions, and the passages that are there.
    """

    kind: str
    direction: str
    question_set: QuestionSet


def make_setups(
    questions: SquadFile, passages: SquadFile, articles: tuple[int, int], split: Split, seed: int
) -> Iterator[Setup]:
    """Yield the set-ups of questions on passages.

    Args:
        questions: a SQuAD-style file, named like `xquad.de.json`.
        passages: the same, or one in another language with the same ids.
        articles: the first and the last that are taken, from 1.
        split: what cuts a document into passages.
        seed: of what is drawn.
    """
    direction = f"{language_of(questions.path)}->{language_of(passages.path)}"
    random = Random(f"{seed} {direction}")
    everything = squad_set(questions, [passages], Selection(articles))
    halves = squad_set(questions, [passages], Selection(articles, hold_out_paragraphs=2))
    kept = {each.document_id for each in halves.passages}
    others = {each.document_id for each in everything.passages} - kept
    of_sentences = sentences(everything)
    of_kept = {each.document_id for each in of_sentences.passages if paragraph_of(each.document_id) in kept}
    words = by_words(halves, squad_set(questions, selection=Selection(articles)))
    whole = [
        cut(squad_set(questions, [passages], Selection((number, number), hold_out_paragraphs=2)), split)
        for number in range(articles[0], articles[1] + 1)
    ]
    found = [
        ("paragraphs", halves),
        ("other paragraphs", part(everything, others)),
        ("articles", squad_set(questions, [passages], Selection(articles, hold_out=2))),
        ("documents", joined(whole)),
        *(("one document", each) for each in whole),
        ("sentences", sample(part(of_sentences, of_kept), random)),
        ("words", sample(words, random)),
    ]
    found += [
        (f"{size} passages", small(everything, size, random)) for size, times in SMALL.items() for _ in range(times)
    ]
    yield from (Setup(kind, direction, question_set) for kind, question_set in found)


def language_of(path: Path) -> str:
    """Return the language that a file's name says: `de` of `xquad.de.json`."""
    return path.stem.rpartition(".")[2]


def part(question_set: QuestionSet, kept: Collection[str]) -> QuestionSet:
    """Return a set with some of its passages, by their ids; what these do not answer has no answer there."""
    qrels = {
        each: here
        for each, relevant in question_set.qrels.items()
        if (here := {name: gain for name, gain in relevant.items() if name in kept})
    }
    passages = tuple(each for each in question_set.passages if each.document_id in kept)
    questions = tuple(
        replace(each, answerable=each.question_id in qrels, evidence=each.evidence if each.question_id in qrels else ())
        for each in question_set.questions
    )
    return QuestionSet(questions, passages, qrels, question_set.name)


def cut(question_set: QuestionSet, split: Split) -> QuestionSet:
    """Return a set whose passages are those of one document, all of another set's, cut as documents are.

    A question is answered by those in which its first answer stands.
    """
    starts, text = {}, ""
    for each in question_set.passages:
        starts[each.document_id] = len(text)
        text += each.text + "\n\n"
    passages = split(make_document(text, source=question_set.passages[0].document_id))
    qrels: dict[str, dict[str, int]] = {}
    for question in question_set.questions:
        for piece in question.evidence[:1]:
            start = starts[piece.source] + (piece.start or 0)
            end = start + len(piece.quote)
            relevant = {each.passage_id: 1 for each in passages if each.start < end and start < each.end}
            qrels[question.question_id] = relevant
    documents = tuple(make_passage(each.quote, each.passage_id, question_set.name) for each in passages)
    return QuestionSet(question_set.questions, documents, qrels, question_set.name)


def joined(question_sets: Sequence[QuestionSet]) -> QuestionSet:
    """Return one set of several whose passages and questions have different ids."""
    questions: list[Question] = []
    documents: list[Document] = []
    qrels: dict[str, Mapping[str, int]] = {}
    for each in question_sets:
        questions += each.questions
        documents += each.passages
        qrels |= each.qrels
    return QuestionSet(tuple(questions), tuple(documents), qrels, question_sets[0].name)


def sentences(question_set: QuestionSet) -> QuestionSet:
    """Return a set whose passages are the sentences of those of another.

    A question is answered by the one in which its first answer begins.
    """
    documents: dict[str, Document] = {}
    bounds = {each.document_id: list(sentence_bounds(each.text)) for each in question_set.passages}
    texts = {each.document_id: each.text for each in question_set.passages}
    for paragraph, spans in bounds.items():
        for number, (start, end) in enumerate(spans):
            name = f"{paragraph}/{number}"
            documents[name] = make_passage(texts[paragraph][start:end], name, question_set.name)
    qrels = {}
    for question in question_set.questions:
        for piece in question.evidence[:1]:
            for number, (start, end) in enumerate(bounds[piece.source]):
                if start <= (piece.start or 0) < end:
                    qrels[question.question_id] = {f"{piece.source}/{number}": 1}
    return QuestionSet(question_set.questions, tuple(documents.values()), qrels, question_set.name)


def paragraph_of(sentence: str) -> str:
    """Return the id of the paragraph that a sentence is from, by its own."""
    return sentence.rpartition("/")[0]


def by_words(question_set: QuestionSet, asked: QuestionSet) -> QuestionSet:
    """Return a set that asks for the words of the answer alone, in the language of the questions.

    Args:
        question_set: the questions, and the passages that are there.
        asked: the same questions on passages in their own language, all of which are there.
    """
    words = {each.question_id: each.evidence[0].quote for each in asked.questions if each.evidence}
    questions, qrels, seen = [], {}, set[str]()
    for question in question_set.questions:
        text = words.get(question.question_id, "")
        if text in seen or not SHORTEST <= len(text) <= LONGEST or sum(map(str.isalpha, text)) < SHORTEST:
            continue
        seen.add(text)
        holding = {each.document_id for each in question_set.passages if text.casefold() in each.text.casefold()}
        relevant = holding | set(question_set.qrels.get(question.question_id, {}))
        if relevant:
            qrels[question.question_id] = dict.fromkeys(relevant, 1)
        questions.append(replace(question, text=text, answerable=bool(relevant), evidence=()))
    return QuestionSet(tuple(questions), question_set.passages, qrels, question_set.name)


def small(question_set: QuestionSet, size: int, random: Random) -> QuestionSet:
    """Return a set of a few passages drawn, some questions that they answer, and as many that they do not.

    Half of the latter are of neighbouring paragraphs.
    """
    kept = {each.document_id for each in random.sample(question_set.passages, min(size, len(question_set.passages)))}
    found = part(question_set, kept)
    places = [place for place, each in enumerate(found.questions) if each.answerable]
    answered = random.sample(places, min(OF_SMALL, len(places)))
    neighbours = [(place + NEXT) % len(found.questions) for place in answered[::2]]
    far = random.sample(range(len(found.questions)), len(answered) - len(neighbours))
    asked = dict.fromkeys(answered + [each for each in neighbours + far if not found.questions[each].answerable])
    return replace(found, questions=tuple(found.questions[place] for place in asked))


def make_mixed(asked: SquadFile, files: Sequence[SquadFile], articles: tuple[int, int], seed: int) -> Iterator[Setup]:
    """Yield set-ups of questions on small corpora each of whose passages is in a language of its own.

    Args:
        asked: the file of the questions.
        files: those that passages are drawn of, parallel ones, `asked` among them.
        articles: the first and the last that are taken, from 1.
        seed: of what is drawn.
    """
    random = Random(f"{seed} {asked.path.name} mixed")
    everything = squad_set(asked, selection=Selection(articles))
    languages = [
        {each.document_id: each for each in squad_set(file, selection=Selection(articles)).passages} for file in files
    ]
    for size, times in MIXED.items():
        for _ in range(times):
            drawn = small(everything, size, random)
            passages = tuple(random.choice(languages)[each.document_id] for each in drawn.passages)
            yield Setup("mixed", f"{language_of(asked.path)}->mixed", replace(drawn, passages=passages))


def sample(question_set: QuestionSet, random: Random) -> QuestionSet:
    """Return a set with at most `SAMPLE` of its questions, drawn."""
    count = min(SAMPLE, len(question_set.questions))
    return replace(question_set, questions=tuple(random.sample(question_set.questions, count)))

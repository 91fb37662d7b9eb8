"""Whether words were said, as the sentence tells that reports them, read with the packaged tagger."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import read
from onrecord.pipeline.quotations.quotation import Quotation

DENIED = [
    ("Okafor denied that she had misled anybody.", "misled anybody"),
    (
        "The minister, Lena Varga, strongly denied taking money from the harbour fund.",
        "taking money",
    ),
    ("Lena Varga denied saying “the pier is mine”.", "the pier is mine"),
    (
        "Lena Varga has repeatedly denied ever having told the board that the pier was unsafe.",
        "the pier was unsafe",
    ),
    ("Lena Varga flatly rejected claims that she had sold the boat.", "she had sold the boat"),
    ("Lena Varga dismissed reports that the school would close.", "the school would close"),
    ("A spokesman for Tidewater disputed that the wells were empty.", "the wells were empty"),
    ("It was denied by Lena Varga that the boat had been sold.", "the boat had been sold"),
    (
        "The driver, Arno Beck, vehemently denies ever saying that “speed kills nobody”.",
        "speed kills nobody",
    ),
    ("Arno Beck has always denied telling the crew “sail tonight”.", "sail tonight"),
    ("In court, Arno Beck contested the claim that he had called the judge “a clown”.", "a clown"),
    ("Arno Beck denied, under oath, that he had sold the tickets.", "he had sold the tickets"),
    (
        "“I did not do it,” said Arno Beck, denying that he had stolen the boat.",
        "he had stolen the boat",
    ),
]
UNSAID = [
    ("No one at the ministry has said that the dam is safe.", "the dam is safe"),
    ("Neither woman would say whether the dam is safe.", "the dam is safe"),
    ("Lena Varga has yet to say whether the school will close.", "the school will close"),
    (
        "Lena Varga refused on Tuesday to say whether the school would close.",
        "the school would close",
    ),
    ("Lena Varga would not say who had paid for the boat.", "had paid for the boat"),
    ("Lena Varga stopped short of saying that the mayor had lied.", "the mayor had lied"),
    ("Never once did Lena Varga say “I am sorry”.", "I am sorry"),
    ("Nor did Lena Varga say that the pier was safe.", "the pier was safe"),
    ("At no time has Lena Varga told the council that the pier was safe.", "the pier was safe"),
    ("Nowhere in the letter does Lena Varga write that “the pier is safe”.", "the pier is safe"),
    ("Lena Varga left the hall without saying that the pier was safe.", "the pier was safe"),
    ("Lena Varga isn’t saying whether the pier is safe.", "the pier is safe"),
    ("There is no record that Lena Varga ever said “burn the boats”.", "burn the boats"),
    ("There is no evidence that Lena Varga told anyone “burn the boats”.", "burn the boats"),
    ("It is not true that Lena Varga said “burn the boats”.", "burn the boats"),
    ("It was not Lena Varga who said “burn the boats”.", "burn the boats"),
    (
        "Lena Varga has never said that the pier was safe, only that “people like it”.",
        "the pier was safe",
    ),
    ("Lena Varga did not say “the pier is safe” but “the pier is open”.", "the pier is safe"),
    ("Lena Varga can’t say whether the pier is safe.", "the pier is safe"),
    ("“No,” said Lena Varga, who has refused to say whether the pier is safe.", "the pier is safe"),
    ("Lena Varga was never quoted as saying that the pier was safe.", "the pier was safe"),
    ("Egon Prast has not, in any interview, said “the pier is safe”.", "the pier is safe"),
    ("Arno Beck hasn't once said “thank you”.", "thank you"),
    ("Arno Beck no longer says that the boat is safe.", "the boat is safe"),
    ("Neither Arno Beck nor Siri Ness said that the boat was safe.", "the boat was safe"),
    ("In no interview did Arno Beck say “the town is dead”.", "the town is dead"),
    ("Not once has Arno Beck told the council “I am sorry”.", "I am sorry"),
    ("Arno Beck forgot to say that the boat was sold.", "the boat was sold"),
]
SUPPOSED = [
    ("If Lena Varga says “the pier is safe”, the fair will go ahead.", "the pier is safe"),
    (
        "If Lena Varga had said “the pier is safe”, the fair would have gone ahead.",
        "the pier is safe",
    ),
    ("Had Lena Varga said “the pier is safe”, the fair would have gone ahead.", "the pier is safe"),
    ("Lena Varga might say “the pier is safe”, but nobody would go.", "the pier is safe"),
    ("Lena Varga is expected to say on Monday that the pier will close.", "the pier will close"),
    (
        "Lena Varga was expected to tell the council that the pier would close.",
        "the pier would close",
    ),
    ("Brandt imagined Lena Varga saying “the pier is safe”.", "the pier is safe"),
    ("Critics would say that the pier was never safe.", "the pier was never safe"),
    ("Lena Varga pretended to say “the pier is safe”.", "the pier is safe"),
    ("Were Arno Beck honest, he would say “I took the money”.", "I took the money"),
    ("Should Arno Beck say “we sail”, the crew will follow.", "we sail"),
    ("Arno Beck could have said “I do not know”, but he smiled.", "I do not know"),
    ("Arno Beck ought to have said “I do not know”.", "I do not know"),
    ("One can imagine Arno Beck saying “full steam ahead”.", "full steam ahead"),
    ("Arno Beck is likely to tell the board that the boat is lost.", "the boat is lost"),
    ("Arno Beck is due to say on Friday that the boat is lost.", "the boat is lost"),
    ("Arno Beck might have told her “never again”.", "never again"),
    ("Imagine if Arno Beck said “never again”.", "never again"),
    ("Unless Arno Beck says “stop”, the sale goes on.", "stop"),
]
SAID = [
    ("Lena Varga dismissed as “rubbish” a report that the school would close.", "rubbish"),
    ("“I was not there,” Lena Varga denied.", "I was not there"),
    ("Lena Varga denied the charge: “I was never there.”", "I was never there"),
    (
        "Lena Varga, who denies that she sold the boat, said the yard was “in good hands”.",
        "in good hands",
    ),
    ("Lena Varga denied nothing. “I sold it,” she said.", "I sold it"),
    ("Lena Varga never tires of saying that the pier is safe.", "the pier is safe"),
    ("Lena Varga did not hesitate to say that the pier was unsafe.", "the pier was unsafe"),
    ("Lena Varga could not resist saying that the pier was unsafe.", "the pier was unsafe"),
    ("Lena Varga not only said “the pier is safe” but jumped on it.", "the pier is safe"),
    ("Lena Varga did not just say that the pier was unsafe; she closed it.", "the pier was unsafe"),
    ("Lena Varga had not said until Monday that the pier was unsafe.", "the pier was unsafe"),
    ("Lena Varga did not say that the pier was unsafe until Monday.", "the pier was unsafe"),
    (
        "Lena Varga would say only that the pier was being looked at.",
        "the pier was being looked at",
    ),
    (
        "Lena Varga would only say that the pier was being looked at.",
        "the pier was being looked at",
    ),
    (
        "Lena Varga declined to comment, except to say that the pier was being looked at.",
        "the pier was being looked at",
    ),
    ("Lena Varga said she would never say “sorry”.", "she would never"),
    ("Lena Varga said he would close the pier.", "he would close the pier"),
    (
        "Lena Varga said she had not told anyone that the pier was unsafe.",
        "she had not told anyone",
    ),
    ("“I did not say that the pier was unsafe,” Lena Varga said.", "I did not say"),
    (
        "Lena Varga should not have said that the pier was unsafe, her party said.",
        "the pier was unsafe",
    ),
    (
        "Had Lena Varga not said “the pier is unsafe”, the fair would have gone ahead.",
        "the pier is unsafe",
    ),
    (
        "Lena Varga would later say that the pier had never been safe.",
        "the pier had never been safe",
    ),
    ("Lena Varga would often say, “The sea gives and the sea takes.”", "The sea gives"),
    ("“You could say the pier is my home,” Lena Varga said.", "pier is my home"),
    ("Lena Varga could be heard shouting, “Leave the pier!”", "Leave the pier"),
    ("Asked whether the pier was safe, Lena Varga said: “Go and look.”", "Go and look"),
    ("“Is the pier safe?” asked Lena Varga.", "Is the pier safe"),
    ("Lena Varga asked whether the pier was safe.", "the pier was safe"),
    ("Lena Varga asked the council to close the pier.", "close the pier"),
    (
        "Lena Varga, who never said the pier was safe, told the court: “I warned them.”",
        "I warned them",
    ),
    ("Lena Varga wishes she had never said “close the pier”.", "close the pier"),
    ("Lena Varga admitted that she had told the crew “leave the pier”.", "leave the pier"),
    (
        "Lena Varga did not mention the pier. She said: “We have other plans.”",
        "We have other plans",
    ),
    ("Lena Varga never said so. “I like the pier,” she said on Monday.", "I like the pier"),
    ("Lena Varga said, not for the first time, that the pier was safe.", "the pier was safe"),
    ("Not one to mince words, Lena Varga said the pier was “a ruin”.", "a ruin"),
    ("Although she had never seen it, Lena Varga said the pier was “a ruin”.", "a ruin"),
    ("Lena Varga told reporters she never said “the pier is safe”.", "she never said"),
    ("Lena Varga tells anyone who will listen that the pier is safe.", "the pier is safe"),
    ("“No,” said Lena Varga, who has refused to say whether the pier is safe.", "No,"),
    ("“I did not do it,” said Arno Beck, denying that he had stolen the boat.", "I did not do it"),
    ("Arno Beck said he might sell the boat.", "he might sell the boat"),
    ("Arno Beck said that if nobody came he would close the pier.", "he would close the pier"),
    ("“If I were you I would say nothing,” Arno Beck said.", "If I were you"),
    ("Arno Beck, who could not attend, said the boat was “a bargain”.", "a bargain"),
    ("Arno Beck did not smile when he said “the boat is gone”.", "the boat is gone"),
    ("Arno Beck did not wait for the vote to say “the boat is gone”.", "the boat is gone"),
    ("Not everyone agreed, but Arno Beck said “the boat is gone”.", "the boat is gone"),
    ("Arno Beck has never hidden it: “I like money,” he said.", "I like money"),
    ("No sooner had Arno Beck said “sail” than the wind rose.", "sail"),
    ("Arno Beck didn't mince words. “It is a wreck,” he said.", "It is a wreck"),
    ("Arno Beck never stopped saying that the boat was safe.", "the boat was safe"),
    ("Arno Beck did not fail to mention that the boat was his.", "the boat was his"),
    ("Nobody but Arno Beck said the boat was safe.", "the boat was safe"),
    ("Arno Beck had never before said that the boat was unsafe.", "the boat was unsafe"),
    ("For the first time, Arno Beck said the boat was unsafe.", "the boat was unsafe"),
    ("Arno Beck denied wrongdoing. “I paid for it all,” he said.", "I paid for it all"),
    ("Arno Beck refused to leave, saying the boat was his.", "the boat was his"),
    ("Arno Beck declined an interview but said in a note: “I am well.”", "I am well"),
    ("Arno Beck would go on to say that the boat was cursed.", "the boat was cursed"),
    (
        "Arno Beck was quoted in the Lantern as saying that the boat was cursed.",
        "the boat was cursed",
    ),
    ("Pressed on whether he would run, Arno Beck said: “Ask my wife.”", "Ask my wife"),
    ("Arno Beck, asked if he would run, replied: “Ask my wife.”", "Ask my wife"),
    ("“Nobody told me that the boat was unsafe,” Arno Beck said.", "Nobody told me"),
    ("Arno Beck said nothing. “Leave him alone,” said Siri Ness.", "Leave him alone"),
]
CASES = [
    (text, words, stance)
    for stance, cases in (
        ("denied", DENIED),
        ("unsaid", UNSAID),
        ("supposed", SUPPOSED),
        ("asserted", SAID),
    )
    for text, words in cases
]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Quotation]]:
    texts = sorted({text for text, _, _ in CASES})
    return {text: reading.quotations for text, reading in zip(texts, read(texts), strict=True)}


@pytest.mark.parametrize(("text", "words", "stance"), CASES)
def test_what_a_sentence_tells_of_the_words(
    found: dict[str, list[Quotation]], text: str, words: str, stance: str
) -> None:
    holding = [quotation for quotation in found[text] if words in quotation.text]
    assert stance in [quotation.stance for quotation in holding]


def test_the_words_that_tell_it_stand_in_the_text(found: dict[str, list[Quotation]]) -> None:
    for text, quotations in found.items():
        for quotation in quotations:
            start, end = quotation.stance_start, quotation.stance_end
            if quotation.stance == "asserted":
                assert (start, end) == (None, None)
            else:
                assert start is not None
                assert end is not None
                assert 0 <= start < end <= len(text)


def test_the_span_holds_what_tells(found: dict[str, list[Quotation]]) -> None:
    def told(text: str) -> str:
        one = next(q for q in found[text] if q.stance != "asserted")
        return text[one.stance_start : one.stance_end]

    assert told("Lena Varga denied saying “the pier is mine”.") == "denied saying"
    assert told("Nor did Lena Varga say that the pier was safe.") == "Nor did Lena Varga say"
    assert told("Lena Varga might say “the pier is safe”, but nobody would go.") == "might say"

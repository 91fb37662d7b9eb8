"""Words that report speech: a list of our own, inflected by rule.

The tagger reads it as a feature; training reads it to tell attributions of speech from those of
belief and intent.
"""

import re
from typing import Final

NO_CUE: Final = 0
VERB: Final = 1
NOUN: Final = 2
STANCE: Final = 3


def _listed(text: str) -> list[str]:
    return text.split()


_SPEECH_VERBS: Final = _listed(
    """
accuse acknowledge add admit advise advocate affirm agree allege announce answer apologise
apologize appeal applaud argue articulate ask assert assure attack attest aver avow bark bash beg
bellow berate blame blast blog blurt boast brag bristle broadcast call caption caution challenge
chant charge chat chide chime chuckle cite claim clarify comment compare complain concede conclude
concur condemn confess confide confirm congratulate contend continue contradict correct counter
criticise criticize crow cry declare decline decry defend demand denounce deny deplore deride
describe detail dictate disagree disclose dismiss dispute divulge dub echo elaborate email emote
emphasise emphasize enthuse estimate exclaim exhort explain expound express exult fume gasp
gesture gripe groan growl grumble gush hail hashtag hint holler howl implore imply indicate inform
inquire insinuate insist instruct interject interrupt interview intone invite jest joke label
lambast lambaste lament lash laud laugh lecture lie liken list maintain mention message moan mock
mumble murmur muse mutter name narrate nod note object observe offer opine order outline phrase
plead pledge point pose post praise preach predict preface press proclaim profess promise prompt
pronounce propose protest publish question quip quiz quote rail raise rant rave reason reassure
rebuke rebut recall recite reckon recommend recount refer refute reiterate reject relate relay
remark remind repeat reply report reprimand request respond retort retweet reveal ridicule roar
scoff scold scream scribble shout shriek shrug sigh signal slam smile snap sneer sob specify
speculate spit stammer state stipulate stream stress stutter suggest sum summarise summarize
surmise taunt tease term testify text thank threaten tout translate trumpet tweet type underline
underscore urge utter venture verify voice volunteer vouch vow wail warn weigh welcome whine
whisper wonder yell
"""
)

_SPEECH_FORMS: Final = _listed(
    """
according accordingly aforesaid allegedly began begin beginning begins begun finish finished
finishes finishing foresaw foretell foretold go goes hear heard hears put puts putting quoted
quoth read reading reads reportedly retold rewrote said sang say saying says sing singing sings
speak speaking speaks spell spelled spells spelt spoke spoken sung swear swearing swears swore
sworn talk talked talking talks tell telling tells told went write writes writing written wrote
"""
)

_SPEECH_NOUNS: Final = _listed(
    """
accusation address admission advice affidavit allegation announcement answer apology appeal
argument assertion assurance blog briefing broadcast call caption caution claim column comment
commentary communique complaint concession conclusion condemnation confession confirmation
criticism declaration defence defense demand denial denunciation description diary disclosure
dispatch editorial email essay estimate explanation forecast insistence interview joke lament
lawsuit letter memo memoir message note objection observation opinion order phrase plea pledge
poll post praise prediction presentation promise proposal protest question quip quotation quote
rebuke rebuttal recommendation reference refusal remark reminder reply report request response
retort revelation rhetoric rumor rumour sermon slogan speech statement study suggestion summary
survey testimony text threat transcript tweet verdict vow warning word
"""
)

_STANCE_FORMS: Final = _listed(
    """
appear appeared appears assume assumed assumes back backed backs believe believed believes
believing conceive consider considered considering considers decide decided decides determine
determined determines discuss discussed discusses discussing doubt doubted doubts dream dreams
endorse endorsed endorses endorsing estimate estimated estimates expect expected expecting expects
favor favored favors favour favoured favours fear feared fearing fears feel feeling feels felt
find finding finds found guess guessed guesses hope hoped hopes hoping imagine imagined imagines
intend intended intends interpret interpreted interprets judge judged judges knew know knowing
known knows learn learned learns learnt mean means meant oppose opposed opposes opposing plan
planned planning plans prefer preferred prefers propose realise realised realize realized realizes
refuse refused refuses refusing regard regarded regards remember remembered remembers saw see
seeing seek seeking seeks seem seemed seems seen sees show showed showing shown shows sought
support supported supporting supports suspect suspected suspects think thinking thinks thought
understand understands understood view viewed views want wanted wanting wants wish wished wishes
worried worries worry
"""
)

PHRASES: Final = ("according to", "in the words of", "put it")

_VOWELS: Final = frozenset("aeiou")
_DOUBLED: Final = frozenset(
    _listed(
        "admit aver beg blog brag chat concur dub nod quip quiz rebut refer shrug slam snap sob spit"
        " sum"
    )
)


def inflected(verb: str) -> list[str]:
    """The five regular forms of an English verb."""
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    return [verb, verb + ending, stem + "ed", stem + "ing"]


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z")) else "s")


def _classes() -> dict[str, int]:
    classes = dict.fromkeys(_STANCE_FORMS, STANCE)
    for noun in _SPEECH_NOUNS:
        classes[noun] = classes[_plural(noun)] = NOUN
    for verb in _SPEECH_VERBS:
        classes.update(dict.fromkeys(inflected(verb), VERB))
    classes.update(dict.fromkeys(_SPEECH_FORMS, VERB))
    return classes


CUE_CLASSES: Final = _classes()
_WORD: Final = re.compile(r"[a-z]+")


def cue_class(word: str) -> int:
    """The class of a lower-case word: ``VERB``, ``NOUN``, ``STANCE`` or ``NO_CUE``."""
    return CUE_CLASSES.get(word, NO_CUE)


def reports_speech(cue: str) -> bool:
    """Whether a cue reports words spoken or written, not a belief or a plan.

    A cue without letters (a colon) does.
    """
    words = _WORD.findall(cue.lower())
    if not words or any(CUE_CLASSES.get(w, NO_CUE) in (VERB, NOUN) for w in words):
        return True
    return any(phrase in cue.lower() for phrase in PHRASES)

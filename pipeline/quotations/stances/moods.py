"""Moods: the patterns by which a clause tells that words were denied, not said, supposed, or asked.

They are read over the line that `clauses.py` makes: small letters, the speaker one sign, "n't" a word of its own.
`FILL` is what may stand between the word that tells and the verb of saying.
"""

import re
from typing import Final

from onrecord.pipeline.text.lexicon import inflected

SUBJECT: Final = "\u00a7"
_HIM: Final = rf"(?:{SUBJECT}|he|she|they|it|we|i)"
_W: Final = r"[\w'\u00a7-]+"


def one_of(*words: str) -> str:
    """A pattern of one of the given ones."""
    return "(?:" + "|".join(words) + ")"


def _listed(text: str) -> str:
    return one_of(*text.split())


def _verbs(text: str) -> str:
    """A pattern of all forms of regular verbs."""
    return one_of(*(form for verb in text.split() for form in inflected(verb)))


AUXILIARY: Final = _listed(
    """
    did do does has have had having is are was were am be been being would will could can should might may must shall to
    """
)
ADVERB: Final = _listed(
    r"""
    \w+ly also ever even yet still again once twice then now often just so far date thus quite too actually himself
    herself themselves itself out at all first outright well
    """
)
# Verbs that a negation reaches through: "has not been able to say", "could not bring himself to utter".
_THROUGH: Final = _listed(
    """
    going got come came go gone able want wanted prepared willing quoted reported ready dare dared care cared bring
    brought managed choose chosen bother bothered wish wished allowed permitted obliged inclined expected known heard
    seen as
    """
)
FILL: Final = (
    rf"(?: (?:{SUBJECT}|{AUXILIARY}|{ADVERB}|{_THROUGH}|, (?:[\w'-]+ ){{1,12}},"
    r"|[\w'-]+(?: [\w'-]+){0,2} (?:or|nor|let alone)(?: to)?)){0,6} $"
)

# ---- not said ----

_NOT: Final = one_of(
    r"(?<!whether or )(?<!why )(?<!if )not(?: once)?",
    "never",
    "nor",
    "neither",
    "no longer",
    "nowhere",
    "hardly",
    r"(?:at|on|in) no \w+",
    "under no circumstances",
)
_KEPT: Final = (
    rf"(?:{_verbs('decline refuse fail neglect hesitate struggle')}|refusal|failure|inability|unwilling(?:ness)?"
    r"|reluctant|reluctance|unable|omit(?:s|ted|ting)?|forg(?:ot|ets?|otten)|(?:ha[sd]|have|having|is|are|was|were) yet"
    r"|in no position)(?: (?!to |and |but |or |who )[\w'-]+){0,4} to"
)
_SHORT: Final = (
    r"stop(?:s|ped|ping)? (?:just |well )?short of|refrain(?:s|ed|ing)? from|sh(?:y|ies|ied|ying) away from"
    r"|held back from|without|rather than|instead of|avoid(?:s|ed|ing)?|balk(?:s|ed|ing)? at|resist(?:s|ed|ing)?"
)
UNSAID: Final = re.compile(
    rf"\b(?:{_NOT}|{_KEPT}|{_SHORT})(?={FILL})"
    r"|\b(?:never|nor|neither|nowhere|not once|(?:at|on|in|under) no \w+)\b"
    r"(?: ,[^,]{1,40},)?[\w '-]{0,80}? "
    rf"(?:did|does|do|has|have|had|is|was|were|would|will|could|can)"
    rf"(?= (?:(?:{_W} ){{1,6}}|(?:{_W} ){{0,5}}(?:, )?{SUBJECT} , (?:{_W} ){{0,3}})$)"
)
NO_PROOF: Final = re.compile(
    r"\b(?:no (?:\w+ )?(?:evidence|record|proof|sign|indication|recording|trace|transcript)|false|untrue|a lie|a myth"
    r"|not true|wrong|invented|falsely (?:claim(?:s|ed)|said|reported|wrote|stated|alleged))\b[\w ,'-]{0,40}? "
    rf"(?:that|of|which|where|to|in which) {SUBJECT}(?={FILL})"
)
NOT_HIM: Final = re.compile(
    rf"\bit (?:is|was|has been) not (?:{_W} ){{1,5}}(?:{SUBJECT}|who|that)(?={FILL})"
)
NOBODY: Final = re.compile(
    r"(?:nobody|no one|no-one|none|neither|not one|not a single|no [a-z][\w'-]+)\b", re.IGNORECASE
)
KEEPS: Final = re.compile(r"(?:declin|refus)(?:e|es|ed|ing|al)\b")
NOTHING: Final = re.compile(r"nothing (?:about|of|on|that|as to|regarding|to suggest)\b")
SILENT: Final = re.compile(
    r"\b(?:(?:remain|stay|kept|keep|was|is|are|were|been)\w* (?:\w+ly )?(?:silent|mum|quiet|tight-lipped|silence)\b"
    r"|(?:ha[sd]|have|with|offer\w*|ma[dk]e\w*|g[ai]v(?:e|es|en|ing)|issued|provid\w+|cit(?:e|es|ed|ing)|present\w*"
    r"|propos\w+|produc\w+|show(?:s|ed|n)?|of) (?:no|little|scant|nothing)\b"
    r"(?! doubt| secret| bones| but| other than| less than| question)"
    r"|sa(?:id|ys|y|ying) (?:nothing|little|not a word|no word|nothing at all)(?: \w+ly)? "
    r"(?:about|of|on|as to|regarding|when|publicly|whatsoever)\b)"
)

# ---- said all the same ----

# What is not left undone is done: "never fails to", "did not hesitate to", "could not resist", "not only".
DONE_ALL_THE_SAME: Final = re.compile(
    rf"\b(?:not|never|no|nor|without|hardly|nothing)\b(?: {_W}){{0,4}}? (?:fail\w*|refus\w*|declin\w*|hesitat\w*"
    r"|hesitation|stop(?:s|ped|ping)?(?! short| just short)|ceas\w+|tir(?:e|es|ed|ing)|miss\w*|sh(?:y|ies|ied)"
    r"|forg[eo]t\w*|neglect\w*|resist\w*|help(?:ed|ing)?|mind(?:s|ed)?|flinch\w*|secret|afraid|ashamed|opportunity"
    r"|chance|balk\w*|shrink|shrank|minc\w+|waste[ds]?|grow\w* tired|long|alone|first|only|just|merely|simply|solely"
    r"|so much)\b"
)
# A regret or a rebuke that it had been said, or a thought of how it were if not, tells that it was.
REGRETTED: Final = re.compile(
    rf"\b(?:if|regret\w*|wish(?:es|ed)?|sorry|apologi[sz]\w+|blam\w+|should|ought|need)\b(?: {_W}){{0,4}} "
    rf"(?:not|never)(?: to)?(?: have| had)? $|\bhad {SUBJECT} (?:not|never) $"
)
ENOUGH: Final = re.compile(
    r"\b(?:more|better|enough|clearer|prouder|so much|further|than|lightly)\b"
)
ONLY: Final = re.compile(
    r"\b(?:only|merely|simply|just|no more than|nothing more than|more than|nothing but|little more than|except"
    r"|other than|beyond|apart from|aside from)\b"
)
UNTIL: Final = frozenset(["until", "till"])
NO_WAY_TO: Final = re.compile(r"\b(?:can|could) not\b")

# ---- denied ----

_DENY: Final = (
    rf"(?:{_verbs('deny dispute refute reject contradict disavow repudiate disclaim disagree contest doubt debunk')}"
    r"|rebut(?:s|ted|ting)?|denials?|rejection|rul(?:e|es|ed|ing) out)(?! (?:over|on|about|with))"
)
DENIES: Final = re.compile(rf"\b{_DENY}\b")
_CHARGE: Final = (
    r"(?:claims?|accusations?|allegations?|suggestions?|reports?|rumou?rs?|ideas?|notions?|charges?|talk|speculation"
    r"|assertions?|theor(?:y|ies)|insinuations?|implications?)"
)
DISMISSES: Final = re.compile(_verbs("dismiss"))
DISMISSED: Final = re.compile(
    rf"\b{_verbs('dismiss deride ridicule')}\b(?: [\w'-]+){{0,4}}? {_CHARGE}\b(?! as )"
)
OF_CHARGE: Final = re.compile(
    rf"\W*(?:(?:the|any|all|those|these|such|an?|his|her|their) )?(?:[\w-]+ ){{0,2}}?{_CHARGE}\b",
    re.IGNORECASE,
)
TOOK_BACK: Final = re.compile(
    rf"\b{_DENY}(?: \w+ly)?(?: (?:the|a|any|all|those|these|that|of|his|her|their|{_CHARGE})){{0,4}}"
    rf"(?: (?P<who>{_HIM}))?(?: (?:having|had|has|have|ever|to|being|been|once|that|by|of|\w+ly)){{0,5}} $"
)
DENIES_NOTHING: Final = re.compile(r"\W*(?:nothing|none|neither|nobody)\b", re.IGNORECASE)

# ---- supposed ----

MOOD: Final = re.compile(rf"\b(?:would|could|might|may|should|must|will|ought)(?={FILL})")
# What came later, or again and again, was said: "would later say", "would often say", "could be heard saying".
CAME_TRUE: Final = re.compile(
    r"\b(?:later|then|eventually|subsequently|afterwards?|often|always|sometimes|all|do was|frequently|regularly"
    r"|occasionally|repeatedly|usually|typically|routinely|invariably|constantly|only|soon|still|just|ultimately"
    r"|famously|heard|seen|rather|go on|every|whenever|used|nights?|mornings?|years?|whom)\b"
)
CARRIED: Final = re.compile(
    rf"\b(?:would|might|could|should|ought to) (?:\w+ly )?have [a-z]+ (?:{_W} ){{0,10}}(?:and|or) (?:then )?$"
)
"""A mood that goes on over an "and": would have picked up the phone and told."""
HABITUAL: Final = re.compile(r"(?:and |but )?(?:every|each|whenever|most|some|on) \w+")
UNTRUE: Final = re.compile(
    r"(?:it|that)(?: i|'|\u2019)s (?:\w+ )?(?:untrue|false|not true|a lie|nonsense|a myth|wrong)\b[^.;:\n]{0,60}? that "
    r"(?:he|she|they|i|we) (?:ever |had |have |has |once ){0,3}(?:said|told|called|wrote|promised|asked|claimed"
    r"|uttered|used)\b",
    re.IGNORECASE,
)
"""Words that deny what they tell: it is untrue that she ever said so."""
CLAIMED: Final = re.compile(
    rf"(?:as [^.;:\n]{{2,60}}? )?(?:the|any|all|a) {_CHARGE} that (?:he|she|they|i|we) (?:ever |had |has ){{0,2}}"
    r"(?:said|told|called|wrote|promised|asked|uttered|used)\b",
    re.IGNORECASE,
)
"""A charge that somebody had said the words, which he dismisses."""
HABIT: Final = re.compile(r"(?:tell|remind|ask) (?:me|us|him|her|them)\b")
_IF: Final = one_of(
    "(?<!even )(?<!as )(?<!only )(?<!but )if",
    "unless",
    "suppos(?:e|ing)",
    "what if",
    "in case",
    "lest",
    "as if",
    "as though",
    "whether(?: or not)?",
    "assuming",
    "imagine",
)
CONDITION: Final = re.compile(
    rf"\b(?:{_IF}(?: that)?(?: {ADVERB}| ,)* {SUBJECT}|as if|as though)(?={FILL})"
    rf"|(?:^|[,.] |\b(?:and|but) )(?:had|should|were) {SUBJECT}(?={FILL})"
)
_WISHING: Final = (
    rf"(?:{_verbs('expect intend hope wish pretend imagine fear')}|want(?:s|ed|ing)?(?! to know)|long(?:s|ed)"
    rf"|plan(?:s|ned|ning)?"
    r"|(?:is|are|was|were|be|been) (?:\w+ly )?(?:likely|unlikely|due|set|supposed|bound|scheduled|poised|about|going"
    r"|meant|tempted|afraid)|love|like)"
)
_SAY: Final = _listed(
    "say ask tell shout whisper cry scream answer reply speak admit saying asking telling"
)
_ASKING: Final = rf"(?:{_verbs('ask urge beg order instruct advise coach')}|told|tells|for)"
WISHED: Final = re.compile(
    rf"\b{_WISHING} (?:{SUBJECT} )?to(?={FILL})|\b{_ASKING} {SUBJECT} to(?={FILL})"
)
MADE_TO_SAY: Final = re.compile(
    rf"\b(?:(?:seem|appear)(?:s|ed|ing)? to"
    rf"|(?:{_verbs('expect like need ask urge beg order instruct')}|want(?:s|ed|ing)?) (?:(?:{_W}|,) ){{1,5}}?to)"
    rf"(?= (?:be )?{_SAY}\b)"
)
IMAGINED: Final = re.compile(
    rf"\b(?:{_verbs('imagine picture envision fantasise fantasize pretend')}|dream(?:s|t|ed|ing)?)"
    rf"(?: of| about| that)?(?: how)? (?:{SUBJECT}|(?:[\w'-]+ ){{0,3}}[\w'-]+)(?={FILL})"
    rf"|^(?:but |and |now |just )?(?:let us |let's )?(?:imagine|suppose|picture"
    rf"|consider|pretend)(?: , [\w ]{{1,20}} ,)?(?: for an? \w+)?(?: that| if)? {SUBJECT} "
    rf"|\b{_verbs('expect fear hope wish')}(?: that)? {SUBJECT} (?:would|will|might|could|may)(?={FILL})"
)

# ---- asked ----

ASKED: Final = re.compile(
    rf"(?:\b(?:was|were|been|being|got|get|is|are|when|if|once|while|as)(?: {ADVERB}| later)* $|^$|[,.] $"
    r"|\b(?:and|but) (?:when|if) $)"
)
ABOUT: Final = re.compile(
    r"(?:asked|pressed|questioned|quizzed|challenged|grilled|prodded|queried)"
    r"(?: (?:again|repeatedly|directly|specifically|later|point-blank|by [\w' -]+?|on \w+|in [\w ]+?|during [\w ]+?))?"
    r" (?:about|if|whether|how|why|what|when|where|who|which|over|on|for)\b"
)
_PUT: Final = r"(?:questions?|quer(?:y|ies)|e-?mails?|requests?|letters?|calls?|messages?|texts?|[ei]nquir(?:y|ies))"
PUT_ABOUT: Final = re.compile(
    rf"\b{_PUT}(?: [\w'-]+){{0,6}}? "
    r"(?:asking|[ei]nquiring|seeking|about|on|over|regarding|as to|for|whether|of)\b"
)
NO_ANSWER: Final = re.compile(
    r"(?:\b(?:not|never|nor|neither|no one|nobody)\b|\b(?:declin|refus|fail)\w*(?: to)?|\byet to|\bunable to|\bignor\w+"
    r"|\bduck\w*|\bdodg\w+|\bevad\w+|\bsidestep\w*|\bskirt\w*|\bbrush\w* (?:off|aside)|\bshrug\w* off|\bdeflect\w*"
    r"|\bavoid\w*|\bbatted away|\bwaved (?:off|away)|\bleft unanswered|\bunanswered|\bunreturned)"
    rf"(?= (?:{_W} ){{0,6}}?(?:reply|respond|answer|return|react|comment|address|acknowledge|take|{_PUT}|returned"
    r"|answered)\b)"
)

"""What lines around an article look like: the phrases and shapes that tell them apart."""

from __future__ import annotations

import re


def _words(told: str) -> frozenset[str]:
    return frozenset(told.split())


# The commonest words of the languages that news in Latin letters comes in: prose is full of
# them, menus and lists of headlines are not.
FUNCTION_WORDS = _words(
    """
    the of to and a in that is was for on with as by at it he she they his her its their from
    be are were has have had not but this which who an or said will would been after about more
    when than there also if we you i my our your me him them so what one up out could can no do
    le la les de des du un une et en que qui dans pour sur est au aux par plus pas ne ce il elle
    ont sont avec se sa son ses nous vous cette mais été ils
    der die das und den dem des ein eine einen einem zu von mit auf für ist im nicht sich auch
    es an als wird bei aus hat dass nach sie er ich wir oder noch wurde werden
    el los las una y del al con por para se su sus lo como más pero fue ha este esta no son
    il gli di che è per non della del dei alla nel con da sono una ha anche più si
    o os as e do da dos das em não uma com para por mais foi ao seu sua pela pelo
    de het een van en dat niet op te zijn met voor die hij aan ook om bij door naar werd
    och att det som på är av för den till med har inte ett om han var jag
    i w na z że się do nie jest to od po dla przez jak za był
    """
)
SPEECH = _words("said says say told tells added asked wrote according explained")
THIRD = _words("he she they him her them his hers their it its who")
SECOND = _words("you your yours us our please")
FIRST = _words("i me my mine myself im i'm i’m ich mir mich mein je moi mon yo mi")

END_MARK = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]」』]*$")
# Letters from Hebrew on have no capitals.
SENTENCE = re.compile(
    r"[.!?…؟।۔][\"'”’»)\]]*\s+[\"'“‘«(]*[A-ZÀ-ÞА-Я0-9\u0590-\u1fff\u3040-\ud7ff]|[。！？](?=.)"
)
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_TELLING = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u3400-\u9fff]{2}")
BULLET = re.compile(r"^\s*(?:[•·▪►▶»›–—*+-]|\d{1,2}[.)])\s+\S")
OPENS_QUOTE = re.compile(r"^[\"“„«‘'‹「]")
QUOTE = re.compile(r"[\"“”„«»‹›「」]")
ADDRESS = re.compile(r"https?://|www\.|\b[\w.]+@[\w.]+\.\w{2,}|\b[\w-]+\.(?:com|org|net)\b", re.I)
HANDLE = re.compile(r"(?:^|\s)[@#]\w{2,}")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
JOINED = re.compile(r"[a-z][A-Z][a-z]{2}|[a-z]\d{1,2}:\d\d|[a-z.]\d{4}\b")
SEPARATED = re.compile(r"\s[|·•/>»]\s|\s\|\|?\s")
MONEY = re.compile(r"[$€£]\s?\d|\d\s?[$€£]")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:at\s+)?(?:19|20)\d\d"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?:19|20)\d\d"
    r"|\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\b\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d\b",
    re.I,
)
CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?|[A-Z]{2,4}\b)|\b\d+\s+(?:min(?:ute)?s?|hours?|days?|weeks?)"
    r"\s+ago\b|\b\d{1,2}:\d\d\b|\bmin(?:ute)?s?\s+read\b",
    re.I,
)
STAMP = re.compile(
    rf"^\W*+(?:(?:posted|published|updated|last\s+(?:updated|modified)|first\s+published|created|on)"
    rf"\W*+)?(?:on\s+)?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W++)?"
    rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}|\d{{4}}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d\d)",
    re.I,
)
BYLINE = re.compile(
    r"^\W*(?:[Bb][Yy]:?|[Vv]on|[Pp]ar|[Pp]or|[Ww]ritten [Bb]y:?|[Pp]osted [Bb]y:?|[Rr]eporting [Bb]y"
    r"|[Ee]dited [Bb]y|[Aa]uthors?:|[Ss]tory [Bb]y:?|[Ff]rom)"
    r"\s+(?:[A-ZÀ-Þ][\w.’'-]+|de|van|von|and|[|,&/-])"
    r"(?:[ ,|/&-]+(?:[A-ZÀ-Þ][\w.’'-]*|de|van|von|and|for|of|the|\d{1,2})){0,12}\W*$"
)
CREDIT = re.compile(
    r"\((?:[^()]{0,60}\b)?(?:photo|image|picture|credit|screenshot|file|getty|afp|ap|reuters|epa"
    r"|courtesy|via|handout|shutterstock|istock|alamy|bloomberg|pool|tass|xinhua|dpa|anp|pa)\b"
    r"[^()]{0,60}\)?\W*$"
    r"|\b(?:photo|image|picture|photograph|illustration|video|graphic)s?(?:\s+(?:by|courtesy|credit"
    r"|via|from|source)\b|\s?:|\s?/)"
    r"|\b(?:getty images|afp via|ap photo|afp/|/afp|/ap\b|/reuters|reuters/|/epa|epa-efe|shutterstock"
    r"|istock(?:photo)?|alamy|/getty|/pa wire|wikimedia|ap file|file photo|pic\.twitter|"
    r"anadolu)\b"
    r"|^(?:credit|photo|image|picture|pic|foto|source|file|watch|video|caption)s?\s?:",
    re.I,
)
# "(Abel Stroud/Ledger Pictures)" behind what a picture shows.
TAKEN_BY = re.compile(
    r"\((?:[A-ZÀ-Þ][\w.’'-]{0,30} ){1,3}[A-ZÀ-Þ][\w.’'-]{0,30}/[A-ZÀ-Þ][^()/]{1,40}\)\W*$"
)
SHOWS = re.compile(
    r"\b(?:is|are|was) (?:seen|pictured|shown|displayed)\b|\b(?:looks? on|poses?|attends?|speaks?"
    r"|arrives?|walks?|stands?|holds?|gestures?|waves?|listens?|addresses|delivers|sits?|leaves"
    r"|react(?:s|ing)?|rests?|rallies)\b(?=.{0,120}\b(?:on|in|during|at|after|outside|near)\b)"
    r"|^(?:a|an|the) (?:view|man|woman|sign|aerial|photo|picture|general view|file)\b"
    r"|^(?:this|in this)\b.{0,40}\b(?:photo|photograph|picture|image|screenshot|frame)\b"
    r"|\((?:left|right|center|centre|l|r|above|below)\)|,? (?:left|right|center|centre),"
    r"|\bfile (?:photo|picture|image)\b",
    re.I,
)
RELATED = re.compile(
    r"^\W*(?:related|you (?:may|might|could)(?: also)? (?:also )?(?:like|enjoy|be interested)"
    r"|read (?:more|next|also|on)\b|see also|also read|also on|more (?:on|from|about|in|like|to)\b"
    r"|recommended|trending|most (?:read|popular|viewed|shared|recent|watched)|latest\b|top stories"
    r"|more stories|don.t miss|popular|in case you missed|keep reading|editor.?s.? pick|up next"
    r"|watch(?: live| now|:)|click here (?:for|to read)|next article|previous article|next:|previous:"
    r"|recent posts|similar (?:articles|stories|posts)|what to read next|in other news"
    r"|explore more|topics?\b\W*$|tags?\b|filed under|published under|categories\b|lire aussi"
    r"|lesen sie auch|leia também|lee también)",
    re.I,
)
SUBSCRIBE = re.compile(
    r"\b(?:subscri(?:be|ber|bed|ption)|sign(?:ing)? (?:up|in)|log(?:ged)? ?in|newsletters?|register|"
    r"your (?:inbox|email|account|data)|email address|daily (?:email|briefing|digest)|free trial|"
    r"unsubscribe|membership|become a (?:member|subscriber)|donat(?:e|ion)|support (?:us|our)|"
    r"create an account|unlimited access|download (?:the|our)|get (?:the|our) (?:app|latest)|"
    r"password|opt out|premium|e-?paper)\b",
    re.I,
)
LEGAL = re.compile(
    r"\b(?:cookies?|privacy|terms (?:of|and|&)|conditions|all rights reserved|copyright|©|"
    r"reproduc(?:e|ed|tion)|trademarks?|gdpr|consent|disclaimer|may not be (?:published|reproduced)|"
    r"legal notice|licensing|recaptcha|reprint|imprint|user agreement|code of (?:ethics|conduct)|"
    r"editorial guidelines|accessibility|javascript|browser)\b|©|\(c\) ?(?:19|20)\d\d",
    re.I,
)
SOCIAL = re.compile(
    r"\b(?:facebook|twitter|instagram|whatsapp|linkedin|pinterest|flipboard|reddit|telegram|tiktok|"
    r"youtube|tumblr|snapchat|rss|share(?: this| on| via)?|tweet|follow (?:us|me|him|her|on)|print|"
    r"copy link|bookmark|save article|e-?mail this|skip to|menu|search|home ?page|contact us|"
    r"about us|advertise with|click here|back to top|toggle|view all|show more|load more|see all|"
    r"sitemap|faq|help cent(?:er|re)|careers|close|continue reading|full story|view gallery|"
    r"go to|read the full)\b",
    re.I,
)
ADVERT = re.compile(
    r"\b(?:advert(?:isement|ising|isements)?|sponsored|promoted|paid (?:post|content|partner)|"
    r"web hosting|coupons?|promo code|buy now|shop now|order now|special offer|limited time|"
    r"best deals?|% off|gift card|affiliate|commission)\b|^\W*ad\W*$",
    re.I,
)
COUNTER = re.compile(
    r"^\W*(?:(?:page ?|post ?)?views?|hits|reads?|shares?|likes?|comments?|visits?|visitors|"
    r"votes?|downloads?|rating|reading time|word count)\s*[:=\-–]?\s*\(?\d[\d.,]*\s*[km]?\)?\W*$"
    r"|^\W*\(?\d[\d.,]*\s*[km]?\)?\s+(?:(?:page ?)?views?|hits|reads?|shares?|likes?|comments?|"
    r"visits?|replies|followers|min(?:ute)?s? read|votes?|retweets?|people)\W*$",
    re.I,
)
COMMENTS_HEAD = re.compile(
    r"^\W*(?:\d+\s+)?(?:comments?|responses?|replies|leave (?:a |your )?(?:comment|reply|response)"
    r"|post (?:a |your )?comment|add (?:a |your )?comment|join the (?:conversation|discussion)"
    r"|reader comments|comments? \(?\d*\)?|what do you think|write a comment|cancel reply"
    r"|kommentare?|commentaires?|comentarios?)\b.{0,40}$",
    re.I,
)
COMMENT_FORM = re.compile(
    r"\b(?:please enter (?:your|an?)\b|(?:enter|type) your (?:comment|name|e-?mail|message)|"
    r"your e-?mail address will not be published|required fields are marked|save my name|"
    r"notify me of|log in to (?:leave|comment|reply)|to post a comment|post comment|you must be "
    r"logged in|comment policy|reply\s*$|says:\s*$|report (?:abuse|comment))",
    re.I,
)
EARN = re.compile(
    r"\b(?:earn(?:ed|ing|s)?|mak(?:e|es|ing)|made|paid|pay(?:s|ing)?|check|income|salary|cash"
    r"|profits?)\b",
    re.I,
)
EASY = re.compile(
    r"\b(?:online|(?:from|at) home|laptop|this (?:website|site|link|web ?page|job)|part[ -]time"
    r"|side hustle|bitcoin|crypto|casino|betting|whatsapp|easy work)\b",
    re.I,
)
RATE = re.compile(
    r"\b(?:(?:per|every|an?|each) (?:hour|day|week|month)|hourly|weekly|monthly|so far|last (?:week"
    r"|month)|(?:first|last) pay)\b",
    re.I,
)
LURE = re.compile(
    r"(?<![=>.…)#~*-])[=>.…)#~*-]{3,}+\s*+(?:\w+\s*)?(?:https?:|www\.)|\bgood luck\s*[.:!]*\s*[:;]-?\)"
    r"|\b(?:visit|open|check|click|copy|go to|join|here is|more (?:info|details))\b[^:/]{0,50}"
    r"\W{3,}(?:https?:|www\.)",
    re.I,
)
# Two to eight names, where "EvaHolm" is two.
PERSON_LINE = re.compile(
    r"^(?:(?:[A-ZÀ-Þ][\w.’'-]++[ ,&]*+|and |de |van |von ){2,8}"
    r"|[A-ZÀ-Þ](?=[\w.’'-]+[A-ZÀ-Þ][\w.’'-])[\w.’'-]++[ ,&]*+)$"
)
BIO = re.compile(
    r"\b(?:is|was|are) (?:an?|the) (?:[\w’'-]+[ ,]+){0,5}(?:writer|reporter|journalist|correspondent"
    r"|columnist|editor|author|contributor|fellow|freelancer?|producer|host|professor|blogger)\b"
    r"|\bfollow (?:him|her|them)\b|\bcan be reached (?:at|on|by)\b|\byou can (?:follow|email|reach)\b"
    r"|\b(?:has|have) (?:written|reported|worked|covered) (?:for|at|about|on)\b"
    r"|^\W*(?:[A-Z][\w’'-]+ ){0,3}covers \w+|\bbased in [A-Z]|\bsend tips\b|\babout the author\b",
    re.I,
)
CREDITED = re.compile(
    r"\bcontributed to (?:this|the) (?:report|story|article|piece)\b"
    r"|^\W*(?:additional )?(?:writing|editing|reporting|compiled|translated|edited|produced)"
    r"(?: and \w+)? by\b|\bassociated press (?:writer|reporter)s?\b|\boriginally (?:published|appeared)"
    r"|^\W*(?:editor.s note|correction|this (?:story|article) (?:was|has been|is))\b",
    re.I,
)
ABOUT = re.compile(
    r"\b(?:provid(?:er|es|ing)|news organi[sz]ation|dedicated to|founded in|established in|trusted"
    r"|leading|industry|solutions?|professionals?|portfolio|customi[sz]ed|workflow|compliance"
    r"|comprehensive|award-winning|our (?:mission|journalism|readers|team|journalists|work|site)"
    r"|(?:independent|factual|fearless|quality) (?:journalism|reporting|news)|non-?profit|reaching"
    r"|(?:m|b)illions of (?:people|readers)|division of|subsidiary|brands?|worldwide|content"
    r"|expertise|platform|services|audiences?|stay informed|insights?|exclusive|unrivall?ed)\b",
    re.I,
)

DOING = re.compile(r"^(?:[A-Z][\w’'-]*|an?|the)\b(?: [\w’'-]+){0,3} \w{2,}ing\b")
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|said|says|told|did|does|do)\b",
    re.I,
)


def telling(line: str) -> list[str]:
    """The longer words of a line, in lower case: what it is about."""
    return _TELLING.findall(line.lower())


def is_spam(line: str) -> bool:
    """Whether a line praises easy money or lures to an address, as comment spam does."""
    if MONEY.search(line) and EASY.search(line) and RATE.search(line) and EARN.search(line):
        return len(line) < 900
    return ("http" in line or "www." in line.lower() or "luck" in line.lower()) and (
        LURE.search(line) is not None
    )


# A search costs 10 to 30 microseconds a line; most lines hold none of a pattern's words, and that
# is known from the set of the line's words in one.
GATES = {
    CREDIT: _words(
        "photo image picture credit screenshot file getty afp ap reuters epa courtesy via handout "
        "shutterstock istock istockphoto alamy bloomberg pool tass xinhua dpa anp pa photograph "
        "illustration video graphic photos images pictures wire wikimedia pic twitter anadolu foto "
        "source watch caption photographs illustrations videos graphics sources"
    ),
    SHOWS: _words(
        "seen pictured shown displayed look looks pose poses attend attends speak speaks arrive "
        "arrives walk walks stand stands hold holds gesture gestures wave waves listen listens "
        "addresses delivers sit sits leaves react reacts reacting rest rests rallies view man woman "
        "sign aerial photo picture general photograph image screenshot frame left right center "
        "centre l r above below file"
    ),
    SUBSCRIBE: _words(
        "subscribe subscriber subscribers subscribed subscription sign signing log login logged "
        "newsletter newsletters register your email daily free unsubscribe membership become donate "
        "donation support create unlimited download get password opt premium epaper paper e"
    ),
    LEGAL: _words(
        "cookie cookies privacy terms conditions rights copyright reproduce reproduced reproduction "
        "trademark trademarks gdpr consent disclaimer published legal licensing recaptcha reprint "
        "imprint agreement code guidelines accessibility javascript browser c"
    ),
    SOCIAL: _words(
        "facebook twitter instagram whatsapp linkedin pinterest flipboard reddit telegram tiktok "
        "youtube tumblr snapchat rss share tweet follow print copy bookmark save mail email skip menu "
        "search home homepage contact about advertise click back toggle view show load see sitemap "
        "faq help careers close continue full go read"
    ),
    ADVERT: _words(
        "advert advertisement advertisements advertising sponsored promoted paid hosting coupon "
        "coupons promo buy shop order special limited best off gift affiliate commission ad"
    ),
    COMMENT_FORM: _words(
        "please enter type your required save notify log comment comments logged policy reply says "
        "report"
    ),
    BIO: _words(
        "writer reporter journalist correspondent columnist editor author contributor fellow "
        "freelance freelancer producer host professor blogger follow reached you written reported "
        "worked covered covers based tips"
    ),
    CREDITED: _words(
        "contributed writing editing reporting compiled translated edited produced associated "
        "originally note correction this"
    ),
    ABOUT: _words(
        "provider provides providing news organization organisation dedicated founded established "
        "trusted leading industry solution solutions professional professionals portfolio customized "
        "customised workflow compliance comprehensive award our journalism reporting nonprofit non "
        "reaching millions billions division subsidiary brand brands worldwide content expertise "
        "platform services audience audiences stay insight insights exclusive unrivaled unrivalled"
    ),
}

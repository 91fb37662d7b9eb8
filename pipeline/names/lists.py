# ruff: noqa: SIM905 (a list of strings would be five times as long to read)
"""Words by which names are read: titles, roles, bodies, places. Lists of our own."""

from __future__ import annotations

from typing import Final

TITLES: Final = frozenset(
    """
    mr mrs ms miss mx sir dame lord lady dr drs doctor prof professor professors hon honorable honourable rt
    herr frau madam madame monsieur mme mlle senor senora senorita signor signora his her majesty
    president pres vice prime premier chancellor taoiseach pm minister ministers secretary sec ambassador envoy
    senator sen sens senators congressman congresswoman congressmen rep reps representative mp mps mep msp
    assemblyman assemblywoman delegate del dels alderman governor gov governors mayor mayoress mayors presidents
    councilman councilwoman councilor councillor cllr speaker leader whip candidate nominee
    judge judges justice justices attorney prosecutor solicitor sheriff marshal commissioner comptroller treasurer
    general gen admiral adm brigadier brig colonel col lieutenant lt major maj captain capt cpt commander cmdr
    sergeant sgt corporal cpl officer constable detective inspector superintendent chief
    king queen prince princess emperor empress sultan emir sheikh ayatollah duke duchess count countess baron
    baroness viscount viscountess pope cardinal archbishop archdeacon bishop monsignor imam rabbi reverend rev pastor
    father fr mother sister sisters brother brothers nurse dean
    director chairman chairwoman chairperson chair ceo cfo coo executive manager adviser advisor
    spokesman spokeswoman spokesperson editor author coach host anchor correspondent reporter
    auntie aunt uncle grandma grandpa granny
    deputy assistant acting former foreign ex then late elect designate senior managing under first home state
    defence defense interior finance health education national security press majority minority presidential
    democratic republican independent labour conservative
    vice-president ex-president then-president vice-chair vice-chairman ex-minister co-founder co-chair
    """.split()
)
"""Words before a person's name that are no part of it, without case, accents and stops."""

MODIFIERS: Final = frozenset(
    """
    senior managing under first home state foreign defence defense interior finance health education national security
    press majority minority presidential
    """.split()
)
"""Titles only before another one or a full name: "Home Secretary" Holm, and not "Home Office"."""

PARTIES: Final = frozenset({"democratic", "republican", "independent", "labour", "conservative"})
"""Titles before a name, and no less a part of a body's: "Labour" Eva Holm, and not "Labour Party"."""

GIVEN_TITLES: Final = frozenset({"dean", "del", "duke"})
"""Titles that are a given name or a part of one where no full name follows: "Dean Holm", and not "Dean Anna Holm"."""

FAMILY_TITLES: Final = frozenset(
    """
    baron bishop cardinal chancellor dean del duke father judge justice king lord major marshal pope prince
    """.split()
)
"""Titles that are a family name behind a given one: "Tom Baron Vessel"."""

NOBLE_TITLES: Final = frozenset(
    """
    duke duchess prince princess earl count countess viscount viscountess marquess marchioness
    """.split()
)
"""Titles of which one with an "of" is somebody's name: "the Duchess of Lund"."""

LETTERS: Final = frozenset("phd md esq mp mep msp qc kc obe mbe cbe".split())
"""Letters after a name that are no part of it."""

GENERATIONS: Final = frozenset("jr sr ii iii iv".split())
"""Which of the bearers of one name is meant."""

SUFFIXES: Final = LETTERS | GENERATIONS
"""What stands after a family name and is none."""

ADDRESSES: Final = frozenset(
    """
    mr mrs ms miss mx sir dame lord lady dr prof sen rep gov judge justice sgt capt lt rev senator
    representative congressman congresswoman mayor sheriff cllr hon brigadier brig cpl col
    """.split()
)
"""Titles that nothing but a person has before its name."""

MALE_TITLES: Final = frozenset(
    """
    mr sir lord king prince emperor duke count baron viscount herr monsieur senor signor pope imam rabbi sheikh
    sultan emir father brother congressman councilman assemblyman alderman chairman spokesman businessman policeman
    salesman gentleman husband son grandfather grandpa uncle nephew actor
    """.split()
)
OF_EITHER: Final = frozenset(
    "congressman councilman assemblyman alderman chairman spokesman businessman".split()
)
"""Of those, what women are called too."""
FEMALE_TITLES: Final = frozenset(
    """
    mrs ms miss dame lady queen princess empress duchess countess baroness viscountess frau madam madame mme mlle
    senora senorita signora mother sister congresswoman councilwoman assemblywoman mayoress chairwoman spokeswoman
    businesswoman policewoman saleswoman wife daughter grandmother grandma granny aunt auntie niece actress
    """.split()
)
ROLES: Final = frozenset(
    """
    president minister premier chancellor senator congressman congresswoman lawmaker legislator
    representative governor mayor king queen prince princess pope bishop archbishop cardinal imam
    rabbi reverend pastor priest doctor physician surgeon nurse professor scholar historian
    economist scientist researcher analyst expert judge justice attorney lawyer prosecutor sheriff
    chief officer captain colonel lieutenant sergeant major commander general admiral detective
    inspector commissioner ambassador diplomat envoy director chairman chairwoman chair
    chairperson speaker leader deputy candidate nominee hopeful frontrunner front-runner
    councilman councilwoman councillor delegate spokesman spokeswoman spokesperson ceo executive
    boss editor author writer novelist coach manager host anchor correspondent reporter journalist
    columnist blogger commentator strategist adviser advisor aide pollster activist organizer
    organiser founder co-founder owner investor banker billionaire businessman businesswoman mogul
    entrepreneur actor actress comedian singer musician artist director filmmaker player star
    athlete teacher principal student graduate farmer worker driver resident voter supporter
    critic opponent rival veteran soldier politician democrat republican liberal conservative
    socialist libertarian statesman official head secretary counterpart dictator ruler monarch
    tycoon magnate contender incumbent challenger man woman father mother husband wife son
    daughter brother sister victim suspect witness engineer pilot architect chef consultant
    lobbyist donor fellow scholar instructor dean provost superintendent treasurer clerk
    striker midfielder defender goalkeeper winger skipper referee umpire trainer footballer
    cricketer boxer golfer cyclist swimmer runner fisherman fisherwoman skipper trader builder
    carpenter electrician plumber baker butcher grocer shopkeeper landlord landlady tenant
    commuter passenger pensioner firefighter paramedic midwife pharmacist dentist vet surveyor
    hydrologist geologist biologist chemist physicist meteorologist climatologist epidemiologist
    psychologist sociologist philosopher theologian astronomer statistician mathematician
    seismologist virologist oceanographer ecologist archaeologist anthropologist engineer
    minister-president ombudsman ombudswoman auditor registrar rector chaplain curator librarian
    archivist playwright poet painter sculptor composer conductor violinist pianist dancer
    choreographer photographer designer broadcaster presenter
    """.split()
)
"""Nouns that name a person by a role."""
ROLE_VERBS: Final = {
    "heads": "head",
    "headed": "head",
    "leads": "head",
    "led": "head",
    "runs": "head",
    "chairs": "chair",
    "chaired": "chair",
    "directs": "director",
    "edits": "editor",
    "coaches": "coach",
    "manages": "manager",
}
"""Verbs of a relative clause that give somebody a role: "who heads the harbour office"."""

SAME_ROLE: Final = (
    frozenset({"president", "head of state", "leader", "commander", "commander-in-chief"}),
    frozenset({"minister", "prime minister", "head of government", "leader"}),
    frozenset({"minister", "premier", "head of government", "leader"}),
    frozenset({"secretary general", "secretary-general", "chief", "head", "leader", "general"}),
    frozenset({"chancellor", "head of government", "leader"}),
    frozenset({"director", "chief", "head", "boss"}),
    frozenset({"ceo", "chief executive", "chief", "boss", "executive", "head"}),
    frozenset({"senator", "lawmaker", "sen", "legislator", "politician"}),
    frozenset(
        {
            "congressman",
            "congresswoman",
            "representative",
            "rep",
            "lawmaker",
            "legislator",
            "politician",
        }
    ),
    frozenset({"governor", "gov", "politician"}),
    frozenset({"candidate", "nominee", "hopeful", "contender", "front-runner", "frontrunner"}),
    frozenset({"spokesman", "spokeswoman", "spokesperson", "press secretary"}),
    frozenset({"secretary", "minister", "diplomat"}),
    frozenset(
        {
            "professor",
            "scholar",
            "academic",
            "researcher",
            "historian",
            "economist",
            "political scientist",
            "scientist",
        }
    ),
    frozenset({"lawyer", "attorney", "counsel"}),
    frozenset(
        {
            "reporter",
            "journalist",
            "correspondent",
            "writer",
            "author",
            "columnist",
            "editor",
            "host",
            "anchor",
        }
    ),
    frozenset(
        {"businessman", "billionaire", "mogul", "tycoon", "magnate", "developer", "entrepreneur"}
    ),
    frozenset({"king", "queen", "monarch"}),
    frozenset({"pope", "pontiff"}),
    frozenset({"chairman", "chairwoman", "chair", "chairperson", "head", "chief"}),
    frozenset({"mayor", "politician"}),
    frozenset({"director", "filmmaker"}),
    frozenset({"doctor", "physician", "surgeon", "dr"}),
    frozenset({"prosecutor", "attorney general", "attorney", "district attorney"}),
    frozenset({"sheriff", "police chief", "chief", "commissioner"}),
)
"""Roles that may stand for one another in one article."""

OFFICES: Final = frozenset(
    """
    president minister premier chancellor senator congressman congresswoman representative governor
    mayor king queen pope bishop archbishop ambassador secretary chairman chairwoman chair ceo
    director commissioner treasurer councillor councilman councilwoman principal provost general
    abbot abbess prior prioress dean vicar rector warden
    """.split()
)
"""Roles that one person holds: who holds another is not meant."""
PORTFOLIOS: Final = frozenset(
    """
    foreign defence defense finance interior home health education justice labour labor trade energy
    environment transport agriculture treasury culture fire police press campaign family welfare
    housing immigration security intelligence budget tourism sports sport industry science technology
    communications information planning water forestry fisheries mining harbour port village town city
    county state school prison hospital
    """.split()
)
"""What an office is charged with: who holds one of these does not hold another of the same name."""
OUTSIDERS: Final = frozenset(
    """
    judge justice magistrate prosecutor officer detective sheriff coroner lawyer attorney counsel
    official spokesman spokeswoman spokesperson nurse doctor witness victim suspect mother father
    wife husband son daughter brother sister friend neighbor neighbour colleague aide reporter
    journalist interviewer moderator host anchor narrator caller voter resident fellow rival
    opponent critic supporter partner boss agent counterpart announcer passer-by onlooker
    member
    """.split()
)
"""Roles of people who speak of the one in view, and are somebody else where nobody bears them."""

BODIES: Final = frozenset(
    """
    ministry department agency administration government commission committee council court
    congress parliament senate house party campaign company corporation firm bank union
    association organisation organization group institute institution foundation university
    college school newspaper magazine paper network channel station outlet broadcaster website
    site service bureau office police army navy force military board team club church league
    federation coalition alliance authority embassy consulate hospital center centre fund trust
    society front movement militia regime cabinet duma tribunal regulator watchdog charity think-
    tank publication journal museum library theatre theater zoo gallery orchestra observatory
    clinic airline airport hotel diocese archdiocese brewery laboratory startup start-up retailer
    insurer lender manufacturer supermarket festival nonprofit non-profit consortium secretariat
    """.split()
)
"""Nouns that name a body."""

BODY_WORDS: Final = BODIES | frozenset(
    """
    courier bulletin mirror sun star express standard examiner inquirer register dispatch mail
    times post news journal press herald tribune guardian gazette chronicle observer telegraph
    independent today review monitor radio television tv media inc corp corporation llc ltd co plc
    gmbh ag sa group holdings partners industries technologies systems airlines motors energy oil
    gas pharmaceuticals bank insurance capital nations union pact republic states kingdom club fc
    united party democrats republicans ministry department agency administration committee
    commission council court senate congress parliament institute university college school
    foundation association society center centre bureau office police army navy reserve trust fund
    authority board federation league coalition initiative project campaign hospital church forum
    network alliance reuters bloomberg politico breitbart buzzfeed axios kremlin pentagon
    """.split()
)
HEADS_OF: Final = frozenset(
    """
    state states gulf bay cape port isle lake city town village duke duchess house lords war battle
    act bill order rights hall tower bridge library museum academy chamber ministers day
    """.split()
)
"""Last words before an "of" that goes on with the same name."""
METONYMS: Final = frozenset(
    """
    kremlin pentagon white house westminster whitehall vatican brussels hamas hezbollah taliban
    nato interpol reuters bloomberg politico breitbart facebook twitter google apple amazon
    microsoft walmart cnn bbc nbc abc cbs fox msnbc npr pbs ap afp fbi cia nsa dhs epa fda irs doj
    un eu imf who oecd wto unicef unesco isis aclu nra dnc rnc gop buzzfeed slate vox newsmax cnbc
    espn usa washington moscow beijing kyiv kiev tehran ankara jerusalem downing congress senate
    house parliament treasury wikileaks quinnipiac gallup rasmussen ministry government
    administration
    """.split()
)
PLACES: Final = frozenset(
    """
    afghanistan albania algeria america angola argentina armenia australia austria azerbaijan
    bahrain bangladesh belarus belgium bolivia bosnia brazil britain bulgaria cambodia cameroon
    canada chad chile china colombia congo croatia cuba cyprus czechia denmark ecuador egypt
    england estonia ethiopia europe finland france gaza georgia germany ghana greece guatemala
    haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan
    jordan kazakhstan kenya kosovo kuwait latvia lebanon liberia libya lithuania luxembourg
    malaysia mali malta mexico moldova monaco mongolia montenegro morocco mozambique myanmar nepal
    netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru
    philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore
    slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand
    tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe
    crimea donbas alabama alaska arizona arkansas california colorado connecticut delaware florida
    hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
    michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon
    pennsylvania tennessee texas utah vermont virginia wisconsin wyoming washington london paris
    berlin madrid rome moscow kyiv kiev beijing tokyo delhi cairo tehran baghdad kabul damascus
    ankara istanbul athens warsaw prague vienna brussels geneva dublin boston chicago houston
    miami atlanta dallas denver detroit seattle philadelphia phoenix manhattan brooklyn hollywood
    cleveland africa asia antarctica
    """.split()
)
SITES: Final = frozenset(
    """
    cottage lodge manor farmhouse inn avenue boulevard harbour harbor creek falls sound valley
    mountain mountains village square plaza terrace crescent gardens pier quay wharf docks tower
    towers barracks ranch vineyard canyon peninsula island islands
    """.split()
)
"""Last words of two or more that name a place, and are hardly anybody's surname."""
GROUPS: Final = frozenset(
    """
    officials sources people critics supporters opponents experts analysts lawmakers senators
    democrats republicans conservatives liberals activists voters residents witnesses police
    prosecutors lawyers attorneys investigators researchers scientists economists doctors
    authorities reporters journalists diplomats leaders aides advisers advisors executives
    investors observers many some others several most few both both-sides all everyone somebody
    someone anyone others americans russians ukrainians members allies candidates organizers
    protesters students teachers workers families parents women men fans users commentators
    pundits strategists operatives delegates respondents scholars historians media reports
    insiders rivals two three they we those neighbors neighbours friends relatives colleagues
    agents officers soldiers troops generals governors mayors ministers representatives
    legislators pollsters donors insiders evangelicals catholics muslims jews christians
    crowd audience throng onlookers bystanders spectators marchers demonstrators attendees callers listeners
    """.split()
)
UNNAMED: Final = frozenset(
    """
    official officials source sources person people insider insiders aide aides adviser advisers
    advisor advisors operative someone somebody spokesman spokeswoman spokesperson representative
    reports report rumors rumours man woman resident witness witnesses voter voters reporter
    reporters friend colleague neighbor neighbour expert experts analyst analysts others some many
    agent agents one another
    """.split()
)
THINGS: Final = frozenset(
    """
    community industry sector region city town country nation state market world media public
    economy system programme program plan project deal law bill book study survey poll song film
    movie series show game data figures evidence establishment opposition left right base
    electorate audience crowd jury panel majority minority generation profession neighbourhood
    neighborhood district province island village county side camp wing press web internet
    platform app building street road bridge river sea ship boat car train plane machine device
    computer software product brand
    """.split()
)
"""Nouns of no person, which no epithet turns on."""
NOT_NAMES: Final = frozenset(
    """
    the a an and but or nor so yet for if in on at to from by with of as is it he she they we i
    you his her their our my your its this that these those there here when while where why how
    what who whom whose which because although though since until unless after before during under
    over between among against about into through without within despite according also however
    meanwhile moreover furthermore instead still then now later earlier today yesterday tomorrow
    tonight recently perhaps maybe yes no not never ever even just only both either neither each
    every all any some many most more much few several other another such same one two three four
    five six seven eight nine ten first second third last next was were are be been being has have
    had do does did will would can could may might must shall should let please thank thanks read
    watch see click more asked added said told says speaking monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october
    november december mon tue wed thu fri sat sun spring summer autumn winter christmas easter
    views photo image video related home share subscribe newsletter advertisement comments posted
    updated published by editor note like unlike given once nearly almost about around well indeed
    wherever whenever whatever whichever whoever whether hence thus next besides plus except via
    nobody everybody everyone everything nothing something someone getting going being having
    making notably critics supporters officials experts analysts people women men clarification
    correction exclusive breaking opinion analysis update afterwards afterward nowadays soon
    eventually finally sometimes often apparently evidently nevertheless nonetheless otherwise
    therefore besides overnight elsewhere upstairs outside inside
    """.split()
)
"""Words that a capital letter at a sentence's start does not make a name."""
DAYS: Final = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december mon tue wed thu fri sat sun spring summer autumn
    winter christmas easter today yesterday tomorrow tonight
    """.split()
)

NATIONS: Final = dict(
    pair.split(":")
    for pair in """
    american:america british:britain russian:russia ukrainian:ukraine french:france german:germany
    chinese:china israeli:israel turkish:turkey iranian:iran iraqi:iraq italian:italy
    spanish:spain polish:poland japanese:japan indian:india canadian:canada mexican:mexico
    brazilian:brazil australian:australia european:europe syrian:syria egyptian:egypt saudi:saudi
    dutch:netherlands swedish:sweden norwegian:norway danish:denmark finnish:finland greek:greece
    hungarian:hungary belarusian:belarus lithuanian:lithuania latvian:latvia estonian:estonia
    georgian:georgia korean:korea pakistani:pakistan afghan:afghanistan palestinian:palestine
    irish:ireland scottish:scotland welsh:wales romanian:romania serbian:serbia czech:czechia
    austrian:austria swiss:switzerland portuguese:portugal belgian:belgium venezuelan:venezuela
    argentine:argentina colombian:colombia cuban:cuba nigerian:nigeria kenyan:kenya african:africa
    """.split()
)
"""Adjectives of nations and what they belong to."""

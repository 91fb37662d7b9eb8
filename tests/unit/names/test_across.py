"""One person in several scripts and spellings; two who only look alike stay two."""

from __future__ import annotations

from itertools import combinations

import pytest

from onrecord.pipeline.names.across import is_heard, keys, romanised, same_across
from tests.support.quoted import Said, clustered

pytestmark = pytest.mark.skipif(not is_heard(), reason="the extra `languages` is not installed")

# fmt: off
PEOPLE = [
    [
        "Володимир Зеленський", "Владимир Зеленский", "Volodymyr Zelensky",
        "Wolodymyr Selenskyj", "Wołodymyr Zełenski", "فولوديمير زيلينسكي", "Βολοντίμιρ Ζελένσκι",
    ],
    ["Денис Шмигаль", "Денис Шмыгаль", "Denys Shmyhal", "Denys Schmyhal", "Denys Szmyhal", "دينيس شميهال"],
    ["Олаф Шольц", "Olaf Scholz", "أولاف شولتس", "Όλαφ Σολτς"],
    ["Еммануель Макрон", "Эмманюэль Макрон", "Emmanuel Macron", "إيمانويل ماكرون", "Εμανουέλ Μακρόν"],
    ["Ангела Меркель", "Angela Merkel", "أنجيلا ميركل", "Άνγκελα Μέρκελ"],
    ["Дональд Туск", "Donald Tusk", "دونالد توسك", "Ντόναλντ Τουσκ"],
    ["Анджей Дуда", "Andrzej Duda", "أندريه دودا"],
    ["Реджеп Ердоган", "Реджеп Эрдоган", "Recep Erdoğan", "Recep Erdogan", "رجب أردوغان"],
    ["Джо Байден", "Joe Biden", "جو بايدن", "Τζο Μπάιντεν"],
    ["Дональд Трамп", "Donald Trump", "دونالد ترامب", "Ντόναλντ Τραμπ"],
    [
        "Олександр Лукашенко", "Александр Лукашенко", "Alexander Lukashenko",
        "Alexander Lukaschenko", "Aleksandr Łukaszenko", "ألكسندر لوكاشينكو",
    ],
    [
        "Володимир Путін", "Владимир Путин", "Vladimir Putin",
        "Wladimir Putin", "Władimir Putin", "Vladimir Poutine", "فلاديمير بوتين",
    ],
    [
        "Сергій Лавров", "Сергей Лавров", "Sergei Lavrov",
        "Sergej Lawrow", "Siergiej Ławrow", "Sergueï Lavrov", "سيرغي لافروف",
    ],
    [
        "Олексій Навальний", "Алексей Навальный", "Alexei Navalny",
        "Alexej Nawalny", "Aleksiej Nawalny", "Alexeï Navalny", "أليكسي نافالني",
    ],
    ["Віталій Кличко", "Виталий Кличко", "Vitali Klitschko", "Vitaliy Klychko", "Witalij Kłyczko", "فيتالي كليتشكو"],
    ["Дмитро Кулеба", "Дмитрий Кулеба", "Dmytro Kuleba", "Dmitri Kuleba", "دميترو كوليبا"],
    [
        "Валерій Залужний", "Валерий Залужный", "Valerii Zaluzhnyi",
        "Walerij Saluschnyj", "Wałerij Załużny", "فاليري زالوجني",
    ],
    ["Єнс Столтенберг", "Йенс Столтенберг", "Jens Stoltenberg", "ينس ستولتنبرغ"],
    ["Джорджа Мелоні", "Джорджа Мелони", "Giorgia Meloni", "جورجيا ميلوني"],
    ["Віктор Орбан", "Виктор Орбан", "Viktor Orbán", "Wiktor Orban", "فيكتور أوربان"],
    ["Педро Санчес", "Pedro Sánchez", "بيدرو سانشيز"],
    ["Кір Стармер", "Кир Стармер", "Keir Starmer", "كير ستارمر"],
    [
        "Біньямін Нетаньяху", "Биньямин Нетаньяху", "Benjamin Netanyahu",
        "Benjamin Netanjahu", "Binjamin Netanjahu", "بنيامين نتنياهو",
    ],
    ["Антоніу Гутерреш", "Антониу Гутерреш", "António Guterres", "أنطونيو غوتيريش"],
    ["Крістін Лагард", "Кристин Лагард", "Christine Lagarde", "كريستين لاغارد"],
    ["Оксана Бабченко", "Oksana Babchenko", "Oksana Babtschenko", "Oksana Babczenko", "أوكسانا بابتشينكو"],
    [
        "Леонід Кравчук", "Леонид Кравчук", "Leonid Kravchuk",
        "Leonid Krawtschuk", "Leonid Krawczuk", "Léonid Kravtchouk",
    ],
    [
        "Юлія Тимошенко", "Юлия Тимошенко", "Yulia Tymoshenko",
        "Julia Tymoschenko", "Julia Tymoszenko", "Ioulia Timochenko", "يوليا تيموشينكو",
    ],
    [
        "Михайло Горбачов", "Михаил Горбачев", "Mikhail Gorbachev",
        "Michail Gorbatschow", "Michaił Gorbaczow", "ميخائيل غورباتشوف",
    ],
    ["Ірина Соловей", "Ирина Соловей", "Iryna Solovei", "Iryna Solowej", "إيرينا سولوفي"],
    ["Мая Санду", "Майя Санду", "Maia Sandu", "مايا ساندو"],
    ["Нікол Пашинян", "Никол Пашинян", "Nikol Pashinyan", "Nikol Paschinjan", "Nikol Paszynian", "نيكول باشينيان"],
    ["Ільхам Алієв", "Ильхам Алиев", "Ilham Aliyev", "Ilham Alijew", "إلهام علييف"],
    ["Рамзан Кадиров", "Рамзан Кадыров", "Ramzan Kadyrov", "Ramsan Kadyrow", "رمضان قديروف"],
    ["Жозеп Боррель", "Josep Borrell", "جوزيب بوريل"],
    ["Урсула фон дер Ляєн", "Урсула фон дер Ляйен", "Ursula von der Leyen", "أورسولا فون دير لاين"],
    ["Борис Пісторіус", "Борис Писториус", "Boris Pistorius", "بوريس بيستوريوس"],
    ["Анналена Бербок", "Annalena Baerbock", "أنالينا بيربوك"],
    ["Марк Рютте", "Mark Rutte", "مارك روته"],
    ["Ганна Симоненко", "Анна Симоненко", "Hanna Symonenko", "هانا سيمونينكو"],
]
"""Forty people, each as some of ten languages spell the name."""

LOOK_ALIKES = [
    ("Володимир Зеленський", "Volodymyr Zelinsky"),
    ("Олена Зеленська", "Volodymyr Zelensky"),
    ("Володимир Зеленський", "Volodymyra Zelenska"),
    ("Олаф Шольц", "Olaf Schulz"),
    ("Олаф Шольц", "Martin Schulz"),
    ("Olaf Schulz", "Олаф Шольц"),
    ("Віталій Кличко", "Wladimir Klitschko"),
    ("Володимир Кличко", "Vitali Klitschko"),
    ("Марія Россі", "Mario Rossi"),
    ("Мария Росси", "Mario Rossi"),
    ("Іван Петров", "Ivana Petrova"),
    ("Олександр Петренко", "Oleksandra Petrenko"),
    ("Оксана Кравчук", "Olena Kravchuk"),
    ("Петро Порошенко", "Petra Poroschenko"),
    ("Сергій Коваленко", "Serhiy Kovalchuk"),
    ("Сергей Иванов", "Sergio Ivanov"),
    ("Дональд Трамп", "Donald Tusk"),
    ("Дональд Туск", "Donald Trump"),
    ("Анна Шмидт", "Anne Schmitz"),
    ("Михайло Горбачов", "Michael Horbach"),
    ("Джо Байден", "John Biden"),
    ("Джон Браун", "Joan Brown"),
    ("Олег Мельник", "Olga Melnik"),
    ("Олег Мельник", "Olha Melnyk"),
    ("Роман Бондар", "Romana Bondar"),
    ("Роман Бондаренко", "Roman Bondarchuk"),
    ("Ян Новак", "Jana Novak"),
    ("Ян Новак", "Jan Nowicki"),
    ("Карл Майер", "Karl Mayr-Huber"),
    ("Карла Майер", "Karl Mayer"),
    ("Пітер Ланг", "Peter Lange"),
    ("Петер Ланг", "Peter Lange"),
    ("Анна Берг", "Anna Berger"),
    ("Анна Бергер", "Anna Berg"),
    ("Ганна Король", "Hanna Koroleva"),
    ("Тарас Шевченко", "Taras Shevchuk"),
    ("Андрій Шевченко", "Andrea Schewtschenko"),
    ("Андрій Мельник", "Andrij Melnychuk"),
    ("Марк Рютте", "Marek Rutte"),
    ("Юлія Тимошенко", "Julian Tymoschenko"),
    ("Віктор Орбан", "Victoria Orban"),
    ("Борис Джонсон", "Boris Jansen"),
    ("Ерік Гансен", "Erik Jansen"),
    ("Ерік Гансен", "Erika Hansen"),
    ("Павло Дзюба", "Pawel Dziuk"),
    ("Лев Чижов", "Lew Tschechow"),
    ("Лев Чижов", "Leon Chizhov"),
    ("Ніна Гриценко", "Nina Hrytsak"),
    ("Денис Шмигаль", "Denise Schmihal"),
    ("Олена Кравець", "Olena Kravchenko"),
    ("محمد سلمان", "Mohammed Soliman"),
    ("أحمد حسن", "Ahmed Hussein"),
    ("علي حسن", "Ali Hussain"),
    ("نور الخطيب", "Nora Al-Khatib"),
    ("Ілля Пономарьов", "Ilja Ponomarenko"),
    ("Жан Мартен", "Jean Martinez"),
    ("Жан Мартен", "Jeanne Martin"),
    ("Луї Мартен", "Louise Martin"),
    ("Хуан Гарсія", "Juana García"),
    ("Хуан Гарсия", "Joan Garcés"),
]
"""Two people each: a sister, a namesake in another family, one letter of another sound."""
# fmt: on


def found(one: str, two: str) -> bool:
    return same_across(one, two) and bool(keys(one) & keys(two))


def test_forty_people_are_found_under_the_spellings_of_ten_languages() -> None:
    pairs = [pair for names in PEOPLE for pair in combinations(names, 2)]
    assert sum(found(*pair) for pair in pairs) >= 0.9 * len(pairs)


def test_nobody_is_taken_for_another() -> None:
    assert [pair for pair in LOOK_ALIKES if found(*pair)] == []
    wrong = [
        (one, two)
        for names, others in combinations(PEOPLE, 2)
        for one in names
        for two in others
        if found(one, two)
    ]
    assert wrong == []


def test_a_name_alone_tells_nobody() -> None:
    assert keys("Зеленський") == frozenset()
    assert not same_across("Зеленський", "Volodymyr Zelensky")


@pytest.mark.parametrize(
    ("word", "plain"),
    [("Зеленський", "zelenskiy"), ("Błażej", "blazhej"), ("شولتس", "shwlts"), ("", ""), ("42", "")],
)
def test_words_are_romanised(word: str, plain: str) -> None:
    assert romanised(word).replace("'", "") == plain


def told(*names: tuple[str, str]) -> set[frozenset[str]]:
    """Who is made of names, each told in an article in a language."""
    made = clustered(
        [
            Said(f"a{at}", name, f"Sentence {at} has its words.", language=language)
            for at, (name, language) in enumerate(names)
        ]
    )
    return {frozenset(aliases) for aliases in made.speakers["aliases"].to_list()}


ZELENSKY = [
    ("Володимир Зеленський", "uk"),
    ("Владимир Зеленский", "ru"),
    ("Volodymyr Zelensky", "en"),
    ("Wolodymyr Selenskyj", "de"),
    ("Wołodymyr Zełenski", "pl"),
    ("فولوديمير زيلينسكي", "ar"),
]


@pytest.mark.parametrize("turn", range(len(ZELENSKY)))
def test_a_speaker_has_the_names_of_all_languages(turn: int) -> None:
    names = ZELENSKY[turn:] + ZELENSKY[:turn]
    assert told(*names, ("Olaf Scholz", "de"), ("Олаф Шольц", "uk")) == {
        frozenset(name for name, _ in ZELENSKY),
        frozenset(["Olaf Scholz", "Олаф Шольц"]),
    }


def test_within_one_language_spelling_tells_people_apart() -> None:
    assert len(told(("Wolodymyr Selenskyj", "en"), ("Volodymyr Zelensky", "en"))) == 2
    assert len(told(("Олена Зеленська", "uk"), ("Volodymyr Zelensky", "en"))) == 2


def test_a_speaker_is_shown_in_latin_letters() -> None:
    made = clustered(
        [
            Said("a1", "Володимир Зеленський", "One sentence has its words.", language="uk"),
            Said("a2", "Володимир Зеленський", "Two sentences have them.", language="uk"),
            Said("a3", "Volodymyr Zelensky", "Three sentences have words.", language="en"),
        ]
    )
    assert made.speakers["name"].to_list() == ["Volodymyr Zelensky"]

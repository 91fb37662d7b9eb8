"""Who speaks: the kinds that were told wrong once, each with a neighbour that must stay."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import extract

KINDS = {
    "de: a dative before the verb is no subject": (
        "Der Zeitung sagte Filip Kamann: „Ich werde hier festgehalten, aber ich gebe nicht auf.“\n\n"
        "Die Zeitung schrieb: „Wir haben ihn zweimal im Gefängnis besucht.“",
        ["Filip Kamann", "Zeitung"],
    ),
    "de: they are not she": (
        "Ministerin Ute Held reiste am Montag nach Kiel. Sie nannte das Treffen „einen guten Anfang für alle“.\n\n"
        "Ihre Mitarbeiter sprachen mit der Presse. Sie nannten es „eine reine Klarstellung für alle“.",
        ["Ute Held", None],
    ),
    "de: of whom others say something does not speak": (
        "Der Verein Lindenhof hat am Montag neue Pläne gezeigt. Der Ingenieur Karl Brandt wurde von Ute Held als"
        " „der beste Kopf der ganzen Stadt“ bezeichnet.",
        ["Ute Held"],
    ),
    "de: an accusative is no name": (
        "Der Oberkommandierende General der Streitkräfte im Norden, General Georg Kasten, sprach in Kiel. „Die Lage"
        " bleibt angespannt“, sagte der Oberkommandierende General der Streitkräfte, General Georg Kasten, am Abend.",
        ["Georg Kasten"],
    ),
    "uk: several speak for a body": (
        "Мер Олег Гнатишин відкрив міст у середу. «Міст витримає все», — сказав він.\n\n"
        "«Проєкт другої черги вже готовий», — повідомили в поліції.\n\n«Ми не встигнемо до зими», — додали в селі.",
        ["Олег Гнатишин", "поліції", None],
    ),
    "es: whoever is meant by a relative pronoun": (
        "«Lo avisamos en esta misma sala», reprochó la diputada Ximena Otaola al alcalde Andrés Prado, quien dijo:"
        " «Usted votó en contra del presupuesto».",
        ["Ximena Otaola", "Andrés Prado"],
    ),
    "pt: he who quotes himself": (
        "A costureira Adelaide Queirós recebeu o filho no porto. “Eu disse-lhe: ‘Se fores, não te falo mais.’ E"
        " falei-lhe todos os dias”, confessou Adelaide Queirós.",
        ["Adelaide Queirós", "Adelaide Queirós"],
    ),
    "it: another is not meant by what somebody is": (
        "Il sindaco Fabrizio Mondelli ha chiuso la strada. La curia ha detto che la diocesi «ha piena fiducia nella"
        " giustizia».",
        [None],
    ),
    "pl: a father is whose he is": (
        "Zegarmistrz Kazimierz Sikora naprawia zegary. – Ojciec powtarzał: „Zegar naprawia się uchem, nie palcami” –"
        " wspomina Sikora.",
        ["Kazimierz Sikora", None],
    ),
    "pl: a woman's given name is no man's in another case, and a company is not called so": (
        "– Strata jest kosztem wejścia na nowe rynki – przekonuje prezes Ryszarda Nabielak.\n\n„Informacje o spadku"
        " są nieprawdziwe” – czytamy w komunikacie spółki.",
        ["Ryszarda Nabielak", None],
    ),
    "an interview is with whom the headline names": (
        "Claire Rousselin : « J'écris pour ne pas ranger »\n\nLa romancière publie son neuvième livre à Lyon.\n\n"
        "— Pourquoi ce titre ?\n\n— Parce que j'en perds une par semaine.\n\n— Votre héroïne vous ressemble ?\n\n"
        "— Pas du tout, elle sait conduire.\n\n« Je n'ai jamais rien rangé », confie la romancière.",
        [
            "Claire Rousselin",
            None,
            "Claire Rousselin",
            None,
            "Claire Rousselin",
            "Claire Rousselin",
        ],
    ),
    "in a scene the next line is somebody else's": (
        "Do środka zagląda sąsiadka, Bronisława Gołąb.\n\n– Panie Kaziu, mój budzik znowu stanął! – woła Bronisława"
        " Gołąb.\n\n– Bo go pani nie nakręca, droga pani.",
        ["Bronisława Gołąb", None],
    ),
    "a headline's words are of who says them below": (
        "„Dawno tak nie płakałem”\n\nSiatkarze z Bystrzna wygrali finał.\n\n– Dawno tak nie płakałem i wcale"
        " się tego nie wstydzę – wyznał trener Hipolit Zarębiński.",
        ["Hipolit Zarębiński", "Hipolit Zarębiński"],
    ),
    "zh: she is who was spoken of last": (
        "“爷爷那辈就在树下摆茶摊，砍了它怎么行？”昨日上午，茶摊主柴根宝说。\n\n副镇长汲文澜介绍，东移方案要多拆九户民房。"
        "她坦言这件事“两头都是难题，谁也不敢拍板”。",
        ["柴根宝", "汲文澜"],
    ),
}


@pytest.mark.parametrize(("text", "speakers"), KINDS.values(), ids=list(KINDS))
def test_who_speaks(text: str, speakers: list[str | None]) -> None:
    (found,) = extract([text])
    assert [one.name for one in found] == speakers


@pytest.mark.parametrize(
    "text",
    [
        "Голям пожар избухна в склад край Горна Бряга.\n\n„Няма пострадали хора“, каза кметът Иван Петков.\n\n"
        "Жителката Мария Стоянова разказа: „Чухме силен взрив към полунощ“.",
        "Вялікі пажар здарыўся на складзе.\n\n«Агонь ужо пад кантролем», — сказаў старшыня Алесь Карповіч.\n\n"
        "Жыхарка Вольга Сцяпанава расказала: «Мы пачулі моцны выбух каля поўначы».",
        "Een grote brand heeft woensdag een loods verwoest.\n\n„Er is niemand gewond geraakt”, zei burgemeester Marijke"
        " Vos tegen de verslaggevers.",
        "Radnice odložila opravu mostu.\n\n„Peníze jednoduše nejsou a nebudou,“ řekla starostka Jana Koubková.",
        "Ein Brand hat die Halle zerstört.\n\n„Niemand wurde verletzt“, sagte Ute Held.\n\nDe brandweer kwam snel ter"
        " plaatse. „Er is niemand gewond geraakt”, zei burgemeester Marijke Vos tegen de verslaggevers.",
    ],
    ids=["bg", "be", "nl", "cs", "de with nl"],
)
def test_in_a_language_without_a_pack_nobody_is_named(text: str) -> None:
    (found,) = extract([text])
    others = [one for one in found if one.language not in ("de",)]
    assert others
    assert {(one.name, one.unresolved) for one in others} == {(None, "language")}


def test_a_text_of_one_sentence_is_in_its_language() -> None:
    texts = [
        "„Ich liebte die tropischen Farben“, sagt er.",
        "“I loved the tropical colours,” he says.",
    ]
    assert [one.language for (one,) in extract(texts)] == ["de", None]

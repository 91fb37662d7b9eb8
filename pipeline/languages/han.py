"""Han: Chinese, without spaces or capitals: the subject stands before the verb, a name begins with a known sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.stretches import Stretch, stretches
from onrecord.pipeline.languages.whom import Who
from onrecord.pipeline.machine.deadline import heed

Row = tuple[tuple[tuple[int, int], ...], tuple[int, int] | None, Who]

_DOUBLE: Final = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|端木|南宫|夏侯|司徒|呼延|轩辕|独孤"
)
_SINGLE: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易"
    "乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管"
    "柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景郗仲谌屠漆阚汲柴蓝练党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬"
    "边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢扈奚"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇盧鍾陸範賈韋鄒賀顧龔萬錢嚴湯莊聶魯關蘭紀單畢藍駱"
)
_NAME: Final = rf"(?:(?:{_DOUBLE})|[{_SINGLE}])[\u4e00-\u9fff]{{1,2}}"
_FOREIGN: Final = r"[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6})+"
# The signs that foreign names are written with, by their sound.
_SOUNDS: Final = (
    "阿埃艾爱安昂奥巴白班邦包贝本比彼毕别宾波伯博布查察楚达戴丹当道德登邓狄迪丁东都杜顿多厄恩尔法范菲费芬丰冯佛夫弗福富盖甘冈高戈哥格葛根贡古瓜圭哈海汉豪赫黑亨胡华怀惠霍基吉季加贾简杰捷金京"
    "久卡凯坎康考柯科可克肯孔库夸昆拉莱赖兰朗劳勒雷黎李里理利立连廉良列林琳留龙卢鲁路伦罗洛吕马玛麦迈曼芒毛梅门蒙孟米密明莫默姆穆拿纳娜乃南内嫩尼年涅宁纽农努诺欧帕派潘庞佩彭蓬皮匹平普齐奇契恰"
    "钱强乔切琴丘屈让热仁日荣若萨塞赛桑瑟森沙莎山尚绍舍申生圣施什史士舒斯丝松苏索塔台太泰坦汤唐陶特腾提廷汀通图托瓦万旺威韦为维温文翁沃乌武西希锡夏香向肖歇谢辛欣兴休雪逊雅亚延扬杨耶叶伊依意因英"
    "尤于约云泽曾扎詹章赵珍芝治朱卓宗佐奧維馬瑪奇薩愛麗絲爾蘭達賓納倫羅賴萊鮑亞諾盧蓋凱費賽莉賈葉蘇韋頓魯龍門漢納娜歐"
)
_BY_SOUND: Final = re.compile(rf"[{_SOUNDS}]{{2,7}}")
_CLAUSE: Final = "，。！？；：、\n\u201c\u201d\u300c\u300d,:;（）()"
_STOP: Final = re.compile(r"[。！？；\n]")
_TAIL: Final = re.compile(
    r"(?:一边.{1,12}一边|[供盘受休庭上出采自当受讯会事赛][\u4e00-\u9fff]{0,2}(?:时|後|后)|当庭|在[^，。]{1,20}(?:上|中|时|里|后|会|间)|日前|出具的|的?书面意见|[对對][^，。]{1,24}|向[^，。]{1,14}|就[^，。]{1,14}|则|也|还|又|却|随后|当天|随即|昨日|今天|昨天|\d+日|再次|进一步|书面|"
    r"笑着|激动地|无奈地|坚定地|告诉记者|接受[^，。]{1,14}采访时|如此|这样|曾|便|并|同时|此前|表示|回忆|补充|解释|感慨|介绍|强调|反复|坦率地|一再|公开|大声|低声)$"
)
_PRONOUN: Final = re.compile(r"(?:^|[，。]|而|但|不过)?(他|她)$")
_REACH: Final = 24
_FEW: Final = 5
_NAMING: Final = 14
_CLAUSE_LENGTH: Final = 60
_TAILS: Final = 4


def told(text: str, lines: Sequence[tuple[int, int]], pack: Pack) -> Iterator[Row]:
    """The quotations of paragraphs in Chinese."""
    last: str | None = None
    known: dict[str, None] = {}
    verb = re.compile(f"(?:{pack.verbs})")
    for start, end in lines:
        heed()
        spoken = stretches(text, start, end, None)
        pending: list[tuple[list[tuple[int, int]], tuple[int, int] | None, Who]] = []
        for number, one in enumerate(spoken):
            low = max(start, spoken[number - 1].end if number else start)
            high = spoken[number + 1].start if number + 1 < len(spoken) else end
            found = _beside(text, one, low, high, verb)
            if found is None:
                alone = _is_sentence(text, one)
                gap = text[low : one.start].strip(" ，")
                if pending and not gap:
                    spans, cue, who = pending[-1]
                    spans.append((one.start, one.end))
                elif alone:
                    pending.append(
                        ([(one.start, one.end)], None, Who(None, None, None, "no_mention", "none"))
                    )
                continue
            cue, (a, b) = found
            if not _is_said(text, one, cue):
                continue
            last = _spoken_of(text, low, one.start, verb, pack, known) or last
            who = _subject(text, a, b, pack, known, last)
            if who.name is not None and who.kind == "person":
                last = who.name
            pending.append(([(one.start, one.end)], cue, who))
        for spans, cue, who in pending:
            yield tuple(spans), cue, who


def _is_sentence(text: str, one: Stretch) -> bool:
    words = one.words(text)
    return len(words) >= 8 or (len(words) > _FEW and words[-1:] in "。！？，")


def _is_said(text: str, one: Stretch, cue: tuple[int, int]) -> bool:
    words = one.words(text)
    if len(words) > _FEW or words[-1:] in "。！？，":
        return True
    return 0 <= one.start - cue[1] <= 12 or 0 <= cue[0] - one.end <= 12


def _beside(
    text: str, one: Stretch, low: int, high: int, verb: re.Pattern[str]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The cue of a stretch and where its subject may stand: before it, else behind it."""
    cut = [found.end() for found in _STOP.finditer(text, low, one.start)]
    begin = cut[-1] if cut else low
    before = list(verb.finditer(text, begin, one.start))
    if before and one.start - before[-1].end() <= _REACH:
        cue = before[-1]
        # The subject stands before the first verb of the clause.
        clause = max(text.rfind(sign, begin, cue.start()) + 1 for sign in "，,") or begin
        first = next(found for found in before if found.start() >= clause)
        if first.start() == clause:
            first = before[0] if before[0].start() > begin else cue
        return cue.span(), (begin, first.start() if first.start() > begin else cue.start())
    stop = _STOP.search(text, one.end, high)
    limit = stop.start() if stop else high
    behind = verb.search(text, one.end, min(limit, one.end + 2 * _REACH))
    if behind is not None and (
        one.words(text)[-1:] in "。！？，"
        or text[one.end : one.end + 1] in "，"
        or (behind.start() - one.end <= _NAMING and _STOP.match(text, behind.end()) is not None)
    ):
        return behind.span(), (one.end, behind.start())
    return None


def _spoken_of(
    text: str, low: int, start: int, verb: re.Pattern[str], pack: Pack, known: dict[str, None]
) -> str | None:
    """Who is named last before a verb of saying in what stands before the words: whom a pronoun means."""
    name: str | None = None
    for found in verb.finditer(text, low, start):
        begin = max(text.rfind(sign, low, found.start()) for sign in "，。；") + 1 or low
        told = _named(_bare(text[begin : found.start()].strip(_CLAUSE)), pack, known)
        name = told or name
    return name


def _subject(
    text: str, start: int, end: int, pack: Pack, known: dict[str, None], last: str | None
) -> Who:
    """Who the words before a verb name."""
    phrase = text[start:end].strip(_CLAUSE + " ")
    at = text.find(phrase, start) if phrase else start
    clauses = [part for part in re.split(rf"[{_CLAUSE}]", phrase) if part]
    for clause in reversed(clauses):
        bare = _bare(clause)
        where = text.rfind(clause, at, end) + max(len(clause) - _CLAUSE_LENGTH, 0)
        if not bare:
            continue
        span = (where, where + len(bare))
        if _PRONOUN.search(bare):
            if last is None:
                return Who(span, None, None, "no_antecedent", "none")
            return Who(span, last, "person", None, "pronoun")
        name = _named(bare, pack, known)
        if name is not None:
            known[name] = None
            return Who(span, name, "person", None, "name")
        if re.search(rf"(?:{pack.indefinite})", bare[:8]):
            return Who(span, None, "unnamed", "unnamed", "unnamed")
        if re.fullmatch(pack.bodies, bare):
            return Who(span, bare, "organisation", None, "body")
        if re.search(rf"(?:{pack.roles})$", bare):
            return Who(span, None, "unnamed", "no_antecedent", "unnamed")
    if not clauses and last is not None:
        return Who(None, last, "person", None, "dropped")
    return Who(None, None, None, "no_mention", "none")


def _bare(clause: str) -> str:
    """A clause without what stands between its subject and the verb: when, where and how it was said."""
    bare = clause[-_CLAUSE_LENGTH:]
    for _ in range(_TAILS):
        shorter = _TAIL.sub("", bare)
        if shorter == bare:
            break
        bare = shorter
    return bare


def _named(phrase: str, pack: Pack, known: dict[str, None]) -> str | None:
    """The name at the end of a phrase: one that is known, one behind a role, or one that is all of it."""
    for name in known:
        if phrase.endswith(name):
            return name
    if foreign := re.search(rf"{_FOREIGN}$", phrase):
        parts = re.split(rf".*(?:{pack.roles})", foreign.group())
        return parts[-1] or foreign.group()
    ends = {
        found.start() + len(found.group(1)) for found in re.finditer(rf"(?=({pack.roles}))", phrase)
    }
    for length in (3, 2, 4):
        rest = phrase[-length:]
        at = len(phrase) - length
        if at < 0 or re.search(r"[的了在是和与]", rest):
            continue
        if (at in ends or at == 0) and (re.fullmatch(_NAME, rest) or (at in ends and length != 4)):
            return rest
    found = re.search(rf"的({_NAME})$", phrase)
    if found is not None:
        return found.group(1)
    parts = re.split(rf"(?:{pack.roles})", phrase)
    return parts[-1] if _BY_SOUND.fullmatch(parts[-1]) else None

"""Chinese document numbers in Latin letters: Guofa 2021 20 for 国发〔2021〕20号."""

import re

# The characters that issuing offices are abbreviated by, and those of orders and announcements.
SPOKEN = """
an 安, ban 办, bao 保, bo 播, bu 部, cai 财, chan 产, dan 单, du 督, fa 法发, fang 防, fu 服,
gai 改, gao 高告, gong 公工, guan 管关, gui 规, guo 国, hai 海, han 函, hang 航, huan 环,
hui 会, ji 技计纪, jia 价家, jian 检监建, jiao 教交, jin 金, jing 竞经京, ju 局, ke 科,
li 利, lian 联, liang 量, lin 林, ling 令, mao 贸, min 民, nong 农, ping 评, quan 权, ren 人,
shang 商, shen 审, shi 释市识, shu 术署, shui 税, si 司, ti 体, tong 通, wang 网, wei 委卫,
wen 文, wu 务, xi 席, xie 协, xin 信, xing 行, xue 学, yan 验, yao 药, yi 医议疫, yin 银,
yuan 院, yun 运, zhan 战展, zhang 章, zheng 政争, zhi 知质制植, zhong 中种, zhu 主, zi 字资,
zong 总, zuo 作
"""
SOUNDS = {
    character: sound
    for sound, characters in re.findall(r"([a-z]+) ([^, \n]+)", SPOKEN)
    for character in characters
}
# What stands around a number and is left out where it is told in English.
AROUND = re.compile("[第号]")


def romanised(number: str) -> str:
    """The document number in Latin letters; empty where a character of it is not known here."""
    runs = re.findall(r"[\u4e00-\u9fff]+|[0-9]+", AROUND.sub(" ", number))
    told = [
        run if run.isdigit() else "".join(SOUNDS.get(each, "?") for each in run) for run in runs
    ]
    return "" if told == runs or "?" in "".join(told) else " ".join(told)

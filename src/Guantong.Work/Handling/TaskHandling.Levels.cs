using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A task goes to the same line of business a level down or up (省→市→县→乡). Towns and streets have one body for all lines.</summary>
public sealed partial class TaskHandling
{
    /// <summary>The units of the same line in the regions directly below a unit's own; below a county, the people's governments of its towns and the offices of its streets.</summary>
    public IReadOnlyList<Unit> Below(string unit) =>
        land.Units.Find(unit) is not { } own ? [] : [.. land.Regions.Children(own.Region).Where(r => r.To is null).Select(r => land.Units.Beside(own, r.Code)).OfType<Unit>()];

    /// <summary>The unit of the same line in the nearest region above a unit's own that has one; null where there is none.</summary>
    public Unit? Above(string unit) =>
        land.Units.Find(unit) is not { } own ? null : land.Regions.Upwards(own.Region).Skip(1).Select(r => land.Units.Beside(own, r.Code)).FirstOrDefault(u => u is not null);

    /// <summary>A unit hands a task down to the same line of a region directly below (下派). It is a hand-over: taken back, returned with a reason, and not handed in circles.</summary>
    /// <param name="region">The region's code.</param>
    /// <exception cref="ConflictException">level-none: there is no such unit there; and what stands in the way of a hand-over.</exception>
    public async Task HandDownAsync(string id, string? region, string? reason, Person by, CancellationToken cancel = default) =>
        await HandOverAsync(id, Below(by.Unit ?? "").FirstOrDefault(u => u.Region == region)?.Id ?? throw new ConflictException("level-none"), reason, by, "hand-down", cancel);

    /// <summary>A unit reports a task up to the same line of the region above (上报).</summary>
    /// <exception cref="ConflictException">The same.</exception>
    public async Task ReportUpAsync(string id, string? reason, Person by, CancellationToken cancel = default) =>
        await HandOverAsync(id, Above(by.Unit ?? "")?.Id ?? throw new ConflictException("level-none"), reason, by, "report-up", cancel);
}

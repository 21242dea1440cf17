using System.Globalization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Which cases figures and exports are about: those of one process, kept from their beginning.</summary>
/// <param name="Pack">The pack's id.</param>
/// <param name="File">The process's file within the pack.</param>
public sealed record RecordScope(string Pack, string File)
{
    /// <summary>Opened on this day or later, by the jurisdiction's clock.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Opened on this day or earlier.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Code of a region: its cases and those of the regions within it.</summary>
    public string? Region { get; init; }

    /// <summary>The pack's revision that the cases run on.</summary>
    public string? Revision { get; init; }

    /// <summary>open, stuck, ended or withdrawn.</summary>
    public string? State { get; init; }

    /// <summary>Whose cases.</summary>
    public required RowRights Rights { get; init; }

    // What holds of the case's row c.
    private string Fits => """
        c.pack = @pack AND (@revision IS NULL OR c.revision = @revision) AND (@state IS NULL OR c.state = @state)
        AND (@from IS NULL OR c.opened >= @from) AND (@to IS NULL OR c.opened < @to) AND (@anywhere = 1 OR @regions LIKE '% ' || c.region || ' %')
        """ + Rights.OfCase("c");

    /// <summary>SQL: the cases k (case_id, number, state, began) of a scope.</summary>
    internal string Cases => $"""
        (SELECT o.case_id, c.number, c.state, o.at AS began FROM work_event o JOIN work_case c ON c.id = o.case_id WHERE o.what = 'opened' AND o.node = @file AND {Fits}) k
        """;

    /// <summary>SQL: the cases c of a scope's matters whose beginning was not kept.</summary>
    internal string Unrecorded => $"""
        work_case c WHERE @matters LIKE '% ' || c.matter || ' %' AND {Fits} AND NOT EXISTS (SELECT 1 FROM work_event o WHERE o.case_id = c.id AND o.what = 'opened')
        """;

    /// <summary>What the SQL above takes, with values more.</summary>
    internal DynamicParameters Args(Jurisdiction land, object? more = null)
    {
        var anywhere = Region is null || Region == land.Root;
        var args = new DynamicParameters(new
        {
            pack = Pack,
            file = File,
            revision = Revision,
            state = State,
            from = From is { } from ? Midnight(land, from) : null,
            to = To is { } to ? Midnight(land, to.AddDays(1)) : null,
            anywhere = anywhere ? 1 : 0,
            regions = anywhere ? "" : Words(land.Regions.All.Where(r => land.Regions.Within(r.Code, Region!)).Select(r => r.Code)),
        });
        if (more is not null)
            args.AddDynamicParams(more);
        return (DynamicParameters)Rights.With(args);
    }

    /// <summary>Reads a scope as addresses write it; null where a day, region or state is none.</summary>
    public static RecordScope? Of(string pack, string file, string? from, string? to, string? region, string? revision, string? state, Jurisdiction land, RowRights rights)
    {
        static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
        static bool TryDay(string? text, out DateOnly? day)
        {
            day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Year is > 1 and < 9999 ? read : null;
            return day is not null || Some(text) is null;
        }
        return TryDay(from, out var first) && TryDay(to, out var last) && (Some(region) is null || land.Regions.Find(region) is not null) && Some(state) is null or "open" or "stuck" or "ended" or "withdrawn" or "terminated" or "merged"
            ? new RecordScope(pack, file) { Rights = rights, From = first, To = last, Region = Some(region), Revision = Some(revision), State = Some(state) } : null;
    }

    // Codes and ids hold no blank, and one text is one value on either store.
    internal static string Words(IEnumerable<string> words) => $" {string.Join(' ', words)} ";

    private static string Midnight(Jurisdiction land, DateOnly day) => Time.Write(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), land.Offset));
}

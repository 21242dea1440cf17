using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Entries about a case. Whose case it is goes into each of them, so that its applicant finds them; nothing else in this room writes about a case.</summary>
internal static class CaseLedger
{
    /// <summary>Says what a process or service did to a case.</summary>
    /// <param name="detail">An object to be written as JSON, or JSON.</param>
    /// <param name="unit">For which unit, where it is done for one.</param>
    public static void Record(this Change change, Case row, string actor, string action, object? detail = null, string? unit = null, string? dataset = null) =>
        change.Record(actor, action, About(row.Number), detail as string ?? (detail is null ? "{}" : JsonSerializer.Serialize(detail, Json.Plain)), unit, row.Applicant, dataset);

    /// <summary>Says what an official did to a case.</summary>
    public static void Record(this Change change, Case row, Person by, string action, object? detail = null) => change.Record(row, by.Login, action, detail, by.Unit);

    /// <summary>What entries about a case are found by.</summary>
    public static string About(string number) => "case:" + number;
}

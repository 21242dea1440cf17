using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>The interfaces that units register: put up, changed in a new version, deprecated with a date and a successor, retired.</summary>
public sealed partial class InterfaceBook(Store store, SharedThings things, Connections connections, Jurisdiction land, TimeProvider clock, ShareSignal signal)
{
    /// <summary>Field → code of what is wrong with one; empty where nothing is.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FaultsAsync(ShareInterface given, CancellationToken cancel = default)
    {
        var faults = new Dictionary<string, string>();
        if (!Named().IsMatch(given.Id))
            faults["id"] = "interface-id";
        if (string.IsNullOrWhiteSpace(given.Name) || given.Name.Length > 100)
            faults["name"] = "interface-name";
        if (given.About.Length > 1000)
            faults["about"] = "interface-about";
        if (land.Units.Find(given.Unit) is null)
            faults["unit"] = "interface-unit";
        if (!Versioned().IsMatch(given.Version))
            faults["version"] = "interface-version";
        if (given.Share is not ("unconditional" or "conditional" or "none"))
            faults["share"] = "interface-share";
        if (given.Grade is < 1 or > 4)
            faults["grade"] = "interface-grade";
        if (given.Fields.Count is 0 or > 500 || given.Fields.Any(f => !Field().IsMatch(f.Id)) || given.Fields.Select(f => f.Id).Distinct().Count() != given.Fields.Count)
            faults["fields"] = "interface-fields";
        if (given.State is not ("live" or "deprecated" or "retired"))
            faults["state"] = "interface-state";
        if (given.Sunset is not null ? !DateOnly.TryParseExact(given.Sunset, "yyyy-MM-dd", out _) : given.State == "deprecated")
            faults["sunset"] = "interface-sunset";
        if (given.Successor is { } successor && (successor == given.Id || await things.InterfaceAsync(successor, cancel) is null))
            faults["successor"] = "interface-successor";
        if (given.Mock is { } mock && !IsJson(mock))
            faults["mock"] = "interface-mock";
        if (!(await connections.ListAsync(cancel)).Any(c => c.Connection.Id == given.Connection && c.Connection.Kind == "http"))
            faults["connection"] = "interface-connection";
        return faults;
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return text.Length <= 100_000;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Puts one up or changes it.</summary>
    /// <param name="given">One without <see cref="FaultsAsync"/>.</param>
    /// <exception cref="RefusedException">It is another unit's.</exception>
    public async Task PutAsync(Person by, ShareInterface given, CancellationToken cancel = default)
    {
        var stood = await things.InterfaceAsync(given.Id, cancel);
        if (!by.Has("data-bureau") && (by.Unit != given.Unit || (stood is not null && stood.Unit != by.Unit)))
            throw new RefusedException(403, "share-not-yours");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("""
                INSERT INTO share_interface (id, name, about, unit, version, connection, share, grade, fields, mock, state, sunset, successor, changed, changed_by)
                VALUES (@Id, @Name, @About, @Unit, @Version, @Connection, @Share, @grade, @fields, @Mock, @State, @Sunset, @Successor, @Stamp, @Login)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, about = excluded.about, unit = excluded.unit, version = excluded.version, connection = excluded.connection, share = excluded.share, grade = excluded.grade,
                    fields = excluded.fields, mock = excluded.mock, state = excluded.state, sunset = excluded.sunset, successor = excluded.successor, changed = excluded.changed, changed_by = excluded.changed_by
                """, new { given.Id, given.Name, given.About, given.Unit, given.Version, given.Connection, given.Share, grade = (long)given.Grade, fields = JsonSerializer.Serialize(given.Fields), given.Mock, given.State, given.Sunset, given.Successor, change.Stamp, by.Login });
            await SharingBook.MovedAsync(change);
            change.Record(by, stood is null ? "interface.registered" : "interface.changed", $"interface:{given.Id}", JsonSerializer.Serialize(new { given.Version, given.Connection, given.Share, given.Grade, given.State, given.Sunset, given.Successor }));
        }, cancel);
        signal.Raise();
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex Named();

    [GeneratedRegex(@"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\z")]
    private static partial Regex Versioned();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex Field();
}

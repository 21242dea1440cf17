using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace Guantong.Trust.Provider;

/// <summary>What the three stores of the provider share.</summary>
internal static class Kept
{
    public static string NewId() => Guid.CreateVersion7().ToString("n");

    public static string? Time(DateTimeOffset? at) => at is { } given ? Trust.Time.Write(given) : null;

    public static DateTimeOffset? Time(string? text) => text is null ? null : Trust.Time.Read(text);

    public static ImmutableDictionary<string, JsonElement> Properties(string? json) =>
        json is null ? ImmutableDictionary<string, JsonElement>.Empty : JsonSerializer.Deserialize<ImmutableDictionary<string, JsonElement>>(json)!;

    public static string? Properties(ImmutableDictionary<string, JsonElement> properties) => properties.IsEmpty ? null : JsonSerializer.Serialize(properties);

    public static async IAsyncEnumerable<T> RowsAsync<T>(Store store, string sql, object? args, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var row in await store.ReadAsync(c => c.QueryAsync<T>(sql, args), cancel))
            yield return row;
    }

    public static async ValueTask<T?> RowAsync<T>(Store store, string sql, object? args, CancellationToken cancel) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<T>(sql, args), cancel);

    /// <summary>A page of a list, as the engine asks for it.</summary>
    public static string Page(int? count, int? offset) => FormattableString.Invariant($" ORDER BY id LIMIT {count ?? int.MaxValue} OFFSET {offset ?? 0}");

    /// <summary>Refuses the second of two who changed the same row.</summary>
    public static void MustTouch(int rows)
    {
        if (rows == 0)
            throw new ConcurrencyException("Somebody else changed it meanwhile.");
    }

    /// <summary>The engine's queries by LINQ are for stores that offer it; nothing here asks one.</summary>
    public static NotSupportedException NoLinq() => new("This store is asked by its own methods, not by LINQ.");
}

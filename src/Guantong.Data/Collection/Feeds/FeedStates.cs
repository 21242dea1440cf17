using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>How a feed stands.</summary>
/// <param name="Started">When it was last begun.</param>
/// <param name="Succeeded">When it last came to a good end.</param>
/// <param name="Failures">How many times in a row it failed since.</param>
/// <param name="Fault">Why; null while it succeeds.</param>
/// <param name="Due">When it is begun next; null when somebody has to ask.</param>
/// <param name="Rows">How many rows it handed in, last time or since its stream began.</param>
public sealed record FeedState(string Pack, string Dataset, DateTime? Started, DateTime? Succeeded, long Failures, FeedFault? Fault, DateTime? Due, long Rows);

/// <summary>Why a feed failed, to be said in any language.</summary>
public sealed record FeedFault(string File, long Line, string Code, IReadOnlyList<string> Args)
{
    /// <summary>What is wrong and how to mend it ("zh-CN" or "en").</summary>
    public string Say(string lang) => new LoadRefusedException(File, Line, Code, Args).Say(lang);
}

/// <summary>The states of feeds, kept beside the rows.</summary>
internal static class FeedStates
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<(string Pack, string Dataset), FeedState> All(Warehouse warehouse)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT pack, dataset, started, succeeded, failures, fault, due, row_count FROM guantong.feed", r => new FeedState(r.GetString(0), r.GetString(1), At(r, 2), At(r, 3), r.GetInt64(4),
            r.IsDBNull(5) ? null : JsonSerializer.Deserialize<FeedFault>(r.GetString(5), Written), At(r, 6), r.GetInt64(7))).ToDictionary(f => (f.Pack, f.Dataset));
    }

    public static FeedState Of(Warehouse warehouse, string pack, string dataset) => All(warehouse).GetValueOrDefault((pack, dataset)) ?? new FeedState(pack, dataset, null, null, 0, null, null, 0);

    public static void Put(Warehouse warehouse, FeedState state) => warehouse.Write(connection =>
    {
        connection.Run("DELETE FROM guantong.feed WHERE pack = ? AND dataset = ?", state.Pack, state.Dataset);
        return connection.Run("INSERT INTO guantong.feed VALUES (?, ?, ?, ?, ?, ?, ?, ?)", state.Pack, state.Dataset, state.Started, state.Succeeded, state.Failures,
            state.Fault is null ? null : JsonSerializer.Serialize(state.Fault, Written), state.Due, state.Rows);
    });

    private static DateTime? At(System.Data.Common.DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
}

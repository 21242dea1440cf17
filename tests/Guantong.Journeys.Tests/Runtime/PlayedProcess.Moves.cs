using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Guantong.Tests;

/// <summary>Sending cases back and forward.</summary>
internal sealed partial class PlayedProcess
{
    /// <summary>Puts another process in force; false where the pack's check refuses it.</summary>
    public async Task<bool> TryChangeAsync(string body) => (await TryAsync(("processes/air-report.bpmn", File(Process("played", body))))).Result == "applied";

    /// <summary>Somebody signed in for a while.</summary>
    public Task<HttpClient> SignInAsync(string login) => _platform.SignInAsync(login);

    /// <summary>What somebody may do with a case now.</summary>
    public static async Task<JsonElement> MovesAsync(HttpClient by, string id) => await by.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/moves");

    /// <summary>The offers of a kind: where to, in whose instance.</summary>
    public static async Task<string> OfferedAsync(HttpClient by, string id, string kind) => string.Join(' ',
        (await MovesAsync(by, id)).GetProperty("moves").EnumerateArray().Where(m => m.GetProperty("kind").GetString() == kind)
        .Select(m => $"{(kind == "skip" ? m.GetProperty("leaves").GetProperty("node").GetString() + ">" : "")}{m.GetProperty("to").GetString()}{(m.GetProperty("instance") is { ValueKind: JsonValueKind.Number } i ? $"#{i}" : "")}").Order(StringComparer.Ordinal));

    /// <summary>An offer: of a kind, to an activity (of a skip: from one).</summary>
    public static async Task<JsonElement> OfferAsync(HttpClient by, string id, string kind, string? to, string? from = null, int? instance = null) =>
        (await MovesAsync(by, id)).GetProperty("moves").EnumerateArray().First(m => m.GetProperty("kind").GetString() == kind && m.GetProperty("to").GetString() == to
            && (from is null || m.GetProperty("leaves").GetProperty("node").GetString() == from) && (instance is null || m.GetProperty("instance").GetInt32() == instance));

    /// <summary>What an offer says of what ends, stays or opens: nodes with the number of each beyond one.</summary>
    public static string Parts(JsonElement offer, string part) => string.Join(' ', offer.GetProperty("preview").GetProperty(part).EnumerateArray()
        .Select(p => p.GetProperty("node").GetString() + (p.GetProperty("count").GetInt32() is > 1 and var n ? $"*{n.ToString(CultureInfo.InvariantCulture)}" : "")).Order(StringComparer.Ordinal));

    /// <summary>A minute later, somebody moves a case that they have looked at just before.</summary>
    public async Task<(HttpStatusCode Status, string? Code, string? Detail)> MoveAsync(HttpClient by, string id, string kind, string? to, string? within = null, string? token = null, bool compensate = false, object? data = null, string? reason = "示例理由", long? version = null)
    {
        await PassAsync(TimeSpan.FromMinutes(1));
        version ??= (await MovesAsync(by, id)).GetProperty("version").GetInt64();
        var answer = kind == "skip"
            ? await by.PostAsJsonAsync($"/api/v1/cases/{id}/skip", new { token, to, data, reason, version })
            : await by.PostAsJsonAsync($"/api/v1/cases/{id}/{kind}", new { to, within, compensate, reason, version });
        if (answer.StatusCode == HttpStatusCode.NoContent)
            return (answer.StatusCode, null, null);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, problem.TryGetProperty("code", out var code) ? code.GetString() : null, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
    }

    /// <summary>How many timers, and messages or signals, a case waits for by its rows.</summary>
    public Task<(long Timers, long Waits)> WaitingAsync(string id) => Store.ReadAsync(async c =>
        (await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_timer WHERE case_id = @id", new { id }), await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_wait WHERE case_id = @id", new { id })));
}

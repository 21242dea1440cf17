using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Gateway;

/// <summary>One call on its way through the gateway.</summary>
/// <param name="Standing">The grant by which it is served.</param>
/// <param name="Verdict">What the grant says to it.</param>
public sealed record GatewayCall(HttpContext Http, Person Caller, StandingGrant Standing, ShareVerdict Verdict, string Form, IReadOnlyCollection<string> By, string Trace, long Began)
{
    /// <summary>The header that names the grant in an answer.</summary>
    public const string GrantHeader = "Guantong-Grant";

    /// <summary>The header that names the call in an answer: the ledger knows it by this, and whatever is copied from the answer is marked with it.</summary>
    public const string TraceHeader = "Guantong-Trace";

    /// <summary>The header in which a caller says what for.</summary>
    public const string PurposeHeader = "Guantong-Purpose";

    /// <summary>The header in which a caller names the matter.</summary>
    public const string MatterHeader = "Guantong-Matter";

    /// <summary>A new call's name: the trace of W3C Trace Context where the caller sent one and nobody else has it, else one of its own.</summary>
    public static string NewTrace() => Activity.Current?.TraceId.ToString() ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>As the ledger has it: names of fields, never values.</summary>
    public CallLine Line(DateTimeOffset at, string action, object? more = null) => new(at, Caller.Login, action, $"grant:{Standing.Grant.Id}",
        JsonSerializer.Serialize(new { trace = Trace, purpose = Standing.Grant.Terms.Purpose, matter = Standing.Grant.Terms.Matter, fields = Verdict.Fields.Count, masked = Verdict.Masked, by = By, more }), Caller.Unit, Standing.LedgerDataset);
}
